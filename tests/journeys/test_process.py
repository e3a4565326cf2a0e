"""The window as a process: ended by a signal or its close button, killed, started again, and out of disk."""

import json
import os
import resource
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys.process import WindowProcess, window
from tests.lab.houses import wait_for_death

MIB = 1024 * 1024
ENDS_WITHIN_S = 10.0
"""What did not end in order is ended by the program itself after three seconds, with another exit code."""
LAB_ENDS_WITHIN_S = 10.0
SAVED_WITHIN_S = 10.0

TALK = """
    view = window.show_tab("sockets").console.current
    QTest.keyClicks(view.bar.field, {target!r})
    QTest.keyClick(view.bar.field, Qt.Key.Key_Return)
"""


def talk(running: WindowProcess, target: str) -> None:
    """Type a target into the Sockets panel, press Enter, and wait until the session is open."""
    running.do(TALK.format(target=target))
    running.until("view.verdict.verdict.word == 'open'")


def close(running: WindowProcess) -> None:
    running.do("window.close()")


def terminate(running: WindowProcess) -> None:
    os.kill(running.pid, signal.SIGTERM)


@pytest.mark.parametrize("leave", [terminate, close])
def test_it_ends_in_order_in_the_middle_of_a_stalled_conversation(
    own_home: Path, tmp_path: Path, leave: Callable[[WindowProcess], None]
):
    with window(tmp_path) as running:
        talk(running, "lab:silent")
        running.do("job = program.scope.launch(view.controller.send(bytes(64 << 20)), name='send')")
        (lab,) = running.children
        began = time.monotonic()
        leave(running)
        code, err = running.end()
        assert time.monotonic() - began < ENDS_WITHIN_S
        assert (code, err) == (0, "")
        assert wait_for_death(lab, LAB_ENDS_WITHIN_S)
    kept = json.loads((own_home / "state" / "session.json").read_text())
    assert kept["panels"]["sockets"]["pages"]["console"]["sessions"][0]["bar"]["target"] == "lab:silent"


def test_killed_it_leaves_no_lab_and_the_next_start_brings_tabs_and_drafts_back(
    own_home: Path, tmp_path: Path
):
    file = own_home / "state" / "session.json"
    with window(tmp_path) as running:
        talk(running, "lab:greet")
        running.until("any(event.size for event in view.controller.transcript.events())")
        (lab,) = running.children
        running.do(
            """
            QTest.keyClicks(view.bytes.editor, "half a thought")
            panel = window.tabs.page("sockets")
            QTest.mouseClick(panel.console.add_button, Qt.MouseButton.LeftButton)
            QTest.keyClicks(panel.console.current.bar.field, "127.0.0.1:2")
            """
        )
        typed = time.monotonic()
        while not (file.exists() and "127.0.0.1:2" in file.read_text()):
            assert time.monotonic() - typed < SAVED_WITHIN_S
            running.do("")
        running.child.kill()
        assert wait_for_death(lab, LAB_ENDS_WITHIN_S)
        assert running.end()[0] == -signal.SIGKILL
    assert "this is the Lab" not in file.read_text()
    with window(tmp_path) as running:
        running.until("window.isVisible()")
        assert running.do(
            """
            panel = window.tabs.page("sockets")
            answer = {
                "tab": window.tabs.current_id,
                "targets": [view.bar.text() for view in panel.console.sessions],
                "drafts": [view.bytes.text() for view in panel.console.sessions],
                "current": panel.console.tabs.currentIndex(),
                "live": [view.controller.state.phase for view in panel.console.sessions],
            }
            """
        ) == {
            "tab": "sockets",
            "targets": ["lab:greet", "127.0.0.1:2"],
            "drafts": ["half a thought", ""],
            "current": 1,
            "live": ["idle", "idle"],
        }
        assert running.children == []
        terminate(running)
        assert running.end() == (0, "")


def limit_files(running: WindowProcess, octets: int) -> None:
    """From here on no file of this process may become larger: what a full disk looks like, without filling one."""
    _, most = resource.prlimit(running.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(running.pid, resource.RLIMIT_FSIZE, (octets, most))


def export(running: WindowProcess, file: Path) -> None:
    """Save what was received: the menu's entry, then the file dialog."""
    running.do("program.dock.export('received')")
    running.do("from PySide6.QtWidgets import QFileDialog, QLineEdit")
    running.until("[d for d in window.findChildren(QFileDialog) if d.isVisible()]")
    running.do(
        f"""
        dialog = next(d for d in window.findChildren(QFileDialog) if d.isVisible())
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        field.setText({str(file)!r})
        QTest.keyClick(field, Qt.Key.Key_Return)
        del dialog, field
        """
    )


def test_a_full_disk_ends_the_connection_and_keeps_the_conversation_so_far(own_home: Path, tmp_path: Path):
    with window(tmp_path) as running:
        running.do(
            f"""
            import asyncio
            from tests.kit.pulse import Pulse
            window.show_tab("sockets")
            pulse = Pulse()
            flood = asyncio.ensure_future(program.lab.start("flood", total={64 * MIB}))
            """
        )
        running.until("flood.done()")
        target = running.do("pulse.start(); answer = str(flood.result().target)")
        limit_files(running, 16 * MIB)
        running.do(TALK.format(target=target))
        running.until("view.notice.isVisible()")
        shown = running.do(
            """
            answer = {
                "heading": view.notice.heading.text(),
                "what": view.notice.what.text(),
                "details": view.notice.details.text(),
                "verdict": view.verdict.verdict.kind,
                "phase": view.controller.state.phase,
                "open": [peer.is_open for peer in view.controller.state.peers],
                "jobs": len(program.jobs()),
                "kept": view.controller.state.peers[0].received,
                "last": program.dock.texts()[-1],
            }
            """
        )
        assert shown["heading"] == "This machine failed, stage transcript"
        assert "EFBIG" in shown["what"]
        assert shown["details"]
        assert (shown["verdict"], shown["phase"]) == ("bad", "failed")
        assert (shown["open"], shown["jobs"]) == ([False], 0)
        kept = shown["kept"]
        assert 15 * MIB < kept < 64 * MIB

        export(running, tmp_path / "too large.bin")
        running.until("program.dock.notice.isVisible()")
        assert not (tmp_path / "too large.bin").exists()

        limit_files(running, resource.RLIM_INFINITY)
        export(running, tmp_path / "received.bin")
        running.until("program.dock.remark.words.text().startswith('Saved')")
        found = (tmp_path / "received.bin").read_bytes()
        assert len(found) == kept
        assert found == (b"ABCDEFGHIJKLMNOPQRSTUVWXYZ" * (kept // 26 + 1))[:kept]
        running.do("pulse.close(); pulse.assert_even()")

        # And the window goes on: with room on the disk a new session records again.
        running.do(
            """
            window.tabs.page("sockets").console.new_session()
            view = window.tabs.page("sockets").console.current
            QTest.keyClicks(view.bar.field, "lab:echo")
            QTest.keyClick(view.bar.field, Qt.Key.Key_Return)
            """
        )
        running.until("view.verdict.verdict.word == 'open'")
        terminate(running)
        assert running.end() == (0, "")
