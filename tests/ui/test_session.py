"""The session file: written soon, atomically, without passwords; read whatever stands there."""

import json
import os
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication

from workbench.ui.session import MAX_DEPTH, SAVE_AFTER_MS, VERSION, SessionKeeper, dump, load

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


class Desk:
    """What a window would tell."""

    def __init__(self) -> None:
        self.session: dict[str, object] = {"tab": "start"}

    def collect(self) -> dict[str, object]:
        return self.session


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "session.json"


def test_what_is_dumped_is_loaded(path: Path) -> None:
    session = {"tab": "dns", "panels": {"dns": {"target": "lab:dns", "n": 3, "on": True, "no": None}}}
    path.parent.mkdir()
    path.write_bytes(dump(session))
    loaded = load(path)
    assert loaded.session == session
    assert loaded.problem == ""


def test_no_file_is_an_empty_session_without_a_word(path: Path) -> None:
    assert load(path) == ({}, "")


@pytest.mark.parametrize(
    "junk",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[1, 2]",
        b'"text"',
        b"{}",
        b'{"version": true}',
        b'{"version": "1"}',
        b'{"version": 0}',
        b"[" * 100_000,
        b'{"version": %d}' % (VERSION + 1),
    ],
)
def test_junk_starts_empty_says_so_and_is_kept_aside(path: Path, junk: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(junk)
    loaded = load(path)
    assert loaded.session == {}
    assert "starts empty" in loaded.problem
    assert (path.parent / "session.json.unreadable").read_bytes() == junk
    assert not path.exists()
    assert load(path) == ({}, "")


def test_a_folder_in_its_place_stops_nothing(path: Path) -> None:
    path.mkdir(parents=True)
    assert "starts empty" in load(path).problem


@given(st.binary(max_size=200))
def test_any_octets_load(data: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "session.json"
        place.write_bytes(data)
        assert isinstance(load(place).session, dict)


@given(st.dictionaries(st.text(max_size=8), JSON, max_size=5))
def test_any_json_is_dumped_as_json(session: dict[str, object]) -> None:
    found = json.loads(dump(session))
    assert isinstance(found, dict)
    assert "version" in found


def test_passwords_are_never_written() -> None:
    session = {
        "panels": {
            "mail": {
                "user": "anna",
                "password": "hunter2",
                "Passwd": "hunter2",
                "app_secret": "hunter2",
                "token": "hunter2",
                "target": "imap://anna:hunter2@mail.test/inbox",
                "notes": ["ftp://x:hunter2@y/", "mail anna@mail.test at 10:30"],
            }
        }
    }
    written = dump(session)
    assert b"hunter2" not in written
    kept = json.loads(written)["panels"]["mail"]
    assert kept["user"] == "anna"
    assert kept["target"] == "imap://anna@mail.test/inbox"
    assert kept["notes"][1] == "mail anna@mail.test at 10:30"


def test_what_json_cannot_hold_is_left_out_or_said_in_words() -> None:
    deep: object = "bottom"
    for _ in range(MAX_DEPTH + 5):
        deep = [deep]
    found = json.loads(dump({"deep": deep, "nan": float("nan"), "path": Path("x"), "pair": (1, 2)}))
    assert "bottom" not in json.dumps(found)
    assert (found["nan"], found["path"], found["pair"]) == (None, "x", [1, 2])


def test_a_change_is_written_within_a_second_however_often_it_changes(app: QApplication, path: Path) -> None:
    desk = Desk()
    keeper = SessionKeeper(path, desk.collect)
    spy = QSignalSpy(keeper._soon.timeout)
    keeper.note_change()
    left = keeper._soon.remainingTime()
    keeper.note_change()
    assert keeper._soon.remainingTime() <= left < 1000
    assert SAVE_AFTER_MS < 1000
    assert spy.wait(60_000)
    assert load(path).session == desk.session
    assert not keeper.is_waiting
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_end_writes_at_once_and_only_what_is_new(app: QApplication, path: Path) -> None:
    desk = Desk()
    keeper = SessionKeeper(path, desk.collect)
    keeper.note_change()
    keeper.save_now()
    assert not keeper.is_waiting
    written = path.stat().st_ino
    keeper.save_now()
    assert path.stat().st_ino == written
    desk.session = {"tab": "dns"}
    keeper.save_now()
    assert load(path).session == {"tab": "dns"}


def test_a_place_that_cannot_be_written_is_told_once(app: QApplication, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where a folder should be")
    desk = Desk()
    keeper = SessionKeeper(tmp_path / "state" / "session.json", desk.collect)
    spy = QSignalSpy(keeper.problem)
    keeper.save_now()
    keeper.save_now()
    assert spy.count() == 1
    assert "cannot be saved" in spy.at(0)[0]
    os.unlink(tmp_path / "state")
    keeper.save_now()
    assert load(tmp_path / "state" / "session.json").session == desk.session


async def test_with_a_starter_the_disk_is_waited_for_elsewhere(app: QApplication, path: Path) -> None:
    desk = Desk()
    started: list[Coroutine[Any, Any, None]] = []
    keeper = SessionKeeper(path, desk.collect, start=started.append)
    keeper._on_soon()
    keeper._on_soon()
    assert len(started) == 1
    assert keeper.is_waiting
    keeper._soon.stop()
    await started[0]
    assert load(path).session == {"tab": "start"}
    keeper._on_soon()
    assert len(started) == 1


async def test_a_write_that_was_overtaken_by_the_last_one_does_not_win(app: QApplication, path: Path) -> None:
    desk = Desk()
    started: list[Coroutine[Any, Any, None]] = []
    keeper = SessionKeeper(path, desk.collect, start=started.append)
    slow = keeper._writer.next_turn()
    desk.session = {"tab": "latest"}
    keeper.save_now()
    keeper._writer.write(slow, dump({"tab": "older"}))
    assert load(path).session == {"tab": "latest"}
