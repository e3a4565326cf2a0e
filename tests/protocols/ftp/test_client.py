"""A session against the Lab's server, and against one that does what no server should.

Also what it stands on: workbench.protocols.ftp.control, workbench.protocols.ftp.passive,
workbench.protocols.ftp.transfer, workbench.protocols.ftp.security and workbench.protocols.ftp.opening.
"""

import asyncio
import hashlib
from pathlib import Path

import pytest

from tests.lab.houses import serving
from tests.protocols.ftp.servers import ScriptedFtp, client_at, facts_of, refused_with, scripted
from workbench.errors import LinkLost, LocalMisuse, PeerMisbehaved, Refused, TooSlow, Untrusted
from workbench.formats.target import Target
from workbench.lab.authority import lab_authority
from workbench.lab.services.ftp.tree import ALL_OCTETS, FILES
from workbench.protocols.ftp.client import FtpClient
from workbench.protocols.ftp.opening import open_ftp
from workbench.protocols.ftp.partial import Download, Upload
from workbench.protocols.ftp.replies import read_path
from workbench.protocols.ftp.security import Security, secured_by
from workbench.protocols.ftp.values import Login
from workbench.protocols.ftp.walk import fetch
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.transcript.redact import shown
from workbench.wire.tls.values import TlsOptions, Trust


async def lab_tls(name: str = "localhost") -> Security:
    return await secured_by(TlsOptions(server_name=name, trust=Trust(False, lab_authority().certificate)))


def student(served: object) -> Login:
    user, password = served.figures.address.accounts[0]  # type: ignore[attr-defined]
    return Login(user, password)


# ---- against the Lab


@pytest.mark.parametrize("protected", [False, True])
@pytest.mark.parametrize("switches", [{}, {"mlsd": False, "epsv": False}])
async def test_listing_and_downloading_give_what_the_server_has(
    protected: bool, switches: dict[str, object], tmp_path: Path
):
    transcript = Transcript()
    async with serving("ftp", **switches) as served:
        security = await lab_tls() if protected else None
        async with client_at(served.port, security=security, transcript=transcript) as client:
            listing = await client.list(b"/")
            assert listing.command == ("LIST" if switches else "MLSD")
            names = {entry.name: entry for entry in listing.entries}
            assert set(names) == {name.partition("/")[0].encode() for name in FILES}
            assert names[b"binary.dat"].size == 5120
            moved = await client.download(b"/binary.dat", Download(str(tmp_path / "b")))
            assert moved.sha256 == hashlib.sha256(ALL_OCTETS).hexdigest()
            assert moved.resumed_tls is (True if protected else None)
            assert client.is_secure is protected
    assert (tmp_path / "b").read_bytes() == ALL_OCTETS
    told = facts_of(transcript)
    assert told["ftp.passive"]["command"] == ("PASV" if switches else "EPSV")
    assert ("ftp.fallback" in told) is bool(switches)
    transcript.close()


@pytest.mark.parametrize("protected", [False, True])
async def test_uploading_renaming_and_deleting(protected: bool, tmp_path: Path):
    (tmp_path / "up").write_bytes(b"q\nw\r\ne" * 50_000)
    async with serving("ftp") as served:
        security = await lab_tls() if protected else None
        async with client_at(served.port, login=student(served), security=security) as client:
            seen: list[tuple[int, int | None]] = []
            moved = await client.upload(
                Upload(str(tmp_path / "up")), b"/x", progress=lambda *now: seen.append(now)
            )
            assert (moved.octets, seen[-1]) == (300_000, (300_000, 300_000))
            await client.make_folder(b'/new "dir')
            await client.rename(b"/x", b'/new "dir/y')
            await client.download(b'/new "dir/y', Download(str(tmp_path / "back")))
            with refused_with("not empty"):
                await client.remove_folder(b'/new "dir')
            await client.delete(b'/new "dir/y')
            await client.remove_folder(b'/new "dir')
            assert await client.size(b"/x") is None
    assert (tmp_path / "back").read_bytes() == (tmp_path / "up").read_bytes()


@pytest.mark.covers("C13.12")
async def test_a_listing_and_a_file_have_a_lane_each_beside_the_commands(tmp_path: Path):
    transcript = Transcript()
    async with serving("ftp") as served, client_at(served.port, transcript=transcript) as client:
        await client.list(b"/")
        await client.download(b"/binary.dat", Download(str(tmp_path / "b")))
    control, *data = transcript.channels
    assert control.title.startswith("control: ")
    assert [channel.title for channel in data] == ["data 1: MLSD /", "data 2: RETR /binary.dat"]
    ends = {
        event.channel: event.values["kind"]
        for event in transcript.events()
        if event.name == "end" and event.channel
    }
    assert ends == {1: "FIN", 2: "FIN"}
    transcript.close()


@pytest.mark.covers("C13.34")
async def test_a_made_folder_has_the_path_that_the_server_tells():
    async with serving("ftp") as served, client_at(served.port, login=student(served)) as client:
        reply = await client.make_folder(b'/new "dir')
        assert read_path(reply) == b'/new "dir'
        with refused_with("550 File exists"):
            await client.make_folder(b'/new "dir')


@pytest.mark.covers("C13.35")
async def test_a_file_is_moved_and_a_missing_one_fails_at_the_first_command(tmp_path: Path):
    (tmp_path / "up.txt").write_bytes(b"abc")
    async with serving("ftp") as served, client_at(served.port, login=student(served)) as client:
        await client.upload(Upload(str(tmp_path / "up.txt")), b"/up.txt")
        assert (await client.rename(b"/up.txt", b"/old/moved.txt")).code == 250
        assert b"moved.txt" in [entry.name for entry in (await client.list(b"/old")).entries]
        with pytest.raises(Refused) as caught:
            await client.rename(b"/up.txt", b"/old/again.txt")
        assert "RNFR" in caught.value.what


async def test_resuming_sends_and_fetches_only_the_rest(tmp_path: Path):
    whole = FILES["large.bin"]
    (tmp_path / "l.partial").write_bytes(whole[:700_000])
    (tmp_path / "up").write_bytes(whole)
    async with serving("ftp") as served, client_at(served.port, login=student(served)) as client:
        moved = await client.download(b"/large.bin", Download(str(tmp_path / "l"), resume=True))
        assert (moved.start, moved.octets, moved.total) == (700_000, len(whole) - 700_000, len(whole))
        assert moved.sha256 == hashlib.sha256(whole).hexdigest()
        (tmp_path / "part").write_bytes(whole[:300_000])
        await client.upload(Upload(str(tmp_path / "part")), b"/again")
        moved = await client.upload(Upload(str(tmp_path / "up")), b"/again", resume=True)
        assert (moved.start, moved.total) == (300_000, len(whole))
        assert (await client.download(b"/again", Download(str(tmp_path / "again")))).sha256 == moved.sha256
        (tmp_path / "y.partial").write_bytes(b"y" * 5000)
        with pytest.raises(LocalMisuse, match="ends otherwise"):
            await client.download(b"/large.bin", Download(str(tmp_path / "y"), resume=True))
        moved = await fetch(client, b"/binary.dat", str(tmp_path / "y"), resume=True)
        assert (moved.start, (tmp_path / "y").read_bytes()) == (0, ALL_OCTETS)
        (tmp_path / "x.partial").write_bytes(b"x" * 6000)
        with pytest.raises(LocalMisuse, match="larger than the server's"):
            await client.download(b"/binary.dat", Download(str(tmp_path / "x"), resume=True))
    assert (tmp_path / "l").read_bytes() == whole


async def test_a_wrong_password_is_refused_and_masked():
    transcript = Transcript()
    async with serving("ftp") as served:
        with pytest.raises(Refused) as caught:
            await open_ftp(
                Target("ftp", served.host, served.port),
                transcript,
                Login("student", "swordfish"),
                timeout_s=15,
            )
        assert (caught.value.stage, caught.value.reply) == ("login", "530 Authentication failed.")
    said = b"".join(shown(transcript, event) for event in transcript.events() if event.kind == "bytes")
    assert b"PASS *********" in said
    assert b"swordfish" not in said
    transcript.close()


async def test_a_name_that_the_certificate_does_not_hold_ends_it_before_the_login():
    transcript = Transcript()
    async with serving("ftp") as served:
        with pytest.raises(Untrusted):
            await open_ftp(
                Target("ftp", served.host, served.port),
                transcript,
                Login("student", "secret"),
                security=await lab_tls("elsewhere.test"),
                timeout_s=15,
            )
    assert not any(b"USER" in transcript.data(event) for event in transcript.events())
    transcript.close()


async def test_a_server_without_tls_is_never_talked_to_in_clear():
    async with serving("ftp", tls="none") as served:
        with pytest.raises(Refused, match="AUTH") as caught:
            async with client_at(served.port, security=await lab_tls()):
                pass
        assert caught.value.stage == "tls"


async def test_an_address_elsewhere_in_pasv_is_told_and_not_dialled():
    transcript = Transcript()
    async with (
        serving("ftp", epsv=False, pasv_address="10.9.9.9") as served,
        client_at(served.port, transcript=transcript) as client,
    ):
        assert (await client.list(b"/")).entries
    told = facts_of(transcript)["ftp.passive.elsewhere"]
    assert (told["told"], told["used"]) == ("10.9.9.9", "127.0.0.1")
    assert not any("10.9.9.9" in channel.peer for channel in transcript.channels)
    transcript.close()


@pytest.mark.parametrize(
    ("reply", "kind"), [("426", LinkLost), ("226", PeerMisbehaved), ("nothing", TooSlow)]
)
async def test_a_file_that_is_cut_stays_partial_whatever_the_server_says(
    reply: str, kind: type[Exception], tmp_path: Path
):
    async with (
        serving("ftp", cut_data_after=1000, cut_reply=reply) as served,
        client_at(served.port, timeout_s=0.5 if kind is TooSlow else 10.0) as client,
    ):
        with pytest.raises(kind) as caught:
            await client.download(b"/binary.dat", Download(str(tmp_path / "b")))
        assert caught.value.stage == "transfer"  # type: ignore[attr-defined]
    assert not (tmp_path / "b").exists()
    assert (tmp_path / "b.partial").read_bytes() == ALL_OCTETS[:1000]


async def test_what_is_not_there_leaves_no_trace(tmp_path: Path):
    async with serving("ftp") as served, client_at(served.port) as client:
        with refused_with("550"):
            await client.download(b"/none", Download(str(tmp_path / "none")))
        with pytest.raises(Refused):
            await client.list(b"/none")
        assert await client.where() == b"/"
    assert list(tmp_path.iterdir()) == []


async def test_after_a_cancelled_download_the_session_goes_on(tmp_path: Path):
    transcript = Transcript()
    async with serving("ftp") as served, client_at(served.port, transcript=transcript) as client:
        begun = asyncio.Event()
        task = asyncio.create_task(
            client.download(b"/large.bin", Download(str(tmp_path / "l")), progress=lambda *_now: begun.set())
        )
        await begun.wait()
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        assert await client.where() == b"/"
        assert len((await client.list(b"/old")).entries) >= 3
    assert (tmp_path / "l.partial").exists()
    transcript.close()


# ---- against a script


async def login_fails(server: ScriptedFtp, timeout_s: float = 10.0) -> Exception:
    async with scripted(server):
        with pytest.raises((Refused, LinkLost, TooSlow, PeerMisbehaved)) as caught:
            async with client_at(server.port, timeout_s=timeout_s):
                pass
    return caught.value


@pytest.mark.parametrize(
    ("greeting", "answers", "kind", "stage"),
    [
        ("421 too many", {}, LinkLost, "greeting"),
        ("530 not you", {}, Refused, "greeting"),
        ("SSH-2.0-x", {}, PeerMisbehaved, "greeting"),
        ("220 ok", {"USER": "530 no"}, Refused, "login"),
        ("220 ok", {"PASS": ""}, TooSlow, "login"),
        ("220 ok", {"PASS": "332 account"}, Refused, "login"),
        ("220 ok", {"PASS": "230 in\r\n230 in"}, PeerMisbehaved, "login"),
        ("220 ok", {"PWD": "257 nowhere"}, PeerMisbehaved, ""),
    ],
)
async def test_a_login_that_fails_says_in_which_stage(
    greeting: str, answers: dict[str, object], kind: type[Exception], stage: str
):
    server = ScriptedFtp(answers, greeting=greeting)  # type: ignore[arg-type]
    # Only where nothing comes the time has to be short.
    failure = await login_fails(server, 0.5 if kind is TooSlow else 10.0)
    assert isinstance(failure, kind)
    assert failure.stage == stage  # type: ignore[attr-defined]


async def test_a_silent_server_is_given_up_in_time():
    loop = asyncio.get_running_loop()
    before = loop.time()
    failure = await login_fails(ScriptedFtp({"USER": ""}), timeout_s=0.2)
    assert isinstance(failure, TooSlow)
    assert loop.time() - before < 4


async def test_a_size_that_is_not_reached_is_told(tmp_path: Path):
    server = ScriptedFtp({"SIZE": "213 5000"}, data=b"x" * 1000)
    async with scripted(server), client_at(server.port) as client:
        with pytest.raises(PeerMisbehaved, match=r"1,000 octets came, the server's SIZE says 5,000"):
            await client.download(b"x", Download(str(tmp_path / "x")))


async def test_a_reset_data_connection_is_cut(tmp_path: Path):
    server = ScriptedFtp({"RETR": "150 here"}, data=b"x")
    server.resets_data = True
    async with scripted(server), client_at(server.port, timeout_s=1.0) as client:
        with pytest.raises((LinkLost, TooSlow)) as caught:
            await client.download(b"x", Download(str(tmp_path / "x")))
        assert caught.value.stage in ("transfer", "data")


async def test_an_endless_wait_for_data_ends_in_time(tmp_path: Path):
    server = ScriptedFtp({"RETR": "150 here"}, data=b"abc")
    server.keeps_data_open = True
    async with scripted(server), client_at(server.port, timeout_s=0.5) as client:
        with pytest.raises(TooSlow, match="nothing came") as caught:
            await client.download(b"x", Download(str(tmp_path / "x")))
        assert caught.value.stage == "transfer"
    assert (tmp_path / "x.partial").read_bytes() == b"abc"


async def test_an_account_is_given_where_it_is_asked_for():
    server = ScriptedFtp({"PASS": "332 account", "ACCT": "230 in"})
    async with scripted(server), client_at(server.port, login=Login("u", "p", "a")) as client:
        assert client.folder == b"/home"
    assert "ACCT a" in server.said


async def test_lists_without_mlsd_are_remembered_and_odd_names_go_by_cwd():
    server = ScriptedFtp(
        {"FEAT": "500 what?", "MLSD": "500 what?", "CWD": "250 ok"},
        data=b"-rw-r--r-- 1 a b 1 Jan  2  2019 x\r\nodd\r\n",
    )
    transcript = Transcript()
    async with scripted(server), client_at(server.port, transcript=transcript) as client:
        for _ in range(2):
            listing = await client.list(b"/a b")
            assert (listing.command, listing.unread) == ("LIST", (b"odd",))
    assert [line for line in server.said if line[:4] in ("MLSD", "LIST", "CWD ")] == [
        "MLSD /a b",
        "CWD /a b",
        "LIST",
        "CWD /a b",
        "LIST",
    ]
    assert facts_of(transcript)["ftp.fallback"]["instead"] == "LIST"
    transcript.close()


@pytest.mark.parametrize("text", ["a\r\nDELE x", "a\nb", "a\0b"])
async def test_arguments_that_would_be_commands_are_refused_and_nothing_is_sent(text: str, tmp_path: Path):
    server = ScriptedFtp({})
    async with scripted(server), client_at(server.port) as client:
        said = len(server.said)
        path = text.encode()
        (tmp_path / "f").write_bytes(b"")
        for call in _calls(client, path, tmp_path):
            with pytest.raises(LocalMisuse):
                await call
        assert not any("DELE" in line for line in server.said[said:])
    with pytest.raises(LocalMisuse):
        await open_ftp_at(server, Login(user=text))


def _calls(client: FtpClient, path: bytes, folder: Path):  # type: ignore[no-untyped-def]
    yield client.list(path)
    yield client.download(path, Download(str(folder / "x")))
    yield client.upload(Upload(str(folder / "f")), path)
    yield client.rename(b"a", path)
    yield client.rename(path, b"a")
    yield client.delete(path)
    yield client.make_folder(path)
    yield client.remove_folder(path)


async def open_ftp_at(server: ScriptedFtp, login: Login) -> None:
    async with scripted(server), client_at(server.port, login=login):
        pass


async def test_a_goodbye_that_nobody_answers_does_not_hold_us_up():
    server = ScriptedFtp({"QUIT": ""})
    async with scripted(server):
        loop = asyncio.get_running_loop()
        async with client_at(server.port, timeout_s=0.5) as client:
            before = loop.time()
        assert not client.is_open
        assert loop.time() - before < 5


async def test_under_a_partial_name_first_nobody_meets_half_a_file(tmp_path: Path):
    (tmp_path / "new").write_bytes(b"new and whole")
    transcript = Transcript()
    async with (
        serving("ftp") as served,
        client_at(served.port, login=student(served), transcript=transcript) as client,
    ):
        moved = await client.upload(Upload(str(tmp_path / "new")), b"/up.txt", partial=True)
        assert (moved.octets, moved.reply.kind) == (13, 2)
        names = {entry.name for entry in (await client.list(b"/")).entries}
        assert b"up.txt" in names
        assert b"up.txt.partial" not in names
        said = b"".join(
            transcript.data(each) for each in transcript.events() if each.direction is Direction.SENT
        )
        assert (
            said.index(b"STOR /up.txt.partial")
            < said.index(b"RNFR /up.txt.partial")
            < said.index(b"RNTO /up.txt\r")
        )


async def test_a_partial_upload_is_gone_on_with(tmp_path: Path):
    (tmp_path / "half").write_bytes(b"new and")
    (tmp_path / "new").write_bytes(b"new and whole")
    async with serving("ftp") as served, client_at(served.port, login=student(served)) as client:
        await client.upload(Upload(str(tmp_path / "half")), b"/up.txt.partial")
        moved = await client.upload(Upload(str(tmp_path / "new")), b"/up.txt", partial=True, resume=True)
        assert (moved.start, moved.octets, moved.sha256) == (
            7,
            6,
            hashlib.sha256(b"new and whole").hexdigest(),
        )
        assert await client.size(b"/up.txt") == 13


async def test_a_name_that_is_refused_leaves_all_of_it_under_the_partial_one(tmp_path: Path):
    (tmp_path / "new").write_bytes(b"new")
    async with serving("ftp") as served, client_at(served.port, login=student(served)) as client:
        with pytest.raises(Refused) as caught:
            await client.upload(Upload(str(tmp_path / "new")), b"/old", partial=True)
        assert (caught.value.committed, "/old.partial" in caught.value.advice) == ("yes", True)
        assert await client.size(b"/old.partial") == 3
