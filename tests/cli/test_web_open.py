"""`workbench web open`: taken apart, and handed to the engine of the scheme (workbench.cli.web_open_run)."""

import hashlib
from pathlib import Path

import pytest

from tests.cli.documents import checked
from tests.cli.terminal import Terminal
from tests.kit.cli import run_cli
from tests.lab.houses import serving
from workbench.cli.web_open_run import ELSEWHERE, ENGINES


@pytest.mark.covers("C1.23")
async def test_a_gopher_address_returns_the_text(terminal: Terminal):
    import asyncio

    async with serving("gopher") as served:
        url = f"gopher://127.0.0.1:{served.port}/0/readme"
        done = await asyncio.to_thread(run_cli, "web", "open", url, "--json")
        plain = await asyncio.to_thread(run_cli, "web", "open", url)
    document = checked(done.json)
    assert document["engine"] == "gopher"
    assert "hangs up" in document["body"]["text"]
    assert "hangs up" in plain.stdout
    parts = {part["name"]: part["text"] for part in document["parts"]}
    assert parts == {"scheme": "gopher", "host": "127.0.0.1", "port": str(served.port), "path": "/0/readme"}
    # And one that nobody speaks is refused by name, before anything is sent.
    said = terminal("web", "open", "wais://127.0.0.1/x", "--json")
    failure = checked(said.document)["failure"]
    assert said.code == 2
    assert "wais:" in failure["what"]
    assert failure["at"] == {"start": 0, "end": 4}
    assert all(scheme in failure["try"] for scheme in ENGINES)


def test_each_scheme_has_its_engine(terminal: Terminal, tmp_path: Path):
    page = tmp_path / "a page.txt"
    page.write_bytes(b"words\n")
    cases = {
        "lab:http/": "http",
        "lab:ftp/": "ftp",
        "lab:gopher/1/stars": "gopher",
        "data:text/plain,hello%20wire": "data",
        page.as_uri(): "file",
    }
    for url, engine in cases.items():
        said = terminal("web", "open", url, "--json")
        document = checked(said.document)
        assert (said.code, document["engine"]) == (0, engine), url
        assert document["body"]["octets"] > 0
    assert checked(terminal("web", "open", page.as_uri(), "--json").document)["body"]["text"] == "words\n"
    assert terminal("web", "open", "data:,hello%20wire").out == "hello wire"


def test_a_file_by_ftp_comes_whole(terminal: Terminal):
    names = checked(terminal("web", "open", "lab:ftp/", "--json").document)["items"]
    assert "README.txt" in names
    document = checked(terminal("web", "open", "lab:ftp/README.txt", "--json").document)
    text = document["body"]["text"]
    assert document["body"]["sha256"] == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("words", 2),
        ("imap://h/", 2),
        ("lab:echo", 2),
        ("file://elsewhere/etc/hosts", 2),
        ("file:/no/such/file", 5),
        ("data:;base64,!!", 2),
        ("lab:http/missing", 1),
        ("lab:gopher/0/nowhere", 1),
    ],
)
def test_what_cannot_be_opened_says_why(terminal: Terminal, url: str, code: int):
    said = terminal("web", "open", url, "--json")
    assert said.code == code, said.out
    assert checked(said.document)["failure"]["what"]


def test_a_scheme_with_a_verb_of_its_own_names_it(terminal: Terminal):
    for scheme, verb in ELSEWHERE.items():
        address = f"{scheme}://h/" if scheme != "sqlite" else "sqlite:/x"
        failure = terminal("web", "open", address, "--json").document["failure"]
        assert verb in failure["try"]
