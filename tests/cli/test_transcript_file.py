"""The file of --transcript: found unwritable before anything is said, whole or not there."""

import os
import stat
from pathlib import Path

import pytest

from workbench.cli.output import Output
from workbench.cli.transcript_file import (
    TOLD_AFTER_NS,
    TOLD_EVERY_NS,
    TranscriptFile,
    WritingTold,
    transcript_format,
)
from workbench.errors import LocalFault, LocalMisuse
from workbench.transcript.recorder import Transcript
from workbench.transcript.store import read_jsonl

AS_ROOT = os.geteuid() == 0


@pytest.fixture
def transcript():
    transcript = Transcript()
    channel = transcript.open("peer", "tcp")
    channel.sent(b"user joe\r\npass secret\r\n", secret=[(15, 21)])
    channel.received(b"welcome\r\n")
    channel.fact("end", kind="FIN", by="peer", sentence="the peer finished")
    yield transcript
    transcript.close()


@pytest.mark.parametrize(
    ("name", "format_"),
    [("a.txt", "txt"), ("b.HEX", "hex"), ("dir.d/c.jsonl", "jsonl"), ("e.pcapng", "pcapng")],
)
def test_the_end_of_the_name_says_the_format(name: str, format_: str):
    assert transcript_format(name) == format_


@pytest.mark.parametrize(
    ("name", "marked"),
    [("a.pcap", "pcap"), ("a", ""), ("a.", ""), ("x.txt/", ""), ("", ""), (".txt~", "txt~")],
)
def test_another_format_is_refused_with_those_there_are(name: str, marked: str):
    with pytest.raises(LocalMisuse) as caught:
        transcript_format(name)
    misuse = caught.value
    assert misuse.text[misuse.start : misuse.end] == marked
    assert all(known in misuse.advice for known in (".txt", ".hex", ".jsonl", ".pcapng"))


async def test_it_takes_its_name_when_it_is_whole(tmp_path: Path, transcript: Transcript):
    path = tmp_path / "talk.jsonl"
    file = TranscriptFile(str(path))
    assert not path.exists()
    await file.write(transcript)
    assert [entry.name for entry in tmp_path.iterdir()] == ["talk.jsonl"]
    with path.open("rb") as opened:
        again = read_jsonl(opened)
    assert len(again) == len(transcript)
    again.close()


async def test_secrets_are_masked_unless_asked_for(tmp_path: Path, transcript: Transcript):
    for with_secrets, shown in ((False, "pass ******"), (True, "pass secret")):
        path = tmp_path / f"{with_secrets}.txt"
        await TranscriptFile(str(path), with_secrets=with_secrets).write(transcript)
        assert shown in path.read_text(encoding="utf-8")
    assert stat.S_IMODE((tmp_path / "True.txt").stat().st_mode) == 0o600


def test_given_up_it_leaves_the_old_one_and_nothing_else(tmp_path: Path):
    path = tmp_path / "talk.txt"
    path.write_text("old")
    file = TranscriptFile(str(path))
    file.drop()
    file.drop()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


async def test_what_stands_behind_a_link_is_replaced_and_not_the_link(tmp_path: Path, transcript: Transcript):
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_text("old")
    link.symlink_to(real)
    await TranscriptFile(str(link)).write(transcript)
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8").startswith("# conversation")


def test_a_folder_that_is_not_there_is_found_at_once(tmp_path: Path):
    with pytest.raises(LocalFault) as caught:
        TranscriptFile(str(tmp_path / "no" / "talk.txt"))
    assert (caught.value.errno_name, caught.value.stage, caught.value.exit_code) == (
        "ENOENT",
        "transcript",
        5,
    )


@pytest.mark.skipif(AS_ROOT, reason="nothing is forbidden to root")
def test_a_folder_that_cannot_be_written_is_found_at_once(tmp_path: Path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(LocalFault) as caught:
            TranscriptFile(str(tmp_path / "talk.txt"))
        assert caught.value.errno_name == "EACCES"
    finally:
        tmp_path.chmod(0o700)


def test_only_a_plain_file_is_replaced(tmp_path: Path):
    (tmp_path / "folder.txt").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    for name in ("folder.txt", "pipe.txt"):
        with pytest.raises(LocalMisuse, match="no plain file"):
            TranscriptFile(str(tmp_path / name))
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["folder.txt", "pipe.txt"]


async def test_a_disk_that_fills_up_leaves_what_was_there(
    tmp_path: Path, transcript: Transcript, monkeypatch
):
    path = tmp_path / "talk.txt"
    path.write_text("old")
    file = TranscriptFile(str(path))

    def full(_fd: int, _data: bytes) -> int:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr("workbench.cli.transcript_file.os.write", full)
    with pytest.raises(LocalFault) as caught:
        await file.write(transcript)
    assert caught.value.errno_name == "ENOSPC"
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_writing_that_takes_long_says_once_what_it_does(transcript: Transcript):
    now = [0]
    reader, writer = os.pipe()
    told = WritingTold(Output(out=None, err=writer), "talk.txt", transcript, now_ns=lambda: now[0])
    told.wrote(10)
    for now[0] in (TOLD_AFTER_NS, TOLD_AFTER_NS * 2):
        told.wrote(10)
    told.close()
    os.close(writer)
    with open(reader, "rb") as said:
        text = said.read().decode()
    assert text.splitlines() == [
        "writing talk.txt: a conversation of 32 B, which takes a while; Ctrl-C leaves it out"
    ]


def test_on_a_terminal_it_moves_and_goes_away(transcript: Transcript):
    now = [0]
    controlling, terminal = os.openpty()
    try:
        told = WritingTold(Output(out=None, err=terminal), "t.txt", transcript, now_ns=lambda: now[0])
        for now[0] in (TOLD_AFTER_NS, TOLD_AFTER_NS + TOLD_EVERY_NS):
            told.wrote(10)
        told.close()
        said = b""
        while not said.endswith(b"\r\x1b[K"):
            said += os.read(controlling, 4096)
    finally:
        os.close(controlling)
        os.close(terminal)
    assert b"10 B written" in said
    assert b"20 B written" in said
