"""The client that spins while it waits: by every engine, and with either comparison of the mask."""

from collections.abc import Awaitable, Callable, Iterator

import pytest

from tests.lab.houses import serving, until
from workbench.errors import LocalMisuse
from workbench.formats.target import Target
from workbench.protocols.readiness.client import wait_and_spin
from workbench.protocols.readiness.engines import engines
from workbench.protocols.readiness.values import Ready
from workbench.protocols.readiness.watch import Watch
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import dial
from workbench.wire.watched import Watched, pair

HERE = tuple(name for name, info in engines().items() if info.make is not None)


@pytest.fixture
def ends() -> Iterator[tuple[Watched, Watched]]:
    transcript = Transcript()
    near, far = pair(transcript, "near", "far")
    yield near, far
    near.close()
    far.close()
    transcript.close()


def reader(near: Watched) -> Callable[[], Awaitable[bytes]]:
    async def read() -> bytes:
        return near.take() or b""

    return read


@pytest.mark.covers("C5.35")
@pytest.mark.parametrize("engine", HERE)
async def test_lines_arrive_and_the_spinner_turns_in_between(engine: str) -> None:
    transcript = Transcript()
    async with serving("ticker", interval_ms=300) as served:
        stream = await dial(Target("tcp", served.host, served.port), transcript)
        turns: list[int] = []
        heard = await wait_and_spin(
            stream.descriptor, stream.read, engine=engine, lines=3, limit_s=15, on_tick=turns.append
        )
        await stream.aclose()
    transcript.close()
    assert heard.left == "lines"
    assert heard.text.count(b"\n") == 3
    # 0.6 s at least between the first line and the third, in waits of 0.05 s; a busy machine makes them longer.
    assert heard.ticks == len(turns) >= 6
    assert heard.ticks - heard.wakes >= 3


@pytest.mark.covers("C5.38")
async def test_half_a_second_of_silence_is_about_ten_wake_ups(ends: tuple[Watched, Watched]) -> None:
    near, far = ends
    heard = await wait_and_spin(near.descriptor, reader(near), engine="select", every_s=0.05, limit_s=0.5)
    # No more than fit into the time; fewer on a busy machine.
    assert 3 <= heard.ticks <= 11
    assert (heard.wakes, heard.left) == (0, "time")
    far.abort()
    watch = Watch("select")
    watch.wanted = {near.descriptor: Ready.IN | Ready.PRI}
    reset = await watch.wait(5)
    watch.close()
    assert reset.sets == ((near.descriptor,), (), ())


@pytest.mark.parametrize("engine", [name for name in HERE if name in ("poll", "epoll")])
async def test_who_compares_for_equality_loses_the_last_words(
    ends: tuple[Watched, Watched], engine: str
) -> None:
    near, far = ends
    near.finish()
    far.send(b"last words\n")
    far.close()
    watch = Watch(engine)
    watch.wanted = {near.descriptor: Ready.IN}
    await until(lambda: watch.look()[near.descriptor] & Ready.HUP)
    watch.close()
    wrong = await wait_and_spin(near.descriptor, reader(near), engine=engine, rule="equal")
    assert (wrong.left, wrong.text, wrong.unread) == ("problem", b"", b"last words\n")
    assert int(wrong.last) == 17


async def test_who_looks_for_the_bit_reads_them_and_then_the_end(ends: tuple[Watched, Watched]) -> None:
    near, far = ends
    near.finish()
    far.send(b"last words\n")
    far.close()
    right = await wait_and_spin(near.descriptor, reader(near), engine="poll")
    assert (right.left, right.text, right.unread) == ("end", b"last words\n", b"")


async def test_a_peer_without_end_is_left(ends: tuple[Watched, Watched], monkeypatch) -> None:
    near, far = ends
    monkeypatch.setattr("workbench.protocols.readiness.client.MAX_TEXT", 10)
    far.send(b"x" * 11)
    with pytest.raises(LocalMisuse):
        await wait_and_spin(near.descriptor, reader(near))
