"""What the pages of the help say is true: every key, link, escape, target, command and exit code in them."""

import re
import shlex
from importlib import import_module

import pytest
from PySide6.QtGui import QTextDocument

from workbench import assets, errors
from workbench.cli.arguments import CommandLine, Verb, parse
from workbench.cli.nouns import NOUNS
from workbench.errors import LocalMisuse, WorkbenchError
from workbench.experiments.card import all_cards
from workbench.formats.payload import LINE_ENDINGS, NAMED_ESCAPES, parse_payload
from workbench.formats.target import parse_target
from workbench.lab.catalogue import SERVICES
from workbench.settings import Places
from workbench.ui import helplists
from workbench.ui.byteedit import ENDINGS
from workbench.ui.conversation.columns import TITLES
from workbench.ui.helptext import texts_of_sections
from workbench.ui.helptopics import NAMES, Place, Topic, anchor_of, keys_named, pattern_of, read_link, topics
from workbench.wire import ends

TOPICS = topics()
LINK = re.compile(r"\]\((help:[^)]+)\)")
CODE = re.compile(r"`([^`]*)`")
BLOCK = re.compile(r"^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def table(topic: str, section: str) -> list[list[str]]:
    """The rows of the first table of a section, cells as written, without the head."""
    source = TOPICS[topic].source.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    lines = [line for line in source.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def only_code(cell: str) -> str:
    """The text of a cell that is code and nothing else."""
    found = CODE.fullmatch(cell)
    assert found, f"{cell!r} is not code alone"
    return found[1]


# The pages themselves


def test_every_page_is_a_topic():
    assert {name.removeprefix("help/").removesuffix(".md") for name in assets.names("help", ".md")} == set(
        NAMES
    )


@pytest.mark.parametrize("topic", TOPICS.values(), ids=str)
def test_a_page_begins_with_its_title_and_has_sections_of_different_names(topic: Topic):
    assert topic.source.startswith(f"# {topic.title}\n")
    assert len(topic.sections) >= 2
    assert len({anchor_of(title) for title in topic.sections}) == len(topic.sections)


@pytest.mark.parametrize("topic", TOPICS.values(), ids=str)
def test_every_link_leads_to_a_section_that_is_there(topic: Topic):
    for link in LINK.findall(topic.source):
        place = read_link(link)
        assert place is not None, link
        anchors = {anchor_of(title) for title in TOPICS[place.topic].sections}
        assert not place.anchor or place.anchor in anchors, link


@pytest.mark.parametrize("topic", TOPICS.values(), ids=str)
def test_a_page_asks_for_lists_that_there_are_and_for_nothing_else(topic: Topic):
    for target in re.findall(r"\]\(([^)]*)\)", topic.source):
        scheme, _, name = target.partition(":")
        assert scheme in ("help", "key", "list"), target
        assert scheme != "list" or name in (*helplists.LISTS, "keys"), target
        assert "//" not in name


def test_a_link_out_of_the_help_is_no_place():
    assert read_link("https://example.com/#help:lab") is None
    assert read_link("help:nowhere") is None
    assert read_link("help:lab#the-services") == Place("lab", "the-services")


def test_sections_are_found_with_what_stands_in_them():
    found = texts_of_sections(
        "# Title\n\nFirst.\n\n## One\n\nA `code`.\n\n### Deeper\n\nStill one.\n\n## Two\n"
    )
    assert found == [("", "Title\nFirst."), ("One", "One\nA code.\nDeeper\nStill one."), ("Two", "Two")]


@pytest.mark.parametrize(
    ("word", "text", "is_found"),
    [
        ("rst", "First", False),
        ("rst", "an RST", True),
        ("\\r", "type \\r", True),
        ("a.c", "abc", False),
        ("é", "bébé é", True),
    ],
)
def test_a_word_is_found_where_words_begin(word: str, text: str, is_found: bool):
    assert bool(re.search(pattern_of(word), text, re.IGNORECASE)) is is_found


def test_keys_are_those_that_a_page_names():
    topic = Topic("x", "X", (), "Press [F5](key:start.play) or [Ctrl+D](key:sockets.finish).")
    assert keys_named(topic) == {"start.play": "F5", "sockets.finish": "Ctrl+D"}


# Targets


@pytest.mark.parametrize("row", table("targets", "The forms"), ids=str)
def test_every_form_of_a_target_is_read(row: list[str]):
    assert parse_target(only_code(row[0]))


def test_the_first_seven_forms_are_those_that_a_socket_can_connect_to():
    schemes = [parse_target(only_code(row[0])).scheme for row in table("targets", "The forms")]
    assert schemes == ["lab", "tcp", "tcp", "tcp", "tcp", "udp", "unix", "sqlite", "postgresql", "http"]
    assert "take the first seven" in TOPICS["targets"].source


@pytest.mark.parametrize("row", table("targets", "Where to listen"), ids=str)
def test_every_address_to_listen_on_is_read(row: list[str]):
    assert parse_target(only_code(row[0]), listening=True).scheme == "tcp"


@pytest.mark.parametrize("row", table("targets", "Mistakes, and what to write instead"), ids=str)
def test_every_mistake_in_a_target_is_refused_and_its_correction_read(row: list[str]):
    with pytest.raises(LocalMisuse) as refused:
        parse_target(only_code(row[0]))
    assert refused.value.advice
    assert parse_target(only_code(row[2]))


# Bytes


@pytest.mark.parametrize("row", table("bytes", "Escapes"), ids=str)
def test_every_escape_makes_the_octets_that_the_page_says(row: list[str]):
    expected = bytes.fromhex(only_code(row[1])) if row[1] else b""
    assert parse_payload(only_code(row[0])) == expected


def test_every_named_escape_stands_on_the_page():
    shown = {only_code(row[0]) for row in table("bytes", "Escapes")}
    assert {f"\\{name}" for name in NAMED_ESCAPES} <= shown


@pytest.mark.parametrize("row", table("bytes", "Mistakes, and what to write instead"), ids=str)
def test_every_mistake_in_bytes_is_refused_and_its_correction_read(row: list[str]):
    with pytest.raises(LocalMisuse):
        parse_payload(only_code(row[0]))
    assert parse_payload(only_code(row[2]))


def test_what_is_said_in_passing_about_bytes_holds():
    for wrong in (r"\q", r"\x4", r"\01"):
        with pytest.raises(LocalMisuse):
            parse_payload(wrong)
    assert parse_payload(r"C:\temp") == b"C:\temp"
    assert parse_payload(r"C:\\temp") == rb"C:\temp"
    assert parse_payload(r"\n", line_ending="crlf") == b"\n"
    assert parse_payload("{}") == b"{}"


def test_the_line_breaks_are_those_of_the_editor():
    rows = table("bytes", "Line breaks")
    assert [row[0] for row in rows] == [title for _, title in ENDINGS]
    for (name, _), (_, says) in zip(ENDINGS, rows, strict=True):
        code = CODE.match(says)
        octets = bytes.fromhex(code[1]) if code else {"as typed": b"\n", "none": b""}[name]
        assert parse_payload("\n", line_ending=name) == octets
    assert {name for name, _ in ENDINGS} == set(LINE_ENDINGS)


# The conversation


def test_the_columns_are_those_of_the_list():
    rows = [row[0] for row in table("conversation", "A line")]
    for title, _ in TITLES.values():
        assert not title or title in rows
    assert {"→", "←", "•"} <= set(rows)


def test_the_ends_are_those_that_there_are():
    assert {row[0] for row in table("conversation", "How it ended")} == set(ends.EndKind.__args__)


# The Lab, experiments, the terminal


def test_the_list_of_services_has_each_with_its_sentence():
    listed = helplists.services()
    for info in SERVICES:
        assert f"`lab:{info.name}`" in listed
        assert info.teaches.split(":")[0] in rendered(listed)


def test_the_list_of_switches_names_each_with_its_owners():
    listed = helplists.switches()
    lines = {line.split("|")[1].strip(): line for line in listed.splitlines()}
    assert "| all TCP but ftp, dns |" in lines["`reset`"]
    assert "| all |" in lines["`delay_ms`"]
    assert "| all UDP |" in lines["`copies`"]
    assert "| 1 |" in lines["`copies`"]
    assert "| daytime, time, udp-time |" in lines["`lie_by_s`"]
    assert {f"`{switch.name}`" for info in SERVICES for switch in info.switches} <= set(lines)


def test_the_list_of_experiments_has_every_card():
    listed = rendered(helplists.experiments())
    for card in all_cards():
        assert card.title in listed
        assert card.question in listed


def test_the_folders_are_those_of_this_user(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WORKBENCH_HOME", "/nowhere/at all")
    listed = helplists.folders()
    assert "| config | `/nowhere/at all/config` |" in listed
    assert [row[0] for row in table("files", "Your folders")] == list(Places._fields)
    monkeypatch.delenv("WORKBENCH_HOME")
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, "not absolute")
    assert "no home folder" in helplists.folders()


def test_words_that_mean_something_to_markdown_are_shown_as_they_are():
    odd = r"a*b* _c_ `d` [e](f) <g> |h| \i #j ~k~"
    assert rendered(helplists.plain(odd)) == odd


def rendered(markdown: str) -> str:
    """What a reader sees of some Markdown."""
    document = QTextDocument()
    document.setMarkdown(markdown, QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
    return document.toPlainText()


def verbs() -> dict[str, Verb]:
    """Every verb of the terminal by what one types: "socket talk", "selfcheck"."""
    return {
        f"{noun.name} {verb.name}".strip(): verb
        for noun in NOUNS
        if noun.module
        for verb in import_module(noun.module).VERBS
    }


def test_the_commands_listed_are_those_that_there_are():
    listed = [only_code(row[0]) for row in table("terminal", "Commands")]
    assert listed[:2] == ["workbench", "workbench-gui lab:echo"]
    assert {command.removeprefix("workbench ") for command in listed[2:]} == {*verbs(), "tour"}


@pytest.mark.parametrize(
    "command",
    [
        line
        for topic in TOPICS.values()
        for block in BLOCK.findall(topic.source)
        for line in block.splitlines()
    ],
)
def test_every_command_on_a_page_is_understood(command: str):
    program, *words = shlex.split(command.removeprefix("WORKBENCH_HOME=~/lesson "))
    assert program == "workbench"
    if words:
        count = 2 if " ".join(words[:2]) in verbs() else 1
        assert parse(verbs()[" ".join(words[:count])], CommandLine(words), count)


def test_the_exit_codes_are_those_of_the_errors():
    kinds = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, WorkbenchError)
    ]
    listed = {int(row[0]) for row in table("terminal", "Exit codes")}
    assert {kind.exit_code for kind in kinds} | {0, 130} == listed
