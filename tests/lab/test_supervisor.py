"""The Lab as its users see it: services by name, joined or private, lost and found again, and nothing left."""

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator

import pytest

from tests.kit.ports import free_port
from tests.lab.houses import SOON_S, until, wait_for_death
from workbench.errors import LinkLost, LocalFault, LocalMisuse
from workbench.formats.target import Target, parse_target
from workbench.lab import connection as connection_module
from workbench.lab import process as process_module
from workbench.lab import supervisor as supervisor_module
from workbench.lab.control import PROTOCOL
from workbench.lab.launch import launch, start_child_early
from workbench.lab.supervisor import Lab, LabStatus
from workbench.settings.places import Places


@contextlib.asynccontextmanager
async def a_lab(places: Places, **options: bool) -> AsyncIterator[Lab]:
    lab = Lab(places, **options)
    try:
        yield lab
    finally:
        await lab.aclose()


async def says_echo(target: Target) -> bool:
    assert target.port is not None
    reader, writer = await asyncio.wait_for(asyncio.open_connection(target.host, target.port), SOON_S)
    writer.write(b"hello")
    answer = await asyncio.wait_for(reader.readexactly(5), SOON_S)
    writer.close()
    await writer.wait_closed()
    return answer == b"hello"


async def test_a_service_is_started_by_name_and_works(places: Places):
    async with a_lab(places) as lab:
        assert lab.mode == "none"
        address = await lab.start("echo")
        assert lab.mode == "private"
        assert (address.name, address.instance, address.transport) == ("echo", "echo", "tcp")
        assert address.target.scheme == "tcp"
        assert address.target.host == "127.0.0.1"
        assert address.note
        assert await says_echo(address.target)


async def test_the_same_wish_finds_the_same_service(places: Places):
    async with a_lab(places) as lab:
        first, second = await asyncio.gather(lab.start("echo"), lab.start("echo", delay_ms=0))
        assert first == second
        assert len(await lab.running()) == 1


async def test_other_switches_are_another_service(places: Places):
    async with a_lab(places) as lab:
        plain = await lab.start("echo")
        slow = await lab.start("echo", delay_ms=20)
        assert slow.target != plain.target
        assert (slow.instance, dict(slow.switches)) == ("echo#1", {"delay_ms": 20})
        assert await lab.start("echo", delay_ms="20") == slow
        assert await lab.start("echo") == plain


async def test_the_service_is_on_ipv6_too_with_the_same_port(places: Places):
    async with a_lab(places) as lab:
        address = await lab.start("echo")
        if address.also is None:
            pytest.skip("this machine has no ::1")
        assert address.also == Target("tcp", "::1", address.target.port)
        assert await says_echo(address.also)


async def test_a_lab_target_becomes_an_address(places: Places):
    async with a_lab(places) as lab:
        target = await lab.resolve(parse_target("lab:echo"))
        assert target == (await lab.start("echo")).target
        udp = await lab.resolve(parse_target("lab:udp-echo"))
        assert (udp.scheme, udp.host) == ("udp", "127.0.0.1")
        assert (await lab.resolve(parse_target("lab:echo/some/path"))).path == "/some/path"


async def test_another_target_stays_and_costs_no_process(places: Places):
    async with a_lab(places) as lab:
        target = parse_target("example.com:80")
        assert await lab.resolve(target) is target
        assert lab.pid is None


async def test_an_unknown_name_is_pointed_at_and_costs_no_process(places: Places):
    async with a_lab(places) as lab:
        with pytest.raises(LocalMisuse, match='no service "ehco"') as caught:
            await lab.resolve(parse_target("lab:ehco/x"))
        assert caught.value.caret() == "lab:ehco/x\n    ^^^^"
        assert "echo" in caught.value.advice
        with pytest.raises(LocalMisuse, match="no switch 'delay'"):
            await lab.start("echo", delay=5)
        assert lab.pid is None


async def test_stopping_takes_the_service_away_and_the_next_wish_brings_it_back(places: Places):
    async with a_lab(places) as lab:
        # A port that nobody else is given when it is free again.
        address = await lab.start("echo", port=free_port())
        await lab.start("echo", reset=True)
        assert await lab.stop("echo#1") == ["echo#1"]
        assert await lab.stop("echo") == ["echo"]
        assert await lab.running() == []
        with pytest.raises(OSError):  # noqa: PT011 - refused is refused, whatever the number
            await says_echo(address.target)
        assert await says_echo((await lab.start("echo")).target)


async def test_stopping_what_does_not_run_is_a_mistake(places: Places):
    async with a_lab(places) as lab:
        with pytest.raises(LocalMisuse, match="no service 'echo' runs"):
            await lab.stop("echo")
        await lab.start("discard")
        with pytest.raises(LocalMisuse, match="no service 'echo' runs"):
            await lab.stop("echo")


async def test_figures_tell_what_the_server_has_read(places: Places):
    async with a_lab(places) as lab:
        assert await says_echo((await lab.start("echo")).target)
        (running,) = await lab.running()
        assert (running.seen, running.octets_received, running.octets_sent) == (1, 5, 5)


async def test_a_refusal_of_the_child_arrives_as_it_was(places: Places):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with a_lab(places) as lab:
            with pytest.raises(LocalFault, match=f"port {port} of 127.0.0.1 is taken") as caught:
                await lab.start("echo", port=port)
            assert caught.value.errno_name == "EADDRINUSE"
            with pytest.raises(LocalMisuse, match="on loopback only"):
                await lab.start("echo", host="0.0.0.0")
            await lab.ping()


# ---- joining


async def test_a_shared_lab_is_joined_and_its_services_are_the_same(places: Places):
    async with a_lab(places, share=True) as owner, a_lab(places) as guest:
        address = await owner.start("echo")
        assert owner.shared_at == str(places.runtime / "lab.sock")
        assert await guest.start("echo") == address
        assert (owner.mode, guest.mode) == ("private", "joined")
        assert guest.pid == owner.pid


async def test_a_lab_that_is_not_shared_is_not_joined(places: Places):
    async with a_lab(places) as first, a_lab(places) as second:
        await first.ping()
        await second.ping()
        assert (first.mode, second.mode) == ("private", "private")
        assert first.pid != second.pid
        assert not places.runtime.exists()


async def test_joining_can_be_declined(places: Places):
    async with a_lab(places, share=True) as owner, a_lab(places, join=False, share=True) as other:
        await owner.ping()
        await other.ping()
        assert other.mode == "private"
        assert other.shared_at == ""
        assert "another Lab of yours is open already" in other.status.note


async def test_a_guest_who_leaves_takes_only_services_of_its_own_along(places: Places):
    async with a_lab(places, share=True) as owner:
        await owner.start("echo", delay_ms=1)
        async with a_lab(places) as guest:
            await guest.start("echo")
            await guest.start("echo", delay_ms=1)
            await guest.start("echo", delay_ms=2)
            await until(lambda: len(owner.status.services) == 3)
        await until(lambda: len(owner.status.services) == 2)
        assert {one.address.instance for one in await owner.running()} == {"echo", "echo#1"}


async def test_when_the_joined_lab_ends_the_next_use_starts_a_private_one(places: Places):
    async with a_lab(places) as guest:
        async with a_lab(places, share=True) as owner:
            await owner.ping()
            await guest.ping()
            assert guest.mode == "joined"
        await until(lambda: guest.mode == "none")
        assert "the Lab that we had joined ended" in guest.status.note
        assert await says_echo((await guest.start("echo")).target)
        assert guest.mode == "private"


async def test_the_socket_of_a_killed_lab_is_replaced(places: Places):
    async with a_lab(places, share=True) as first:
        await first.ping()
        assert first.pid is not None
        os.kill(first.pid, signal.SIGKILL)
        assert wait_for_death(first.pid, SOON_S)
        assert (places.runtime / "lab.sock").exists()
        async with a_lab(places, share=True) as second, a_lab(places) as guest:
            await second.ping()
            await guest.ping()
            assert (second.mode, guest.mode) == ("private", "joined")
            assert guest.pid == second.pid


@pytest.mark.parametrize(
    "hello",
    [
        b'{"hello": {"protocol": %d, "version": "0.0.0", "pid": 1}}\n' % PROTOCOL,
        b'{"hello": {"protocol": 99, "version": "0.1.0", "pid": 1}}\n',
        b"220 mail.test ESMTP\r\n",
        b"",
        None,
    ],
    ids=["other version", "other protocol", "somebody else", "closes", "says nothing"],
)
async def test_what_does_not_speak_our_protocol_is_not_joined(
    places: Places, hello: bytes | None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(supervisor_module, "JOIN_WITHIN_S", 0.2)
    over = asyncio.Event()

    async def serve(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if hello is not None:
            writer.write(hello)
        if not hello:
            await over.wait()
        writer.close()

    places.runtime.mkdir(mode=0o700)
    server = await asyncio.start_unix_server(serve, places.runtime / "lab.sock")
    async with server, a_lab(places) as lab:
        assert await says_echo((await lab.start("echo")).target)
        assert lab.mode == "private"
        over.set()


async def test_a_socket_that_is_not_safely_ours_is_not_joined(places: Places):
    async with a_lab(places, share=True) as owner:
        await owner.ping()
        places.runtime.chmod(0o755)
        async with a_lab(places) as careful:
            await careful.ping()
            assert careful.mode == "private"


# ---- losing it


async def test_a_dead_child_is_noticed_told_and_replaced_on_the_next_use(places: Places):
    told: list[LabStatus] = []
    async with a_lab(places) as lab:
        lab.observe(told.append)
        before = await lab.start("echo")
        pid = lab.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await until(lambda: lab.mode == "none")
        assert told[-1].note == "the Lab was ended by SIGKILL"
        after = await lab.start("echo")
        assert lab.pid != pid
        assert await says_echo(after.target)
        assert before.name == after.name


async def test_who_waits_when_the_child_dies_is_told_with_its_last_words(places: Places):
    async with a_lab(places) as lab:
        await lab.ping()
        assert lab.pid is not None
        os.kill(lab.pid, signal.SIGSTOP)
        waiting = asyncio.create_task(lab.start("echo"))
        await asyncio.sleep(0)
        # faulthandler is on in the child: its last words are the stack where it was.
        os.kill(lab.pid, signal.SIGSEGV)
        os.kill(lab.pid, signal.SIGCONT)
        with pytest.raises(LinkLost, match="the Lab was ended by SIGSEGV") as caught:
            await waiting
        assert caught.value.stage == "lab"
        assert "Segmentation fault" in caught.value.reply


def end_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give a child that does not end less time than closing may take: a busy machine needs some for itself."""
    assert process_module.END_WITHIN_S + process_module._KILLED_WITHIN_S < 2.0
    monkeypatch.setattr(process_module, "END_WITHIN_S", 0.5)


async def test_a_lab_that_hangs_is_given_up_and_killed(places: Places, monkeypatch: pytest.MonkeyPatch):
    end_soon(monkeypatch)
    async with a_lab(places) as lab:
        await lab.ping()
        assert lab.pid is not None
        pid = lab.pid
        os.kill(pid, signal.SIGSTOP)
        monkeypatch.setattr(connection_module, "ANSWER_WITHIN_S", 0.1)
        with pytest.raises(TimeoutError, match="did not answer within"):
            await lab.ping()
        began = time.monotonic()
    assert time.monotonic() - began < 2.0
    assert wait_for_death(pid, 0.0)


async def test_a_child_that_cannot_start_is_a_fault_of_this_machine_with_its_words(
    places: Places, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("workbench.lab.launch.sys.executable", "/bin/sh")
    async with a_lab(places) as lab:
        with pytest.raises(LocalFault, match="the Lab can't be started") as caught:
            await lab.ping()
        assert caught.value.reply
    monkeypatch.setattr("workbench.lab.launch.sys.executable", "/no/such/python")
    async with a_lab(places) as lab:
        with pytest.raises(LocalFault, match="the Lab can't be started"):
            await lab.ping()


async def test_a_start_that_is_cancelled_leaves_no_process(places: Places):
    async with a_lab(places) as lab:
        task = asyncio.create_task(lab.start("echo"))
        await asyncio.sleep(0.005)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await says_echo((await lab.start("echo")).target)


# ---- ending it


async def test_closing_ends_the_child_its_services_and_conversations_within_two_seconds(places: Places):
    lab = Lab(places, share=True)
    address = await lab.start("silent")
    pid = lab.pid
    assert pid is not None
    reader, writer = await asyncio.open_connection(address.target.host, address.target.port)
    began = time.monotonic()
    await lab.aclose()
    assert time.monotonic() - began < 2.0
    assert wait_for_death(pid, 0.0)
    assert await asyncio.wait_for(reader.read(), SOON_S) == b""
    writer.close()
    await writer.wait_closed()
    assert os.listdir(places.runtime) == ["lab.lock"]
    await lab.aclose()
    with pytest.raises(LocalMisuse, match="the Lab is closed"):
        await lab.start("echo")


async def test_closing_does_not_wait_for_a_lab_that_is_slow_to_begin(
    places: Places, monkeypatch: pytest.MonkeyPatch
):
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    monkeypatch.setattr("workbench.lab.launch.child_command", lambda _share="": command)
    end_soon(monkeypatch)
    lab = Lab(places)
    waiting = asyncio.create_task(lab.start("echo"))
    await until(lambda: lab._beginning is not None)
    began = time.monotonic()
    await lab.aclose()
    assert time.monotonic() - began < 2.0
    with pytest.raises(LocalFault, match="the Lab was closed"):
        await waiting


async def test_a_lab_that_nobody_used_closes_without_having_begun(places: Places):
    async with a_lab(places) as lab:
        assert await lab.running() == []
    assert lab.pid is None


# ---- the child that was started early


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that ends by itself while it still begins needs long on a busy machine: let it."""
    monkeypatch.setattr(process_module, "END_WITHIN_S", SOON_S)


async def test_an_early_child_is_the_one_that_is_used(places: Places, patience: None):
    early = start_child_early(places.runtime)
    assert early is not None
    lab = Lab(places, early=early)
    await lab.ping()
    assert lab.pid == early.pid
    await lab.aclose()
    assert early.returncode == 0


async def test_an_early_child_that_is_not_needed_is_ended(places: Places, patience: None):
    unused = launch()
    await Lab(places, early=unused).aclose()
    assert unused.returncode == 0
    async with a_lab(places, share=True) as owner:
        await owner.ping()
        assert start_child_early(places.runtime) is None
        early = launch()
        guest = Lab(places, early=early)
        await guest.ping()
        assert guest.mode == "joined"
        await guest.aclose()
        assert early.returncode == 0


async def test_an_early_child_can_be_shared(places: Places):
    lab = Lab(places, share=True, early=start_child_early(places.runtime, share=True))
    await lab.ping()
    assert lab.shared_at
    await lab.aclose()


def test_an_early_child_that_cannot_start_is_none(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("workbench.lab.launch.sys.executable", "/no/such/python")
    assert start_child_early() is None


# ---- watching it


async def test_an_observer_is_told_now_and_at_every_change_until_cut_off(places: Places):
    told: list[LabStatus] = []
    async with a_lab(places) as lab:
        cut = lab.observe(told.append)
        assert told == [LabStatus("none")]
        await lab.start("echo")
        await until(lambda: len(told[-1].services) == 1)
        await lab.start("discard")
        await until(lambda: len(told[-1].services) == 2)
        await lab.stop("echo")
        await until(lambda: len(told[-1].services) == 1)
        assert told[-1].mode == "private"
        cut()
        cut()
        count = len(told)
        await lab.stop("discard")
        await until(lambda: lab.status.services == ())
        assert len(told) == count


async def test_a_guest_sees_what_ran_before_it_came(places: Places):
    async with a_lab(places, share=True) as owner:
        await owner.start("echo")
        async with a_lab(places) as guest:
            await guest.ping()
            assert [one.address.name for one in guest.status.services] == ["echo"]


async def test_labs_in_a_row_leave_no_descriptor(places: Places):
    async with a_lab(places) as lab:
        await lab.ping()
    before = set(os.listdir("/proc/self/fd"))
    for _ in range(5):
        async with a_lab(places) as lab:
            await lab.start("echo")
    gc.collect()
    assert set(os.listdir("/proc/self/fd")) == before


@pytest.mark.qt
async def test_it_works_on_the_windows_own_loop(places: Places):
    lab = Lab(places, share=True)
    address = await lab.start("echo")
    assert await says_echo(address.target)
    pid = lab.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await until(lambda: lab.mode == "none")
    await lab.ping()
    await lab.aclose()
    assert lab.pid is None
