"""One loop for a listener, its clients and made pairs; everything that can be provoked lights what it should.

workbench.protocols.readiness.rows is tested through it.
"""

import asyncio
from collections.abc import Iterator

import pytest

from tests.lab.houses import serving, until
from workbench.errors import LocalMisuse
from workbench.formats.target import Target
from workbench.protocols.readiness import monitor as monitors
from workbench.protocols.readiness.explain import FLAGS, PROVOCATIONS, mask_text, remark
from workbench.protocols.readiness.monitor import Monitor
from workbench.protocols.readiness.values import READING, Ready
from workbench.transcript.recorder import Transcript

READY_AFTER_RST = Ready.ERR | Ready.HUP | Ready.IN
ANY_PORT = Target("tcp", "127.0.0.1", 0)


@pytest.fixture
def monitor() -> Iterator[Monitor]:
    transcript = Transcript()
    made = Monitor(transcript)
    yield made
    made.close()
    transcript.close()


async def lit(monitor: Monitor, key: int, wanted: Ready) -> None:
    async with asyncio.timeout(60):
        while monitor.row(key).lamps != wanted:
            monitor.look()
            await asyncio.sleep(0.001)


async def turned(monitor: Monitor, holds) -> None:
    async with asyncio.timeout(60):
        while not holds():
            await monitor.wait(0.05)


@pytest.mark.covers("C5.36")
async def test_each_button_lights_its_lamp(monitor):
    monitor.reads = False
    key = monitor.add_pair("a")
    await lit(monitor, key, Ready.OUT)
    await monitor.provoke("data", key)
    await lit(monitor, key, Ready.IN | Ready.OUT)
    await monitor.provoke("fin", key)
    await lit(monitor, key, Ready.IN | Ready.OUT | Ready.RDHUP)
    assert monitor.why_not("data", key) == "the peer has finished its half"
    await monitor.provoke("own-fin", key)
    await lit(monitor, key, Ready.IN | Ready.OUT | Ready.RDHUP | Ready.HUP)
    await monitor.provoke("close", key)
    await lit(monitor, key, Ready.NVAL)
    assert monitor.why_not("data", key) == "this socket is closed"
    other = monitor.add_pair("b")
    await monitor.provoke("urgent", other)
    await lit(monitor, other, Ready.PRI | Ready.OUT)
    await monitor.provoke("rst", other)
    async with asyncio.timeout(60):
        while READY_AFTER_RST not in monitor.row(other).lamps:
            monitor.look()
            await asyncio.sleep(0.001)
    assert monitor.why_not("fin", other) == "the peer has gone"


async def test_the_number_of_a_closed_one_does_not_show_somebody_elses_lamps(monitor):
    first = monitor.add_pair("a")
    await monitor.provoke("close", first)
    await turned(monitor, lambda: monitor.row(first).told & Ready.NVAL)
    second = monitor.add_pair("b")
    assert monitor.row(second).descriptor == monitor.row(first).descriptor
    await monitor.provoke("data", second)
    assert monitor.row(first).lamps == Ready.NVAL


@pytest.mark.covers("C5.35")
@pytest.mark.parametrize("engine", ["poll", "select", "asyncio"])
async def test_one_loop_serves_a_listener_and_all_its_clients(monitor, engine):
    monitor.switch(engine)
    monitor.answers = True
    listener = await monitor.add_listener(ANY_PORT)
    for _ in range(2):
        await monitor.provoke("call", listener)
    await turned(monitor, lambda: len(monitor.rows) == 3)
    clients = [row for row in monitor.rows if row.kind == "client"]
    for client in clients:
        await monitor.provoke("data", client.key)
    await turned(monitor, lambda: all(monitor.row(each.key).received == 11 for each in clients))
    assert monitor.row(clients[0].key).said == "last words"
    sent = [event for event in monitor.transcript.events() if event.kind == "bytes"]
    # Said by two callers, read here, sent back.
    assert len(sent) == 6
    await monitor.provoke("fin", clients[0].key)
    await turned(monitor, lambda: monitor.row(clients[0].key).end)
    assert "finished" in monitor.row(clients[0].key).end
    assert not monitor.row(clients[1].key).end


async def test_a_service_is_watched_like_any_other(monitor):
    async with serving("greet") as served:
        key = await monitor.add_connection(Target("tcp", served.host, served.port))
        await turned(monitor, lambda: monitor.row(key).received)
        assert monitor.why_not("rst", key).startswith("the peer is not ours")
        assert monitor.why_not("call", key) == "only a listener can be called"
        await monitor.provoke("own-fin", key)
        assert monitor.why_not("own-fin", key) == "our half is finished already"
        monitor.remove(key)
    assert monitor.rows == ()
    with pytest.raises(LocalMisuse):
        monitor.row(key)


async def test_what_nobody_reads_is_told_again_and_the_loop_does_not_spin(monitor):
    monitor.reads = False
    key = monitor.add_pair("a")
    await monitor.provoke("data", key)
    running = asyncio.create_task(monitor.run(0.05))
    await until(lambda: monitor.counts.again >= 3)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    # With a pause between two of them there can't be many; without one there were thousands.
    assert monitor.counts.wakes < 500


async def test_what_is_asked_for_can_be_changed(monitor):
    key = monitor.add_pair("a")
    assert (await monitor.wait(0)).reason == "timeout"
    monitor.ask(key, READING | Ready.OUT)
    await turned(monitor, lambda: monitor.row(key).told == Ready.OUT)


async def test_there_is_an_end_to_the_room(monitor, monkeypatch):
    monkeypatch.setattr(monitors, "MAX_ROWS", 1)
    listener = await monitor.add_listener(ANY_PORT)
    with pytest.raises(LocalMisuse):
        monitor.add_pair("a")
    await monitor.provoke("call", listener)
    await monitor.wait(0.01)
    assert len(monitor.rows) == 1


def test_every_flag_and_button_has_words():
    assert set(FLAGS) == set(Ready)
    for words in FLAGS.values():
        assert words.what
        assert words.lit_by
        assert words.source.startswith("poll(2)")
    assert set(PROVOCATIONS) == {"data", "fin", "own-fin", "rst", "urgent", "close", "call"}
    assert mask_text(Ready.IN | Ready.HUP) == "IN|HUP = 17"
    assert mask_text(Ready(0)) == "0"


def test_remarks_tell_the_traps():
    assert "== POLLIN" in remark("poll", Ready.IN | Ready.HUP, Ready.IN | Ready.HUP)
    assert "EBADF" in remark("select", Ready.NVAL, Ready.NVAL)
    assert "without a word" in remark("epoll", Ready.NVAL, Ready.NVAL)
    assert "third set stays empty" in remark("select", Ready.IN, Ready.IN)
    assert "nearly always room" in remark("poll", Ready.OUT, Ready.OUT)
    assert remark("poll", Ready.IN, Ready.IN) == ""
