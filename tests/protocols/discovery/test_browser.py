"""Browsing by mDNS as a machine: what follows from answers, what goes and comes back, who claims what."""

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import PeerMisbehaved
from workbench.protocols.discovery import browser as module
from workbench.protocols.discovery import mdns
from workbench.protocols.discovery.browser import Browser
from workbench.protocols.discovery.herald import Service
from workbench.protocols.discovery.mdns import META, Question
from workbench.protocols.discovery.values import Identity, Peer, Txt

PORT = 5353
ANVIL, MALLORY = "127.0.0.21:5353", "127.0.0.23:5353"
PRINTER = Service(
    Identity("Anvil printer", "_ipp._tcp", 631, txt=(Txt("paper", "A4"),)), "127.0.0.21", PORT, "anvil"
)
TYPE, NAME, HOST = PRINTER.records[0].name, PRINTER.records[1].name, PRINTER.records[3].name
ALL = PRINTER.announce()[0]


def answer(*numbers: int, ttl: int | None = None) -> bytes:
    records = [PRINTER.records[number] for number in numbers]
    return mdns.write_answer([record if ttl is None else record._replace(ttl=ttl) for record in records])


def asked(browser: Browser, now_s: float) -> list[tuple[str, str]]:
    return [
        (mdns.shown(question.name), question.type)
        for data in browser.follow(now_s)
        for question in mdns.read(data).questions
    ]


def only(browser: Browser, now_s: float) -> Peer:
    (peer,) = browser.peers(now_s)
    return peer


def test_one_answer_with_everything_is_a_service():
    browser = Browser(port=PORT)
    (query,) = browser.ask(0)
    assert mdns.read(query).questions == (Question(META, "PTR"),)
    assert browser.receive(ALL, ANVIL, 0.5) == ""
    peer = only(browser, 2)
    assert (peer.name, peer.kind, peer.host, peer.addresses, peer.port) == (
        "Anvil printer",
        "_ipp._tcp",
        "anvil.local",
        ("127.0.0.21",),
        631,
    )
    assert (peer.source, peer.how, peer.state, peer.first_s, peer.heard_s) == (
        ANVIL,
        "answer",
        "here",
        0.5,
        0.5,
    )
    assert peer.lives_s == 118.5
    assert peer.told == (Txt("paper", "A4"),)
    assert not peer.faults
    assert browser.follow(2) == ()


def test_what_an_answer_does_not_bring_is_asked_for_step_by_step():
    browser = Browser(port=PORT)
    browser.ask(0)
    browser.receive(answer(4), ANVIL, 0)
    assert asked(browser, 0.1) == [("_ipp._tcp.local", "PTR")]
    browser.receive(answer(0), ANVIL, 0.2)
    assert asked(browser, 0.3) == [(mdns.shown(NAME), "SRV"), (mdns.shown(NAME), "TXT")]
    assert only(browser, 0.3).addresses == ()
    browser.receive(answer(1, 2), ANVIL, 0.4)
    assert asked(browser, 0.5) == [("anvil.local", "A"), ("anvil.local", "AAAA")]
    browser.receive(answer(3), ANVIL, 0.6)
    assert asked(browser, 0.7) == []
    assert only(browser, 0.7).addresses == ("127.0.0.21",)


def test_a_question_without_answer_is_repeated_three_times_and_ever_later():
    browser = Browser(port=PORT)
    browser.receive(answer(4), ANVIL, 0)
    times = [now / 10 for now in range(100) if browser.follow(now / 10)]
    assert times == [0.0, 1.0, 3.0]


def test_known_answers_go_along_while_more_than_half_of_their_time_is_left():
    browser = Browser(TYPE, port=PORT)
    browser.ask(0)
    browser.receive(ALL, ANVIL, 0)
    (record,) = mdns.read(browser.ask(10)[0]).records
    assert (record.key, record.ttl) == (PRINTER.records[0].key, 110)
    assert mdns.read(browser.ask(61)[0]).records == ()
    # And the one who is asked keeps silent about what is known.
    assert PRINTER.answer(browser.ask(10)[0], "127.0.0.1:5353") == ()
    assert len(PRINTER.answer(browser.ask(61)[0], "127.0.0.1:5353")) == 1


def test_a_goodbye_takes_a_service_away_a_second_later():
    browser = Browser(port=PORT)
    browser.receive(ALL, ANVIL, 0)
    assert browser.receive(PRINTER.goodbye()[0], ANVIL, 5) == ""
    assert only(browser, 5.9).state == "here"
    gone = only(browser, 6)
    assert (gone.state, gone.lives_s, gone.addresses) == ("left", None, ("127.0.0.21",))


def test_who_objects_within_that_second_stays():
    browser = Browser(port=PORT)
    browser.receive(ALL, ANVIL, 0)
    said = browser.receive(PRINTER.goodbye()[0], MALLORY, 5)
    assert "which another host had announced" in said
    browser.receive(ALL, ANVIL, 5.5)
    assert only(browser, 7).state == "here"
    assert only(browser, 7).heard_s == 5.5


def test_a_goodbye_of_somebody_who_never_was_there_makes_nobody():
    browser = Browser(port=PORT)
    assert "never was there" in browser.receive(PRINTER.goodbye()[0], ANVIL, 0)
    assert browser.peers(0) == ()


def test_what_is_not_heard_again_in_time_has_expired():
    browser = Browser(port=PORT)
    browser.receive(ALL, ANVIL, 0)
    assert only(browser, 119).state == "here"
    assert only(browser, 120).state == "expired"
    browser.receive(ALL, ANVIL, 130)
    assert only(browser, 131).state == "here"


def test_two_hosts_that_claim_a_name_stand_side_by_side_with_a_word_about_it():
    liar = Service(PRINTER_IDENTITY, "127.0.0.23", PORT, "mallory")
    browser = Browser(port=PORT)
    browser.receive(ALL, ANVIL, 0)
    said = browser.receive(liar.announce()[0], MALLORY, 2)
    assert "claimed by 127.0.0.21 too" in said
    peer = only(browser, 3)
    assert peer.addresses == ("127.0.0.21", "127.0.0.23")
    assert "127.0.0.21 and by 127.0.0.23" in peer.faults[0]


PRINTER_IDENTITY = Identity("Anvil printer", "_ipp._tcp", 631, txt=(Txt("paper", "A4"),))


def test_a_host_that_moves_takes_its_old_place_away():
    moved = Service(PRINTER_IDENTITY, "127.0.0.21", PORT, "anvil-two")
    browser = Browser(port=PORT)
    browser.receive(ALL, ANVIL, 0)
    assert browser.receive(moved.announce()[0], ANVIL, 5) == ""
    assert only(browser, 5.5).host == "anvil.local, anvil-two.local"
    assert only(browser, 6.5).host == "anvil-two.local"
    assert not only(browser, 6.5).faults


def test_a_service_that_is_none_of_its_type_is_told():
    wrong = mdns.ptr(TYPE, mdns.host_name("elsewhere"), 120)
    browser = Browser(port=PORT)
    browser.receive(mdns.write_answer([wrong]), ANVIL, 0)
    assert "no name of the type" in only(browser, 0).faults[0]


def test_who_does_not_speak_from_the_port_of_the_group_counts_for_nothing():
    browser = Browser(port=PORT)
    assert "port 5353" in browser.receive(ALL, "127.0.0.21:40000", 0)
    assert browser.peers(0) == ()
    alone = Browser(number=7)
    assert "another number" in alone.receive(ALL, ANVIL, 0)
    assert alone.peers(0) == ()
    ask = alone.ask(0)[0]
    (reply,) = PRINTER.answer(ask, "127.0.0.1:40000")
    assert reply.alone
    assert alone.receive(reply.data, ANVIL, 0.1) == ""
    # RFC 6762 section 6.7: who hears no goodbye is told a short time only.
    assert only(alone, 0.1).lives_s == 10


def test_what_was_heard_long_after_our_question_was_an_announcement():
    browser = Browser(port=PORT)
    browser.ask(0)
    browser.receive(ALL, ANVIL, 30)
    assert only(browser, 30).how == "announcement"


def test_questions_of_others_and_garbage_change_nothing():
    browser = Browser(port=PORT)
    assert browser.receive(mdns.write_query((Question(META, "PTR"),)), ANVIL, 0) == ""
    with pytest.raises(PeerMisbehaved):
        browser.receive(b"\0", ANVIL, 0)
    assert browser.peers(0) == ()


def test_a_flood_of_forged_services_is_bounded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MAX_HELD", 40)
    monkeypatch.setattr(module, "MAX_OF_TYPE", 10)
    browser = Browser(port=PORT)
    said = ""
    for number in range(60):
        service = Service(Identity(f"number {number}", f"_t{number // 20}._tcp"), "127.0.0.9", PORT)
        said = browser.receive(service.announce()[0], ANVIL, 0) or said
    assert "more records than are kept" in said
    assert len(browser.peers(0)) <= 30
    # Once the forged ones are over, there is room again.
    browser.receive(ALL, ANVIL, 1000)
    assert [peer.name for peer in browser.peers(1000) if peer.state == "here"] == ["Anvil printer"]


PIECES = [answer(n) for n in range(5)] + [answer(n, ttl=0) for n in range(5)] + [ALL, b"", b"\0" * 12]


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from(PIECES), st.sampled_from([ANVIL, MALLORY]), st.floats(0, 200)), max_size=12
    )
)
def test_whatever_comes_in_whatever_order_the_list_can_be_told(steps: list[tuple[bytes, str, float]]):
    browser = Browser(port=PORT)
    now_s = 0.0
    for data, source, later_s in steps:
        now_s += later_s
        with contextlib.suppress(PeerMisbehaved):
            browser.receive(data, source, now_s)
        assert len(browser.peers(now_s)) <= 1
        assert all(len(mdns.read(query).questions) <= module.MAX_QUESTIONS for query in browser.follow(now_s))
