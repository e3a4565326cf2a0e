"""Sources are looked up; and every document that the program cites is in the tables."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.formats.references import Reference, references

CHECKOUT = Path(__file__).resolve().parents[2]
CITED = re.compile(r"\bRFC \d{3,5}\b")


@pytest.mark.parametrize(
    ("source", "sentences"),
    [
        ("RFC 868", ["RFC 868: Time Protocol, 1983, Internet Standard"]),
        ("RFC 9293 3.6", ["RFC 9293 3.6: Transmission Control Protocol (TCP), 2022, Internet Standard"]),
        ("RFC 5280 section 6", [references("RFC 5280 6")[0].sentence]),
        (
            "RFC 862, RFC 768",
            ["RFC 862: Echo Protocol, 1983, Internet Standard", references("RFC 768")[0].sentence],
        ),
        (
            "RFC 2616 4.4",
            [
                "RFC 2616 4.4: Hypertext Transfer Protocol -- HTTP/1.1, 1999, Draft Standard, succeeded by RFC 7230, "
                "RFC 7231, RFC 7232, RFC 7233, RFC 7234, RFC 7235"
            ],
        ),
        ("socket(7)", ["socket(7): sockets and the options that all of them have"]),
        (
            "listen(2), RFC 99999",
            ["listen(2): lets a socket take connections, and says how many may wait", "RFC 99999"],
        ),
        ("RFC 868 and RFC 868", ["RFC 868: Time Protocol, 1983, Internet Standard"]),
        ("XML-RPC specification, Response format", []),
        ("", []),
    ],
)
def test_a_source_is_looked_up(source: str, sentences: list[str]):
    assert [found.sentence for found in references(source)] == sentences


@given(st.text())
def test_whatever_the_source_is_nothing_breaks(source: str):
    assert all(isinstance(found, Reference) for found in references(source))


def test_every_rfc_that_the_program_cites_has_its_title():
    cited = {
        match.group()
        for folder in ("workbench", "resources")
        for path in sorted((CHECKOUT / folder).rglob("*"))
        if path.suffix in (".py", ".toml", ".md") and path.parent.name != "references"
        for match in CITED.finditer(path.read_text(encoding="utf-8"))
    }
    assert len(cited) > 200
    assert [name for name in sorted(cited) if not references(name)[0].title] == []
