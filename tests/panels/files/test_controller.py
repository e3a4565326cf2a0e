"""What a person does with a server's files, without Qt.

Also what it stands on: workbench.panels.files.entrance and workbench.panels.files.transfers.
"""

import asyncio
from pathlib import Path

import pytest

from tests.kit.scripted_peer import scripted_peer
from tests.panels.files.desk import Desk, desk_at
from tests.protocols.ftp.servers import ScriptedFtp, scripted
from workbench.errors import LinkLost, LocalMisuse, Refused, TooSlow, Untrusted
from workbench.lab.services.ftp.tree import FILES
from workbench.transcript.redact import shown


async def test_a_session_lists_its_folder_and_goes_deeper():
    async with desk_at() as desk:
        assert (desk.state.phase, desk.state.user, desk.state.listing) == ("open", "anonymous", "MLSD")
        assert [entry.name for entry in desk.state.entries][:2] == [b"old", b"binary.dat"]
        assert desk.state.verdict.word == "listed"
        assert desk.state.why_not_up == "this is the top"
        desk.choose(b"old")
        await desk.done(desk.controller.enter_selected())
        assert desk.state.folder == b"/old"
        assert desk.state.selected is None
        await desk.done(desk.controller.up())
        assert desk.state.folder == b"/"


async def test_a_path_in_the_target_is_where_it_begins():
    async with desk_at("lab:ftp/old/notes") as desk:
        assert (desk.state.folder, len(desk.state.entries)) == (b"/old/notes", 2)


@pytest.mark.parametrize("tls", [False, True])
async def test_a_download_is_a_row_and_a_file(tls: bool, tmp_path: Path):
    async with desk_at(tls=tls, folder=str(tmp_path)) as desk:
        desk.choose(b"large.bin")
        job = await desk.done(desk.controller.download())
        assert (job.state, job.done, job.total) == ("done", len(FILES["large.bin"]), len(FILES["large.bin"]))
        (row,) = desk.state.transfers
        assert (row.outcome, row.done, row.name) == ("done", len(FILES["large.bin"]), "large.bin")
        assert desk.state.reused == ((1, 1) if tls else (0, 0))
        assert desk.state.is_secure is tls
    assert (tmp_path / "large.bin").read_bytes() == FILES["large.bin"]


async def test_a_folder_is_downloaded_with_all_below_it(tmp_path: Path):
    async with desk_at(folder=str(tmp_path)) as desk:
        desk.choose(b"old")
        await desk.done(desk.controller.download())
        (row,) = desk.state.transfers
        assert row.outcome == "done"
        assert "4 files" in row.note
        assert "loop" in row.note
    assert (tmp_path / "old" / "notes" / "1998.txt").read_bytes() == FILES["old/notes/1998.txt"]


async def test_the_labs_user_writes_and_the_password_is_nowhere(tmp_path: Path):
    (tmp_path / "up.txt").write_bytes(b"abc")
    async with desk_at(user="student") as desk:
        assert desk.state.user == "student"
        await desk.done(desk.controller.upload(str(tmp_path / "up.txt")))
        assert b"up.txt" in [entry.name for entry in desk.state.entries]
        desk.choose(b"up.txt")
        await desk.done(desk.controller.rename("other.txt"))
        await desk.done(desk.controller.make_folder("new"))
        desk.choose(b"other.txt")
        await desk.done(desk.controller.rename("/new/deep.txt"))
        desk.choose(b"new")
        assert isinstance((await desk.done(desk.controller.delete())).failure, Refused)
        await desk.done(desk.controller.enter(b"/new"))
        desk.choose(b"deep.txt")
        await desk.done(desk.controller.delete())
        assert desk.state.entries == ()
        password = dict((await desk.controller._lab.start("ftp")).accounts)["student"].encode()
        transcript = desk.controller.transcript
        assert not any(password in shown(transcript, event) for event in transcript.events())
        for script in (
            desk.controller.copy_as_python(),
            desk.controller.copy_as_curl(),
            desk.controller.copy_as_lftp(),
        ):
            assert password.decode() not in script
            assert "up.txt" in script
            assert "deep.txt" in script


async def test_what_the_server_refuses_leaves_the_session_open(tmp_path: Path):
    (tmp_path / "up").write_bytes(b"x")
    async with desk_at(folder=str(tmp_path)) as desk:
        job = await desk.done(desk.controller.upload(str(tmp_path / "up")))
        assert isinstance(job.failure, Refused)
        assert desk.state.problem is job.failure
        assert (desk.state.transfers[0].outcome, desk.state.phase) == ("failed", "open")
        await desk.done(desk.controller.enter(b"/none"))
        assert desk.state.folder == b"/"
        await desk.done(desk.controller.refresh())
        assert desk.state.problem is None
        desk.controller.complain(LocalMisuse("no"))
        desk.controller.dismiss()
        assert desk.state.problem is None


async def test_a_cancelled_download_is_kept_partial_and_gone_on_with(tmp_path: Path):
    async with desk_at(folder=str(tmp_path), switches={"delay_ms": 1}) as desk:
        desk.choose(b"large.bin")
        job = desk.scope.launch(desk.controller.download(), name="download")
        await desk.until(lambda state: state.transfers and state.transfers[0].done)
        job.cancel()
        await job.wait()
        assert (job.state, desk.state.transfers[0].outcome) == ("cancelled", "cancelled")
        assert desk.state.phase == "open"
        assert (tmp_path / "large.bin.partial").exists()
        await desk.done(desk.controller.download())
        assert desk.state.transfers[1].outcome == "done"
        assert "from" in desk.state.transfers[1].note
    assert (tmp_path / "large.bin").read_bytes() == FILES["large.bin"]


async def test_links_and_names_that_lead_out_are_not_downloaded(tmp_path: Path):
    async with desk_at(
        "lab:ftp/old", folder=str(tmp_path), switches={"names": "hostile", "mlsd": False}
    ) as desk:
        desk.choose(b"loop")
        assert "link" in desk.state.why_not_download
        desk.choose(b"../escaped.txt")
        assert "slash" in desk.state.why_not_download
        assert isinstance((await desk.done(desk.controller.download())).failure, LocalMisuse)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("script", "kind", "stage"),
    [
        ([("send", b"421 full\r\n")], LinkLost, "greeting"),
        ([("reset",)], LinkLost, "connect greeting"),
        ([("stall",)], TooSlow, "greeting"),
        (
            [("send", b"220 ok\r\n"), ("expect", b"USER anonymous\r\n"), ("send", b"530 no\r\n")],
            Refused,
            "login",
        ),
    ],
)
async def test_a_server_that_does_not_let_us_in(script, kind: type[Exception], stage: str):
    with scripted_peer(script) as peer:
        desk = Desk(target=str(peer))
        if kind is TooSlow:
            desk.controller.timeout_s = 1.0
        job = await desk.open().wait()
        assert isinstance(job.failure, kind)
        # A reset may come while we still connect.
        assert job.failure.stage in stage.split()
        assert (desk.state.phase, desk.state.problem) == ("failed", job.failure)
        await desk.close()


@pytest.mark.parametrize("target", ["http://x/", "unix:/x", "lab:"])
async def test_what_is_no_server_is_told(target: str):
    desk = Desk(target=target)
    assert isinstance((await desk.open().wait()).failure, LocalMisuse)
    await desk.close()


async def test_an_untrusted_certificate_ends_it_before_the_login():
    async with desk_at() as desk:
        port = desk.state.address.rpartition(":")[2]
        other = Desk(target=f"127.0.0.1:{port}", tls=True, user="anna")
        assert isinstance((await other.open().wait()).failure, Untrusted)
        assert other.state.problem is not None
        await other.close()


async def test_a_connection_that_is_lost_ends_the_session_with_its_reason():
    server = ScriptedFtp({"LIST": "421 bye"}, data=b"")
    async with scripted(server):
        desk = Desk(target=f"127.0.0.1:{server.port}")
        job = await desk.open().wait()
        assert isinstance(job.failure, LinkLost)
        assert desk.state.phase == "failed"
        await desk.close()


async def test_a_folder_that_is_refused_at_first_keeps_the_session():
    async with desk_at("lab:ftp/none") as desk:
        assert isinstance(desk.state.problem, Refused)
        assert desk.state.phase == "open"
        await desk.done(desk.controller.enter(b"/"))
        assert desk.state.entries


async def test_closing_says_goodbye_and_a_second_session_has_a_transcript_of_its_own():
    async with desk_at() as desk:
        job = desk.scope.jobs[0]
        job.cancel()
        await job.wait()
        first = desk.controller.transcript
        assert (desk.state.phase, desk.state.verdict.word) == ("ended", "closed")
        assert any(first.data(event) == b"QUIT\r\n" for event in first.events())
        with pytest.raises(LocalMisuse):
            await desk.controller.refresh()
        await desk.opened()
        assert desk.controller.transcript is not first
        assert desk.state.phase == "open"


async def test_what_says_that_it_is_over_takes_the_next_target_at_once():
    async with desk_at() as desk:
        [job] = desk.scope.jobs
        job.cancel()
        await desk.until(lambda state: not state.is_live)
        assert not job.is_running
    server = ScriptedFtp({"LIST": "421 bye"}, data=b"")
    async with scripted(server):
        desk = Desk(target=f"127.0.0.1:{server.port}")
        job = desk.open()
        await desk.until(lambda state: state.is_live)
        await desk.until(lambda state: not state.is_live)
        assert not job.is_running
        await desk.close()


async def test_what_is_lost_is_over_when_it_is_closed_and_not_before():
    async with desk_at() as desk:
        [job] = desk.scope.jobs
        client, closed = desk.controller._client, asyncio.Event()
        assert client is not None
        aclose = client.aclose

        async def slow() -> None:
            await closed.wait()
            await aclose()

        client.aclose = slow  # type: ignore[method-assign]  # this one object only
        assert desk.controller._lost is not None
        desk.controller._lost.set_result(LinkLost("it is gone", stage="receive"))
        await desk.until(lambda state: state.problem is not None)
        assert (desk.state.is_live, job.is_running) == (True, True)
        closed.set()
        await desk.until(lambda state: not state.is_live)
        assert (desk.state.phase, job.is_running) == ("failed", False)


async def test_two_things_at_once_wait_for_their_turn():
    async with desk_at() as desk:
        jobs = [
            desk.scope.launch(desk.controller.enter(path), name="list")
            for path in (b"/old", b"/old/notes", b"/")
        ]
        await asyncio.gather(*(job.wait() for job in jobs))
        assert [job.state for job in jobs] == ["done"] * 3
        assert desk.state.folder == b"/"


async def test_nothing_done_is_nothing_to_copy():
    desk = Desk(target="lab:ftp")
    with pytest.raises(LocalMisuse):
        desk.controller.copy_as_python()
    await desk.close()
