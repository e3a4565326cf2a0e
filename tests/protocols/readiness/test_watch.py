"""Waiting for sockets by every engine this system has: flags, sets, counts, waking up at once, limits.

workbench.protocols.readiness.engines and workbench.protocols.readiness.values are tested through it.
"""

import asyncio
import select
import threading
from collections.abc import Callable, Iterator

import pytest

from tests.lab.houses import until
from workbench.errors import LocalFault, LocalMisuse
from workbench.protocols.readiness.engines import engines, make_engine
from workbench.protocols.readiness.values import FLAGS, NOTHING, READING, Ready, read_flags
from workbench.protocols.readiness.watch import Watch, can_tell
from workbench.transcript.recorder import Transcript
from workbench.wire.watched import Watched, pair

HERE = tuple(name for name, info in engines().items() if info.make is not None)
each_engine = pytest.mark.parametrize("engine", HERE)


@pytest.fixture
def ends() -> Iterator[tuple[Watched, Watched]]:
    transcript = Transcript()
    near, far = pair(transcript, "near", "far")
    yield near, far
    near.close()
    far.close()
    transcript.close()


@pytest.fixture
def watched_by() -> Iterator[Callable[..., Watch]]:
    made: list[Watch] = []

    def make(engine: str, *sockets: Watched, flags: Ready = READING) -> Watch:
        watch = Watch(engine)
        made.append(watch)
        watch.wanted = {each.descriptor: flags for each in sockets}
        return watch

    yield make
    for watch in made:
        watch.close()


async def shown(watch: Watch, socket: Watched, wanted: Ready) -> None:
    """Return once exactly these flags are told; what is on its way needs a moment on a busy machine."""
    async with asyncio.timeout(60):
        while watch.look()[socket.descriptor] != wanted:  # noqa: ASYNC110 - the system tells it in no other way
            await asyncio.sleep(0.001)


def only(engine: str, flags: Ready) -> Ready:
    return flags & can_tell(engine)


@pytest.mark.covers("C5.36")
@pytest.mark.parametrize("engine", [name for name in HERE if can_tell(name) & Ready.RDHUP])
async def test_every_flag_is_provoked(engine, ends, watched_by):
    near, far = ends
    watch = watched_by(engine, near)
    await shown(watch, near, Ready.OUT)
    far.send(b"x")
    await shown(watch, near, Ready.IN | Ready.OUT)
    far.finish()
    await shown(watch, near, Ready.IN | Ready.OUT | Ready.RDHUP)
    near.finish()
    await shown(watch, near, Ready.IN | Ready.OUT | Ready.RDHUP | Ready.HUP)
    near.close()
    await shown(watch, near, Ready.NVAL)


@each_engine
async def test_an_engine_tells_what_it_can_tell_and_makes_nothing_up(engine, ends, watched_by):
    near, far = ends
    watch = watched_by(engine, near)
    far.send(b"x")
    far.finish()
    await shown(watch, near, only(engine, Ready.IN | Ready.OUT | Ready.RDHUP))
    wake = await watch.wait(None)
    assert wake.reason == "ready"
    assert wake.ready == {near.descriptor: only(engine, Ready.IN | Ready.RDHUP)}


@pytest.mark.skipif(not hasattr(select, "poll"), reason="this system has no poll")
async def test_a_reset_and_an_urgent_octet_have_flags_of_their_own(ends, watched_by):
    near, far = ends
    watch = watched_by("poll", near)
    far.send_urgent(b"!")
    await shown(watch, near, Ready.OUT | Ready.PRI)
    assert near.take_urgent() == b"!"
    assert near.take_urgent() == b""
    far.abort()
    await until(lambda: Ready.IN | Ready.ERR | Ready.HUP in watch.look()[near.descriptor])
    assert near.take() == b""
    assert near.end is not None
    assert near.end.kind == "RST"


@pytest.mark.covers("C5.37")
async def test_select_gives_three_lists_back(watched_by):
    transcript = Transcript()
    pairs = [pair(transcript, f"near {n}", f"far {n}") for n in range(3)]
    nears = [near for near, _ in pairs]
    watch = watched_by("select", *nears, flags=Ready.IN | Ready.PRI)
    nothing = await watch.wait(0)
    assert (nothing.reason, nothing.sets) == ("timeout", ((), (), ()))
    pairs[1][1].send(b"x")
    some = await watch.wait(None)
    assert some.sets == ((nears[1].descriptor,), (), ())
    watch.wanted = {near.descriptor: Ready.IN | Ready.OUT | Ready.PRI for near in nears}
    room = await watch.wait(None)
    assert room.sets is not None
    assert room.sets.readable == (nears[1].descriptor,)
    assert set(room.sets.writable) == {near.descriptor for near in nears}
    assert room.sets.exceptional == ()
    for each in (*nears, *(far for _, far in pairs)):
        each.close()
    transcript.close()


async def test_in_select_a_reset_is_in_the_read_set_and_the_urgent_octet_in_the_third(ends, watched_by):
    near, far = ends
    watch = watched_by("select", near, flags=Ready.IN | Ready.PRI)
    far.send_urgent(b"!")
    urgent = await watch.wait(None)
    assert urgent.sets == ((), (), (near.descriptor,))
    near.take_urgent()
    far.abort()
    reset = await watch.wait(None)
    assert reset.sets == ((near.descriptor,), (), ())


@pytest.mark.parametrize("engine", HERE)
async def test_a_descriptor_beyond_the_set_is_selects_problem_alone(engine, watched_by):
    transcript = Transcript()
    near, far = pair(transcript, "near", "far", number=1030)
    if near.descriptor < 1024:
        near.close()
        far.close()
        transcript.close()
        pytest.skip("this process may not have so many descriptors")
    watch = watched_by(engine, near)
    far.send(b"x")
    try:
        if engine == "select":
            with pytest.raises(LocalMisuse) as caught:
                await watch.wait(None)
            assert "filedescriptor out of range in select()" in caught.value.what
            assert "1024" in caught.value.what
            assert "epoll" in caught.value.advice
        else:
            wake = await watch.wait(None)
            assert wake.ready[near.descriptor] & Ready.IN
    finally:
        near.close()
        far.close()
        transcript.close()


@each_engine
async def test_a_timeout_is_kept_and_told(engine, ends, watched_by):
    watch = watched_by(engine, ends[0])
    wake = await watch.wait(0.02)
    assert wake.reason == "timeout"
    assert wake.ready == {}
    # Timers of a loop may be early by their own resolution.
    assert wake.slept_ns >= 15_000_000


@each_engine
async def test_a_waiting_without_end_is_ended_at_once(engine, ends, watched_by):
    watch = watched_by(engine, ends[0])
    waiting = asyncio.create_task(watch.wait(None))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    watch.change()
    async with asyncio.timeout(60):
        wake = await waiting
    assert wake.reason == "woken"


@each_engine
async def test_cancelling_ends_it_and_the_next_waiting_begins_anew(engine, ends, watched_by):
    near, far = ends
    watch = watched_by(engine, near)
    waiting = asyncio.create_task(watch.wait(None))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    far.send(b"x")
    async with asyncio.timeout(60):
        told = NOTHING
        while not told & Ready.IN:
            told = (await watch.wait(None)).ready.get(near.descriptor, NOTHING)


async def test_closing_gives_the_thread_back(ends):
    watch = Watch("select")
    watch.wanted = {ends[0].descriptor: READING}
    waiting = asyncio.create_task(watch.wait(None))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert any(thread.name == "watch select" for thread in threading.enumerate())
    watch.close()
    watch.close()
    assert (await waiting).reason == "woken"
    assert not any(thread.name == "watch select" for thread in threading.enumerate())
    with pytest.raises(LocalMisuse):
        await watch.wait(0)


async def test_the_loop_goes_on_while_the_thread_waits(ends, watched_by):
    watch = watched_by("select", ends[0])
    waiting = asyncio.create_task(watch.wait(None))
    for _ in range(200):
        await asyncio.sleep(0)
    assert not waiting.done()
    watch.change()
    await waiting


def test_what_a_system_lacks_is_told_with_what_to_take_instead(monkeypatch):
    monkeypatch.delattr(select, "poll")
    assert engines()["poll"].why_not.startswith("not on this platform")
    with pytest.raises(LocalFault) as caught:
        make_engine("poll")
    assert "select" in caught.value.advice
    with pytest.raises(LocalMisuse):
        make_engine("guess")


def test_flags_are_read_and_written_by_name():
    assert read_flags("in|hup") == Ready.IN | Ready.HUP
    assert read_flags("IN, PRI") == Ready.IN | Ready.PRI
    assert (Ready.IN | Ready.HUP).text == "IN|HUP"
    assert NOTHING.text == "none"
    assert set(FLAGS) == set(Ready)
    with pytest.raises(ValueError, match="LOUD"):
        read_flags("LOUD")
    for flag in Ready:
        if (told := getattr(select, f"POLL{flag.name}", None)) is not None:
            assert told == flag
