"""Whatever a peer sends: a value or PeerMisbehaved, text that can be shown, and never anything else."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import PeerMisbehaved
from workbench.formats.charset import ENCODINGS, TextDecoder, visible
from workbench.formats.hexdump import dump
from workbench.formats.hextext import parse_hexdump
from workbench.formats.payload import parse_payload, write_payload
from workbench.formats.rfc868 import EARLIEST, LATEST, SIZE, decode_time


@given(data=st.binary(max_size=8))
def test_any_octets_are_a_time_or_the_peers_fault(data: bytes) -> None:
    try:
        moment = decode_time(data)
    except PeerMisbehaved as fault:
        shown = fault.as_dict()
    else:
        shown = {}
        assert EARLIEST <= moment <= LATEST
    assert bool(shown) == (len(data) != SIZE)


@given(reads=st.lists(st.binary(max_size=20), max_size=6), encoding=st.sampled_from(ENCODINGS))
def test_any_octets_can_be_shown_copied_and_sent_again(reads: list[bytes], encoding: str) -> None:
    decoder = TextDecoder(encoding)
    shown = visible("".join(map(decoder.feed, reads)) + decoder.finish())
    assert all(character.isprintable() or character.isspace() for character in shown)
    assert not set(shown) & set("\r\n\t\x1b\0\u2028\u2029\u202e")
    data = b"".join(reads)
    assert parse_payload(write_payload(data, encoding), encoding=encoding) == data
    assert parse_hexdump(dump(data)) == data
