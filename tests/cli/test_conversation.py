"""What stands around a conversation: however it ends, the summary, the file and the Lab are seen to."""

import os
from pathlib import Path

import pytest

from tests.cli.process import children_of
from workbench.cli.conversation import Conversation
from workbench.cli.output import Output
from workbench.cli.transcript_file import TranscriptFile
from workbench.errors import LinkLost, LocalFault
from workbench.formats.target import parse_target


@pytest.fixture
def output() -> Output:
    """Writes nowhere."""
    return Output("socket.talk/1", as_json=True, out=None, err=None)


async def have(conversation: Conversation, failure: LinkLost | None) -> None:
    """Say something, and fail if there is a failure."""
    async with conversation:
        conversation.transcript.open("peer", "tcp").sent(b"said before")
        if failure is not None:
            raise failure


async def test_a_failure_leaves_the_summary_and_the_file(tmp_path: Path, output: Output):
    path = tmp_path / "talk.txt"
    conversation = Conversation(
        output, TranscriptFile(str(path)), lambda transcript: {"count": len(transcript)}
    )
    with pytest.raises(LinkLost):
        await have(conversation, LinkLost("gone"))
    assert output.so_far == {"count": 1}
    assert "said before" in path.read_text(encoding="utf-8")
    assert list(tmp_path.iterdir()) == [path]


async def test_a_file_that_fails_does_not_hide_why_the_verb_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    async def fails(_file: TranscriptFile, _transcript: object, _output: Output) -> None:
        raise LocalFault("the disk is full", stage="transcript")

    monkeypatch.setattr(TranscriptFile, "write", fails)
    output = Output("socket.talk/1", as_json=True, out=None)
    for raised in (LinkLost("gone"), None):
        conversation = Conversation(
            output, TranscriptFile(str(tmp_path / "talk.txt")), lambda _transcript: {}
        )
        with pytest.raises(LinkLost if raised else LocalFault):
            await have(conversation, raised)
        assert ("the disk is full" in capfd.readouterr().err) is (raised is not None)
    assert list(tmp_path.iterdir()) == []


async def test_the_lab_is_started_on_the_first_need_and_left_at_the_end(output: Output):
    conversation = Conversation(output, None, lambda _transcript: {})
    async with conversation:
        plain = parse_target("127.0.0.1:7")
        assert await conversation.resolve(plain) is plain
        assert not children_of(os.getpid())
        opened = await conversation.resolve(parse_target("lab:echo"))
        assert (opened.scheme, opened.host) == ("tcp", "127.0.0.1")
        assert (await conversation.resolve(parse_target("lab:echo"))).port == opened.port
    assert output.so_far == {"lab": "private"}
    assert not children_of(os.getpid())
