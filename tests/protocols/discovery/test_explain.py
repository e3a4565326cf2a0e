"""Every record, field and fact has its sentence and its section; so has every datagram that passes."""

import re
from pathlib import Path

import pytest

from workbench.protocols import discovery
from workbench.protocols.discovery import mdns, ssdp
from workbench.protocols.discovery.explain import FACTS, TERMS, explain
from workbench.protocols.discovery.herald import Device, Service
from workbench.protocols.discovery.mdns import META, Question
from workbench.protocols.discovery.values import Identity
from workbench.transcript.recorder import Transcript

SERVICE = Service(Identity("My page", "_http._tcp"), "127.0.0.9", 5353)
DEVICE = Device(Identity("anvil", "urn:x"), "127.0.0.9", "g:1")
HTTP = SERVICE.records[0].name
NAME = SERVICE.records[1].name
# The fields of UPnP Device Architecture 2.0 sections 1.2.2 to 1.3.3, and what RFC 6763 has of records.
UDA_FIELDS = (
    *("HOST", "CACHE-CONTROL", "LOCATION", "NT", "NTS", "SERVER", "USN", "MAN", "MX", "ST", "DATE", "EXT"),
    *("BOOTID.UPNP.ORG", "NEXTBOOTID.UPNP.ORG", "CONFIGID.UPNP.ORG", "SEARCHPORT.UPNP.ORG"),
)
RECORDS = ("PTR", "SRV", "TXT", "A", "AAAA", "NSEC")
SAMPLES = {
    "discovery.found": {"peer": "anvil", "kind": "_ipp._tcp", "source": "127.0.0.21:5353", "state": "here"},
    "discovery.left": {"peer": "anvil", "kind": "", "source": "127.0.0.21:5353", "state": "left"},
    "discovery.odd": {"source": "127.0.0.21:5353", "sentence": "x", "rule": "RFC 6762 section 18"},
}


def test_every_word_of_both_standards_has_a_sentence_and_its_section():
    assert {*UDA_FIELDS, *RECORDS} <= set(TERMS)
    for name, term in TERMS.items():
        assert term.text
        assert re.fullmatch(
            r"(RFC 676[23]|UPnP Device Architecture 2\.0 section) \d+(\.\d+)*", term.source
        ), name


def test_every_fact_that_the_code_records_has_a_sentence_and_a_sample():
    folder = Path(discovery.__file__).parent
    text = "".join(path.read_text() for path in folder.glob("*.py") if path.name != "explain.py")
    assert set(re.findall(r'"(discovery\.[a-z]+)"', text)) == set(FACTS) == set(SAMPLES)
    transcript = Transcript()
    for name, values in SAMPLES.items():
        transcript.open("group", "udp").fact(name, **values)
    transcript.open("group", "udp").fact("discovery.left", **SAMPLES["discovery.left"] | {"state": "expired"})
    transcript.open("group", "udp").fact("close", unread=0)
    told = [explain(transcript, event) for event in transcript.events()]
    assert all(one and one.what and one.text for one in told)
    assert "goodbye" in told[1].text
    assert "in time" in told[3].text
    transcript.close()


@pytest.mark.parametrize(
    ("data", "what", "source"),
    [
        (mdns.write_query((Question(META, "PTR"),)), "which types", "RFC 6763 9"),
        (mdns.write_query((Question(HTTP, "PTR"),)), "which services", "RFC 6763 4"),
        (mdns.write_query((Question(NAME, "SRV"),)), "where is this service", "RFC 6763 5"),
        (
            mdns.write_query((Question(HTTP, "PTR"),), SERVICE.records[:1]),
            "1 answer we know",
            "RFC 6762 7.1",
        ),
        (SERVICE.announce()[0], "5 records; nothing proves them", "RFC 6762 6"),
        (
            SERVICE.answer(mdns.write_query((Question(HTTP, "PTR"),)), "127.0.0.1:9")[0].data,
            "a port of its own",
            "RFC 6762 6.7",
        ),
        (SERVICE.goodbye()[0], "not there any more", "RFC 6762 10.1"),
        (b"\0\0\x84\0\0\0\0\1\0\0\0\0\xff", "can't be read", "RFC 6762 18"),
        (ssdp.write_search("g:1", "", 1), "spread over 1 s", "UPnP Device Architecture 2.0 section 1.3.2"),
        (DEVICE.announce()[0], "is there", "UPnP Device Architecture 2.0 section 1.2.2"),
        (DEVICE.goodbye()[0], "leaves", "UPnP Device Architecture 2.0 section 1.2.3"),
        (
            DEVICE.answer(ssdp.write_search("g:1", "", 1), "127.0.0.1:9")[0].data,
            "describes itself at http://127.0.0.9:8000/",
            "UPnP Device Architecture 2.0 section 1.3.3",
        ),
        (
            b"NOTIFY * HTTP/1.1\r\nNTS: x\r\n\r\n",
            "the standard has not",
            "UPnP Device Architecture 2.0 section 1.2",
        ),
        (b"NOTIFY nonsense", "empty line", "UPnP Device Architecture 2.0 section 1.1.3"),
        (b"who is there?", "plain group", "RFC 1112"),
        (b"", "plain group", "RFC 1112"),
    ],
)
def test_every_datagram_is_explained(data: bytes, what: str, source: str):
    transcript = Transcript()
    transcript.open("group", "udp").sent(data)
    told = explain(transcript, transcript[0])
    assert told is not None
    assert what in told.text
    assert told.source == source
    transcript.close()


def test_what_a_stranger_says_does_not_rule_the_screen():
    transcript = Transcript()
    evil = Service(Identity("a\u202eb"[0:1] + "b", "_http._tcp"), "127.0.0.9", 5353).announce()[0]
    evil = evil.replace(b"\x02ab", b"\x02\x1b[")
    for data in (evil, b"\x1b[2J", b"M-SEARCH * HTTP/1.1\r\nST: \x1b[2J\r\n\r\n"):
        transcript.open("group", "udp").received(data)
    for event in transcript.events():
        told = explain(transcript, event)
        assert "\x1b" not in told.what + told.text
    transcript.close()
