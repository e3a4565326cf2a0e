"""What the page of scripts does, without Qt: against peers of the standard library and the Lab.

Its parts: workbench.panels.sockets.scripts.shelf, workbench.panels.sockets.scripts.state and
workbench.panels.sockets.scripts.drafts.
"""

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.kit.scripted_peer import scripted_peer
from workbench.errors import LinkLost, LocalFault, LocalMisuse, WorkbenchError
from workbench.formats.payload_file import SavedPayload, read_saved
from workbench.panels.sockets.scripts.controller import ScriptsController
from workbench.panels.sockets.scripts.drafts import form_of, kept
from workbench.panels.sockets.scripts.shelf import IMPORTED
from workbench.panels.sockets.scripts.state import RULES_EXAMPLE, SCRIPT_EXAMPLE, Form
from workbench.protocols.raw.library import Library
from workbench.transcript.recorder import Transcript


async def straight(target):
    return target


@pytest.fixture
def page(tmp_path: Path) -> Iterator[ScriptsController]:
    controller = ScriptsController(Transcript, Library(tmp_path / "library"), straight)
    yield controller
    controller.transcript.close()


def composed(controller: ScriptsController, **fields: object) -> None:
    controller.compose(**fields)
    assert controller.state.mistake is None


async def until(controller: ScriptsController, holds) -> None:
    changed = asyncio.Event()
    cut = controller.observe(lambda _controller: changed.set())
    while not holds(controller.state):
        await changed.wait()
        changed.clear()
    cut()


async def test_a_payload_is_sent_with_its_macros_and_what_comes_back_is_shown(page):
    payload = SavedPayload(text="no ${counter}\n", line_ending="lf")
    with scripted_peer(
        [("expect", b"no 1\n"), ("send", b"yes"), ("finish",), ("wait_eof",)],
        [("expect", b"no 2\n"), ("wait_eof",)],
    ) as peer:
        composed(page, payload=payload, target=str(peer))
        assert page.state.preview == b"no 1\n"
        await page.start()
        assert (page.state.verdict.word, page.state.answer) == ("answered", b"yes")
        assert page.state.preview == b"no 2\n"
        await page.start()
    assert page.state.verdict.word == "no answer"
    assert not page.state.is_running


async def test_a_script_runs_with_its_steps_marked(page):
    with scripted_peer([("expect", b"hello 1\r\n"), ("send", b"hello 1\r\n"), ("wait_eof",)]) as peer:
        composed(page, view="script", script=SCRIPT_EXAMPLE, target=str(peer))
        await page.start()
    assert page.state.verdict.word == "passed"
    assert [step.verdict for step in page.state.steps] == ["passed"] * 4


async def test_a_step_that_fails_is_shown_as_a_failure_and_the_rest_as_skipped(page):
    with scripted_peer([("expect", b"a"), ("send", b"no"), ("wait_eof",)]) as peer:
        composed(page, view="script", script='send "a"\nexpect "b" within 50ms\nfinish', target=str(peer))
        await page.start()
    assert page.state.verdict.word == "failed"
    assert page.state.problem is not None
    assert [step.verdict for step in page.state.steps] == ["passed", "failed", "skipped"]
    page.dismiss()
    assert page.state.problem is None


async def test_a_listener_answers_by_rules_and_counts(page):
    composed(page, view="rules", rules=RULES_EXAMPLE)
    assert [rule.does for rule in page.state.rules][1] == "after 100 ms, reply PONG ${counter}\\r\\n"
    task = asyncio.create_task(page.start())
    await until(page, lambda state: state.address)
    host, _, port = page.state.address.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    assert await reader.readline() == b"220 ready\r\n"
    writer.write(b"PING\r\n")
    assert await reader.readline() == b"PONG 1\r\n"
    writer.write(b"QUIT\r\n")
    assert await reader.readline() == b"221 bye\r\n"
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()
    await until(page, lambda state: [rule.times for rule in state.rules] == [1, 1, 1])
    assert page.state.connections == 1
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert (page.state.verdict.word, page.state.address, page.state.is_running) == ("closed", "", False)


async def test_datagrams_are_answered_by_rules(page):
    composed(page, view="rules", rules='on "a"\nreply "b"', transport="udp")
    task = asyncio.create_task(page.start())
    await until(page, lambda state: state.address)
    other = ScriptsController(Transcript, page.shelf.library, straight)
    composed(other, payload=SavedPayload(text="a"), transport="udp", target=page.state.address)
    await other.start()
    assert other.state.answer == b"b"
    other.transcript.close()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert page.state.connections == 1


async def test_a_payload_is_repeated_and_counted(page):
    with scripted_peer([("expect", b"x\n" * 3), ("send", b"y\ny\n"), ("wait_eof",)]) as peer:
        composed(
            page, view="repeat", payload=SavedPayload(text="x\\n"), target=str(peer), times=3, per_s=500.0, quiet_s=1.0
        )  # fmt: skip
        await page.start()
    counts = page.state.counts
    assert counts is not None
    assert (counts.sent, counts.answered, counts.lost) == (3, 2, 1)
    assert page.state.verdict.kind == "warning"
    assert "1 lost" in page.state.verdict.sentence


async def test_a_repetition_is_stopped_in_order(page):
    with scripted_peer([("expect", b"x\n"), ("send", b"y\n"), ("wait_eof",)]) as peer:
        composed(
            page, view="repeat", payload=SavedPayload(text="x\\n"), target=str(peer), times=9, per_s=0.01
        )
        task = asyncio.create_task(page.start())
        await until(page, lambda state: state.counts is not None and state.counts.answered)
        page.stop_sending()
        await task
    assert page.state.verdict.word == "stopped"


async def test_nobody_there_is_a_failure_with_its_stage(page):
    composed(page, payload=SavedPayload(text="x"), target="127.0.0.1:1")
    with pytest.raises(LinkLost):
        await page.start()
    assert page.state.verdict.word == "connect"
    assert page.state.problem is not None
    assert not page.state.is_running


async def test_cancelling_ends_it(page):
    with scripted_peer([("stall",)]) as peer:
        composed(page, view="script", script="expect nothing for 60m", target=str(peer))
        task = asyncio.create_task(page.start())
        await until(page, lambda state: state.stage == "talk")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert page.state.verdict.word == "cancelled"


@pytest.mark.parametrize(
    ("fields", "start"),
    [
        ({"payload": SavedPayload(text="a\\q")}, 1),
        ({"view": "script", "script": "sned"}, 0),
        ({"view": "rules", "rules": "on"}, 2),
        ({"view": "repeat", "payload": SavedPayload(text="${counter as=u8 from=256}")}, 0),
    ],
)
def test_a_mistake_is_seen_while_it_is_typed(page, fields, start):
    page.compose(**fields)
    assert page.state.mistake is not None
    assert page.state.mistake.start == start
    assert page.state.why_not_start


# The library --------------------------------------------------------------------------------------------------------


async def test_a_text_is_saved_found_renamed_deleted_and_had_back(page):
    shelf = page.shelf
    composed(page, payload=SavedPayload(text="hello\n"), target="lab:echo", transport="udp")
    with pytest.raises(LocalMisuse, match="no name yet"):
        await shelf.save()
    await shelf.save("Greetings/Hello")
    saved = read_saved(shelf.library.read("payload", "Greetings/Hello"))
    assert (saved.text, saved.target, saved.transport) == ("hello\n", "lab:echo", "udp")
    assert page.state.name == "Greetings/Hello"
    composed(page, payload=SavedPayload(text="changed"))
    await shelf.save()
    composed(page, payload=SavedPayload(text="other"), target="", transport="tcp")
    entry = page.state.listing.entries[0]
    await shelf.open(entry.kind, entry.name)
    assert (page.state.form.payload.text, page.state.form.target) == ("changed", "lab:echo")
    await shelf.rename(entry, "Hi")
    assert page.state.name == "Hi"
    await shelf.search("CHANG")
    assert [found.name for found in page.state.found or ()] == ["Hi"]
    await shelf.search("")
    assert page.state.found is None
    entry = page.state.listing.entries[0]
    await shelf.delete(entry)
    assert page.state.listing.entries == ()
    assert page.state.name == ""
    await shelf.undo()
    assert [each.name for each in page.state.listing.entries] == ["Hi"]
    assert page.state.discarded is None


async def test_scripts_and_rules_are_kept_too(page):
    composed(page, view="script", script=SCRIPT_EXAMPLE)
    await page.shelf.save("Echo")
    composed(page, view="rules", rules=RULES_EXAMPLE)
    await page.shelf.save("Echo")
    await page.shelf.make_folder("Empty")
    assert [(each.kind, each.name) for each in page.state.listing.entries] == [
        ("rules", "Echo"),
        ("script", "Echo"),
    ]
    assert page.state.listing.folders == ("Empty",)
    composed(page, script="")
    await page.shelf.open("script", "Echo")
    assert (page.state.form.view, page.state.form.script) == ("script", SCRIPT_EXAMPLE)


async def test_another_s_name_is_not_overwritten(page):
    composed(page, payload=SavedPayload(text="one"))
    await page.shelf.save("A")
    await page.shelf.save("B")
    with pytest.raises(LocalMisuse, match="already"):
        await page.shelf.save("A")
    assert page.state.problem is not None


async def test_packets_of_packet_sender_are_taken_over_with_a_report(page, tmp_path: Path):
    packets = [
        {
            "name": "one/1",
            "hexstring": "68 69",
            "toip": "127.0.0.1",
            "port": "9",
            "tcporudp": "UDP",
            "repeat": 2,
        },
        {"name": "two", "hexstring": "", "tcporudp": "HTTP GET", "requestpath": "/"},
    ]
    path = tmp_path / "packets.json"
    path.write_text(json.dumps(packets), encoding="utf-8")
    await page.shelf.import_file(path)
    assert [each.name for each in page.state.listing.entries] == [f"{IMPORTED}/one-1"]
    assert "1 not taken over" in page.state.verdict.sentence
    assert "two: HTTP GET is no plain payload" in page.state.report
    assert "sent again every 2 s" in page.state.report
    await page.shelf.import_file(path)
    assert len(page.state.listing.entries) == 2
    with pytest.raises(LocalFault):
        await page.shelf.import_file(tmp_path / "none")


async def test_what_was_said_becomes_a_script(page):
    with pytest.raises(LocalMisuse, match="nothing was sent"):
        page.shelf.from_recording()
    with scripted_peer([("expect", b"a"), ("send", b"b\n"), ("finish",), ("wait_eof",)]) as peer:
        composed(page, payload=SavedPayload(text="a"), target=str(peer))
        await page.start()
    page.shelf.from_recording()
    assert page.state.form.view == "script"
    assert 'send "a"\nexpect "b\\n"\nexpect end FIN' in page.state.form.script


async def test_a_file_that_is_none_of_ours_is_refused_with_the_reason(page):
    folder = page.shelf.library.folder
    folder.mkdir(mode=0o700)
    (folder / "bad.payload").write_text("colour: red\n\nx", encoding="utf-8")
    with pytest.raises(WorkbenchError, match="no field"):
        await page.shelf.open("payload", "bad")
    assert page.state.problem is not None


# Drafts -------------------------------------------------------------------------------------------------------------


def test_a_form_comes_back_from_its_draft():
    payload = SavedPayload("t", "a\n\n", note="n")
    form = Form("repeat", "udp", "lab:udp-echo", "127.0.0.1:7", payload, "s\n", "r", 7, 2.5, "x", 1.0)
    assert form_of(json.loads(json.dumps(kept(form)))) == form


@pytest.mark.parametrize(
    "junk",
    [
        {
            "view": "none",
            "transport": 5,
            "times": True,
            "per_s": "1",
            "quiet_s": float("nan"),
            "payload": "x: y",
        },
        {"times": 10**9, "per_s": None, "target": None, "listen": ["x"]},
    ],
)
def test_junk_is_left_out(junk):
    assert form_of(junk) == Form()
    assert form_of({"per_s": 10**9}).per_s < 10**9
