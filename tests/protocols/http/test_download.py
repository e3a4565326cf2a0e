"""Downloads that go on: at the Lab, through its lies, from peers that follow a script, over several runs.

What it stands on: workbench.protocols.http.attempts, workbench.protocols.http.gate.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.kit.scripted_peer import Script, scripted_peer
from tests.lab.houses import Served, serving
from tests.lab.relay.relaying import relay_to
from tests.protocols.http.test_client import at_the_lab
from workbench.errors import LinkLost, LocalFault, PeerMisbehaved, Refused, WorkbenchError
from workbench.formats.target import Target
from workbench.lab.services.http.files import FILE_OCTETS, FILE_SHA256, octets_of_file
from workbench.protocols.http.attempts import Attempt, Downloaded
from workbench.protocols.http.client import fetch
from workbench.protocols.http.download import Ways, download
from workbench.protocols.http.encode import encode
from workbench.protocols.http.gate import Gate
from workbench.protocols.http.kept import KeptFile
from workbench.protocols.http.ranges import Mark
from workbench.protocols.http.resume import MAX_RETRIES, MAX_WAIT_S, Plan, Policy, asking
from workbench.protocols.http.values import Request
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction

MIB = 2**20
RESUME = Policy("resume", 3, first_wait_s=0.0)
CHANGED_SHA256 = hashlib.sha256(octets_of_file(2)).hexdigest()


class Desk:
    """A download's surroundings: its attempts, its waits, its transcript."""

    def __init__(self, place: Path) -> None:
        self.out = place / "f"
        self.attempts: tuple[Attempt, ...] = ()
        self.waits: list[float] = []
        self.transcript = Transcript()
        self.progress: list[tuple[int, int | None]] = []

    async def wait(self, seconds: float) -> None:
        self.waits.append(seconds)

    def heard(self, attempts: tuple[Attempt, ...]) -> None:
        self.attempts = attempts

    async def got(
        self, url: str, policy: Policy = RESUME, *, resume: bool = False, **ways: object
    ) -> Downloaded:
        with_all = Ways(
            timeout_s=15.0,
            on_attempts=self.heard,
            pause=self.wait,
            progress=lambda done, total: self.progress.append((done, total)),
            **ways,  # type: ignore[arg-type]  # what a test changes
        )
        file = KeptFile(str(self.out))
        return await download(
            Request(url), self.transcript, file, policy=policy, resume=resume, ways=with_all
        )

    def ends(self) -> list[tuple[int, int, int, str]]:
        return [(each.asked, each.start, each.stop, each.ended) for each in self.attempts]

    def sent(self, channel: int) -> bytes:
        stream = self.transcript.stream(channel, Direction.SENT, "tcp")
        return stream.read(0, len(stream))

    def here(self) -> list[str]:
        return sorted(each.name for each in self.out.parent.iterdir())


def url_of(web: Served, query: str = "") -> str:
    return f"http://{web.host}:{web.port}/file{query}"


@at_the_lab
async def test_what_is_cut_after_a_mebibyte_goes_on_there(web: Served, tmp_path: Path):
    with closing((desk := Desk(tmp_path)).transcript):
        got = await desk.got(url_of(web, f"?cut={MIB}"))
        got.require_whole()
        assert b'\r\nRange: bytes=1048576-\r\nIf-Range: "' in desk.sent(1)
        assert b"Range" not in desk.sent(0)
        facts = [event.values for event in desk.transcript.events() if event.name == "http.attempt"]
    assert desk.ends() == [(0, 0, MIB, "cut"), (MIB, MIB, FILE_OCTETS, "whole")]
    assert [(each.status, each.channel) for each in got.attempts] == [(200, 0), (206, 1)]
    assert got.exchange.body.sha256 == FILE_SHA256 == hashlib.sha256(desk.out.read_bytes()).hexdigest()
    assert (desk.here(), desk.waits) == (["f"], [0.0])
    assert desk.progress[-1] == (FILE_OCTETS, FILE_OCTETS)
    assert [fact["stop"] for fact in facts] == [MIB, FILE_OCTETS]


@pytest.mark.covers("C2.8")
@at_the_lab
async def test_what_a_relay_cuts_after_a_mebibyte_goes_on_there(web: Served, tmp_path: Path):
    """Nothing is wrong with the server: somebody on the way ends the first connection after head and 1 MiB."""
    with closing((desk := Desk(tmp_path)).transcript):
        head = (await fetch(Request(url_of(web), "HEAD"), desk.transcript)).head.raw
        async with relay_to(web.port, cut_after=len(head) + MIB, direction="to-client") as (
            _relay,
            _told,
            port,
        ):
            ways = iter((Target("tcp", "127.0.0.1", port), Target("tcp", web.host, web.port)))

            async def first_through_the_relay(_target: Target) -> Target:
                return next(ways)

            (await desk.got(url_of(web), resolver=first_through_the_relay)).require_whole()
        assert b"\r\nRange: bytes=1048576-\r\n" in desk.sent(2)
    assert desk.ends() == [(0, 0, MIB, "cut"), (MIB, MIB, FILE_OCTETS, "whole")]
    assert hashlib.sha256(desk.out.read_bytes()).hexdigest() == FILE_SHA256


@at_the_lab
async def test_a_later_run_goes_on_with_what_an_earlier_one_left(web: Served, tmp_path: Path):
    with closing((first := Desk(tmp_path)).transcript):
        got = await first.got(url_of(web, f"?cut={MIB}"), Policy())
        with pytest.raises(PeerMisbehaved):
            got.require_whole()
    assert first.here() == ["f.partial", "f.partial.json"]
    assert (tmp_path / "f.partial.json").stat().st_mode & 0o777 == 0o600
    assert web.host not in (tmp_path / "f.partial.json").read_text()
    with closing((second := Desk(tmp_path)).transcript):
        await second.got(url_of(web, f"?cut={MIB}"), resume=True)
    assert second.ends() == [(MIB, MIB, FILE_OCTETS, "whole")]
    assert hashlib.sha256(second.out.read_bytes()).hexdigest() == FILE_SHA256
    assert second.here() == ["f"]


@at_the_lab
async def test_everything_is_there_and_only_the_name_is_missing(web: Served, tmp_path: Path):
    with closing((first := Desk(tmp_path)).transcript):
        await first.got(url_of(web, f"?cut={MIB}"), Policy())
    (tmp_path / "f.partial").write_bytes(octets_of_file())
    with closing((desk := Desk(tmp_path)).transcript):
        got = await desk.got(url_of(web, f"?cut={MIB}"), resume=True)
        got.require_whole()
    assert (got.exchange.status, got.is_whole, desk.here()) == (416, True, ["f"])
    assert got.exchange.body.sha256 == FILE_SHA256


@at_the_lab
async def test_a_part_that_is_longer_than_the_file_is_thrown_away(web: Served, tmp_path: Path):
    with closing((first := Desk(tmp_path)).transcript):
        await first.got(url_of(web, f"?cut={MIB}"), Policy())
    (tmp_path / "f.partial").write_bytes(octets_of_file() + b"more")
    with closing((desk := Desk(tmp_path)).transcript):
        await desk.got(url_of(web, f"?cut={MIB}"), resume=True)
    assert [each.ended for each in desk.attempts] == ["refused", "cut", "whole"]
    assert "it is another one" in desk.attempts[0].why
    assert hashlib.sha256(desk.out.read_bytes()).hexdigest() == FILE_SHA256


@pytest.mark.parametrize(
    ("lie", "ends", "sha256"),
    [
        ("ignored", [(0, 0, MIB, "cut"), (MIB, 0, FILE_OCTETS, "whole")], FILE_SHA256),
        ("changed", [(0, 0, MIB, "cut"), (MIB, 0, FILE_OCTETS, "whole")], CHANGED_SHA256),
        ("date", [(0, 0, MIB, "cut"), (MIB, MIB, FILE_OCTETS, "whole")], FILE_SHA256),
        (
            "short",
            [(0, 0, MIB, "cut"), (MIB, MIB, 2 * MIB, "part"), (2 * MIB, 2 * MIB, 3 * MIB, "whole")],
            FILE_SHA256,
        ),
    ],
)
@at_the_lab
async def test_however_the_server_does_ranges_the_file_is_one_file(
    web: Served, tmp_path: Path, lie: str, ends: list[tuple[int, int, int, str]], sha256: str
):
    with closing((desk := Desk(tmp_path)).transcript):
        got = await desk.got(url_of(web, f"?cut={MIB}&ranges={lie}"))
        got.require_whole()
    assert desk.ends() == ends
    assert hashlib.sha256(desk.out.read_bytes()).hexdigest() == got.exchange.body.sha256 == sha256
    if lie == "changed":
        assert "the file changed, its ETag was" in desk.attempts[1].why


@pytest.mark.parametrize("lie", ["weak", "no-validator"])
@at_the_lab
async def test_what_nobody_could_notice_is_begun_again(web: Served, tmp_path: Path, lie: str):
    with closing((desk := Desk(tmp_path)).transcript):
        got = await desk.got(url_of(web, f"?cut={MIB}&ranges={lie}"), Policy("resume", 1, first_wait_s=0.0))
        with pytest.raises(PeerMisbehaved):
            got.require_whole()
        assert b"Range" not in desk.sent(1)
    assert desk.ends() == [(0, 0, MIB, "cut"), (0, 0, MIB, "cut")]
    assert (tmp_path / "f.partial").stat().st_size == MIB


@pytest.mark.parametrize(
    ("lie", "what"),
    [
        ("mixed", "another ETag"),
        ("wrong-start", "from 1,048,568 on came"),
        ("wrong-end", "octets and Content-Length"),
        ("other-length", "had 3,145,728 octets, and has 3,145,736 now"),
        ("several", "several came"),
    ],
)
@at_the_lab
async def test_a_part_that_does_not_fit_is_refused_and_what_is_there_stays(
    web: Served, tmp_path: Path, lie: str, what: str
):
    with closing((desk := Desk(tmp_path)).transcript), pytest.raises(PeerMisbehaved, match=what):
        await desk.got(url_of(web, f"?cut={MIB}&ranges={lie}"))
    assert [each.ended for each in desk.attempts] == ["cut", "refused"]
    assert (tmp_path / "f.partial").read_bytes() == octets_of_file()[:MIB]
    assert what in desk.attempts[1].why


@at_the_lab
async def test_a_server_that_refuses_ranges_gives_all_of_it_in_the_end(web: Served, tmp_path: Path):
    with closing((desk := Desk(tmp_path)).transcript):
        got = await desk.got(url_of(web, f"?cut={MIB}&ranges=refused"), Policy("resume", 2, first_wait_s=0.0))
    # 416 with the right length of a file of which less is there: asked for all of it, which is cut again, and so on.
    assert [each.ended for each in desk.attempts] == ["cut", "refused", "cut", "refused", "cut"]
    assert not got.is_whole


@at_the_lab
async def test_again_begins_from_the_first_octet(web: Served, tmp_path: Path):
    with closing((desk := Desk(tmp_path)).transcript):
        await desk.got(url_of(web, f"?cut={MIB}"), Policy("again", 2, first_wait_s=0.5))
        assert b"Range" not in desk.sent(2)
    assert desk.ends() == [(0, 0, MIB, "cut")] * 3
    # Each brought something: nobody is spared longer each time.
    assert desk.waits == [0.5, 0.5]


async def test_who_is_told_to_come_later_does_so_as_long_as_it_is_sensible(tmp_path: Path):
    async with serving("http", busy=2) as web:
        with closing((desk := Desk(tmp_path)).transcript):
            (await desk.got(url_of(web))).require_whole()
        assert [each.ended for each in desk.attempts] == ["later", "later", "whole"]
        assert desk.waits == [1.0, 1.0]
        assert desk.attempts[1].waited_s == 1.0
        for after, wait in ((str(int(MAX_WAIT_S)), True), (str(int(MAX_WAIT_S) + 1), False)):
            with closing((desk := Desk(tmp_path)).transcript):
                url = f"http://{web.host}:{web.port}/busy?after={after}"
                got = await desk.got(url, Policy("resume", 1))
                with (
                    pytest.raises(Refused, match="asks to wait 121 s")
                    if not wait
                    else closing(desk.transcript)
                ):
                    got.require_whole()
            assert desk.waits == ([MAX_WAIT_S] if wait else [])
            assert got.exchange.status == 503
            assert desk.here() == ["f"]


@at_the_lab
async def test_an_answer_that_says_no_never_reaches_the_file(web: Served, tmp_path: Path):
    with closing((desk := Desk(tmp_path)).transcript):
        got = await desk.got(f"http://{web.host}:{web.port}/missing")
    assert (got.exchange.status, got.is_whole, desk.here()) == (404, False, [])
    assert b"There is no /missing" in got.exchange.body.data
    assert [each.ended for each in desk.attempts] == ["refused"]


@at_the_lab
async def test_what_was_cut_is_left_alone_by_a_no(web: Served, tmp_path: Path):
    with closing((desk := Desk(tmp_path)).transcript):
        await desk.got(url_of(web, f"?cut={MIB}"), Policy())
    base = f"http://{web.host}:{web.port}"
    with closing((desk := Desk(tmp_path)).transcript):
        await desk.got(f"{base}/missing", resume=True)
    assert desk.here() == ["f.partial", "f.partial.json"]
    assert "part of another address" in desk.attempts[0].why or desk.attempts[0].ended == "refused"
    assert (tmp_path / "f.partial").stat().st_size == MIB


@at_the_lab
async def test_a_packed_file_and_a_packed_page_are_saved_as_they_came(web: Served, tmp_path: Path):
    base = f"http://{web.host}:{web.port}"
    with closing((desk := Desk(tmp_path)).transcript):
        got = await desk.got(f"{base}/gzip")
    assert (got.exchange.body.encoded, desk.out.read_bytes()[:2]) == (None, b"\x1f\x8b")
    assert b"Accept-Encoding: identity" in got.exchange.last.sent


async def test_cancelled_it_keeps_what_came_and_says_so(tmp_path: Path):
    async with serving("http") as web:
        with closing((desk := Desk(tmp_path)).transcript):
            gate = Gate()
            begun = asyncio.Event()

            def stop(done: int, _total: int | None) -> None:
                if done:
                    gate.hold()
                    begun.set()

            url = url_of(web)
            ways = Ways(on_attempts=desk.heard, progress=stop, gate=gate)
            task = asyncio.create_task(
                download(Request(url), desk.transcript, KeptFile(str(desk.out)), policy=RESUME, ways=ways)
            )
            await begun.wait()
            assert not gate.is_open
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        assert [(each.ended, each.why) for each in desk.attempts] == [("cancelled", "it was cancelled")]
        came = (tmp_path / "f.partial").stat().st_size
        assert 0 < came == desk.attempts[0].stop < FILE_OCTETS
        with closing((again := Desk(tmp_path)).transcript):
            await again.got(url, resume=True)
        assert again.ends() == [(came, came, FILE_OCTETS, "whole")]
        assert hashlib.sha256(desk.out.read_bytes()).hexdigest() == FILE_SHA256


async def test_a_gate_holds_the_server_up_and_then_all_of_it_comes(tmp_path: Path):
    async with serving("http") as web:
        with closing((desk := Desk(tmp_path)).transcript):
            gate = Gate()
            held = asyncio.Event()

            def hold(done: int, _total: int | None) -> None:
                if 0 < done < FILE_OCTETS and not held.is_set():
                    gate.hold()
                    held.set()

            ways = Ways(on_attempts=desk.heard, progress=hold, gate=gate, timeout_s=5.0)
            file = KeptFile(str(desk.out))
            task = asyncio.create_task(
                download(Request(url_of(web)), desk.transcript, file, policy=Policy(), ways=ways)
            )
            await held.wait()
            came = file.octets
            for _ in range(20):
                await asyncio.sleep(0)
            assert file.octets == came
            gate.release()
            (await task).require_whole()
        assert len(desk.attempts) == 1
        assert hashlib.sha256(desk.out.read_bytes()).hexdigest() == FILE_SHA256


# ---- peers that follow a script


def first_asked(port: int) -> bytes:
    return encode(asking(Request(f"http://127.0.0.1:{port}/"), Plan())).data


async def scripted(
    tmp_path: Path, *answers: bytes, policy: Policy = RESUME
) -> tuple[Desk, Downloaded | WorkbenchError]:
    """Each answer is one connection's."""
    scripts: Sequence[Script] = [[("send", answer)] for answer in answers]
    desk = Desk(tmp_path)
    with closing(desk.transcript), scripted_peer(*scripts) as peer:
        try:
            return desk, await desk.got(f"http://{peer.host}:{peer.port}/", policy)
        except WorkbenchError as failure:
            return desk, failure


TEN = b'HTTP/1.1 200 OK\r\nETag: "a"\r\nContent-Length: 10\r\n\r\n'
PART = b'HTTP/1.1 206 Partial Content\r\nETag: "a"\r\nContent-Range: bytes 4-9/10\r\n'


async def test_more_octets_than_content_range_says_are_refused(tmp_path: Path):
    chunked = PART + b"Transfer-Encoding: chunked\r\n\r\n9\r\n456789abc\r\n0\r\n\r\n"
    desk, got = await scripted(tmp_path, TEN + b"0123", chunked)
    assert isinstance(got, Downloaded)
    with pytest.raises(PeerMisbehaved, match="more octets came than Content-Range says"):
        got.require_whole()
    assert (tmp_path / "f.partial").read_bytes() == b"0123456789"
    assert [each.ended for each in desk.attempts] == ["cut", "refused"]


async def test_fewer_octets_than_content_range_says_are_no_whole_file(tmp_path: Path):
    chunked = PART + b"Transfer-Encoding: chunked\r\n\r\n3\r\n456\r\n0\r\n\r\n"
    _desk, got = await scripted(
        tmp_path, TEN + b"0123", chunked, policy=Policy("resume", 1, first_wait_s=0.0)
    )
    assert isinstance(got, Downloaded)
    assert not got.is_whole
    with pytest.raises(PeerMisbehaved, match="10 octets, and 7 came"):
        got.require_whole()


async def test_a_server_that_gives_an_octet_at_a_time_is_left_in_the_end(tmp_path: Path):
    def part(at: int) -> bytes:
        head = f'HTTP/1.1 206 OK\r\nETag: "a"\r\nContent-Range: bytes {at}-{at}/1000\r\nContent-Length: 1\r\n\r\n'
        return head.encode() + b"x"

    first = TEN.replace(b"10", b"1000") + b"x"
    desk, got = await scripted(tmp_path, first, *(part(at) for at in range(1, MAX_RETRIES + 1)))
    assert isinstance(got, Downloaded)
    assert (got.is_whole, len(desk.attempts)) == (False, MAX_RETRIES + 1)


async def test_nobody_there_is_tried_again_and_waited_for_longer_each_time(tmp_path: Path):
    with closing((desk := Desk(tmp_path)).transcript), pytest.raises(LinkLost):
        await desk.got("http://127.0.0.1:1/", Policy("resume", 3, first_wait_s=1.0))
    assert [each.ended for each in desk.attempts] == ["failed"] * 4
    assert (desk.waits, desk.here()) == ([1.0, 2.0, 4.0], [])


async def test_nonsense_is_not_asked_for_again(tmp_path: Path):
    desk, failure = await scripted(tmp_path, b"SSH-2.0-Lab\r\n")
    assert isinstance(failure, PeerMisbehaved)
    assert len(desk.attempts) == 1


# ---- the file


async def test_a_note_that_is_none_or_of_another_address_is_not_gone_on_with(tmp_path: Path):
    out = str(tmp_path / "f")

    async def held(url: str = "http://h/x") -> tuple[int, str]:
        file = KeptFile(out)
        try:
            await file.look(url, resume=True)
            return file.held.octets, file.held.why_not
        finally:
            file.close()

    assert await held() == (0, "")
    file = KeptFile(out)
    await file.look("http://h/x", resume=False)
    file.begin_anew(Mark('"a"', total=10))
    file.write(b"0123")
    file.close()
    assert await held() == (4, "")
    assert "another address" in (await held("http://h/y"))[1]
    note = tmp_path / "f.partial.json"
    good = note.read_text()
    for bad, why in (
        ("", "can't be read"),
        ("[]", "none of this version"),
        ("[" * 20000, "can't be read"),
        (good.replace('"version": 1', '"version": 2'), "none of this version"),
        (good.replace(": 10,", ': "10",'), "can't be read"),
        (good.replace(": 10,", ": -1,"), "can't be read"),
        (good.replace('"\\"a\\""', '"a\\r\\nX: y"'), "can't be read"),
    ):
        note.write_text(bad)
        octets, told = await held()
        assert (octets, why in told) == (0, True), bad[:80]
    note.unlink()
    assert "no note beside" in (await held())[1]
    note.symlink_to("/etc/passwd")
    assert "can't be read" in (await held())[1]
    assert (tmp_path / "f.partial").read_bytes() == b"0123"


async def test_two_downloads_into_one_file_do_not_meet(tmp_path: Path):
    first, second = KeptFile(str(tmp_path / "f")), KeptFile(str(tmp_path / "f"))
    first.begin_anew(Mark())
    with pytest.raises(LocalFault, match="another program is writing"):
        second.begin_anew(Mark())
    second.close()
    first.write(b"x")
    first.close()
    assert (tmp_path / "f.partial").read_bytes() == b"x"
