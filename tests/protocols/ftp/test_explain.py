"""Every command, every reply code of the RFCs, and every fact of the client has its sentence."""

import re
from pathlib import Path

import pytest

from workbench.protocols import ftp
from workbench.protocols.ftp.explain import CONTROL, DATA, FACTS, explain
from workbench.protocols.ftp.sentences import COMMANDS, KINDS, REPLIES, of_command, of_reply
from workbench.transcript.recorder import Transcript

RFC959 = (
    "USER PASS ACCT CWD CDUP SMNT QUIT REIN PORT PASV TYPE STRU MODE RETR STOR STOU APPE ALLO REST RNFR RNTO ABOR "
    "DELE RMD MKD PWD LIST NLST SITE SYST STAT HELP NOOP"
)
OTHERS = {
    "RFC 2228": "AUTH ADAT PROT PBSZ CCC MIC CONF ENC",
    "RFC 2389": "FEAT OPTS",
    "RFC 2428": "EPRT EPSV",
    "RFC 3659": "MDTM SIZE MLST MLSD",
    "RFC 4217": "AUTH PBSZ PROT CCC",
}
CODES = (
    "110 120 125 150 200 202 211 212 213 214 215 220 221 225 226 227 230 250 257 331 332 350 421 425 426 450 451 452 "
    "500 501 502 503 504 530 532 550 551 552 553"  # RFC 959 section 4.2.2
    " 229 522"  # RFC 2428
    " 232 234 235 334 335 336 431 533 534 535 536 537 631 632 633"  # RFC 2228 section 5.1
    " 521"  # RFC 4217
)
FACT_SAMPLES = {
    "ftp.passive": {"command": "EPSV", "host": "127.0.0.1", "port": 4711},
    "ftp.passive.elsewhere": {"told": "10.9.9.9", "used": "127.0.0.1", "port": 4711},
    "ftp.fallback": {"asked": "MLSD", "instead": "LIST", "reply": "500 what?"},
    "ftp.settled": {"command": "RETR", "reply": "426 aborted"},
}


@pytest.mark.parametrize("verb", sorted({*RFC959.split(), *" ".join(OTHERS.values()).split()}))
def test_every_command_of_the_rfcs_has_a_sentence(verb: str):
    sentence = of_command(verb.lower())
    assert sentence is not None
    assert len(sentence.text) > 10
    assert re.fullmatch(r"RFC \d+ [\d.]+", sentence.source)


@pytest.mark.parametrize("code", CODES.split())
def test_every_reply_code_of_the_rfcs_has_a_sentence(code: str):
    sentence = REPLIES[int(code)]
    assert sentence.text
    assert re.fullmatch(r"RFC \d+ [\d.]+", sentence.source)


def test_nothing_else_stands_in_the_lists():
    assert set(COMMANDS) == {*RFC959.split(), *" ".join(OTHERS.values()).split()}
    assert set(REPLIES) == set(map(int, CODES.split()))
    assert of_reply(599) == KINDS[5]
    assert of_reply(999) is None
    assert of_command("XYZZY") is None


def test_every_fact_that_the_code_records_has_a_sentence_and_a_sample():
    folder = Path(ftp.__file__).parent
    text = "".join(path.read_text() for path in folder.glob("*.py"))
    recorded = set(re.findall(r"""\.fact\(\s*"(ftp\.[a-z.]+)\"""", text))
    assert recorded == set(FACTS) == set(FACT_SAMPLES)


@pytest.mark.parametrize("name", FACT_SAMPLES)
def test_a_facts_sentence_says_what_happened(name: str):
    with_it = Transcript()
    channel = with_it.open(f"{CONTROL}x", "tcp")
    index = channel.fact(name, **FACT_SAMPLES[name])
    told = explain(with_it, with_it[index])
    assert told is not None
    assert told.what
    assert told.text
    with_it.close()


def test_commands_and_replies_are_explained_and_passwords_are_not_shown():
    transcript = Transcript()
    control, data = transcript.open(f"{CONTROL}x", "tcp"), transcript.open(f"{DATA}1: MLSD /", "tcp")
    control.sent(b"PASS swordfish\r\n", secret=((5, 14),))
    control.received(b"125 begins\r\n226 done\r\n")
    control.sent(b"XYZZY\r\n")
    data.received(b"type=file; a\r\n")
    control.sent(b"\x16\x03\x01abc")
    control.received(b" of a long text\r\n")
    control.fact("close", unread=0)
    told = [explain(transcript, event) for event in transcript.events()]
    assert all(told)
    whats = [one.what for one in told if one]
    assert whats[0] == "PASS *********"
    assert "swordfish" not in "".join(whats)
    assert told[1] is not None
    assert (
        told[1].text
        == "the data connection is there, the transfer begins; then all was transferred, the data connection is closed"
    )
    assert whats[1] == "125 begins | 226 done"
    assert told[3] is not None
    assert "listing" in told[3].text
    assert whats[4] == "TLS records"
    assert whats[6] == "closed"
    transcript.close()
