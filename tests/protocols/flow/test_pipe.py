"""The pipe is filled until nothing moves, and each remedy frees it or cuts it; on real sockets.

The curve is workbench.protocols.flow.curve.
"""

import asyncio
import contextlib

import pytest

from workbench.errors import LocalMisuse
from workbench.protocols.flow.curve import MAX_MARKS, MAX_SAMPLES, Curve
from workbench.protocols.flow.pipe import PipeRun
from workbench.protocols.flow.values import Pipe
from workbench.transcript.recorder import Transcript

MEBIBYTE = 1024 * 1024


@contextlib.asynccontextmanager
async def running(pipe: Pipe):
    transcript = Transcript()
    run = PipeRun(pipe, transcript)
    task = asyncio.create_task(run.run())
    try:
        yield run, task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        transcript.close()


async def stalled(run: PipeRun) -> None:
    # That nothing happens any more has no event.
    while not run.is_stalled:  # noqa: ASYNC110
        await asyncio.sleep(0.005)


@pytest.mark.covers("C3.38")
async def test_with_small_buffers_the_pipe_is_full_at_the_same_place_each_time():
    amounts = []
    for _ in range(3):
        async with running(Pipe()) as (run, task):
            await stalled(run)
            (mark,) = run.marks
            assert mark.what == "frozen"
            assert run.finding.kind == "write/write"
            assert run.finding.is_cycle
            assert run.there.adds_up
            assert run.back.adds_up
            assert run.samples[-1].written == mark.written == run.samples[-1].queued
            assert run.samples[-1].echoed == 0
            assert not task.done()
            amounts.append(mark.written)
    # Four queues of 16 KiB at most, less what Linux keeps for its own headers.
    assert all(40_000 < amount < 70_000 for amount in amounts)
    assert max(amounts) - min(amounts) <= 8192


@pytest.mark.covers("C3.39")
async def test_reading_frees_all_ten_megabytes():
    async with running(Pipe(10_485_760, 16 * 1024, 32768, 32768, 32768, 32768)) as (run, task):
        await stalled(run)
        run.apply("read")
        end = await task
    assert (end.kind, end.written, end.echoed) == ("equal", 10_485_760, 10_485_760)
    assert end.sent_sha256 == end.echoed_sha256 != ""
    assert [mark.what for mark in run.marks][0:2] == ["frozen", "read"]


@pytest.mark.covers("C3.39")
@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("remedy", ["read", "interleave", "both"])
async def test_each_remedy_frees_the_connection_as_it_stands(remedy, at_once):
    pipe = Pipe(octets=MEBIBYTE // 2, piece=4096, at_once=at_once)
    async with running(pipe) as (run, task):
        await stalled(run)
        run.apply(remedy)
        run.apply("deadline")
        end = await task
    assert run.remedy == remedy
    assert (end.kind, end.echoed, end.there) == ("equal", pipe.octets, pipe.octets)
    assert not run.is_stalled
    assert run.there.adds_up
    assert run.there.read == pipe.octets


@pytest.mark.covers("C3.39")
@pytest.mark.parametrize("at_once", [False, True])
async def test_a_deadline_cuts_and_nobody_can_say_how_much_arrived(at_once):
    async with running(Pipe(octets=MEBIBYTE, at_once=at_once)) as (run, task):
        await stalled(run)
        run.apply("deadline", deadline_s=0.1)
        end = await task
    assert end.kind == "cut"
    assert 0 < end.there < end.written < MEBIBYTE
    assert "how much of it arrived this end cannot know" in end.sentence
    assert end.sent_sha256 == ""


@pytest.mark.covers("C3.39")
@pytest.mark.parametrize("octets", [1, 1024, 1025])
async def test_what_fits_never_stalls(octets):
    async with running(Pipe(octets=octets)) as (run, task):
        end = await task
    assert (end.kind, end.echoed) == ("equal", octets)
    assert "frozen" not in [mark.what for mark in run.marks]


async def test_a_remedy_before_the_halt_prevents_it():
    async with running(Pipe(octets=MEBIBYTE // 4, piece=4096)) as (run, task):
        run.apply("both")
        assert (await task).kind == "equal"
    assert "frozen" not in [mark.what for mark in run.marks]


async def test_cancelling_gives_everything_back():
    async with running(Pipe()) as (run, task):
        await stalled(run)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert run.end is None


async def test_what_happened_is_recorded():
    async with running(Pipe(octets=100_000)) as (run, task):
        await stalled(run)
        run.apply("both")
        await task
        names = [event.name for event in run.transcript.events()]
    assert names.index("pipe.frozen") < names.index("pipe.remedy") < names.index("end")


@pytest.mark.parametrize(
    "wrong",
    [Pipe(octets=0), Pipe(octets=10**9), Pipe(piece=0), Pipe(client_sndbuf=-1), Pipe(server_rcvbuf=10**9)],
)
def test_figures_out_of_range_are_refused(wrong):
    with pytest.raises(LocalMisuse, match="is not between"):
        wrong.checked()


def test_a_long_curve_is_thinned_and_keeps_both_ends():
    curve = Curve()
    curve.start(5.0)
    for at in range(20 * MAX_SAMPLES):
        curve.add(5.0 + at / 25, at, 0)
    assert len(curve.samples) <= MAX_SAMPLES
    assert curve.samples[0].at_s == 0.0
    assert curve.samples[-1].written == 20 * MAX_SAMPLES - 1
    assert list(curve.samples) == sorted(curve.samples)
    for at in range(100):
        curve.mark(5.0 + at, at, str(at))
    assert len(curve.marks) <= MAX_MARKS
    assert (curve.marks[0].what, curve.marks[-1].what) == ("0", "99")
