"""Two ends that wait for each other: found, relieved, ended; and connections that are seen from outside only.

Looking is workbench.protocols.flow.looking.
"""

import asyncio

import pytest

from workbench.protocols.flow import looking
from workbench.protocols.flow.detective import judge
from workbench.protocols.flow.looking import Passed, Watch, ends_of
from workbench.protocols.flow.pair import PAIRS, Pair
from workbench.protocols.flow.values import Finding
from workbench.transcript.recorder import Transcript

KINDS = [kind for kind, *_ in PAIRS]


async def found(pair: Pair, kind: str, *, patience_s: float = 0.1) -> Finding:
    loop = asyncio.get_running_loop()
    while True:
        if (looks := pair.looks()) is not None:
            finding = judge(loop.time(), *looks, patience_s=patience_s)
            if finding.kind == kind:
                return finding
        await asyncio.sleep(0.002)


@pytest.mark.covers("C3.36")
async def test_two_clients_that_each_read_until_a_line_are_found_within_two_seconds():
    transcript = Transcript()
    pair = Pair("read/read", transcript)
    running = asyncio.create_task(pair.run())
    loop = asyncio.get_running_loop()
    # The ends begin to wait without telling anybody.
    while (looks := pair.looks()) is None or None in [look.reading_since_s for look in looks]:  # noqa: ASYNC110
        await asyncio.sleep(0.002)
    both_s = max(look.reading_since_s for look in looks)
    assert both_s <= loop.time()
    # By their own clock, however busy this machine is.
    assert judge(both_s + 0.9, *looks).kind == "moving"
    finding = judge(both_s + 1.9, *looks)
    assert (finding.kind, finding.is_cycle) == ("read/read", True)
    pair.relieve()
    await running
    transcript.close()


@pytest.mark.parametrize("kind", KINDS)
async def test_each_pair_stalls_until_it_is_relieved(kind):
    transcript = Transcript()
    pair = Pair(kind, transcript)
    assert pair.looks() is None
    assert pair.stations() is None
    running = asyncio.create_task(pair.run())
    finding = await found(pair, "write/write" if kind == "write/write" else "read/read")
    assert finding.is_cycle
    assert ("no line end" in finding.sentence) == (kind == "no line end")
    there, back = pair.stations()
    assert there.adds_up
    assert back.adds_up
    pair.relieve()
    await running
    assert not pair.is_open
    assert pair.looks() is None
    transcript.close()


async def test_cancelling_a_stalled_pair_leaves_nothing():
    transcript = Transcript()
    pair = Pair("write/write", transcript)
    running = asyncio.create_task(pair.run())
    await found(pair, "write/write")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert not pair.is_open
    transcript.close()


def passed(local: str, peer: str, sent: int = 0, received: int = 0, **more) -> Passed:
    return Passed(local, local, peer, sent, received, more.pop("last_sent", b""), **more)


def test_the_two_ends_of_a_connection_are_brought_together():
    seen = [passed("a:1", "b:2"), passed("c:3", "d:4"), passed("b:2", "a:1")]
    assert ends_of(seen) == [(0, 2), (1, None)]
    assert ends_of([]) == []
    assert ends_of([passed("a:1", "a:1")]) == [(0, None)]


def test_a_watch_remembers_since_when_nothing_passed(monkeypatch):
    monkeypatch.setattr(looking, "read_entry", lambda *_: None)
    watch = Watch()
    for now_s, received in ((10.0, 0), (12.0, 5), (14.0, 5)):
        (look,) = watch.look(now_s, [passed("a:1", "b:2", 3, received, last_sent=b"x" * 100)])
    assert (look.reading_since_s, look.writing_since_s) == (12.0, None)
    assert look.last_sent == b"x" * 64
    assert look.is_answered
    assert judge(14.0, look).kind == "silence"
    (look,) = watch.look(15.0, [passed("a:1", "b:2", 3, 5, is_writing=True)])
    assert judge(15.0, look).kind == "blocked"
    assert watch.look(16.0, []) == []
    (look,) = watch.look(17.0, [passed("a:1", "b:2", 3, 5)])
    assert look.reading_since_s == 17.0
