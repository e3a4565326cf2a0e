"""Files: the same octets as the export, nothing half written, and back again."""

import asyncio
from pathlib import Path

import pytest

from tests.ui.conversation.conversations import echo, pings, until
from workbench.errors import LocalFault, LocalMisuse
from workbench.jobs.scope import Scope
from workbench.transcript.export import FORMATS, export
from workbench.transcript.recorder import Transcript
from workbench.ui.conversation import saving
from workbench.ui.conversation.leaving import EXPORTS


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("with_secrets", [False, True])
async def test_a_saved_file_is_the_export(tmp_path: Path, form: str, with_secrets: bool):
    transcript = echo()
    path = tmp_path / "saved"
    size = await saving.save(transcript, path, form, with_secrets=with_secrets)
    expected = b"".join(export(transcript, form, with_secrets=with_secrets))
    assert path.read_bytes() == expected
    assert size == len(expected)
    assert [each.name for each in tmp_path.iterdir()] == ["saved"]
    transcript.close()


async def test_a_saved_conversation_is_nobody_elses(tmp_path: Path):
    transcript = echo()
    await saving.save(transcript, tmp_path / "saved", "txt")
    assert (tmp_path / "saved").stat().st_mode & 0o777 == 0o600
    transcript.close()


async def test_cancelling_leaves_no_file_and_keeps_the_one_that_was_there(tmp_path: Path):
    transcript = pings(40_000)
    path = tmp_path / "saved"
    path.write_bytes(b"before")
    scope = Scope("test")
    job = scope.launch(saving.save(transcript, path, "jsonl"), name="save")
    await until(lambda: len(list(tmp_path.iterdir())) == 2)
    job.cancel()
    await job.wait()
    assert job.state == "cancelled"
    assert [each.name for each in tmp_path.iterdir()] == ["saved"]
    assert path.read_bytes() == b"before"
    await scope.retire()
    transcript.close()


async def test_progress_reaches_its_total(tmp_path: Path):
    transcript = pings(30_000)
    seen: list[float] = []
    scope = Scope("test", on_change=lambda job: seen.append(job.fraction or 0.0))
    job = scope.launch(saving.save(transcript, tmp_path / "saved", "jsonl"), name="save")
    await job.wait()
    assert job.state == "done"
    assert job.fraction == 1.0
    assert any(0 < fraction < 1 for fraction in seen)
    assert seen == sorted(seen)
    transcript.close()


async def test_a_folder_that_is_not_there_is_told(tmp_path: Path):
    transcript = echo()
    with pytest.raises(LocalFault, match="can't be written") as caught:
        await saving.save(transcript, tmp_path / "nowhere" / "saved", "txt")
    assert (caught.value.stage, caught.value.errno_name) == ("export", "ENOENT")
    transcript.close()


async def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    transcript = echo()

    def no_space(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("workbench.ui.conversation.saving.os.fsync", no_space)
    with pytest.raises(LocalFault, match="No space left") as caught:
        await saving.save(transcript, tmp_path / "saved", "txt")
    assert caught.value.errno_name == "ENOSPC"
    assert list(tmp_path.iterdir()) == []
    transcript.close()


async def test_a_conversation_comes_back_as_it_was(tmp_path: Path):
    transcript = echo()
    await saving.save(transcript, tmp_path / "saved.jsonl", "jsonl", with_secrets=True)
    again = await saving.load(tmp_path / "saved.jsonl")
    assert list(again.events()) == list(transcript.events())
    assert [again.data(event) for event in again.events()] == [
        transcript.data(event) for event in transcript.events()
    ]
    again.close()
    transcript.close()


async def test_what_is_no_conversation_is_told_by_line(tmp_path: Path):
    path = tmp_path / "letter.jsonl"
    path.write_text("Dear reader\n")
    with pytest.raises(LocalMisuse, match=r"letter\.jsonl, line 1"):
        await saving.load(path)
    with pytest.raises(LocalFault, match="can't be read"):
        await saving.load(tmp_path / "missing.jsonl")


async def test_the_loop_turns_while_a_large_conversation_is_read_and_cancelling_ends_it(tmp_path: Path):
    transcript = pings(40_000)
    await saving.save(transcript, tmp_path / "saved.jsonl", "jsonl")
    transcript.close()
    scope = Scope("test")
    job = scope.launch(saving.load(tmp_path / "saved.jsonl"), name="open")
    turns = 0
    while job.done == 0:
        await asyncio.sleep(0.001)
        turns += 1
    assert turns
    job.cancel()
    await job.wait()
    assert job.state == "cancelled"
    await scope.retire()


def test_a_name_is_suggested_that_every_file_system_takes():
    transcript = Transcript()
    transcript.open("lab:echo/../x [::1]:7", "tcp")
    name = saving.suggested_name(transcript, "jsonl")
    assert name.startswith("lab-echo-..-x")
    assert "/" not in name
    assert name.endswith(".jsonl")
    assert saving.suggested_name(transcript, "pcapng").endswith(".pcapng")
    transcript.close()


def test_every_format_is_offered_in_the_menu():
    assert [form for form, *_ in EXPORTS] == list(FORMATS)
