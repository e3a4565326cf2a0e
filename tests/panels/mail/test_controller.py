"""What a person does with letters, without Qt: files, mailboxes, writing, sending.

Also what it stands on: workbench.panels.mail.composer, workbench.panels.mail.copying, workbench.panels.mail.entrance,
workbench.panels.mail.reader, workbench.panels.mail.shelves, workbench.panels.mail.talking, workbench.panels.mail.talks.
"""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from tests.formats.mime.letters import NESTED, lines
from tests.formats.mime.test_mbox import FROM
from tests.kit.scripted_peer import scripted_peer
from tests.panels.mail.desk import Desk, desk
from workbench.errors import LinkLost, LocalFault, LocalMisuse, PeerMisbehaved, Refused, TooSlow
from workbench.panels.mail.entrance import read_target
from workbench.panels.mail.reading import first_choice, whither
from workbench.panels.mail.slices import in_slices
from workbench.panels.mail.state import AttachedFile
from workbench.panels.mail.talks import composer_talk, reader_talk


def subjects(at: Desk, stop: int = 100) -> list[str]:
    rows = [at.reader.row(place) for place in range(min(stop, at.reader.state.count))]
    return [row.subject for row in rows if row is not None]


# ---- files


async def test_a_letter_of_a_file_is_taken_apart_and_its_text_is_chosen(tmp_path: Path):
    path = tmp_path / "letter.eml"
    path.write_bytes(NESTED)
    async with desk() as at:
        await at.done(at.reader.open_file(str(path)))
        state = at.reader.state
        assert state.examined is not None
        assert len(state.examined.letter.parts) == 7
        assert (state.chosen, state.content and state.content.text) == (2, "Grüße")
        assert state.verdict.sentence == "“nested” from Anna <anna@lab.test>: 7 parts"
        await at.done(at.reader.choose(3))
        assert at.reader.state.content is not None
        assert at.reader.state.content.drawn is not None
        assert at.reader.state.content.drawn.pieces[0].text == "hello"
        await at.done(at.reader.choose(2, "latin-1"))
        assert at.reader.state.content.text == "GrÃ¼Ã\x9fe"
        assert at.lab.mode == "none"


async def test_a_part_is_saved_and_handed_on(tmp_path: Path):
    data = NESTED.replace(b'"zeros.bin"', b'"../../zeros.pem"')
    async with desk() as at:
        await at.done(at.reader.take(data, "the clipboard"))
        await at.done(at.reader.choose(6))
        part = at.reader.state.part
        assert part is not None
        assert whither(part) == "certificates"
        job = await at.done(at.reader.save(str(tmp_path)))
        assert job.result == str(tmp_path / "zeros.pem")
        assert (tmp_path / "zeros.pem").read_bytes() == bytes(12)
        document = (await at.done(at.reader.document())).result
        assert (document.name, document.data) == ("zeros.pem", bytes(12))
        await at.done(at.reader.choose(0))
        refused = await at.done(at.reader.save(str(tmp_path)))
        assert isinstance(refused.failure, LocalMisuse)


async def test_a_file_of_many_letters_is_a_list_whose_rows_come_in_windows(tmp_path: Path):
    path = tmp_path / "box.mbox"
    path.write_bytes(b"".join(FROM + b"Subject: number %d\n\nbody %d\n\n" % (n, n) for n in range(300)))
    async with desk() as at:
        await at.done(at.reader.open_file(str(path)))
        assert (at.reader.state.source, at.reader.state.count) == ("mbox", 300)
        assert at.reader.row(0) is not None
        assert at.reader.row(250) is None
        await at.done(at.reader.load(240, 260))
        row = at.reader.row(250)
        assert row is not None
        assert (row.number, row.subject) == (251, "number 250")
        await at.done(at.reader.open_letter(250))
        assert at.reader.state.content is not None
        assert at.reader.state.content.text == "body 250\n"
        assert isinstance((await at.done(at.reader.open_letter(300))).failure, LocalMisuse)


async def test_a_file_of_letters_takes_the_place_of_a_session_which_says_goodbye(tmp_path: Path):
    path = tmp_path / "box.mbox"
    path.write_bytes(FROM + b"Subject: one\n\nbody\n\n")
    async with desk() as at:
        session = await at.listed("lab:imap")
        reader = at.reader
        assert reader.state.is_live
        await at.done(reader.open_file(str(path)))
        await session.wait()
        assert session.state == "done"
        assert any(b"LOGOUT" in reader.transcript.data(event) for event in reader.transcript.events())
        assert (reader.state.source, reader.state.count, reader.state.is_live) == ("mbox", 1, False)
        assert (reader.state.problem, reader.state.verdict.kind) == (None, "good")


async def test_a_session_after_a_file_waits_for_the_goodbye_of_the_one_before(tmp_path: Path):
    path = tmp_path / "box.mbox"
    path.write_bytes(FROM + b"Subject: one\n\nbody\n\n")
    async with desk() as at:
        before = await at.listed("lab:imap")
        at.scope.launch(at.reader.open_file(str(path)), name="file")
        await at.until(lambda: at.reader.state.source == "mbox" and at.reader.state.count == 1)
        again = await at.listed("lab:imap")
        assert (before.state, again.state) == ("done", "running")
        assert (at.reader.state.source, at.reader.state.phase) == ("imap", "open")
        assert at.reader.state.count > 1


async def test_what_is_lost_is_over_when_it_is_closed_and_not_before():
    async with desk() as at:
        job = await at.listed("lab:imap")
        session, closed = at.reader._session, asyncio.Event()
        assert session is not None
        aclose = session.aclose

        async def slow() -> None:
            await closed.wait()
            await aclose()

        session.aclose = slow  # type: ignore[method-assign]  # this one object only
        at.reader._end(LinkLost("it is gone", stage="receive"))
        await at.until(lambda: at.reader.state.problem is not None)
        assert (at.reader.state.is_live, job.is_running) == (True, True)
        closed.set()
        await at.until(lambda: not at.reader.state.is_live)
        assert (at.reader.state.phase, job.is_running) == ("failed", False)


async def test_a_session_that_waits_for_a_goodbye_can_be_cancelled():
    async with desk() as at:
        await at.reader._stay.acquire()
        job = at.begin("lab:imap")
        await asyncio.sleep(0)
        assert at.reader.state.is_live
        job.cancel()
        await job.wait()
        assert (at.reader.state.phase, at.reader.state.verdict.word) == ("ended", "closed")
        at.reader._stay.release()


async def test_a_row_that_has_vanished_is_asked_for_once(tmp_path: Path):
    path = tmp_path / "box.mbox"
    path.write_bytes(b"".join(FROM + b"Subject: %d\n\n" % n for n in range(150)))
    async with desk() as at:
        await at.done(at.reader.open_file(str(path)))
        shelf = at.reader._shelf
        assert shelf is not None
        asked: list[tuple[int, int]] = []

        async def nothing(first: int, stop: int) -> dict[int, object]:
            asked.append((first, stop))
            return {}

        shelf.rows = nothing  # type: ignore[method-assign, assignment]  # this one object only
        for _ in range(3):
            await at.done(at.reader.load(120, 130))
        row = at.reader.row(125)
        assert row is not None
        assert row.subject == "(it is no longer there)"
        assert asked == [(120, 130)]


@pytest.mark.parametrize(("name", "kind"), [("nothing.eml", LocalFault), ("", LocalFault)])
async def test_a_file_that_can_not_be_read_says_why_in_the_state(tmp_path: Path, name: str, kind: type):
    async with desk() as at:
        job = await at.done(at.reader.open_file(str(tmp_path / name)))
        assert isinstance(job.failure, kind)
        assert at.reader.state.problem is job.failure
        at.reader.dismiss()
        assert at.reader.state.problem is None


def test_the_first_choice_is_a_text_that_is_no_attachment():
    from workbench.formats.mime.parse import parse

    both = lines("Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Disposition: attachment", "", "a",
                 "--b", "Content-Type: text/html", "", "<p>", "--b--")  # fmt: skip
    assert first_choice(parse(both)) == 2
    assert first_choice(parse(b"Content-Type: image/png\n\nx")) == 0


async def test_work_in_slices_lets_the_loop_turn_and_can_be_cancelled():
    turns = 0

    def forever():
        nonlocal turns
        while True:
            turns += 1
            yield

    task = asyncio.get_running_loop().create_task(in_slices(forever()))
    await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert turns


# ---- the Lab: what is sent can be read


async def test_a_letter_is_written_sent_and_read_by_imap_and_by_pop(tmp_path: Path):
    attachment = tmp_path / "Größe.txt"
    attachment.write_bytes(b"octets \xff of a file")
    async with desk() as at:
        composer, reader = at.composer, at.reader
        composer.compose(target="lab:smtp")
        composer.write(
            sender="Anna Müller <anna@lab.test>",
            to="ben@lab.test, nobody@elsewhere.test",
            bcc="anna@lab.test",
            subject="Grüße",
            text="one",
            html="<p>one <img src=http://x/y>",
        )
        await at.done(composer.attach(str(attachment)))
        await at.done(composer.preview())
        assert composer.state.why_not_send == ""
        previewed = composer.state.built
        assert previewed is not None
        assert b"anna@lab.test>" in previewed.data
        assert b"Bcc" not in previewed.data
        job = await at.done(composer.send())
        assert job.state == "done"
        assert [(each.address, each.accepted) for each in composer.state.results] == [
            ("ben@lab.test", True),
            ("nobody@elsewhere.test", False),
            ("anna@lab.test", True),
        ]
        assert (composer.state.verdict.kind, composer.state.verdict.word) == ("warning", "in part")
        script = composer_talk(composer).copies[0][1]()
        compile(script, "copied", "exec")
        assert "smtplib" in script

        await at.listed("lab:imap")
        assert (reader.state.user, reader.state.secured, reader.state.folder) == ("anna", "starttls", "INBOX")
        assert subjects(at)[0] == "Grüße"
        await at.done(reader.open_letter(0))
        letter = reader.state.examined
        assert letter is not None
        assert [part.media_type for part in letter.letter.parts] == [
            *("multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/plain")
        ]
        assert letter.contents[4].size == len(attachment.read_bytes())
        assert letter.letter.parts[4].filename == "Größe.txt"
        row = reader.row(0)
        assert row is not None
        assert row.is_new, "reading marks nothing"
        script = reader_talk(reader).copies[0][1]()
        compile(script, "copied", "exec")
        assert "imaplib" in script

        await at.done(reader.open_folder("Ten thousand"))
        assert reader.state.count == 10_000
        assert len(subjects(at, 10_000)) == 100
        await at.done(reader.load(5000, 5100))
        assert len(subjects(at, 10_000)) == 200
        for each in at.scope.jobs:
            each.cancel()
        await at.until(lambda: not reader.state.is_live)

        await at.listed("lab:pop", "pop")
        assert subjects(at)[0] == "Grüße"
        await at.done(reader.open_letter(0))
        again = reader.state.examined
        assert again is not None
        assert again.letter.parts[4].filename == "Größe.txt"
        assert "poplib" in reader_talk(reader).copies[0][1]()


async def test_a_password_is_in_nothing_that_is_kept(tmp_path: Path):
    from workbench.panels.mail.drafts import draft_of
    from workbench.transcript.export import write_jsonl

    async with desk() as at:
        address = await at.lab.start("imap")
        user, password = address.accounts[0]
        at.reader.password = password
        job = await at.listed("lab:imap", user=user)
        assert job.is_running
        job.cancel()
        await job.wait()
        path = tmp_path / "talk.jsonl"
        with path.open("wb") as file:
            for piece in write_jsonl(at.reader.transcript):
                file.write(piece)
        assert b"LOGIN" in path.read_bytes() or b"AUTHENTICATE" in path.read_bytes()
        assert password.encode() not in path.read_bytes()
        assert password not in repr(at.reader.state) + repr(draft_of(at.composer.state))


# ---- writing


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ({"to": "ben@lab.test\nBcc: x@y.test"}, "To"),
        ({"subject": "a\0b"}, "Subject"),
        ({"sender": "nobody"}, "From"),
        ({"bcc": "x@"}, "Bcc"),
    ],
)
async def test_what_can_not_be_sent_is_told_with_its_field(written: dict[str, str], field: str):
    async with desk() as at:
        at.composer.write(**{"sender": "anna@lab.test", "to": "ben@lab.test", **written})
        await at.done(at.composer.preview())
        fault = at.composer.state.fault
        assert isinstance(fault, LocalMisuse)
        assert fault.stage == field
        assert at.composer.state.built is None
        assert at.composer.state.why_not_send == fault.what
        at.composer.compose(target="lab:smtp")
        assert isinstance((await at.done(at.composer.send())).failure, LocalMisuse)
        assert at.lab.mode == "none"


async def test_files_that_are_gone_or_too_many_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 100)
    async with desk() as at:
        await at.done(at.composer.attach(str(path)))
        assert at.composer.state.files == (AttachedFile(str(path), "a.txt", "text/plain", 100),)
        assert isinstance((await at.done(at.composer.attach(str(tmp_path / "no")))).failure, LocalFault)
        monkeypatch.setattr("workbench.panels.mail.composer.MAX_ATTACHED", 50)
        assert "more than" in str((await at.done(at.composer.attach(str(path)))).failure)
        path.unlink()
        await at.done(at.composer.preview())
        assert isinstance(at.composer.state.fault, LocalFault)
        at.composer.detach(0)
        assert at.composer.state.files == ()


async def test_text_is_made_from_html_and_another_letter_begins():
    async with desk() as at:
        at.composer.write(sender="anna@lab.test", html="<h1>Hello</h1><p>there")
        at.composer.text_from_html()
        assert at.composer.state.draft.text == "Hello\nthere\n"
        at.composer.clear()
        assert (at.composer.state.draft.sender, at.composer.state.draft.html) == ("anna@lab.test", "")


# ---- peers that misbehave


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ([], (LinkLost,)),
        ([("send", b"* OK rea")], (LinkLost, Refused)),
        ([("send", b"HTTP/1.1 400 Bad\r\n\r\n")], (PeerMisbehaved, Refused)),
        ([("stall",)], (TooSlow,)),
        ([("reset",)], (LinkLost,)),
    ],
)
@pytest.mark.parametrize("kind_of_box", ["imap", "pop"])
async def test_a_mailbox_that_misbehaves_ends_with_its_stage(script, kind, kind_of_box: str):
    with scripted_peer(script) as peer:
        async with desk() as at:
            if script == [("stall",)]:
                at.reader.timeout_s = 0.3
            job = await at.begin(str(peer), kind_of_box, user="anna", security="plain").wait()
            assert isinstance(job.failure, kind)
            assert job.failure.stage
            assert at.reader.state.phase == "failed"
            assert at.reader.state.problem is job.failure


async def test_nobody_listens():
    async with desk() as at:
        at.composer.write(sender="a@b.test", to="c@d.test")
        at.composer.compose(target="127.0.0.1:1")
        job = await at.done(at.composer.send())
        assert isinstance(job.failure, LinkLost)
        assert at.composer.state.verdict.kind == "bad"
        assert not at.composer.state.is_sending
        missing = await at.begin("127.0.0.1:1").wait()
        assert isinstance(missing.failure, LocalMisuse), "nobody was told who logs in"


@pytest.mark.parametrize(
    ("text", "service"), [("http://x", "imap"), ("", "smtp"), ("imap://x", "pop"), ("udp:x:1", "imap")]
)
def test_a_target_that_is_none_is_refused_with_its_place(text: str, service: str):
    with pytest.raises(LocalMisuse) as refused:
        read_target(text, service)
    assert refused.value.start is not None


def test_the_controllers_need_no_qt():
    code = "import sys, workbench.panels.mail.controller, workbench.panels.mail.talks; print('PySide6' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"
