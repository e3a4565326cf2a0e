"""The DNS panel without Qt: what is asked, what is shown of it, and how it ends.

What it shows is made by workbench.panels.dns.evidence; the state is workbench.panels.dns.state.
"""

import asyncio
import subprocess
import sys

import pytest

from workbench.errors import LinkLost, LocalMisuse, TooSlow, WorkbenchError
from workbench.panels.dns.controller import checked_text
from workbench.panels.dns.state import Node
from workbench.protocols.dns import client


def lines(nodes: tuple[Node, ...], depth: int = 0) -> list[tuple[int, str, str, str]]:
    found = []
    for node in nodes:
        found += [(depth, node.text, node.answer, node.sign), *lines(node.inner, depth + 1)]
    return found


async def test_an_answer_becomes_rows_packets_and_a_verdict(desk):
    async with desk() as it:
        state = await it.ask("lab.test", type="MX")
    assert (state.phase, state.verdict.kind, state.verdict.word) == ("done", "good", "answer")
    assert [(row.section, row.type, row.data) for row in state.rows[:4]] == [
        ("answer", "MX", "10 mail.lab.test."),
        ("answer", "MX", "20 second.lab.test."),
        ("answer", "MX", "50 late.lab.test."),
        ("additional", "A", "192.0.2.27"),
    ]
    assert [packet.title for packet in state.packets] == ["query by UDP", "answer by UDP"]
    assert (state.shown, state.accepted) == (1, 1)
    assert [text for text, _ in state.verdict.chips][:3] == ["NOERROR", "AA", "1 query"]
    assert all(tip for _, tip in state.verdict.chips)
    message = state.packets[1].message
    assert message is not None
    assert message.records[state.rows[0].record].data == "10 mail.lab.test."


@pytest.mark.covers("C4.23")
async def test_seven_ways_to_get_nothing_have_seven_words(desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(client.lookup, "__kwdefaults__", {**client.lookup.__kwdefaults__, "waits_s": (0.05,)})
    words = {}
    async with desk() as it:
        for name, type_ in (
            ("nosuch.lab.test", "A"),
            ("www.lab.test", "MX"),
            ("www.broken.test", "A"),
            ("www.example.com", "A"),
            ("www.silent.test", "A"),
            ("a..b", "A"),
            ("x" * 64, "A"),
        ):
            try:
                state = await it.ask(name, type=type_)
                words[name] = (state.phase, state.verdict.word, state.verdict.kind)
            except WorkbenchError as failure:
                shown = it.controller.state.problem
                words[name] = ("failed", failure.what, failure.kind if shown is failure else "not shown")
    assert words["nosuch.lab.test"] == ("done", "NXDOMAIN", "warning")
    assert words["www.lab.test"] == ("done", "no data", "info")
    assert words["www.broken.test"] == ("done", "SERVFAIL", "bad")
    assert words["www.example.com"] == ("done", "REFUSED", "bad")
    assert words["www.silent.test"][2] == "TooSlow"
    assert words["a..b"][2] == words["x" * 64][2] == "LocalMisuse"
    assert len({word for _, word, _ in words.values()}) == 7


async def test_how_long_nothing_is_remembered_is_a_figure(desk):
    async with desk() as it:
        state = await it.ask("nosuch.lab.test")
    assert "300 s" in [text for text, _ in state.verdict.chips]


async def test_what_was_not_accepted_stays_to_be_seen(desk):
    async with desk(forge="id") as it:
        state = await it.ask("www.lab.test")
    assert [packet.title for packet in state.packets] == [
        "query by UDP",
        "not accepted, by UDP",
        "answer by UDP",
    ]
    assert "1 message came that did not belong" in state.verdict.sentence
    assert [row.data for row in state.rows] == ["192.0.2.1"]


async def test_a_truncated_answer_and_the_whole_one_are_both_there(desk):
    async with desk() as it:
        state = await it.ask("large.lab.test", type="TXT")
    assert [packet.title for packet in state.packets][1:] == [
        "truncated answer by UDP",
        "query by TCP",
        "answer by TCP",
    ]
    assert {"TC", "TCP"} <= {text for text, _ in state.verdict.chips}


async def test_a_name_of_other_letters_is_shown_both_ways_while_it_is_typed(desk):
    async with desk() as it:
        compose = it.controller.compose
        for kind, text, shown in (
            ("query", "bücher.lab.test", "asks for xn--bcher-kva.lab.test."),
            ("query", "xn--bcher-kva.lab.test", "xn--bcher-kva.lab.test. is bücher.lab.test"),
            ("query", "www.lab.test", ""),
            ("query", "a..b", ""),
            ("reverse", "192.0.2.1", "asks for 1.2.0.192.in-addr.arpa."),
            ("reverse", "192.0.2", ""),
        ):
            compose(kind=kind, text=text)
            assert it.controller.state.asked_as == shown


def test_an_address_is_asked_for_its_names_by_the_type():
    assert checked_text("query", "192.0.2.1", "ptr") == "1.2.0.192.in-addr.arpa."
    with pytest.raises(LocalMisuse):
        checked_text("query", "192.0.2.1", "A")


# ---- reverse


async def test_the_evidence_of_a_match_is_drawn_with_its_other_branch(desk):
    async with desk() as it:
        state = await it.ask("192.0.2.12", "reverse")
    assert (state.verdict.kind, state.verdict.word) == ("good", "match")
    drawn = lines(state.evidence)
    assert drawn[0] == (0, "12.2.0.192.in-addr.arpa. PTR", "2 names", "info")
    assert (1, "two-b.lab.test.", "it leads back", "good") in drawn
    assert (3, "192.0.2.12", "the address itself", "good") in drawn
    assert (1, "two-a.lab.test.", "there is no such name", "bad") in drawn
    root = state.evidence[0]
    message = state.packets[root.packet].message
    assert message is not None
    assert [record.type for record in message.answers] == ["PTR", "PTR"]
    for name in root.inner:
        assert state.packets[name.packet].title == "answer by UDP"


async def test_the_evidence_of_a_lie(desk):
    async with desk() as it:
        state = await it.ask("192.0.2.66", "reverse")
    assert (state.verdict.kind, state.verdict.word) == ("bad", "mismatch")
    assert (1, "www.whitehouse.test.", "it has other addresses", "bad") in lines(state.evidence)
    assert state.verdict.chips[0][0] == "iprev=fail"


@pytest.mark.covers("C4.14")
async def test_no_name_is_neutral(desk):
    async with desk() as it:
        state = await it.ask("192.0.2.99", "reverse")
    assert (state.phase, state.verdict.kind, state.verdict.word) == ("done", "info", "no name")
    assert "allowed" in state.verdict.sentence
    assert {sign for *_, sign in lines(state.evidence)} == {"info"}


async def test_the_chain_into_a_smaller_zone_is_drawn(desk):
    async with desk() as it:
        state = await it.ask("192.0.2.10", "reverse")
    assert (1, "10.2.0.192.in-addr.arpa. CNAME", "10.0-15.2.0.192.in-addr.arpa.", "info") in lines(
        state.evidence
    )


# ---- the system beside it


@pytest.mark.parametrize(("kind", "text"), [("query", "localhost"), ("reverse", "127.0.0.1")])
async def test_the_system_says_the_same_of_this_machine(desk, kind: str, text: str):
    async with desk() as it:
        state = await it.ask(text, kind, system=True)
        assert state.system.sign == "good"
        assert "the same" in state.system.text
        assert (await it.ask(text, kind, system=False)).system.text == ""


async def test_the_next_question_does_not_wait_for_what_the_system_thinks_of_the_last_one(
    desk, monkeypatch: pytest.MonkeyPatch
):
    asked = asyncio.Event()

    async def never(*_question: object) -> None:
        asked.set()
        await asyncio.get_running_loop().create_future()

    async with desk() as it:
        monkeypatch.setattr("workbench.protocols.dns.system.ask_system", never)
        first = asyncio.create_task(it.ask("www.lab.test", system=True))
        await asked.wait()
        while it.controller.state.phase != "done":  # noqa: ASYNC110 - nothing of it tells
            await asyncio.sleep(0.001)
        state = await it.ask("lab.test", type="MX", system=True)
        assert (state.phase, state.rows[0].type) == ("done", "MX")
        await first
        # Who cancels now has the answer already.
        last = asyncio.create_task(it.ask("www.lab.test", type="A", system=True))
        while it.controller.state.phase != "done" or it.controller.state.rows[0].type == "MX":  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.001)
        last.cancel()
        await asyncio.wait([last])
        state = it.controller.state
        assert (state.phase, state.verdict.word) == ("done", "answer")
        assert state.system.text == "Nobody waited for what this system says."


async def test_a_type_that_the_system_does_not_know_is_not_asked_for(desk):
    async with desk() as it:
        assert (await it.ask("lab.test", type="MX", system=True)).system.text == ""


# ---- how it ends


async def test_nobody_there_is_a_problem_with_its_line_of_the_conversation(desk):
    async with desk() as it:
        with pytest.raises(LinkLost):
            await it.ask("www.lab.test", server="127.0.0.1:1")
        state = it.controller.state
        assert (state.phase, state.verdict.kind, state.rows) == ("failed", "bad", ())
        assert state.problem is not None
        assert state.problem.transcript_index is not None


async def test_a_reverse_check_that_nobody_answers_is_a_failure_and_no_verdict(desk):
    async with desk() as it:
        with pytest.raises(LinkLost):
            await it.ask("192.0.2.1", "reverse", server="127.0.0.1:1")
        assert it.controller.state.phase == "failed"


@pytest.mark.parametrize(("kind", "text"), [("query", "www.silent.test"), ("reverse", "192.0.2.70")])
async def test_it_can_be_cancelled(desk, kind: str, text: str):
    async with desk() as it:
        asking = asyncio.create_task(it.ask(text, kind))
        while it.controller.state.stage != "query":  # noqa: ASYNC110 - the state has no event of its own
            await asyncio.sleep(0.005)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert (it.controller.state.phase, it.controller.state.verdict.word) == ("idle", "cancelled")
        # And it can be asked again.
        assert (await it.ask("www.lab.test")).phase == "done"


async def test_a_mistake_in_the_type_is_told_before_anything_is_sent(desk):
    async with desk() as it:
        with pytest.raises(LocalMisuse, match="record type"):
            await it.ask("www.lab.test", type="ADDRESS")
        assert [event for event in it.transcripts[0].events() if event.kind == "bytes"] == []


async def test_a_disk_that_failed_gives_way_to_a_new_conversation(desk, monkeypatch: pytest.MonkeyPatch):
    async with desk() as it:
        await it.ask("www.lab.test")
        monkeypatch.setattr(
            type(it.transcripts[0]), "fault", property(lambda self: self is it.transcripts[0] or None)
        )
        state = await it.ask("www.lab.test")
    assert (state.phase, len(it.transcripts)) == ("done", 2)


async def test_a_silent_name_does_not_keep_the_others_from_being_asked(desk, monkeypatch: pytest.MonkeyPatch):
    from workbench.panels.dns import controller

    monkeypatch.setattr(controller, "EACH_WITHIN_S", 0.5)
    async with desk() as it:
        state = await it.ask("192.0.2.70", "reverse")
    assert (state.verdict.word, state.verdict.kind) == ("could not check", "warning")
    assert (1, "www.silent.test.", "nobody answered", "warning") in lines(state.evidence)


# ---- leaving as code


async def test_the_question_leaves_as_a_script_and_as_dig(desk):
    async with desk() as it:
        for copy in (it.controller.copy_as_python, it.controller.copy_as_dig):
            with pytest.raises(LocalMisuse, match="nothing was asked yet"):
                copy()
        await it.ask("www.lab.test", type="AAAA", tcp=True)
        port = str(it.served.port)
        python, dig = it.controller.copy_as_python(), it.controller.copy_as_dig()
        assert "'AAAA'" in python
        assert port in python
        assert "+tcp" in dig
        assert f"-p {port}" in dig
        assert "lab:dns of the Lab" in dig
        await it.ask("192.0.2.66", "reverse")
        assert "ADDRESS = '192.0.2.66'" in it.controller.copy_as_python()
        assert "66.2.0.192.in-addr.arpa." in it.controller.copy_as_dig()


def test_nothing_heavy_is_imported_before_the_first_question():
    code = (
        "import sys, workbench.panels.dns.view as v, workbench.panels.dns.controller as c;"
        "from workbench.transcript.recorder import Transcript;"
        "c.DnsController(Transcript, None).compose(text='bücher.lab.test');"
        "sys.exit('dns' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


async def test_late_is_a_kind_of_failure(desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(client.lookup, "__kwdefaults__", {**client.lookup.__kwdefaults__, "waits_s": (0.05,)})
    async with desk() as it:
        with pytest.raises(TooSlow):
            await it.ask("www.silent.test")
        assert it.controller.state.verdict.word == "query"
