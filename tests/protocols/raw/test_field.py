"""What is wrong in a field keeps its place and its culprit; files named in fields are read whole, never for ever."""

import os
import threading
from pathlib import Path

import pytest

from workbench.errors import LocalFault, LocalMisuse
from workbench.protocols.raw import field
from workbench.protocols.raw.field import (
    FieldFault,
    FieldMistake,
    in_field,
    mistake_in,
    read_file,
)


def test_a_mistake_keeps_its_place_and_calls_itself_one():
    whole = mistake_in("proxy", "that is no proxy", "abc", advice="try another")
    assert (whole.field, whole.caret()) == ("proxy", "abc\n^^^")
    made = LocalMisuse("that is no proxy", text="abc", start=1, end=2, advice="try another")
    again = in_field("local", made)
    assert (again.field, again.start, again.end, again.advice) == ("local", 1, 2, "try another")
    assert again.as_dict()["kind"] == "LocalMisuse"
    assert again.caret() == "abc\n ^"
    assert (again.exit_code, isinstance(again, LocalMisuse)) == (2, True)


def test_a_file_that_can_not_be_read_is_this_machines_matter(tmp_path: Path):
    for path, symbol in ((tmp_path / "none.pem", "ENOENT"), (tmp_path, "EISDIR")):
        with pytest.raises(FieldFault) as caught:
            read_file("key", str(path))
        fault = caught.value
        assert (fault.field, fault.errno_name, fault.exit_code) == ("key", symbol, 5)
        assert (fault.as_dict()["kind"], isinstance(fault, LocalFault)) == ("LocalFault", True)


def test_what_is_no_file_of_certificates_is_a_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(field, "MAX_FILE", 10)
    (tmp_path / "empty").touch()
    (tmp_path / "large").write_bytes(bytes(11))
    (tmp_path / "whole").write_bytes(bytes(10))
    assert read_file("key", str(tmp_path / "whole")) == bytes(10)
    for path in (" ", "a\0b", str(tmp_path / "empty"), str(tmp_path / "large")):
        with pytest.raises(FieldMistake) as caught:
            read_file("key", path)
        assert (caught.value.field, caught.value.start) == ("key", 0)


def test_a_pipe_is_read_to_its_end_as_it_is_written():
    reading, writing = os.pipe()

    def write() -> None:
        for piece in (b"one ", b"two"):
            os.write(writing, piece)
        os.close(writing)

    thread = threading.Thread(target=write)
    try:
        thread.start()
        assert read_file("key", f"/dev/fd/{reading}") == b"one two"
    finally:
        thread.join()
        os.close(reading)


def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(field, "PIPE_WITHIN_S", 0.0)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FieldFault, match="nobody writes"):
        read_file("key", str(tmp_path / "pipe"))
    # Open for both: there is a writer, who says nothing.
    held = os.open(tmp_path / "pipe", os.O_RDWR)
    try:
        with pytest.raises(FieldFault, match="nobody writes"):
            read_file("key", str(tmp_path / "pipe"))
    finally:
        os.close(held)
