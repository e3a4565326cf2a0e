"""Heralds: what is announced, to whom an answer goes, what is taken back."""

import pytest

from workbench.errors import LocalMisuse
from workbench.protocols.discovery import mdns, ssdp
from workbench.protocols.discovery.herald import Device, Neighbour, Reply, Service, herald_for
from workbench.protocols.discovery.mdns import META, Question
from workbench.protocols.discovery.values import Identity, Plan, Txt
from workbench.protocols.discovery.written import read_target

WHO = Identity("My page", "_http._tcp", 8000, txt=(Txt("path", "/"),))
HTTP = mdns.service_type("_http._tcp")
SERVICE = Service(WHO, "127.0.0.9", 5353)


def records(data: bytes) -> list[tuple[str, int]]:
    return [(record.type, record.ttl) for record in mdns.read(data).records]


def test_a_service_announces_everything_and_takes_back_what_is_its_own():
    (hello,) = SERVICE.announce()
    assert records(hello) == [("PTR", 120), ("SRV", 120), ("TXT", 120), ("A", 120), ("PTR", 120)]
    (farewell,) = SERVICE.goodbye()
    assert records(farewell) == [("PTR", 0), ("SRV", 0), ("TXT", 0), ("A", 0)]
    v6 = Service(WHO, "::1", 5353)
    assert records(v6.announce()[0])[3] == ("AAAA", 120)


@pytest.mark.parametrize(
    "question",
    [Question(META, "PTR"), Question(HTTP, "PTR"), Question(mdns.instance("My page", HTTP), "ANY")],
)
def test_who_asks_by_the_port_of_the_group_is_answered_in_the_group(question: Question):
    (reply,) = SERVICE.answer(mdns.write_query((question,)), "127.0.0.1:5353")
    assert not reply.alone
    assert {kind for kind, _ in records(reply.data)} == {"PTR", "SRV", "TXT", "A"}


def test_who_asks_by_another_port_is_answered_alone_with_number_and_question():
    question = Question(HTTP, "PTR")
    (reply,) = SERVICE.answer(mdns.write_query((question,), number=99), "127.0.0.1:40000")
    message = mdns.read(reply.data)
    assert reply.alone
    assert (message.number, message.questions) == (99, (question,))
    assert {(record.ttl, record.flush) for record in message.records} == {(10, False)}


def test_a_brief_one_says_what_was_asked_alone():
    brief = Service(WHO, "127.0.0.9", 5353, brief=True)
    (reply,) = brief.answer(mdns.write_query((Question(HTTP, "PTR"),)), "127.0.0.1:5353")
    assert records(reply.data) == [("PTR", 120)]


def test_other_questions_answers_and_garbage_are_met_with_silence():
    other = mdns.write_query((Question(mdns.service_type("_ipp._tcp"), "PTR"),))
    for herald in (SERVICE, Device(WHO, "127.0.0.9", "g:1")):
        for data in (other, SERVICE.announce()[0], b"garbage", b""):
            assert herald.answer(data, "127.0.0.1:5353") == ()


def test_a_device_answers_each_search_for_one_of_its_names():
    device = Device(Identity("anvil", "urn:x", 631), "127.0.0.9", "239.255.255.250:1900")
    assert len(device.announce()) == len(device.goodbye()) == 3
    for what, count in (("", 3), ("upnp:rootdevice", 1), ("urn:x", 1), (device.device, 1), ("urn:y", 0)):
        replies = device.answer(ssdp.write_search("g:1", what, 1), "127.0.0.1:4")
        assert len(replies) == count
        assert all(reply.alone for reply in replies)
    without_man = b"M-SEARCH * HTTP/1.1\r\nST: ssdp:all\r\n\r\n"
    assert device.answer(without_man, "127.0.0.1:4") == ()
    assert Device(WHO, "::1", "g:1").identity.location == "http://[::1]:8000/description.xml"


def test_a_name_in_a_plain_group_answers_questions():
    herald = Neighbour(Identity("anvil"))
    assert herald.announce() == (b"anvil",)
    assert herald.answer(b"who is there?\n", "127.0.0.1:4") == (Reply(b"anvil", True),)
    assert herald.answer(b"bellows", "127.0.0.1:4") == ()
    assert herald.goodbye() == (b"anvil goodbye",)


def test_the_language_of_a_plan_says_who_announces_and_mistakes_are_told_before():
    for language, kind in (("mdns", Service), ("ssdp", Device), ("group", Neighbour)):
        plan = Plan(language, "announce", read_target("", language))  # type: ignore[arg-type]  # of LANGUAGES
        assert isinstance(herald_for(plan, "127.0.0.1", "g:1", 1), kind)
    for identity, words in (
        (Identity("x", "http"), "no type of service"),
        (Identity(""), "1 to 63 octets"),
        (Identity("x", port=0), "a port is"),
    ):
        with pytest.raises(LocalMisuse, match=words):
            herald_for(
                Plan("mdns", "announce", read_target("", "mdns"), identity=identity), "127.0.0.1", "g:1", 1
            )
    evil = Identity("x", location="http://h/\r\nNTS: ssdp:byebye")
    with pytest.raises(LocalMisuse, match="line end"):
        herald_for(Plan("ssdp", "announce", read_target("", "ssdp"), identity=evil), "127.0.0.1", "g:1", 1)
