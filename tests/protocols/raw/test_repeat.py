"""The same payload again and again: counted, bounded, stopped, over both ways of workbench.protocols.raw.endpoint."""

import asyncio
import contextlib
import socket
import threading

import pytest

from tests.kit.ports import free_port
from tests.kit.scripted_peer import scripted_peer
from workbench.errors import LinkLost, LocalMisuse
from workbench.formats.macro import parse_template
from workbench.formats.target import parse_target
from workbench.protocols.raw.repeat import (
    ELSEWHERE_PER_S,
    LOOPBACK_PER_S,
    MAX_COUNT,
    Counts,
    Plan,
    Repeat,
    is_loopback,
    limits_told,
)
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction


def plan(text: str = "x\\n", **values: object) -> Plan:
    return Plan(parse_template(text), **values)


async def repeated(repeat: Repeat, address: object, **options: object) -> Counts:
    transcript = Transcript()
    try:
        return await repeat.run(parse_target(str(address)), transcript, **options)
    finally:
        transcript.close()


async def test_all_are_sent_and_answered_over_one_connection():
    told: list[Counts] = []
    steps = [step for n in range(1, 6) for step in (("expect", b"no %d\n" % n), ("send", b"ok\n"))]
    with scripted_peer([*steps, ("wait_eof",)]) as peer:
        repeat = Repeat(plan("no ${counter}\\n", times=5, per_s=1000), told.append)
        counts = await repeated(repeat, peer)
    assert (counts.sent, counts.answered, counts.lost, counts.ended) == (5, 5, 0, "done")
    assert (counts.octets_sent, counts.octets_received) == (25, 15)
    assert counts.first_answer_ms is not None
    assert told[-1] == counts


async def test_a_marker_that_is_cut_is_counted_once():
    with scripted_peer(
        [("expect", b"x\n"), ("send", b"a<E"), ("send", b"ND>b<EN"), ("send", b"D>"), ("wait_eof",)]
    ) as peer:
        counts = await repeated(Repeat(plan(times=1, marker=b"<END>", quiet_s=2.0)), peer)
    assert 1 <= counts.answered <= 2
    assert counts.lost == 0


async def test_it_keeps_to_its_rate():
    with scripted_peer([("expect", b"x\n" * 5), ("send", b"\n" * 5), ("wait_eof",)]) as peer:
        counts = await repeated(Repeat(plan(times=5, per_s=50)), peer)
    # Four gaps of 20 ms lie between five payloads.
    assert counts.spent_s >= 0.08
    assert counts.per_s <= 4 / 0.08


async def test_what_nobody_answers_is_lost():
    with scripted_peer([("expect", b"x\nx\n"), ("send", b"one\n"), ("wait_eof",)]) as peer:
        counts = await repeated(Repeat(plan(times=2, per_s=1000, quiet_s=0.5)), peer)
    assert (counts.sent, counts.answered, counts.lost) == (2, 1, 1)
    # Waiting for the last answer is no part of the rate that was reached.
    assert counts.sending_s <= counts.spent_s - 0.4


async def test_stop_ends_the_sending_and_not_the_counting():
    with scripted_peer([("expect", b"x\n"), ("send", b"y\n"), ("wait_eof",)]) as peer:
        answered = asyncio.Event()

        def on_change(counts: Counts) -> None:
            if counts.answered:
                answered.set()

        repeat = Repeat(plan(times=1000, per_s=0.01), on_change)
        task = asyncio.create_task(repeated(repeat, peer))
        await answered.wait()
        repeat.stop()
        counts = await task
    assert (counts.sent, counts.answered, counts.ended) == (1, 1, "stopped")


async def test_a_peer_that_ends_ends_it():
    with scripted_peer([("expect", b"x\n"), ("send", b"bye\n")]) as peer:
        counts = await repeated(Repeat(plan(times=1000, per_s=1)), peer)
    assert (counts.sent, counts.ended) == (1, "peer")


async def test_our_half_is_finished_where_that_is_asked_for():
    with scripted_peer([("expect", b"x\n"), ("wait_eof",), ("send", b"late\n")]) as peer:
        counts = await repeated(Repeat(plan(times=1, finish=True)), peer)
    assert counts.answered == 1


class Deaf:
    """A UDP server that answers every second datagram, on the standard library's socket."""

    def __init__(self) -> None:
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind(("127.0.0.1", 0))
        self.sock.settimeout(10)
        self.thread = threading.Thread(target=self.serve)

    def serve(self) -> None:
        number = 0
        while (got := self.sock.recvfrom(100))[0] != b"end":
            number += 1
            if number % 2:
                self.sock.sendto(b"y", got[1])

    def __enter__(self) -> str:
        self.thread.start()
        return f"127.0.0.1:{self.sock.getsockname()[1]}"

    def __exit__(self, *_exc: object) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ender:
            ender.sendto(b"end", self.sock.getsockname())
        self.thread.join()
        self.sock.close()


async def test_datagrams_are_counted_and_the_lost_are_told():
    with Deaf() as address:
        counts = await repeated(Repeat(plan(times=10, per_s=1000, quiet_s=0.5)), address, transport="udp")
    assert (counts.sent, counts.answered, counts.lost, counts.errors) == (10, 5, 5, 0)


async def test_nobody_there_is_counted_as_errors_and_all_are_tried():
    counts = await repeated(
        Repeat(plan(times=5, per_s=200, quiet_s=0.05)), f"127.0.0.1:{free_port()}", transport="udp"
    )
    assert (counts.sent, counts.answered, counts.lost) == (5, 0, 5)
    assert counts.errors >= 1


async def test_a_connection_that_breaks_is_a_failure_with_the_counts_so_far():
    transcript = Transcript()
    with scripted_peer([("expect", b"x\n"), ("reset",)]) as peer:
        repeat = Repeat(plan(times=100_000, per_s=5000))
        with contextlib.suppress(LinkLost):
            await repeat.run(parse_target(str(peer)), transcript)
    # Whichever of the two is told first: the reader that it has ended, or the next send.
    assert repeat.counts.ended in ("peer", "failed")
    assert 1 <= repeat.counts.sent < 100_000
    assert len(transcript.stream(0, Direction.SENT, "tcp")) == repeat.counts.octets_sent
    transcript.close()


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ({"times": 0}, "1 to"),
        ({"times": MAX_COUNT + 1}, f"1 to {MAX_COUNT}"),
        ({"per_s": LOOPBACK_PER_S * 2}, "a second, on this machine"),
        ({"per_s": 0.0}, "a second"),
        ({"per_s": float("nan")}, "a second"),
        ({"quiet_s": 0.0}, "waited for"),
        ({"marker": b""}, "ends an answer"),
    ],
)
def test_bounds_are_told_and_not_cut(values: dict[str, object], what: str):
    with pytest.raises(LocalMisuse, match=what):
        Repeat(plan(**values))


def test_no_flood_leaves_this_machine():
    fast = plan(per_s=ELSEWHERE_PER_S * 2)
    for here in ("127.0.0.1:9", "127.8.9.1:9", "[::1]:9", "unix:/run/x"):
        fast.check_place(here)
    for there in ("192.0.2.1:9", "[2001:db8::1]:9", "[fe80::1%eth0]:9", "0.0.0.0:9"):
        assert not is_loopback(there)
        with pytest.raises(LocalMisuse, match="to other machines at most 50"):
            fast.check_place(there)
        plan(per_s=ELSEWHERE_PER_S).check_place(there)
    assert f"{MAX_COUNT:,}" in limits_told()


async def test_a_number_that_does_not_fit_ends_it():
    repeat = Repeat(plan("${counter from=254 as=u8}", times=5, per_s=5000, quiet_s=0.05))
    with scripted_peer([("stall",)]) as peer, pytest.raises(LocalMisuse, match="256 does not fit"):
        await repeated(repeat, peer)
    assert (repeat.counts.sent, repeat.counts.ended) == (2, "failed")
