"""Telnet's octets: pieces however they are cut, compared with Twisted's own reading of the same stream."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.chop import chop
from workbench.errors import LocalMisuse
from workbench.protocols.telnet.codec import (
    MAX_PARAMETERS,
    TelnetReader,
    encode,
    encode_parameters,
    escaped,
    read_option,
)
from workbench.protocols.telnet.values import (
    Command,
    Data,
    Negotiation,
    Piece,
    Subnegotiation,
    Unfinished,
    option_name,
    shown,
)

STREAM = b"hello\xff\xfb\x01\xff\xfd\x1fmore\xff\xffend\xff\xf6\xff\xfa\x18\x00xterm\xff\xff\xff\xf0\xff\xfe\xc8tail"
SHOWN = [
    "hello",
    "IAC WILL ECHO",
    "IAC DO NAWS",
    "more\\xffend",
    "IAC AYT",
    "IAC SB TERMINAL-TYPE 00 78 74 65 72 6d ff IAC SE",
    "IAC DONT 200",
    "tail",
]


def joined(pieces: list[Piece]) -> list[Piece]:
    """The same with neighbouring data in one."""
    made: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Data) and made and isinstance(made[-1], Data):
            made[-1] = Data(made[-1].data + piece.data, made[-1].start, piece.stop)
        else:
            made.append(piece)
    return made


def read(data: bytes, n: int) -> list[Piece]:
    reader = TelnetReader()
    found = [piece for part in chop(data, n) for piece in reader.feed(part)]
    return joined([*found, *reader.finish()])


@pytest.mark.parametrize("n", [1, 2, 3, 5, 1000])
def test_same_pieces_however_the_octets_are_cut(n: int):
    pieces = read(STREAM, n)
    assert [shown(piece) for piece in pieces] == SHOWN
    # The places are without gap: what is shown can be found among the octets.
    assert [piece.start for piece in pieces[1:]] == [piece.stop for piece in pieces[:-1]]
    assert (pieces[0].start, pieces[-1].stop) == (0, len(STREAM))


def test_an_offer_to_echo_is_named_and_nothing_else_happens():
    assert [shown(piece) for piece in TelnetReader().feed(bytes.fromhex("fffb01"))] == ["IAC WILL ECHO"]


@pytest.mark.parametrize(
    ("data", "left"),
    [
        (b"\xff", b"\xff"),
        (b"x\xff\xfb", b"\xff"),
        (b"\xff\xfa", b"\xff"),
        (b"\xff\xfa\x18ab", b"\xff\xfa\x18ab"),
    ],
)
def test_a_stream_may_end_within_a_command(data: bytes, left: bytes):
    last = read(data, 1000)[-1]
    assert isinstance(last, Unfinished)
    assert last.data.startswith(left)
    assert shown(last).endswith(" …")


def test_parameters_without_end_are_bounded_and_said_to_be_cut():
    reader = TelnetReader()
    assert reader.feed(b"\xff\xfa\x18" + b"x" * 100_000) == ()
    (piece,) = reader.feed(b"\xff\xf0")
    assert isinstance(piece, Subnegotiation)
    assert len(piece.data) == MAX_PARAMETERS
    assert piece.is_cut


def test_a_peer_that_forgets_the_end_does_not_swallow_the_rest():
    pieces = read(b"\xff\xfa\x18a\xff\xfbhello", 1)
    assert isinstance(pieces[0], Subnegotiation)
    assert pieces[1].data == b"hello"


@given(st.binary(max_size=300), st.integers(1, 20))
def test_any_octets_are_pieces_without_gaps_and_cutting_changes_nothing(data: bytes, n: int):
    pieces = read(data, n)
    assert pieces == read(data, 10_000)
    assert [piece.start for piece in pieces] == [0, *[piece.stop for piece in pieces]][: len(pieces)]
    assert (pieces[-1].stop if pieces else 0) == len(data)


PIECES = st.one_of(
    st.binary(min_size=1, max_size=10).map(escaped),
    st.tuples(st.sampled_from(["WILL", "WONT", "DO", "DONT"]), st.integers(0, 255)).map(lambda p: encode(*p)),
    # Twisted takes the option 255 itself for an escape; no RFC says what it is there.
    st.tuples(st.integers(0, 254), st.binary(max_size=10)).map(lambda p: encode_parameters(*p)),
)


@given(st.lists(PIECES, max_size=12), st.integers(1, 9))
def test_twisted_reads_the_same(parts: list[bytes], n: int):
    telnet = pytest.importorskip("twisted.conch.telnet")
    testing = pytest.importorskip("twisted.internet.testing")
    seen: list[tuple[object, ...]] = []

    class Heard(telnet.Telnet):
        def applicationDataReceived(self, data: bytes) -> None:
            seen.extend(("data", octet) for octet in data)

        def commandReceived(self, command: bytes, argument: bytes | None) -> None:
            seen.append(("command", command[0], argument[0] if argument else None))

        def negotiate(self, data: list[bytes]) -> None:
            seen.append(("parameters", b"".join(data)))

    protocol = Heard()
    protocol.makeConnection(testing.StringTransport())
    stream = b"".join(parts)
    for piece in chop(stream, n):
        protocol.dataReceived(piece)
    ours: list[tuple[object, ...]] = []
    for piece in read(stream, n):
        match piece:
            case Data():
                ours.extend(("data", octet) for octet in piece.data)
            case Negotiation():
                code = {"WILL": 251, "WONT": 252, "DO": 253, "DONT": 254}[piece.verb]
                ours.append(("command", code, piece.option))
            case Command():
                ours.append(("command", piece.code, None))
            case Subnegotiation():
                ours.append(("parameters", bytes((piece.option,)) + piece.data))
    if b"\r" in stream:
        # Twisted also makes one octet of CR LF and of CR NUL (RFC 854's network virtual terminal); we only name things.
        seen = [one for one in seen if one[0] != "data"]
        ours = [one for one in ours if one[0] != "data"]
    assert seen == ours


@pytest.mark.parametrize(
    ("text", "option"), [("echo", 1), ("NAWS", 31), (" 24 ", 24), ("255", 255), ("0", 0)]
)
def test_an_option_has_a_name_or_a_number(text: str, option: int):
    assert read_option(text) == option
    assert option_name(option)


@pytest.mark.parametrize("text", ["", "ECKO", "256", "-1", "1.0"])
def test_what_is_no_option_is_refused(text: str):
    with pytest.raises(LocalMisuse):
        read_option(text)


def test_what_is_no_negotiation_is_not_sent():
    with pytest.raises(LocalMisuse):
        encode("MAYBE", 1)
    with pytest.raises(LocalMisuse):
        encode("DO", 256)
    with pytest.raises(LocalMisuse):
        encode_parameters(-1, b"")
