"""Saved payloads: written, read back the same, and refused with the place where they are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse
from workbench.formats.payload import LINE_ENDINGS
from workbench.formats.payload_file import TRANSPORTS, SavedPayload, read_saved, write_saved

LINE = st.text(alphabet=st.characters(codec="utf-8"), max_size=20).map(
    lambda text: "".join(one for one in text if one.isprintable()).strip()
)


def test_a_file_is_what_people_would_write():
    saved = SavedPayload("A greeting", "hello ${counter}\n\nbye", "lab:echo", note="first\nsecond")
    assert write_saved(saved) == (
        "title: A greeting\ntarget: lab:echo\ntransport: tcp\nline-ending: crlf\nencoding: utf-8\n"
        "note: first\nnote: second\n\nhello ${counter}\n\nbye\n"
    )


def test_a_short_file_has_defaults():
    assert read_saved("\nhello") == read_saved("\nhello\n") == SavedPayload(text="hello")
    assert read_saved("title: x\r\n\r\nhello") == SavedPayload("x", "hello")
    assert read_saved("") == SavedPayload()


@given(
    LINE,
    st.text(max_size=60),
    LINE,
    st.sampled_from(TRANSPORTS),
    st.sampled_from(sorted(LINE_ENDINGS)),
    st.lists(LINE, max_size=3).map("\n".join),
)
def test_what_is_written_is_read_back(title, text, target, transport, ending, note):
    saved = SavedPayload(title, text, target, transport, ending, "utf-16-le", note)
    assert read_saved(write_saved(saved)) == saved


@pytest.mark.parametrize(
    ("text", "marked", "what"),
    [
        ("hello", "hello", "no field"),
        ("title: a\ntitle: b\n\n", "title", "twice"),
        ("transport: sctp\n\n", "sctp", "no transport"),
        ("encoding:  ebcdic \n\n", "ebcdic ", "no encoding"),
        ("line-ending: x\n\n", "x", "no line-ending"),
        ("title: a\x07b\n\n", "a\x07b", "can't be printed"),
        (f"title: {'x' * 2000}\n\n", "x" * 2000, "too long"),
    ],
)
def test_every_mistake_has_its_place(text: str, marked: str, what: str):
    with pytest.raises(LocalMisuse, match=what) as found:
        read_saved(text)
    assert text[found.value.start : found.value.end] == marked


@pytest.mark.parametrize("field", ["title", "target"])
def test_what_would_not_come_back_is_not_written(field: str):
    for value in ("a\nb", " a", "a\x00"):
        with pytest.raises(LocalMisuse):
            write_saved(SavedPayload(**{field: value}))


@given(st.text(max_size=80))
def test_any_text_is_a_payload_or_a_mistake(text: str):
    try:
        saved = read_saved(text)
    except LocalMisuse:
        return
    assert read_saved(write_saved(saved)) == saved
