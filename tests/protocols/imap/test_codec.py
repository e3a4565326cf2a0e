"""Commands and responses as octets, in every cut; literals that are too large."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.chop import chop
from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.imap.codec import MAX_DEPTH, MAX_LINE, MAX_LITERAL, ResponseReader, encode
from workbench.protocols.imap.values import Command, Data, GoAhead, Response, Status, Text

TALK = (
    b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready {5}\r\n"
    b'* LIST (\\HasNoChildren) "/" "Entw&APw-rfe"\r\n'
    b"* list () NIL INBOX\r\n"
    b'* 12 FETCH (FLAGS (\\Seen) UID 5 BODY[HEADER.FIELDS (FROM TO)] {4}\r\n(\r\n" RFC822.SIZE 10)\r\n'
    b'* 2 FETCH (BODY[]<0> "a\\"b\\\\" X-ODD ((a NIL) "NIL"))\n'
    b"+ go ahead\r\n+\r\n"
    b"* 3 EXISTS\r\n"
    b"* SEARCH\r\n"
    b'A1 NO [ALERT] no (not "closed\r\n'
    b"* OK [PERMANENTFLAGS (\\Seen \\*)] x\r\n"
)
RESPONSES: list[Response] = [
    Status("", "OK", "ready {5}", "CAPABILITY", (b"IMAP4rev1", b"AUTH=PLAIN")),
    Data("LIST", None, ((b"\\HasNoChildren",), b"/", b"Entw&APw-rfe")),
    Data("LIST", None, ((), None, b"INBOX")),
    Data(
        "FETCH",
        12,
        (
            (
                b"FLAGS",
                (b"\\Seen",),
                b"UID",
                b"5",
                b"BODY[HEADER.FIELDS (FROM TO)]",
                b'(\r\n"',
                b"RFC822.SIZE",
                b"10",
            ),
        ),
    ),
    Data("FETCH", 2, ((b"BODY[]<0>", b'a"b\\', b"X-ODD", ((b"a", None), b"NIL")),)),
    GoAhead(b"go ahead"),
    GoAhead(b""),
    Data("EXISTS", 3, ()),
    Data("SEARCH", None, ()),
    Status("A1", "NO", 'no (not "closed', "ALERT"),
    Status("", "OK", "x", "PERMANENTFLAGS", ((b"\\Seen", b"\\*"),)),
]


def read(data: bytes, n: int, reader: ResponseReader | None = None) -> list[Response]:
    reader = reader or ResponseReader()
    found: list[Response] = []
    for piece in chop(data, n):
        reader.feed(piece)
        while (response := reader.next()) is not None:
            found.append(response)
    return found


@pytest.mark.parametrize("n", [1, 2, 3, 7, 10_000])
def test_same_responses_however_the_octets_are_cut(n: int):
    # "* SEARCH" alone has no data and no blank behind its name.
    assert read(TALK, n) == RESPONSES


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"* 1 FETCH (BODY[] {4294967295}\r\n", "announces a literal of 4,294,967,295 octets"),
        (b"* 1 FETCH (BODY[] {99999999999999999999}\r\n", "announces a literal"),
        (b"hello\r\n", "no response of IMAP"),
        (b"\r\n", "no response of IMAP"),
        (b"A1 FETCH 1\r\n", "without OK, NO or BAD"),
        (b"* 1 FETCH (a\r\n", "a list never ends"),
        (b"* 1 FETCH a)\r\n", "ends that never began"),
        (b'* LIST () "/\r\n', "quotation mark is never closed"),
        (b"* X " + b"(" * (MAX_DEPTH + 2) + b"\r\n", "lists stand within lists"),
        (b"* " + b"x" * (MAX_LINE + 1), "a line is longer"),
        (b"* 1 FETCH (" + b"a {0}\r\n" * 2000, "more than 1000 literals"),
    ],
)
@pytest.mark.parametrize("n", [4096, 10**7])
def test_what_makes_no_sense_is_told(data: bytes, what: str, n: int):
    with pytest.raises(PeerMisbehaved, match=what):
        read(data, n)


def test_a_literal_is_taken_up_to_the_bound_and_tells_how_far_it_is():
    reader = ResponseReader()
    seen: list[tuple[int, int]] = []
    reader.progress = lambda *now: seen.append(now)
    body = bytes(range(256)) * 400
    data = b"* 1 FETCH (BODY[] {%d}\r\n%b UID 1)\r\n" % (len(body), body)
    (response,) = read(data, 1000, reader)
    assert isinstance(response, Data)
    assert response.values == ((b"BODY[]", body, b"UID", b"1"),)
    assert seen[-1] == (len(body), len(body))
    assert len(seen) > 90
    reader.limit = 10
    with pytest.raises(PeerMisbehaved, match="at most 10"):
        read(data, 1000, reader)
    assert MAX_LITERAL >= 65_536


def test_a_literal_of_nothing_is_nothing():
    assert read(b"* 1 FETCH (BODY[] {0}\r\n)\r\n", 3) == [Data("FETCH", 1, ((b"BODY[]", b""),))]


@given(
    st.lists(
        st.one_of(st.binary(max_size=30), st.sampled_from([b"* 1 FETCH (", b"{3}\r\n", b'"', b")", b"\r\n"]))
    )
)
def test_any_octets_make_responses_or_a_complaint(pieces: list[bytes]):
    reader = ResponseReader()
    try:
        for piece in pieces:
            reader.feed(piece)
            while reader.next() is not None:
                pass
    except PeerMisbehaved:
        return


def test_commands_are_quoted_or_literals_and_what_of_them_is_secret():
    plain = encode("A1", Command("LOGIN", (Text(b"anna"), Text(b'p"\\w', secret=True))))
    assert plain == [(b'A1 LOGIN "anna" "p\\"\\\\w"\r\n', ((17, 23),))]
    pieces = encode("A2", Command("LOGIN", (Text("ü".encode()), Text("ß".encode(), secret=True))))
    assert pieces == [
        (b"A2 LOGIN {2}\r\n", ()),
        ("ü {2}\r\n".encode(), ()),
        ("ß\r\n".encode(), ((0, 2),)),
    ]
    bare = encode("A3", Command("AUTHENTICATE", (b"PLAIN", Text(b"AHg=", True, True))))
    assert bare == [(b"A3 AUTHENTICATE PLAIN AHg=\r\n", ((22, 26),))]
    assert str(Command("LOGIN", (Text(b"anna"), Text(b"pw", secret=True)))) == "LOGIN anna ****"


@pytest.mark.parametrize("argument", [b'x"\r\nA9 DELETE INBOX', b"a\nb", b"a\0b"])
def test_arguments_that_would_be_commands_are_refused(argument: bytes):
    for given_as in (argument, Text(argument)):
        with pytest.raises(LocalMisuse, match="can't hold") as caught:
            encode("A1", Command("EXAMINE", (given_as,)))
        assert caught.value.start is not None
    with pytest.raises(LocalMisuse) as caught:
        encode("A1", Command("LOGIN", (Text(argument, secret=True),)))
    assert caught.value.text == ""
