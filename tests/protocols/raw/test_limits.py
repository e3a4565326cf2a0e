"""Limits of a session: what was typed, and what is said when one passes."""

import asyncio
import socket

import pytest

from tests.kit.scripted_peer import scripted_peer
from workbench.errors import LinkLost, TooSlow
from workbench.formats.target import parse_target
from workbench.protocols.raw.field import FieldMistake
from workbench.protocols.raw.limits import UNLIMITED, Limits, LimitsForm, read_limits
from workbench.protocols.raw.link import Link
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import dial


def test_empty_fields_are_no_limits_and_numbers_are_seconds():
    assert read_limits(LimitsForm()) == UNLIMITED
    assert read_limits(LimitsForm("5", "0", "0.5", " 60 ")) == Limits(5.0, 0.0, 0.5, 60.0)


@pytest.mark.parametrize(
    ("field", "text"),
    [("connect", "0"), ("total", "0"), ("idle", "-1"), ("stall", "soon"), ("idle", "nan"), ("total", "1e9")],
)
def test_what_is_no_time_is_marked_in_its_field(field, text):
    with pytest.raises(FieldMistake) as caught:
        read_limits(LimitsForm()._replace(**{field: text}))
    assert (caught.value.field, caught.value.end) == (field, len(text))


@pytest.mark.covers("C5.5")
@pytest.mark.parametrize(("idle_s", "errno"), [(0.1, ""), (0.0, "EAGAIN")])
async def test_silence_passes_the_limit_of_reading_and_zero_does_not_wait_as_a_plain_socket(idle_s, errno):
    with scripted_peer([("expect", b"x"), ("stall",)]) as peer:
        transcript = Transcript()
        link = Link(await dial(parse_target(str(peer)), transcript), Limits(idle_s=idle_s, stall_s=5))
        await link.send(b"x")
        with pytest.raises(TooSlow) as caught:
            await link.read()
        assert caught.value.stage == "read idle"
        assert caught.value.errno_name == errno
        assert "nothing of ours waits" in str(caught.value) or "of ours wait" in str(caught.value)
        told = [event for event in transcript.events() if event.name == "limit.passed"]
        assert [(event.values["limit"], event.values["seconds"]) for event in told] == [("idle", idle_s)]
        # The standard library says the same of a plain socket: a timeout, or "would block" for zero.
        with socket.create_connection((peer.host, peer.port)) as plain:
            plain.settimeout(idle_s)
            with pytest.raises(BlockingIOError if errno else TimeoutError):
                plain.recv(1)
        await link.aclose()
        transcript.close()


async def test_a_peer_that_takes_nothing_passes_the_other_limit_with_the_queue_as_evidence():
    with scripted_peer([("stall",)]) as peer:
        transcript = Transcript()
        link = Link(await dial(parse_target(str(peer)), transcript), Limits(idle_s=5, stall_s=0.1))
        with pytest.raises(TooSlow) as caught:
            await link.send(bytes(64 * 1024 * 1024))
        assert caught.value.stage == "write stall"
        (told,) = [event for event in transcript.events() if event.name == "limit.passed"]
        assert told.values["limit"] == "stall"
        assert told.values["unsent"] > 0
        assert "wait to be taken" in str(caught.value)
        link.stream.abort()
        transcript.close()


async def test_connecting_has_its_own_limit():
    # A full queue of a listener that accepts nothing: Linux leaves further calls unanswered.
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(3)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(("127.0.0.1", port))
        transcript = Transcript()
        with pytest.raises((TooSlow, LinkLost)) as caught:
            await dial(parse_target(f"127.0.0.1:{port}"), transcript, timeout_s=0.1)
        assert caught.value.stage == "connect"
        for each in waiting:
            each.close()
        transcript.close()


async def test_what_is_left_is_counted_down():
    with scripted_peer([("stall",)]) as peer:
        transcript = Transcript()
        link = Link(await dial(parse_target(str(peer)), transcript), Limits(idle_s=30))
        first = link.idle_left_s
        await asyncio.sleep(0)
        assert first is not None
        assert link.idle_left_s is not None
        assert link.idle_left_s <= first <= 30
        link.limits = UNLIMITED
        assert link.idle_left_s is None
        await link.aclose()
        transcript.close()
