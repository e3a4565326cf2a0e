"""Rules for automatic replies: read strictly, followed however the octets are cut, and stopped by no peer."""

import asyncio
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.chop import chop
from workbench.errors import LocalMisuse
from workbench.formats.target import parse_target
from workbench.protocols.raw.rules import MAX_RULES, Rules, parse_rules, serve_rules
from workbench.protocols.raw.script import place_of
from workbench.protocols.raw.serve import Server
from workbench.transcript.recorder import Transcript
from workbench.wire.datagram import open_datagram
from workbench.wire.listen import listen

SMTP = r"""
# a tiny mail server
on connect
  reply "220 ready\r\n"
on regex "(?i)^HELO .*?\r\n"
  reply "250 hello ${counter}\r\n"
on "NOOP\r\n"
  delay 20ms
  reply "250 ok\r\n"
on hex 00
  then reset
on "QUIT\r\n"
  reply "221 bye\r\n"
  then finish
"""


def deeds(rules: Rules, *pieces: bytes) -> list[tuple[int, bytes | None]]:
    hearing = rules.hearing()
    found = []
    for piece in pieces:
        hearing.hear(piece)
        while (deed := hearing.next()) is not None:
            found.append((deed.rule.number, deed.data))
    return found


def test_rules_are_read():
    rules = parse_rules(SMTP)
    assert [rule.on_connect for rule in rules.rules] == [True, False, False, False, False]
    assert [rule.then for rule in rules.rules] == ["keep", "keep", "keep", "reset", "finish"]
    assert rules.rules[2].delay_s == 0.02
    assert [rule.when for rule in rules.rules][1:4] == [r'regex "(?i)^HELO .*?\r\n"', r'"NOOP\r\n"', "hex 00"]


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("", (1, 1), "no rule"),
        ('reply "x"', (1, 1), "belongs to no rule"),
        ('on "x"', (1, 1), "does nothing"),
        ('on "x"\nthen keep', (1, 1), "does nothing"),
        ('on "x"\nreply "y"\nreply "z"', (3, 1), "already"),
        ('on "x"\nreply "y"\ndelay 2m', (3, 7), "longer"),
        ('on "x"\nreply "y"\nthen die', (3, 6), "no end"),
        ('on "x"\nreply "y"\nthen', (3, 5), "what then"),
        ('on ""\nreply "y"', (1, 5), "everything"),
        ('on "${counter}"\nreply "y"', (1, 5), "filled in"),
        ('on "x"\nreply "${countr}"', (2, 10), "no macro"),
        ('when "x"', (1, 1), "begins no line"),
        ('on regex "a("\nreply "y"', (1, 13), "regular expression"),
        ('on "x" 5\nreply "y"', (1, 8), "too much"),
        ('on "x"\nreply "y"\n' * (MAX_RULES + 1), (2 * MAX_RULES + 1, 1), "more than"),
    ],
)
def test_every_mistake_has_its_place(text: str, place: tuple[int, int], what: str):
    with pytest.raises(LocalMisuse, match=what) as found:
        parse_rules(text)
    assert place_of(text, found.value) == place
    assert found.value.advice


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_the_same_replies_however_the_octets_are_cut(size: int):
    rules = parse_rules(SMTP)
    said = b"junk HELO\r\nHELO a\r\nNOOP\r\nQUIT\r\n"
    rules = parse_rules('on "HELO"\nreply "1"\non "NOOP\\r\\n"\nreply "2"\non "QUIT"\nreply "3"')
    assert deeds(rules, *chop(said, size)) == [(1, b"1"), (1, b"1"), (2, b"2"), (3, b"3")]
    assert rules.matched == {1: 2, 2: 1, 3: 1}


def test_the_earliest_match_counts_and_of_two_the_upper_rule():
    rules = parse_rules('on "bc"\nreply "1"\non "ab"\nreply "2"\non "abx"\nreply "3"')
    assert deeds(rules, b"abc abx") == [(2, b"2"), (2, b"2")]


def test_a_line_begins_where_the_last_answer_ended():
    rules = parse_rules(r'on regex "^a\n"' + '\nreply "1"')
    assert deeds(rules, b"a\na\nba\n") == [(1, b"1"), (1, b"1")]


def test_a_pattern_without_end_is_off_for_this_connection_and_the_others_go_on():
    transcript = Transcript()
    rules = parse_rules('on regex "(a|a)+$"\nreply "never"\non "!"\nreply "2"')
    channel = transcript.open("test", "tcp")
    hearing = rules.hearing(channel)
    hearing.hear(b"a" * 40 + b"!")
    deed = hearing.next()
    assert deed is not None
    assert deed.data == b"2"
    assert [event.name for event in transcript.events()] == ["rule.off", "rule.matched"]
    assert deeds(rules, b"aa") == [(1, b"never")]
    transcript.close()


def test_a_reply_that_can_t_be_made_is_off_and_hurts_nobody_else():
    rules = parse_rules('on "x"\nreply "${counter from=255 as=u8}"')
    assert deeds(rules, b"xxx") == [(1, b"\xff")]


def test_what_is_not_answered_is_remembered_within_bounds():
    rules = parse_rules('on regex "begin.*end"\nreply "1"')
    assert deeds(rules, b"begin", b"x" * 1000, b"end") == [(1, b"1")]
    assert deeds(rules, b"begin", b"x" * 200_000, b"end") == []


def test_many_matches_in_one_piece_are_found_in_time():
    rules = parse_rules('on "x"\nreply "."\non "y"\nreply "!"')
    assert len(deeds(rules, b"x" * 20_000)) == 20_000


def check_place(wrong: LocalMisuse, text: str) -> None:
    assert wrong.text == text
    assert wrong.start is not None
    assert 0 <= wrong.start <= (wrong.end or 0) <= len(text)


@given(st.lists(st.sampled_from([b"ab", b"a", b"b", b"abc", b"zz"]), max_size=20), st.integers(1, 7))
def test_a_model_that_looks_at_the_whole_finds_the_same(words: list[bytes], size: int):
    data = b"".join(words)
    rules = parse_rules('on "ab"\nreply "1"\non "zz"\nreply "2"')
    expected, at = [], 0
    while True:
        places = [(data.find(wanted, at), number) for number, wanted in ((1, b"ab"), (2, b"zz"))]
        places = [place for place in places if place[0] >= 0]
        if not places:
            break
        start, number = min(places)
        expected.append(number)
        at = start + 2
    assert [number for number, _ in deeds(rules, *chop(data, size))] == expected


@given(
    st.lists(
        st.one_of(
            st.sampled_from(SMTP.splitlines()),
            st.sampled_from(["on", "then", '"', "on hex 0"]),
            st.text(max_size=5),
        ),
        max_size=8,
    ).map("\n".join)
)
def test_any_text_is_rules_or_a_mistake_with_a_place(text: str):
    try:
        parse_rules(text)
    except LocalMisuse as wrong:
        check_place(wrong, text)


# On real sockets ----------------------------------------------------------------------------------------------------


class Serving:
    """A server with rules, and what it said to its watcher."""

    def __init__(self, text: str) -> None:
        self.rules = parse_rules(text)
        self.transcript = Transcript()

    async def __aenter__(self) -> "Serving":
        target = parse_target("127.0.0.1:0", listening=True)
        self.server = Server(await listen(target, self.transcript), self.rules)
        self.port = self.server.listener.port
        self.task = asyncio.create_task(self.server.serve())
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.server.aclose()
        await self.task
        self.transcript.close()


async def test_a_server_follows_its_rules():
    async with Serving(SMTP) as serving:
        reader, writer = await asyncio.open_connection("127.0.0.1", serving.port)
        assert await reader.readline() == b"220 ready\r\n"
        loop = asyncio.get_running_loop()
        writer.write(b"helo me\r\nNO")
        assert await reader.readline() == b"250 hello 1\r\n"
        began = loop.time()
        writer.write(b"OP\r\n")
        assert await reader.readline() == b"250 ok\r\n"
        assert loop.time() - began >= 0.019
        writer.write(b"QUIT\r\n")
        assert await reader.readline() == b"221 bye\r\n"
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()
        reader, writer = await asyncio.open_connection("127.0.0.1", serving.port)
        assert await reader.readline() == b"220 ready\r\n"
        writer.write(b"HELO again\r\n")
        assert await reader.readline() == b"250 hello 2\r\n"
        writer.write(b"\0")
        with pytest.raises(ConnectionResetError):
            await reader.read()
        writer.close()
        names = [event.name for event in serving.transcript.events() if event.kind == "fact"]
        assert names.count("rule.matched") == 7


async def test_a_rule_can_close():
    async with Serving('on "x"\nthen close') as serving:
        reader, writer = await asyncio.open_connection("127.0.0.1", serving.port)
        writer.write(b"x")
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()


async def test_a_peer_that_takes_nothing_waits_and_nothing_piles_up():
    async with Serving('on "x"\nreply "' + "y" * 60_000 + '"') as serving:
        with socket.socket() as client:
            client.setblocking(False)
            loop = asyncio.get_running_loop()
            await loop.sock_connect(client, ("127.0.0.1", serving.port))
            await loop.sock_sendall(client, b"x" * 5000)
            # The first of 300 MB that are owed: what the two systems hold is all that was made.
            assert await loop.sock_recv(client, 10) == b"y" * 10
            assert 0 < serving.rules.matched[1] < 1000


async def test_datagrams_are_answered_and_a_late_answer_keeps_nobody_waiting():
    transcript = Transcript()
    rules = parse_rules('on "slow"\ndelay 60ms\nreply "late"\non "quick"\nreply "now ${counter}"')
    opened = await open_datagram(transcript, local=parse_target("127.0.0.1:0", listening=True))
    task = asyncio.create_task(serve_rules(opened, rules, limit=3))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.setblocking(False)
        host, _, port = opened.address.rpartition(":")
        client.connect((host, int(port)))
        loop = asyncio.get_running_loop()
        for data in (b"slow", b"nobody knows", b"quick"):
            await loop.sock_sendall(client, data)
        assert await loop.sock_recv(client, 99) == b"now 1"
        assert await loop.sock_recv(client, 99) == b"late"
    await task
    await opened.aclose()
    transcript.close()


async def test_rules_about_connections_are_not_for_datagrams():
    transcript = Transcript()
    opened = await open_datagram(transcript, local=parse_target("127.0.0.1:0", listening=True))
    for text in ('on connect\nreply "x"', 'on "x"\nthen reset'):
        with pytest.raises(LocalMisuse, match="no connection"):
            await serve_rules(opened, parse_rules(text))
    await opened.aclose()
    transcript.close()


@given(st.binary(max_size=200))
def test_a_message_has_one_answer(data: bytes):
    rules = parse_rules('on "a"\nreply "1"\non hex 00\nreply "2"')
    places = sorted(
        (data.find(octet), reply) for octet, reply in ((b"a", b"1"), (b"\0", b"2")) if octet in data
    )
    assert rules.answer(data) == (places[0][1] if places else None)
