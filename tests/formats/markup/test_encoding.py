"""Who says how the octets are encoded, and who wins."""

import pytest

from workbench.formats.markup.encoding import encoding_of, encoding_problems, text_of


@pytest.mark.parametrize(
    ("data", "kind", "media_type", "name", "who"),
    [
        (b"<p>", "html", "", "utf-8", "default"),
        (b"\xe9", "html", "", "cp1252", "default"),
        (b"\xe9", "xml", "", "utf-8", "default"),
        (b"<meta charset=koi8-r>", "html", "", "koi8-r", "document"),
        (b'<meta http-equiv=x content="text/html; charset=latin1">', "html", "", "cp1252", "document"),
        (b"<meta charset=koi8-r>", "html", "text/html; charset=utf-8", "utf-8", "HTTP"),
        (
            b"\xef\xbb\xbf<meta charset=koi8-r>",
            "html",
            "text/html; charset=koi8-r",
            "utf-8",
            "byte order mark",
        ),
        (b"<meta charset=utf-16>", "html", "", "utf-8", "document"),
        (b" " * 1024 + b"<meta charset=koi8-r>", "html", "", "utf-8", "default"),
        (b"<?xml version='1.0' encoding='iso-8859-1'?>", "xml", "", "iso8859-1", "document"),
        (b"<?xml version='1.0' encoding='iso-8859-1'?>", "xml", "text/xml; charset=utf-8", "utf-8", "HTTP"),
        ("<?xml version='1.0' encoding='utf-16'?>".encode("utf-16-le"), "xml", "", "utf-16-le", "document"),
        (b"<meta charset=nonsense>", "html", "", "utf-8", "default"),
        (b"<meta charset=zip>", "html", "", "utf-8", "default"),
        (b"<meta charset=utf-7>", "html", "", "utf-8", "default"),
    ],
)
def test_who_wins(data: bytes, kind: str, media_type: str, name: str, who: str) -> None:
    found = encoding_of(data, kind, media_type)
    assert (found.name, found.who) == (name, who)
    assert found.why


def test_a_person_wins_over_all() -> None:
    found = encoding_of(b"\xef\xbb\xbfx", "html", "text/html; charset=utf-8", "latin-1")
    assert (found.name, found.who) == ("cp1252", "person")
    assert found.mark == 0


def test_a_conflict_and_an_unknown_name_are_told() -> None:
    found = encoding_of(b"<meta charset=latin1>", "html", "text/html; charset=utf-8")
    assert [problem.code for problem in encoding_problems(found)] == ["encoding-conflict"]
    assert "counts more than document (latin1)" in found.why
    assert [p.code for p in encoding_problems(encoding_of(b"<meta charset=nonsense>", "html"))] == [
        "unknown-encoding"
    ]


def test_octets_that_mean_nothing_are_placed_and_counted() -> None:
    data = b"a\xffb" + b"\xfe" * 30
    text, found = text_of(data, encoding_of(data, "html", "text/html; charset=utf-8"))
    assert text[:3] == "a\ufffdb"
    assert list(found.wrong)[:2] == [1, 3]
    problems = encoding_problems(found)
    assert problems[-1].sentence == "and 11 more such octets"


def test_the_holes_of_a_code_page_are_controls() -> None:
    text, found = text_of(b"\x81\x80", encoding_of(b"", "html", "text/html; charset=windows-1252"))
    assert text == "\x81\u20ac"
    assert not found.wrong
