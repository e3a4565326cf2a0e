"""In which order addresses are tried, and what is told when none of them answers."""

import socket

import pytest

from tests.kit.ports import free_port
from tests.kit.scripted_peer import scripted_peer
from tests.wire.test_dial import answer_with, named, silent_host
from workbench.errors import LinkLost, Refused
from workbench.formats.target import parse_target
from workbench.transcript.recorder import Transcript
from workbench.wire.addresses import Address, has_ipv6_loopback
from workbench.wire.dial import dial
from workbench.wire.policy import POLICIES, head_start_s, ordered
from workbench.wire.race import lanes_of, sentence_of

FOUR = [Address(socket.AF_INET, (f"192.0.2.{n}", 1)) for n in (1, 2)]
SIX = [Address(socket.AF_INET6, (f"2001:db8::{n}", 1, 0, 0)) for n in (1, 2)]
needs_v6 = pytest.mark.skipif(not has_ipv6_loopback(), reason="this machine has no IPv6 on its loopback")


def test_each_policy_has_its_order():
    mixed = [*SIX, *FOUR]
    assert ordered(mixed, "happy") == [SIX[0], FOUR[0], SIX[1], FOUR[1]]
    assert ordered(mixed, "system") == mixed
    assert ordered(mixed, "v4") == [*FOUR, *SIX]
    assert ordered([*FOUR, *SIX], "v6") == mixed
    assert [head_start_s(policy) for policy in POLICIES] == [0.25, None, None, None]


@needs_v6
@pytest.mark.covers("C5.28")
@pytest.mark.parametrize(
    ("policy", "tried"),
    [("happy", ["v6", "v4"]), ("system", ["v6", "v4"]), ("v6", ["v6", "v4"]), ("v4", ["v4"])],
)
async def test_a_server_on_one_family_is_reached_by_every_policy_in_its_own_order(monkeypatch, policy, tried):
    answer_with(monkeypatch, "::1", "127.0.0.1")
    transcript = Transcript()
    with scripted_peer([("wait_eof",)]) as peer:
        stream = await dial(parse_target(f"many.test:{peer.port}"), transcript, policy=policy)
        assert stream.peer == f"127.0.0.1:{peer.port}"
        await stream.aclose()
    places = {"v4": f"127.0.0.1:{peer.port}", "v6": f"[::1]:{peer.port}"}
    assert [values["address"] for values in named(transcript, "connect.started")] == [
        places[family] for family in tried
    ]
    attempts = [lane for lane in lanes_of(transcript) if lane.step == "connect"]
    assert [(lane.family, lane.outcome) for lane in attempts] == [
        ("IPv6", "failed") if family == "v6" else ("IPv4", "won") for family in tried
    ]
    if "v6" in tried:
        assert attempts[0].note == "ECONNREFUSED"
        assert sentence_of(lanes_of(transcript)).startswith(f"{places['v4']} won; {places['v6']} failed")
    transcript.close()


@pytest.mark.covers("C5.28")
async def test_a_silent_address_has_a_quarter_of_a_second_before_the_next_one_starts(monkeypatch):
    answer_with(monkeypatch, "127.0.0.2", "127.0.0.1")
    transcript = Transcript()
    with scripted_peer([("wait_eof",)]) as peer, silent_host("127.0.0.2", peer.port):
        stream = await dial(parse_target(f"many.test:{peer.port}"), transcript)
        await stream.aclose()
    resolve, silent, other, answer = lanes_of(transcript)
    assert (resolve.name, resolve.note) == ("many.test", "127.0.0.2, 127.0.0.1")
    assert (silent.outcome, other.outcome) == ("dropped", "won")
    # Timers may be early by a millisecond; how late they are is the machine's business.
    assert other.start_ns - silent.start_ns >= 245_000_000
    assert other.end_ns <= silent.end_ns
    assert answer.start_ns >= other.end_ns
    transcript.close()


async def test_one_after_the_other_waits_until_the_first_has_failed(monkeypatch):
    answer_with(monkeypatch, "127.0.0.2", "127.0.0.1")
    transcript = Transcript()
    with scripted_peer([("wait_eof",)]) as peer:
        stream = await dial(parse_target(f"many.test:{peer.port}"), transcript, policy="system")
        await stream.aclose()
    attempts = [lane for lane in lanes_of(transcript) if lane.step == "connect"]
    assert [lane.outcome for lane in attempts] == ["failed", "won"]
    assert attempts[1].start_ns >= attempts[0].end_ns
    transcript.close()


async def test_when_none_answers_every_attempt_is_told(monkeypatch):
    port = free_port()
    answer_with(monkeypatch, "127.0.0.3", "127.0.0.2")
    transcript = Transcript()
    with pytest.raises(LinkLost) as caught:
        await dial(parse_target(f"many.test:{port}"), transcript)
    failure = caught.value
    assert failure.what.startswith("none of 2 addresses could be reached: ")
    assert f"127.0.0.3:{port}" in str(failure)
    assert f"127.0.0.2:{port}" in str(failure)
    assert (failure.stage, failure.errno_name) == ("connect", "ECONNREFUSED")
    assert sentence_of(lanes_of(transcript)) == "nobody answered"
    transcript.close()


@pytest.mark.covers("C1.3")
async def test_a_name_is_steps_of_its_own_and_can_be_kept_from_being_looked_up():
    transcript = Transcript()
    with scripted_peer([("send", b"hi"), ("wait_eof",)]) as peer:
        stream = await dial(parse_target(f"localhost:{peer.port}"), transcript)
        await stream.read()
        await stream.aclose()
    names = [event.name for event in transcript.events() if event.kind == "fact"]
    assert names[:2] == ["resolve.started", "resolve.complete"]
    assert names.index("connect.started") < names.index("connect.complete")
    assert [lane.step for lane in lanes_of(transcript)][:2] == ["resolve", "connect"]
    assert lanes_of(transcript)[-1][:2] == ("answer", "first octet")
    assert lanes_of(transcript)[-1].note == "2 B"
    times = [lane.start_ns for lane in lanes_of(transcript)]
    assert times == sorted(times)
    with pytest.raises(Refused) as caught:
        await dial(parse_target("localhost:1"), transcript, numeric=True)
    assert (caught.value.stage, caught.value.errno_name) == ("resolve", "EAI_NONAME")
    with scripted_peer([("wait_eof",)]) as peer:
        stream = await dial(parse_target(str(peer)), transcript, numeric=True)
        await stream.aclose()
    transcript.close()
