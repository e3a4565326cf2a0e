"""A filter keeps exactly what a plain loop over the events would keep, slice by slice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse
from workbench.formats.textfind import FOLDS_TO_ASCII
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.transcript.search import PIECE, Filter, Search

words = st.text(alphabet="aAbB\r\n ßſKÉ", max_size=8).map(str.encode)
recorded = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(["sent", "received", "fact"]), words), max_size=25
)
filters = st.builds(
    Filter,
    direction=st.sampled_from([None, Direction.SENT, Direction.RECEIVED]),
    text=st.sampled_from(["", "a", "AB", "b ß", "ss", "bsS", "k"]),
    hex=st.sampled_from(["", "61", "0d 0a"]),
    regex=st.sampled_from(["", "a+b", "^b", r"\r\n"]),
    channel=st.sampled_from([None, 0, 1]),
    min_size=st.sampled_from([None, 0, 2]),
    max_size=st.sampled_from([None, 1, 5]),
    facts=st.booleans(),
    layer=st.sampled_from(["", "tcp", "tls"]),
)


def make(entries):
    transcript = Transcript()
    channels = [transcript.open("a", "tcp"), transcript.open("b", "udp")]
    for which, what, data in entries:
        if what == "fact":
            channels[which].fact("word", said=data.decode())
        else:
            (channels[which].sent if what == "sent" else channels[which].received)(data)
    return transcript


def passes(wanted: Filter, which: int, what: str, data: bytes) -> bool:
    """The oracle: the filter's meaning, spelled out once more."""
    import re

    if wanted.channel not in (None, which):
        return False
    if what == "fact":
        if (
            not wanted.facts
            or wanted.direction
            or wanted.min_size is not None
            or wanted.max_size is not None
            or wanted.hex
        ):
            return False
        data = b"word " + data
    else:
        if wanted.direction and wanted.direction.value != what:
            return False
        if wanted.layer and wanted.layer != ("tcp", "udp")[which]:
            return False
        if wanted.min_size is not None and len(data) < wanted.min_size:
            return False
        if wanted.max_size is not None and len(data) > wanted.max_size:
            return False
    return (
        wanted.text.casefold() in data.decode().casefold()
        and bytes.fromhex(wanted.hex) in data
        and (not wanted.regex or re.search(wanted.regex.encode(), data) is not None)
    )


@given(recorded, filters)
def test_a_filter_keeps_what_its_fields_say(entries, wanted):
    transcript = make(entries)
    search = Search(transcript, wanted)
    found: list[int] = []
    while not search.is_complete:
        found += search.step()
    assert found == [i for i, entry in enumerate(entries) if passes(wanted, *entry)]
    transcript.close()


def test_a_fact_with_a_name_that_is_no_utf8_is_searched_too():
    transcript = Transcript()
    transcript.open("c", "unix").fact("connect.started", address="unix:\udcff")
    search = Search(transcript, Filter(regex="udcf{2}"))
    assert search.step() == [0]
    transcript.close()


def test_new_events_are_found_by_further_steps():
    transcript = make([(0, "sent", b"a")])
    search = Search(transcript, Filter(text="a"))
    assert search.step() == [0]
    assert search.is_complete
    transcript.open("c", "tcp").sent(b"xa")
    assert not search.is_complete
    assert search.step() == [1]
    transcript.close()


def test_a_large_event_is_searched_in_pieces_and_across_their_borders():
    transcript = Transcript()
    channel = transcript.open("c", "tcp")
    channel.received(b"." * (PIECE - 3) + b"needle" + b"." * PIECE * 4)
    search = Search(transcript, Filter(text="needle"))
    steps, found = 0, []
    while not search.is_complete:
        found += search.step(budget_ns=0)
        steps += 1
    assert found == [0]
    assert steps >= 1
    search = Search(transcript, Filter(text="haystack"))
    steps = 0
    while not search.is_complete:
        assert search.step(budget_ns=0) == []
        steps += 1
    assert steps >= 4, "one slice must not look at the whole event"
    transcript.close()


def test_a_pattern_that_explodes_is_given_up_on_and_told():
    transcript = Transcript()
    transcript.open("c", "tcp").received(b"a" * 40 + b"!")
    search = Search(transcript, Filter(regex="(a|a)*$"))
    assert search.step() == []
    assert search.gave_up == [0]
    assert search.is_complete
    transcript.close()


def test_secrets_cannot_be_searched_for():
    transcript = Transcript()
    transcript.open("c", "tcp").sent(b"PASS hush", secret=[(5, 9)])
    assert Search(transcript, Filter(text="hush")).step() == []
    assert Search(transcript, Filter(text="PASS ****")).step() == [0]
    transcript.close()


@pytest.mark.parametrize(
    ("wanted", "start"), [(Filter(regex="a(b"), 1), (Filter(regex="*"), 0), (Filter(hex="6"), 0)]
)
def test_a_filter_that_does_not_parse_names_the_place(wanted, start):
    transcript = Transcript()
    with pytest.raises(LocalMisuse) as caught:
        Search(transcript, wanted)
    assert caught.value.start is not None
    assert caught.value.start >= start
    transcript.close()


def found(data: bytes, text: str) -> bool:
    transcript = Transcript()
    transcript.open("a", "tcp").received(data)
    try:
        return Search(transcript, Filter(text=text)).step() == [0]
    finally:
        transcript.close()


def test_every_character_that_folds_to_ascii_is_minded():
    folding = {
        character
        for character in map(chr, range(128, 0x110000))
        if any(letter < "\x80" for letter in character.casefold())
    }
    assert set(FOLDS_TO_ASCII) == folding
    for character in FOLDS_TO_ASCII:
        ascii_part = "".join(letter for letter in character.casefold() if letter.isascii())
        assert found(f"é {character}".encode(), ascii_part.upper())


@pytest.mark.parametrize("cut", range(7))
def test_text_is_found_in_utf8_whose_first_and_last_characters_are_cut_in_two(cut):
    data = "€€Straße€€".encode()[cut : -cut or None]
    assert found(data, "STRASSE") == (b"Stra\xc3\x9fe" in data)


def test_text_is_found_among_octets_that_are_no_text():
    assert found(b"\xff\xfe\x80Needle\xf0", "nEEDLE")
    assert not found(b"\xff\xfe\x80Needle\xf0\xe2\x84\xaa", "k")
    assert found("Kelvin \u212a".encode(), "n k")
