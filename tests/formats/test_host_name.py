"""Host names: what DNS can carry, and never another name than the one that is seen."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.formats.attempt import attempt, check_place
from workbench.errors import LocalMisuse
from workbench.formats.host_name import check_host_name, to_ascii

LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


@pytest.mark.parametrize(
    ("name", "ascii_name"),
    [
        ("example.com", "example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.Example", "xn--bcher-kva.Example"),
        ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
        ("παράδειγμα.δοκιμή", "xn--hxajbheg2az3al.xn--jxalpdlp"),
        ("bu\u0308cher.example.", "xn--bcher-kva.example."),
        ("مثال.إختبار", "xn--mgbh0fb.xn--kgbechtv"),
    ],
)
def test_names_of_all_scripts_have_an_ascii_form(name: str, ascii_name: str) -> None:
    check_host_name(name, 0, len(name))
    assert to_ascii(name) == ascii_name


@pytest.mark.parametrize(
    ("name", "start", "end", "what"),
    [
        ("a.ſ.b", 2, 3, "looks like 's'"),
        ("a.℀", 2, 3, "looks like 'a/c'"),
        ("…", 0, 1, "looks like '...'"),
        ("a\u034f", 1, 2, "invisible"),
        ("a\ufe0f.b", 1, 2, "invisible"),
        ("a\u00ad", 1, 2, "invisible"),
        ("a\u202e", 1, 2, "invisible"),
        ("\ue000", 0, 1, "invisible"),
        ("a\u3000b", 1, 2, "looks like ' '"),
        ("x.ς.y", 2, 3, "two different names"),
        ("xn--é", 0, 5, "already begins"),
        ("é!", 1, 2, "'!'"),
        ("-é", 0, 1, "hyphen"),
        ("é-", 1, 2, "hyphen"),
        ("é" * 58, 0, 58, "at most 63"),
        ("é" * 5000, 0, 5000, "at most 63"),
        ("ß\u05d0", 0, 2, "directions"),
    ],
)
def test_what_would_become_another_name_is_refused(name: str, start: int, end: int, what: str) -> None:
    with pytest.raises(LocalMisuse) as caught:
        check_host_name(name, 0, len(name))
    assert what in caught.value.what
    assert (caught.value.start, caught.value.end) == (start, end)
    assert caught.value.advice
    with pytest.raises(LocalMisuse):
        to_ascii(name)


def test_a_name_that_programs_disagree_about_is_offered_both_ways() -> None:
    with pytest.raises(LocalMisuse) as caught:
        check_host_name("straße.de", 0, 9)
    assert "xn--strae-oqa" in caught.value.advice
    assert "strasse" in caught.value.advice


@given(st.text(min_size=1, max_size=30) | st.text("aé.-ß１\u0301\u05d0\u0660", min_size=1, max_size=20))
@example("é.a\u0338")
@example("İ.com")
@example("a.b.é")
def test_an_accepted_name_is_encoded_as_the_library_does(name: str) -> None:
    mistake = attempt(check_host_name, name, 0, len(name))
    if mistake is not None:
        check_place(mistake, 0, len(name))
        return
    encoded = to_ascii(name)
    assert LETTERS.issuperset(encoded)
    assert encoded.count(".") == name.count(".")
    assert encoded == name.encode("idna").decode("ascii")
