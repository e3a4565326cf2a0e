"""Dialling: every step is recorded, every failure has its stage and its symbol."""

import asyncio
import socket
import time

import pytest

from tests.kit.ports import free_port
from tests.kit.scripted_peer import scripted_peer
from workbench.errors import LinkLost, LocalMisuse, Refused, TooSlow, WorkbenchError
from workbench.formats.target import Target, parse_target
from workbench.transcript.recorder import Transcript
from workbench.wire import resolve as resolving
from workbench.wire.addresses import Address
from workbench.wire.dial import dial
from workbench.wire.policy import alternating


def named(transcript: Transcript, name: str) -> list[dict]:
    return [dict(event.values) for event in transcript.events() if event.name == name]


async def test_a_name_is_resolved_in_sight():
    transcript = Transcript()
    with scripted_peer([("wait_eof",)]) as peer:
        stream = await dial(parse_target(f"localhost:{peer.port}"), transcript)
        await stream.aclose()
    (resolved,) = named(transcript, "resolve.complete")
    assert "127.0.0.1" in resolved["addresses"]
    assert named(transcript, "connect.complete")[0]["address"] == str(peer)
    transcript.close()


async def test_a_refused_port_names_its_stage_symbol_and_event():
    port = free_port()
    transcript = Transcript()
    with pytest.raises(LinkLost) as caught:
        await dial(parse_target(f"127.0.0.1:{port}"), transcript)
    failure = caught.value
    assert (failure.stage, failure.errno_name, failure.committed) == ("connect", "ECONNREFUSED", "no")
    assert failure.transcript_index is not None
    assert transcript[failure.transcript_index].name == "failed"
    assert named(transcript, "connect.failed")[0]["errno"] == "ECONNREFUSED"
    transcript.close()


def answer_with(monkeypatch, *hosts: str) -> None:
    """Let the name "many.test" have these addresses."""
    real = socket.getaddrinfo

    def getaddrinfo(host, port, *args, **kwargs):
        if host != "many.test" or kwargs.get("flags"):
            return real(host, port, *args, **kwargs)
        return [entry for address in hosts for entry in real(address, port, *args, **kwargs)]

    monkeypatch.setattr(resolving.socket, "getaddrinfo", getaddrinfo)


async def test_the_next_address_is_tried_when_one_refuses(monkeypatch):
    answer_with(monkeypatch, "127.0.0.2", "127.0.0.1")
    transcript = Transcript()
    with scripted_peer([("wait_eof",)]) as peer:
        stream = await dial(parse_target(f"many.test:{peer.port}"), transcript)
        assert stream.peer == str(peer)
        await stream.aclose()
    assert named(transcript, "connect.failed")[0]["address"] == f"127.0.0.2:{peer.port}"
    assert len(named(transcript, "connect.started")) == 2
    transcript.close()


async def test_when_all_addresses_fail_the_first_failure_is_told(monkeypatch):
    port = free_port()
    answer_with(monkeypatch, "127.0.0.3", "127.0.0.2")
    transcript = Transcript()
    with pytest.raises(LinkLost) as caught:
        await dial(parse_target(f"many.test:{port}"), transcript)
    assert "127.0.0.3" in str(caught.value)
    transcript.close()


async def test_a_silent_address_loses_the_race_and_is_dropped_by_name(monkeypatch):
    """A full backlog answers no SYN: a silent host that lives on loopback."""
    answer_with(monkeypatch, "127.0.0.2", "127.0.0.1")
    transcript = Transcript()
    with scripted_peer([("wait_eof",)]) as peer, silent_host("127.0.0.2", peer.port):
        stream = await dial(parse_target(f"many.test:{peer.port}"), transcript)
        assert stream.peer == str(peer)
        await stream.aclose()
    assert named(transcript, "connect.dropped") == [{"address": f"127.0.0.2:{peer.port}"}]
    transcript.close()


async def test_a_host_that_never_answers_is_too_slow_within_the_deadline(monkeypatch):
    port = free_port()
    transcript = Transcript()
    began = time.monotonic()
    with silent_host("127.0.0.2", port), pytest.raises(TooSlow) as caught:
        await dial(parse_target(f"127.0.0.2:{port}"), transcript, timeout_s=0.3)
    assert (caught.value.stage, caught.value.errno_name) == ("connect", "ETIMEDOUT")
    assert time.monotonic() - began >= 0.3
    transcript.close()


class silent_host:
    """A listener whose queue is full: the system drops further SYNs."""

    def __init__(self, host: str, port: int) -> None:
        self._place = (host, port)

    def __enter__(self):
        self._listening = socket.socket()
        self._listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listening.bind(self._place)
        self._listening.listen(0)
        self._fillers = []
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(self._place)
            self._fillers.append(filler)

    def __exit__(self, *exc):
        for sock in (*self._fillers, self._listening):
            sock.close()


async def test_a_name_that_does_not_exist_is_a_refusal_of_the_resolver(monkeypatch):
    def getaddrinfo(host, port, *args, **kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(resolving.socket, "getaddrinfo", getaddrinfo)
    transcript = Transcript()
    with pytest.raises(Refused) as caught:
        await dial(parse_target("nobody.test:80"), transcript)
    assert (caught.value.stage, caught.value.errno_name) == ("resolve", "EAI_NONAME")
    assert named(transcript, "resolve.failed")[0]["errno"] == "EAI_NONAME"
    transcript.close()


async def test_a_resolver_that_hangs_is_too_slow(monkeypatch):
    import threading

    gate = threading.Event()

    def getaddrinfo(host, port, *args, **kwargs):
        if kwargs.get("flags"):
            raise socket.gaierror(socket.EAI_NONAME, "")
        gate.wait(60)
        return []

    monkeypatch.setattr(resolving.socket, "getaddrinfo", getaddrinfo)
    transcript = Transcript()
    with pytest.raises(TooSlow) as caught:
        await dial(parse_target("slow.test:80"), transcript, timeout_s=0.02)
    assert caught.value.stage == "resolve"
    gate.set()
    transcript.close()


async def test_a_lab_name_needs_its_resolver_and_is_told_where_it_leads():
    transcript = Transcript()
    with pytest.raises(LocalMisuse):
        await dial(parse_target("lab:echo"), transcript)
    with scripted_peer([("wait_eof",)]) as peer:

        async def resolver(target: Target) -> Target:
            assert target.is_lab
            return parse_target(str(peer))

        stream = await dial(parse_target("lab:echo"), transcript, resolver=resolver)
        await stream.aclose()
    assert named(transcript, "target") == [{"asked": "lab:echo", "leads_to": str(peer)}]
    assert transcript.channels[-1].title == "lab:echo"
    transcript.close()


async def test_cancelling_a_dial_leaves_no_socket():
    port = free_port()
    transcript = Transcript()
    with silent_host("127.0.0.2", port):
        dialling = asyncio.create_task(dial(parse_target(f"127.0.0.2:{port}"), transcript))
        started = asyncio.Event()
        transcript.observe(lambda t: started.set() if named(t, "connect.started") else None)
        await started.wait()
        dialling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await dialling
    assert named(transcript, "connect.dropped")
    transcript.close()


def test_families_take_turns():
    four = [Address(socket.AF_INET, (f"192.0.2.{n}", 1)) for n in (1, 2, 3)]
    six = [Address(socket.AF_INET6, (f"2001:db8::{n}", 1, 0, 0)) for n in (1, 2)]
    assert alternating([*six, *four]) == [six[0], four[0], six[1], four[1], four[2]]
    assert alternating([]) == []


async def test_a_connection_comes_from_the_address_asked_for(monkeypatch):
    answer_with(monkeypatch, "::1", "127.0.0.1")
    transcript = Transcript()
    local = parse_target("127.0.0.2:0", listening=True)
    with scripted_peer([("wait_eof",)]) as peer:
        # The IPv6 attempt has no address of ours to come from; the other one has.
        stream = await dial(parse_target(f"many.test:{peer.port}"), transcript, local=local)
        assert stream.local.startswith("127.0.0.2:")
        assert named(transcript, "bind.complete") == [{"address": stream.local}]
        await stream.aclose()
    transcript.close()


async def test_an_address_that_is_not_ours_or_of_another_kind_is_told():
    transcript = Transcript()
    with pytest.raises(WorkbenchError) as caught:
        await dial(parse_target("127.0.0.1:9"), transcript, local=parse_target("192.0.2.1:0", listening=True))
    assert (caught.value.stage, caught.value.errno_name) == ("bind", "EADDRNOTAVAIL")
    assert named(transcript, "bind.failed")
    with pytest.raises(LocalMisuse, match="don't mix"):
        await dial(parse_target("127.0.0.1:9"), transcript, local=parse_target("[::1]:0", listening=True))
    transcript.close()
