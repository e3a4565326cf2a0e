"""Downloads of the page of requests without Qt: attempts, pace, pause, and the first page before the end.

Also what they stand on: workbench.panels.web.unpacked, workbench.panels.web.pace.
"""

import bz2
import gzip
import hashlib
import lzma
import mmap
import time
from pathlib import Path

import pytest

from tests.panels.web.desk import Desk, desk_at
from workbench.lab.services.http.files import FILE_OCTETS, FILE_SHA256, octets_of_file, packed_file
from workbench.panels.web.opening import name_in
from workbench.panels.web.pace import Pace
from workbench.panels.web.state import WebState
from workbench.panels.web.unpacked import FIRST_PAGE, look_into
from workbench.transcript.records import Direction
from workbench.wire.stream import READ_AT_MOST

MIB = 2**20
CUT = f"lab:http/file?cut={MIB}"
S = 1_000_000_000


def ends(state: WebState) -> list[tuple[int, int, str]]:
    return [(each.start, each.stop, each.ended) for each in state.attempts]


async def held_at(desk: Desk, octets: int, url: str, file: Path):
    """A download that is held up once so many octets are there."""
    job = desk.send(str(file), url=url)
    await desk.until(lambda state: state.received >= octets)
    desk.controller.saver.hold()
    return job


@pytest.mark.covers("C2.8")
async def test_what_breaks_off_goes_on_by_itself_and_each_attempt_is_seen(tmp_path: Path):
    async with desk_at() as desk:
        out = tmp_path / "f"
        job = await desk.sent(CUT, str(out))
        state = desk.state
        assert (job.state, state.phase, state.verdict.word) == ("done", "done", "saved")
        assert ends(state) == [(0, MIB, "cut"), (MIB, FILE_OCTETS, "whole")]
        sent = desk.controller.transcript.stream(1, Direction.SENT, "tcp")
        assert b"\r\nRange: bytes=1048576-\r\n" in sent.read(0, len(sent))
        assert hashlib.sha256(out.read_bytes()).hexdigest() == state.sha256 == FILE_SHA256
        assert (state.saved, state.why_not_go_on) == (str(out), "all of it is there")
        assert state.text.line(0) == "0000000"


@pytest.mark.covers("C1.24")
async def test_a_packed_file_is_looked_into_before_it_is_all_here_and_saved_as_it_came(tmp_path: Path):
    """5 MB of gzip: pieces no larger than a read, the first page unpacked before the end, the sum as at the source."""
    async with desk_at() as desk:
        text, packed = packed_file()
        out = tmp_path / "f.gz"
        job = await held_at(desk, 100_000, "lab:http/file.gz", out)
        state = await desk.until(lambda state: len(state.text) > 100)
        assert state.is_running
        assert state.received < len(packed) == state.total
        assert state.seen.steps == ("gunzip",)
        assert state.text.line(0) == text.partition(b"\n")[0].decode()
        assert not out.exists()
        desk.controller.saver.release()
        await job.wait()
        state = await desk.until(lambda state: state.seen.is_all)
        assert out.read_bytes() == packed
        assert state.sha256 == hashlib.sha256(packed).hexdigest()
        assert isinstance(state.seen.data, mmap.mmap)
        assert (len(state.seen.data), state.body) == (len(text), b"")
        assert state.text.line(len(state.text) - 1) == text.splitlines()[-1].decode()
        events = desk.controller.transcript.events()
        sizes = [
            event.size for event in events if event.kind == "bytes" and event.direction is Direction.RECEIVED
        ]
        assert len(sizes) > 10
        assert max(sizes) <= READ_AT_MOST


async def test_a_pause_holds_the_server_up_and_one_attempt_brings_it_all(tmp_path: Path):
    async with desk_at() as desk:
        job = await held_at(desk, 1, "lab:http/file.gz", tmp_path / "f")
        assert (desk.state.is_paused, desk.state.speed, desk.state.why_not_pause) == (True, None, "")
        came = desk.state.received
        desk.controller.saver.release()
        await job.wait()
        assert desk.state.received > came
        assert not desk.state.is_paused
        assert len(desk.state.attempts) == 1
        desk.controller.saver.hold()
        assert not desk.state.is_paused


async def test_cancelled_it_can_be_gone_on_with_and_the_history_stays(tmp_path: Path):
    async with desk_at() as desk:
        out = tmp_path / "f"
        job = await held_at(desk, 1, "lab:http/file", out)
        job.cancel()
        await job.wait()
        state = desk.state
        came = (tmp_path / "f.partial").stat().st_size
        assert (state.phase, state.why_not_go_on) == ("cancelled", "")
        assert f"they stand in {out}.partial" in state.verdict.sentence
        assert ends(state) == [(0, came, "cancelled")]
        await desk.scope.launch(desk.controller.send(state.file, resume=True), name="send").wait()
        assert ends(desk.state) == [(0, came, "cancelled"), (came, FILE_OCTETS, "whole")]
        assert [each.number for each in desk.state.attempts] == [1, 2]
        assert out.read_bytes() == octets_of_file()
        await desk.sent("lab:http/page")
        assert (desk.state.attempts, desk.state.file, desk.state.why_not_go_on) == (
            (),
            "",
            "no download broke off here",
        )


@pytest.mark.parametrize(
    ("policy", "found", "phase"),
    [
        ("none", [(0, MIB, "cut")], "failed"),
        ("again", [(0, MIB, "cut"), (0, MIB, "cut")], "failed"),
        ("resume", [(0, MIB, "cut"), (0, FILE_OCTETS, "whole")], "done"),
    ],
)
async def test_the_policy_decides_what_comes_after_a_break(
    tmp_path: Path, policy: str, found: list[tuple[int, int, str]], phase: str
):
    async with desk_at() as desk:
        await desk.sent(f"{CUT}&ranges=changed", str(tmp_path / "f"), policy=policy, retries=1)
        assert (ends(desk.state), desk.state.phase) == (found, phase)
        assert desk.state.why_not_go_on == ("" if phase == "failed" else "all of it is there")
        if phase == "failed":
            assert "1.0 MiB of 3.0 MiB" in desk.state.verdict.sentence
            assert desk.state.text.line(0) == "0000000"


async def test_a_no_is_shown_and_not_saved(tmp_path: Path):
    async with desk_at() as desk:
        await desk.sent("lab:http/missing", str(tmp_path / "f"))
        assert (desk.state.phase, desk.state.verdict.word, list(tmp_path.iterdir())) == (
            "failed",
            "not saved",
            [],
        )
        assert "There is no /missing" in desk.state.text.text(0, 9)


async def test_a_body_is_looked_at_as_a_person_wants(tmp_path: Path):
    async with desk_at() as desk:
        await desk.sent("lab:http/file.gz")
        _, packed = packed_file()
        assert (desk.state.seen.steps, desk.state.body) == (("gunzip",), packed)
        await desk.controller.look((), "latin-1")
        assert (desk.state.seen.steps, desk.state.text.encoding, desk.state.text.whence) == (
            (),
            "latin-1",
            "you",
        )
        assert desk.state.seen.data == packed
        await desk.controller.look(("unzstd",), "")
        assert "no library" in desk.state.seen.fault
        await desk.controller.look(("bunzip2",), "")
        assert "damaged" in desk.state.seen.fault


@pytest.mark.parametrize(
    ("data", "steps"),
    [
        (gzip.compress(b"one\ntwo\n", mtime=0), ("gunzip",)),
        (bz2.compress(b"one\ntwo\n"), ("bunzip2",)),
        (lzma.compress(b"one\ntwo\n"), ("unxz",)),
        (b"one\ntwo\n", ()),
    ],
)
async def test_what_packs_a_file_is_recognised(tmp_path: Path, data: bytes, steps: tuple[str, ...]):
    (tmp_path / "f").write_bytes(data)
    for source in (str(tmp_path / "f"), data):
        seen = await look_into(source, steps=None)
        assert (seen.steps, seen.text.text(0, 9), bytes(seen.data)) == (steps, "one\ntwo", b"one\ntwo\n")


async def test_only_a_page_is_read_of_a_file_that_grows_and_none_of_one_that_is_not_there(tmp_path: Path):
    (tmp_path / "f").write_bytes(b"x" * (FIRST_PAGE + 10))
    seen = await look_into(str(tmp_path / "f"), steps=None, first_page=True)
    assert (len(seen.data), seen.is_all) == (FIRST_PAGE, False)
    assert "can't be read" in (await look_into(str(tmp_path / "none"), steps=None)).fault
    assert (await look_into(b"", steps=None)).data == b""


def test_pace_is_the_average_of_some_seconds():
    pace = Pace()
    pace.add(0, 0)
    assert pace.per_s is None
    pace.add(100, S // 10)
    assert pace.per_s is None
    for tenth in range(2, 100):
        pace.add(tenth * 100, tenth * S // 10)
    assert pace.per_s == pytest.approx(1000)
    assert pace.left_ns(9_900 + 2_000) == pytest.approx(2 * S)
    assert pace.left_ns(None) is None
    for second in range(10, 20):
        pace.add(9_900, second * S)
    assert (pace.per_s, pace.left_ns(20_000)) == (0, None)
    pace.add(5, 21 * S)
    assert pace.per_s is None


def test_a_name_is_suggested_before_anything_is_asked():
    names = [
        name_in(url)
        for url in ("lab:http/file.gz?cut=1", "http://h/a/%2e%2e%2fx", "http://h/", "no address at all")
    ]
    assert names == ["file.gz", "x", "body", "body"]


@pytest.mark.parametrize("path", ["/file?cut=1048576", "/page"])
async def test_what_says_that_it_is_over_takes_the_next_request_at_once(tmp_path: Path, path: str):
    async with desk_at() as desk:
        job = desk.send(str(tmp_path / "f"), url=f"lab:http{path}", policy="none")
        await desk.until(lambda state: state.is_running)
        await desk.until(lambda state: not state.is_running)
        assert not job.is_running
        assert desk.state.seen.is_all
    assert len(desk.state.attempts) == 1


def test_pace_keeps_few_samples():
    pace = Pace()
    begun = time.perf_counter_ns()
    for at in range(100_000):
        pace.add(at, begun + at * 1000)
    assert len(pace._samples) < 100
