"""A recorded conversation becomes a script, and the script comes true against the same server."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.scripted_peer import scripted_peer
from tests.protocols.raw.test_repeat import Deaf
from workbench.errors import LocalMisuse
from workbench.formats.target import parse_target
from workbench.protocols.raw.expect import ExpectOctets
from workbench.protocols.raw.script import parse_script
from workbench.protocols.raw.script_run import run_script
from workbench.protocols.raw.script_text import LONGEST, MAX_LINES, _quoted, script_of
from workbench.protocols.raw.talk import exchange_datagrams, talk
from workbench.transcript.recorder import Transcript

SERVER = [
    ("send", b"220 \"ready\" ${x}\r\n"), ("expect", b"EHLO me\r\n"), ("send", b"250-one\r\n250 two\r\n"),
    ("expect", b"QUIT\r\n\0\xff\0\0"), ("wait_eof",), ("send", b"221 bye\r\n"),
]  # fmt: skip


async def test_what_was_recorded_comes_true_again():
    transcript = Transcript()
    with scripted_peer(SERVER) as peer:
        await talk(parse_target(str(peer)), transcript, sends=[b"EHLO me\r\n", b"QUIT\r\n\0\xff\0\0"])
    text = script_of(transcript)
    transcript.close()
    assert 'send "EHLO me\\r\\n"' in text
    assert "send hex 51" in text
    assert text.endswith("expect end FIN\n")
    again = Transcript()
    with scripted_peer(SERVER) as peer:
        outcome = await run_script(parse_script(text), parse_target(str(peer)), again)
    again.close()
    assert outcome.passed, text


async def test_a_script_of_another_server_fails():
    transcript = Transcript()
    with scripted_peer([("expect", b"a"), ("send", b"yes\n"), ("wait_eof",)]) as peer:
        await talk(parse_target(str(peer)), transcript, sends=[b"a"], expect=ExpectOctets(b"yes\n"))
    script = parse_script(script_of(transcript))
    transcript.close()
    again = Transcript()
    with scripted_peer([("expect", b"a"), ("send", b"no\n")]) as peer:
        outcome = await run_script(script, parse_target(str(peer)), again)
    again.close()
    assert not outcome.passed


async def test_datagrams_are_expected_one_by_one():
    transcript = Transcript()
    with Deaf() as address:
        await exchange_datagrams(parse_target(address), transcript, sends=[b"a"])
        text = script_of(transcript)
    assert [line for line in text.splitlines() if line.startswith(("send", "expect"))] == [
        'send "a"',
        'expect "y"',
    ]
    transcript.close()


def recorded(*said: tuple[str, bytes]) -> Transcript:
    transcript = Transcript()
    channel = transcript.open("test", "tcp")
    for who, data in said:
        getattr(channel, who)(data)
    return transcript


def test_secrets_are_left_out_and_told():
    transcript = Transcript()
    channel = transcript.open("test", "tcp")
    channel.sent(b"PASS tiger\r\n", secret=((5, 10),))
    text = script_of(transcript)
    transcript.close()
    assert "tiger" not in text
    assert 'send "PASS *****\\r\\n"' in text
    assert "# A secret was left out" in text


def test_tls_in_the_middle_and_from_the_beginning():
    transcript = recorded(("sent", b"STARTTLS\r\n"), ("received", b"220 go\r\n"))
    channel = transcript.open("other", "tcp")
    script = script_of(transcript)
    assert "starttls" not in script
    channel.fact("tls.started", alpn=[])
    transcript.close()
    transcript = Transcript()
    channel = transcript.open("x", "tcp")
    channel.sent(b"STARTTLS\r\n")
    channel.received(b"220 go\r\n")
    channel.fact("tls.started", alpn=[])
    channel.sent(b"\x16\x03\x01")
    assert script_of(transcript).splitlines()[-2:] == ['expect "220 go\\r\\n"', "starttls"]
    transcript.close()


def test_long_answers_are_shortened():
    many = b"".join(b"%d\r\n" % n for n in range(50))
    transcript = recorded(("sent", b"a"), ("received", many), ("sent", b"b"), ("received", b"x" * 1000))
    script = parse_script(script_of(transcript))
    transcript.close()
    expects = [each for each in script.statements if each.kind == "expect"]
    assert len(expects) == MAX_LINES + 1
    assert expects[MAX_LINES - 1].octets == b"49\r\n"
    assert len(expects[-1].octets) == LONGEST


def test_nothing_said_and_too_much_said():
    transcript = Transcript()
    with pytest.raises(LocalMisuse, match="nothing was sent"):
        script_of(transcript)
    transcript.close()
    transcript = recorded(("sent", b"x" * 2_000_000))
    with pytest.raises(LocalMisuse, match="too much"):
        script_of(transcript)
    transcript.close()


@given(st.binary(min_size=1, max_size=60))
def test_any_octets_are_written_so_that_they_are_read_back(data: bytes):
    script = parse_script(f"expect {_quoted(data)}")
    assert script.statements[0].octets == data
