"""Every command of RFC 854 and every option has its sentence, and what passes is named."""

import re

import pytest

from workbench.protocols.telnet.codec import TelnetReader
from workbench.protocols.telnet.explain import explain, of_piece
from workbench.protocols.telnet.values import COMMANDS, OPTIONS, command_name
from workbench.transcript.recorder import Transcript

RFC_854 = "SE NOP DM BRK IP AO AYT EC EL GA SB WILL WONT DO DONT IAC"
SOURCE = re.compile(r"RFC \d+( [\d.]+)?")


def test_every_command_and_option_has_a_name_a_sentence_and_its_rfc():
    assert set(RFC_854.split()) <= {known.name for known in COMMANDS.values()}
    assert [COMMANDS[code].name for code in range(240, 256)] == RFC_854.split()
    for known in (*COMMANDS.values(), *OPTIONS.values()):
        assert known.text
        assert SOURCE.fullmatch(known.source), known
    assert len({known.name for known in OPTIONS.values()}) == len(OPTIONS)
    assert command_name(246) == "AYT"
    assert command_name(7) == "7"


@pytest.mark.parametrize(
    ("octets", "what", "words"),
    [
        ("fffb01", "IAC WILL ECHO", "offers"),
        ("fffe01", "IAC DONT ECHO", "asks the other side not to"),
        ("fffdc8", "IAC DO 200", "in no list of ours"),
        ("fff6", "IAC AYT", "are you there"),
        ("ff0a", "IAC 10", "no command of any RFC"),
        ("fffa1f00500018fff0", "IAC SB NAWS 00 50 00 18 IAC SE", "80 columns, 24 rows"),
        ("fffa1801fff0", "IAC SB TERMINAL-TYPE 01 IAC SE", "send it"),
        ("fffa180078fff0", "IAC SB TERMINAL-TYPE 00 78 IAC SE", "it is x"),
        ("fffac8fff0", "IAC SB 200 IAC SE", "in no list"),
        ("6869", "hi", "mean themselves"),
    ],
)
def test_a_piece_is_explained(octets: str, what: str, words: str):
    told = of_piece(TelnetReader().feed(bytes.fromhex(octets))[0])
    assert told.what == what
    assert words in told.text
    assert SOURCE.fullmatch(told.source)


def test_a_stream_that_ends_within_a_command_says_so():
    reader = TelnetReader()
    reader.feed(b"\xff\xfb")
    assert "ended within" in of_piece(reader.finish()[0]).text


def test_an_event_with_commands_is_named_and_not_obeyed():
    transcript = Transcript()
    channel = transcript.open("x", "tcp")
    channel.received(bytes.fromhex("fffb01") + b"login: ")
    channel.received(b"only text")
    channel.fact("close", unread=0)
    told = [explain(transcript, event) for event in transcript.events()]
    assert told[0].what == "IAC WILL ECHO | login: "
    assert "nothing is answered by itself" in told[0].text
    assert told[1].what == "only text"
    assert all(told)
    transcript.close()
