"""`workbench web find` as people and programs use it.

What the verb stands on: workbench.cli.web_find_run.
"""

import pytest

from tests.cli.documents import checked
from tests.cli.terminal import Terminal
from tests.formats.markup.samples import BOMB
from tests.kit.cli import run_cli

PAGE = "<!DOCTYPE html>\n<table><tr><td><a href='/x'>one &amp; two</a></table>\n<p>x</i>\n"
ATOM = "http://www.w3.org/2005/Atom"
FEED = f"<?xml version='1.0'?><feed xmlns='{ATOM}'><entry><title>T</title></entry></feed>"


@pytest.fixture
def page(tmp_path):
    """A file with a page."""
    path = tmp_path / "page.html"
    path.write_text(PAGE)
    return str(path)


def test_css_finds_what_stands_in_the_source_and_what_does_not(page: str, terminal: Terminal):
    document = checked(terminal("web", "find", page, "--css", "tbody, a[href]", "--json").document)
    inferred, link = document["hits"]
    assert (inferred["name"], inferred["place"], inferred["markup"]) == ("tbody", None, "")
    assert (link["markup"], link["text"]) == ("<a href='/x'>one &amp; two</a>", "one & two")
    place = link["place"]
    assert (place["line"], place["column"], place["offset"]) == (2, 16, PAGE.index("<a"))
    assert place["end_offset"] == PAGE.index("</table>")
    assert link["attributes"] == {"href": "/x"}
    assert [problem["code"] for problem in document["problems"]] == ["unexpected-end-tag"]
    said = terminal("web", "find", page, "--css", "tbody, a[href]")
    assert said.code == 0
    assert said.out.splitlines()[0].startswith("not in the source\t/html/body/table/tbody")
    assert said.out.splitlines()[1].startswith("2:16\t")


@pytest.mark.parametrize(
    ("expression", "result", "value", "code"),
    [
        ("count(//td)", "number", "1", 0),
        ("string(//a)", "string", "one & two", 0),
        ("//a", "nodes", None, 0),
        ("//a/@href", "nodes", None, 0),
        ("//nosuch", "nodes", None, 1),
        ("//a = 'x'", "boolean", "false", 1),
        ("1 = 1", "boolean", "true", 0),
    ],
)
def test_results_of_every_kind(
    page: str, terminal: Terminal, expression: str, result: str, value: object, code: int
):
    said = terminal("web", "find", page, "--xpath", expression, "--json")
    assert said.code == code
    document = checked(said.document)
    assert (document["result"], document["value"], document["ok"]) == (result, value, code == 0)


def test_namespaces_by_prefix_and_a_hint_without(tmp_path, terminal: Terminal):
    (tmp_path / "feed.xml").write_text(FEED)
    path = str(tmp_path / "feed.xml")
    said = terminal("web", "find", path, "--xpath", "//title", "--json")
    assert said.code == 1
    assert ATOM in checked(said.document)["hint"]
    found = terminal("web", "find", path, "--xpath", "//a:title", "--namespace", f"a={ATOM}", "--json")
    assert [hit["text"] for hit in checked(found.document)["hits"]] == ["T"]
    css = checked(terminal("web", "find", path, "--css", "entry > title", "--json").document)
    assert css["total"] == 1
    assert "local-name()" in css["translated"]


def test_standard_input_and_a_choice_of_reading(terminal: Terminal):
    document = checked(
        run_cli("web", "find", "-", "--as", "xml", "--xpath", "//b", "--json", input="<a><b/></a>").json
    )
    assert (document["kind"], document["total"]) == ("xml", 1)


def test_a_page_of_the_lab_with_its_conversation(terminal: Terminal, tmp_path):
    said = terminal("web", "find", "lab:http/page", "--xpath", "string(//title)", "--json")
    document = checked(said.document)
    assert (said.code, document["source"], document["status"], document["lab"]) == (0, "url", 200, "private")
    assert document["value"]
    assert any(event["event"] == "received" for event in document["events"])
    missing = terminal("web", "find", "lab:http/nosuch", "--xpath", "//a", "--json")
    assert (missing.code, checked(missing.document)["failure"]["stage"]) == (1, "answer")


@pytest.mark.parametrize(
    ("content", "options", "code", "what"),
    [
        (BOMB, ("--xpath", "//a"), 4, "would become"),
        ("<a><b></a>", ("--as", "xml", "--xpath", "//b"), 4, "not well-formed"),
        ("<div>" * 20_000, ("--css", "div"), 4, "deep"),
        ("\x1f\x8b", ("--css", "div"), 4, "gzip"),
        ("<p>", ("--css", "a["), 2, "no CSS selector"),
        ("<p>", ("--xpath", "//x:a"), 2, "prefix x"),
        ("<p>", ("--xpath", "//a", "--css", "a"), 2, "one of --css and --xpath"),
        ("<p>", (), 2, "one of --css and --xpath"),
        ("<p>", ("--css", "p", "--as", "pdf"), 2, "html or xml"),
        ("<p>", ("--css", "p", "--namespace", "x"), 2, "no ="),
    ],
)
def test_what_goes_wrong_is_told(
    tmp_path, terminal: Terminal, content: str, options: tuple[str, ...], code: int, what: str
):
    (tmp_path / "f").write_bytes(content.encode("latin-1"))
    said = terminal("web", "find", str(tmp_path / "f"), *options, "--json")
    assert said.code == code, said
    assert what in checked(said.document)["failure"]["what"]


def test_a_file_that_an_entity_names_is_not_read(tmp_path, terminal: Terminal):
    (tmp_path / "secret").write_text("swordfish")
    text = f'<!DOCTYPE a [<!ENTITY e SYSTEM "file://{tmp_path}/secret">]><a>x&e;y</a>'
    (tmp_path / "a.xml").write_text(text)
    said = terminal("web", "find", str(tmp_path / "a.xml"), "--xpath", "string(//a)", "--json")
    document = checked(said.document)
    assert document["value"] == "xy"
    assert document["problems"][0]["code"] == "external-entity"
    assert "swordfish" not in said.out + said.err


def test_an_expression_that_never_ends_is_stopped(page: str, terminal: Terminal):
    endless = "count(//*" + "[count(//*" * 14 + ")]" * 14 + ")"
    said = terminal("web", "find", page, "--xpath", endless, "--timeout", "0.7", "--json")
    assert said.code == 3
    assert checked(said.document)["failure"]["kind"] == "TooSlow"


def test_a_file_that_is_missing(terminal: Terminal, tmp_path):
    said = terminal("web", "find", str(tmp_path / "none"), "--css", "a", "--json")
    assert (said.code, checked(said.document)["failure"]["errno"]) == (5, "ENOENT")
