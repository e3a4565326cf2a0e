"""Asking for TLS: seven dialogues, cut at every place, refused, stripped, wrong, endless. Also values and codec."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.chop import chop
from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.protocols.starttls.codec import SSL_REQUEST, ldap_answer, ldap_request
from workbench.protocols.starttls.machine import MAX_OCTETS, Dialogue, dialogue
from workbench.protocols.starttls.values import PROTOCOLS

EHLO = b"EHLO client.example\r\n"
STREAM = b"<?xml version='1.0'?><stream:stream from='a' xmlns:stream='x'>"
START = b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
FEATURES = b"<stream:features>" + START + b"</stream:features>"
LDAP_YES = bytes.fromhex("300c02010178070a010004000400")
LDAP_NO = bytes.fromhex("300c02010178070a013404000400")

YES = {
    "smtp": (
        [b"220-mail\r\n220 ready\r\n", b"250-mail\r\n250-STARTTLS\r\n250 SIZE 5\r\n", b"220 go\r\n"],
        [EHLO, b"STARTTLS\r\n"],
    ),
    "imap": (
        [b"* OK ready\r\n", b"* CAPABILITY IMAP4rev2 STARTTLS\r\nw1 OK done\r\n", b"w2 OK begin\r\n"],
        [b"w1 CAPABILITY\r\n", b"w2 STARTTLS\r\n"],
    ),
    "pop3": (
        [b"+OK\r\n", b"+OK list\r\nUIDL\r\nSTLS\r\n.\r\n", b"+OK begin\r\n"],
        [b"CAPA\r\n", b"STLS\r\n"],
    ),
    "ftp": (
        [b"220 x\r\n", b"211-list\r\n UTF8\r\n AUTH TLS\r\n211 End\r\n", b"234 ok\r\n"],
        [b"FEAT\r\n", b"AUTH TLS\r\n"],
    ),
    "xmpp": (
        [STREAM + FEATURES, b"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"],
        [None, START],
    ),
    "ldap": ([LDAP_YES], [ldap_request()]),
    "postgres": ([b"S"], [SSL_REQUEST]),
}
NO = {
    "smtp": [YES["smtp"][0][0], YES["smtp"][0][1], b"454 later\r\n"],
    "imap": [YES["imap"][0][0], YES["imap"][0][1], b"w2 NO never\r\n"],
    "pop3": [YES["pop3"][0][0], YES["pop3"][0][1], b"-ERR no\r\n"],
    "ftp": [YES["ftp"][0][0], YES["ftp"][0][1], b"534 no\r\n"],
    "xmpp": [YES["xmpp"][0][0], b"<failure xmlns='x'/>"],
    "ldap": [LDAP_NO],
    "postgres": [b"N"],
}
STRIPPED = {
    "smtp": [b"220 x\r\n", b"250-mail\r\n250 XXXXXXXX\r\n"],
    "imap": [b"* OK\r\n", b"* CAPABILITY IMAP4rev2\r\nw1 OK\r\n"],
    "pop3": [b"+OK\r\n", b"+OK\r\nUIDL\r\n.\r\n"],
    "ftp": [b"220 x\r\n", b"211-list\r\n UTF8\r\n211 End\r\n"],
    "xmpp": [STREAM + b"<stream:features><bind/></stream:features>"],
}


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
@pytest.mark.parametrize("name", YES)
def test_a_yes_however_it_is_cut(name, size):
    says, asks = YES[name]
    asking = dialogue(name, "host.example")
    out = [asking.begin()]
    for each in says:
        out.append(b"".join(asking.receive(piece) for piece in chop(each, size)))
    assert asking.outcome == "accepted"
    assert asking.rest == b""
    said = [data for data in out if data]
    assert [a for a, b in zip(said, asks, strict=True) if b is not None] == [b for b in asks if b is not None]
    if name == "xmpp":
        assert b"to='host.example'" in said[0]


@pytest.mark.parametrize("name", NO)
def test_a_no_is_told_in_the_servers_words(name):
    asking = dialogue(name)
    asking.begin()
    for each in NO[name]:
        asking.receive(each)
    assert asking.outcome == "refused"
    assert asking.said
    assert name != "ldap" or "unavailable" in asking.said


@pytest.mark.parametrize("name", STRIPPED)
def test_an_offer_that_is_not_there_is_not_asked_for(name):
    asking = dialogue(name)
    sent = asking.begin() + b"".join(asking.receive(each) for each in STRIPPED[name])
    assert (asking.outcome, asking.offered) == ("missing", False)
    assert b"STARTTLS" not in sent
    assert b"STLS" not in sent
    assert b"AUTH" not in sent


@pytest.mark.parametrize("name", YES)
def test_octets_behind_the_yes_are_kept_apart(name):
    asking = dialogue(name)
    asking.begin()
    says = list(YES[name][0])
    says[-1] += b"250 injected\r\n"
    for each in says:
        asking.receive(each)
    asking.receive(b"more")
    assert asking.outcome == "accepted"
    assert asking.rest == b"250 injected\r\nmore"


def test_a_person_may_have_spoken_before():
    asking = dialogue("smtp")
    assert asking.begin(b"220 x\r\n250-x\r\n250 STARTTLS\r\n", spoken=True) == EHLO
    assert asking.receive(b"250-x\r\n250 STARTTLS\r\n") == b"STARTTLS\r\n"
    heard = dialogue("smtp")
    assert heard.begin(b"220 x\r\n") == EHLO
    assert dialogue("xmpp").begin(STREAM + FEATURES, spoken=True).startswith(b"<starttls")


def test_old_servers_without_a_list_are_asked_all_the_same():
    ftp = dialogue("ftp")
    assert ftp.receive(b"220 x\r\n") == b"FEAT\r\n"
    assert ftp.receive(b"500 what?\r\n") == b"AUTH TLS\r\n"
    assert ftp.offered is None
    pop = dialogue("pop3")
    assert pop.receive(b"+OK\r\n") == b"CAPA\r\n"
    assert pop.receive(b"-ERR what?\r\n") == b"STLS\r\n"
    smtp = dialogue("smtp")
    smtp.receive(b"220 x\r\n")
    smtp.receive(b"502 no EHLO\r\n")
    assert smtp.outcome == "missing"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("smtp", b"554 go away\r\n"),
        ("imap", b"* BYE full\r\n"),
        ("imap", b"* PREAUTH in\r\n"),
        ("pop3", b"-ERR full\r\n"),
        ("xmpp", b"<stream:stream><stream:error><x/></stream:error>"),
        ("postgres", b"Eerror"),
    ],
)
def test_a_server_that_wants_nobody_has_refused(name, says):
    asking = dialogue(name)
    asking.begin()
    asking.receive(says)
    assert asking.outcome == "refused"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("smtp", b"hello\r\n"),
        ("imap", b"220 hello\r\n"),
        ("pop3", b"hello\r\n"),
        ("xmpp", b"hello"),
        ("ldap", b"HTTP/1.0 400\r\n\r\n"),
        ("ldap", bytes.fromhex("30840000ffff0201")),
        ("postgres", b"HTTP"),
        ("smtp", b"2" * 5000),
        ("imap", b"* OK " + b"x" * 5000 + b"\r\n"),
    ],
)
def test_another_protocol_is_named_as_such(name, says):
    asking = dialogue(name)
    asking.begin()
    with pytest.raises(PeerMisbehaved) as caught:
        asking.receive(says)
    assert caught.value.stage == "starttls"
    assert caught.value.source


def hear_for_ever(asking: Dialogue, line: bytes) -> None:
    for _ in range(MAX_OCTETS):
        asking.receive(line)


@pytest.mark.parametrize("name", ["smtp", "imap", "pop3", "ftp", "xmpp"])
def test_a_server_without_end_is_stopped(name):
    asking = dialogue(name)
    asking.begin()
    asking.receive(YES[name][0][0][: 6 if name != "xmpp" else 20])
    line = {
        "smtp": b"250-x\r\n",
        "imap": b"* x\r\n",
        "pop3": b"+OK\r\n",
        "ftp": b"220-x\r\n",
        "xmpp": b"<a/>  ",
    }[name]
    with pytest.raises(PeerMisbehaved):
        hear_for_ever(asking, line)
    assert asking.outcome is None


@given(st.sampled_from([protocol.name for protocol in PROTOCOLS]), st.binary(max_size=200))
def test_any_octets_are_an_outcome_or_a_misbehaviour(name, data):
    asking = dialogue(name)
    asking.begin()
    try:
        asking.receive(data)
    except PeerMisbehaved:
        return
    assert asking.outcome in (None, "accepted", "refused", "missing")


def test_ldap_by_the_octets_of_the_rfc():
    # A SEQUENCE of a message number and [APPLICATION 23] with the name in [0] (RFC 4511 sections 4.1.1 and 4.12).
    assert ldap_request()[:2] == bytes((0x30, len(ldap_request()) - 2))
    assert ldap_request()[5:9] == b"\x77\x18\x80\x16"
    assert ldap_answer(LDAP_YES) == (0, "", len(LDAP_YES))
    assert all(ldap_answer(LDAP_YES[:cut]) is None for cut in range(len(LDAP_YES)))


def test_there_is_no_other_protocol():
    with pytest.raises(LocalMisuse, match="irc") as caught:
        dialogue("irc")
    assert "postgres" in caught.value.advice
    assert len({protocol.name for protocol in PROTOCOLS}) == 7
