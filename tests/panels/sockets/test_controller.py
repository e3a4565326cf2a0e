"""What a person does in a session, without Qt: open, send, finish, reset, close, answer by hand.

The four kinds of session, workbench.panels.sockets.sessions, are tested through their controller.
"""

import asyncio

import pytest

from tests.kit.ports import free_port
from tests.kit.scripted_peer import scripted_peer
from workbench.errors import LinkLost, LocalMisuse, WorkbenchError
from workbench.formats.target import Target
from workbench.jobs.job import Job
from workbench.jobs.offload import in_thread
from workbench.jobs.scope import Scope
from workbench.panels.sockets.controller import SessionController
from workbench.panels.sockets.copying import MAX_COPIED
from workbench.panels.sockets.state import Form, SessionState
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.wire.ends import HalfState


async def nowhere(target: Target) -> Target:
    return target


class Desk:
    """A session with its scope, and a way to wait for what the state will show."""

    def __init__(self, **form: object) -> None:
        self.transcript = Transcript()
        self.scope = Scope("sockets")
        self.session = SessionController(self.transcript, nowhere, Form(**form))
        self._news = asyncio.Event()
        self.session.observe(lambda _session: self._news.set())

    @property
    def state(self) -> SessionState:
        return self.session.state

    def open(self) -> Job:
        return self.scope.launch(self.session.open(), name="open")

    async def until(self, holds) -> SessionState:
        while not holds(self.state):
            self._news.clear()
            await self._news.wait()
        return self.state

    async def close(self) -> None:
        await self.scope.retire()
        self.transcript.close()


async def test_a_client_connects_sends_finishes_and_learns_how_the_peer_ended():
    script = [("expect", b"hello\r\n"), ("send", b"hi"), ("wait_eof",), ("send", b" bye")]
    with scripted_peer(script) as peer:
        desk = Desk(target=str(peer))
        job = desk.open()
        await desk.until(lambda s: s.phase == "open")
        assert desk.state.can_send
        assert desk.state.peer is not None
        assert desk.state.peer.address == str(peer)
        await desk.session.send(b"hello\r\n")
        await desk.until(lambda s: s.peers[0].received == 2)
        await desk.session.finish()
        assert not desk.state.can_send
        assert desk.state.why_not_send == "this side has finished sending"
        await job.wait()
        assert (job.state, desk.state.phase) == ("done", "ended")
        (only,) = desk.state.peers
        assert (only.sent, only.received, only.receiving) == (7, 6, HalfState.FINISHED)
        assert desk.state.verdict.word == "ended"
        assert "FIN" in desk.state.verdict.sentence
        await desk.close()


async def test_a_reset_by_the_peer_is_a_warning_not_a_failure():
    with scripted_peer([("expect", b"x"), ("reset",)]) as peer:
        desk = Desk(target=str(peer))
        job = desk.open()
        await desk.until(lambda s: s.can_send)
        await desk.session.send(b"x")
        assert (await job.wait()).state == "done"
        assert desk.state.verdict.kind == "warning"
        assert "RST" in desk.state.verdict.sentence
        assert desk.state.problem is None
        await desk.close()


async def test_a_refused_connection_is_the_panels_problem_with_stage_and_symbol():
    port = free_port()
    desk = Desk(target=f"127.0.0.1:{port}")
    job = await desk.open().wait()
    assert job.state == "failed"
    assert desk.state.phase == "failed"
    assert isinstance(desk.state.problem, LinkLost)
    assert desk.state.problem.errno_name == "ECONNREFUSED"
    assert desk.state.verdict.kind == "bad"
    desk.session.dismiss()
    assert desk.state.problem is None
    await desk.close()


@pytest.mark.parametrize("target", ["", "nothing", "127.0.0.1:70000", "::1:80", "lab:echo"])
async def test_a_mistake_in_the_target_is_named_and_nothing_is_sent(target):
    desk = Desk(target=target)
    await desk.open().wait()
    assert isinstance(desk.state.problem, LocalMisuse)
    assert [event for event in desk.transcript.events() if event.kind == "bytes"] == []
    await desk.close()


async def test_aborting_resets_and_ends_the_session():
    with scripted_peer([("expect", b"x"), ("stall",)]) as peer:
        desk = Desk(target=str(peer))
        job = desk.open()
        await desk.until(lambda s: s.can_send)
        await desk.session.send(b"x")
        desk.session.abort()
        await job.wait()
        assert desk.state.phase == "ended"
        assert "we reset" in desk.state.verdict.sentence
        await desk.close()


async def test_cancelling_the_job_closes_the_connection():
    with scripted_peer([("wait_eof",)]) as peer:
        desk = Desk(target=str(peer))
        job = desk.open()
        await desk.until(lambda s: s.phase == "open")
        job.cancel()
        assert (await job.wait()).state == "cancelled"
        assert desk.state.phase == "ended"
        assert desk.state.verdict.word in ("closed", "ended")
        await in_thread(peer.wait)
        await desk.close()


async def test_when_the_peer_finished_first_we_still_can_send_and_then_finish():
    with scripted_peer([("finish",), ("expect", b"late"), ("wait_eof",)]) as peer:
        desk = Desk(target=str(peer))
        job = desk.open()
        await desk.until(lambda s: s.verdict.word == "half closed")
        await desk.session.send(b"late")
        await desk.session.finish()
        assert (await job.wait()).state == "done"
        await desk.close()


async def test_a_listener_has_a_row_for_each_connection_and_answers_the_chosen_one_by_hand():
    desk = Desk(role="listener", target="127.0.0.1:0")
    job = desk.open()
    await desk.until(lambda s: s.phase == "open")
    assert desk.state.why_not_send == "nobody has connected yet"
    host, port = desk.state.address.split(":")
    clients = [await asyncio.open_connection(host, port) for _ in range(2)]
    for number, (_, writer) in enumerate(clients):
        writer.write(b"client %d" % number)
    await desk.until(lambda s: len(s.peers) == 2 and all(p.received == 8 for p in s.peers))
    second = clients[1][1].get_extra_info("sockname")[1]
    chosen = next(p for p in desk.state.peers if p.address.endswith(f":{second}"))
    desk.session.select(chosen.channel)
    await desk.session.send(b"to the second")
    await desk.session.finish()
    assert await clients[1][0].read() == b"to the second"
    clients[1][1].close()
    await desk.until(lambda s: sum(p.is_open for p in s.peers) == 1)
    job.cancel()
    await job.wait()
    assert await clients[0][0].read() == b""
    clients[0][1].close()
    for _, writer in clients:
        await writer.wait_closed()
    assert not any(p.is_open for p in desk.state.peers)
    await desk.close()


async def test_the_rule_of_a_running_listener_changes_at_once():
    desk = Desk(role="listener", target="127.0.0.1:0", reply="echo")
    desk.open()
    await desk.until(lambda s: s.phase == "open")
    reader, writer = await asyncio.open_connection(*desk.state.address.split(":"))
    writer.write(b"one")
    assert await reader.read(10) == b"one"
    desk.session.compose(reply="text", reply_text="no\\r\\n")
    writer.write(b"two")
    assert await reader.read(10) == b"no\r\n"
    writer.close()
    await writer.wait_closed()
    await desk.close()


async def test_datagrams_client_and_listener_with_peers_as_rows():
    listener = Desk(role="listener", transport="udp", target="127.0.0.1:0", reply="echo")
    listener.open()
    await listener.until(lambda s: s.phase == "open")
    client = Desk(transport="udp", target=listener.state.address)
    client.open()
    await client.until(lambda s: s.can_send)
    assert not client.state.can_finish
    for data in (b"", b"two"):
        await client.session.send(data)
    await client.until(lambda s: s.peers[0].received == 3)
    events = [e for e in client.transcript.events() if e.direction is Direction.RECEIVED]
    assert [e.size for e in events] == [0, 3]
    (row,) = listener.state.peers
    assert row.address == client.state.peers[0].local
    await listener.session.send(b"by hand")
    await client.until(lambda s: s.peers[0].received == 10)
    with pytest.raises(LocalMisuse):
        await client.session.finish()
    with pytest.raises(LocalMisuse):
        client.session.abort()
    await client.close()
    await listener.close()


async def test_a_datagram_to_nobody_shows_its_icmp_error_and_the_session_goes_on():
    port = free_port()
    desk = Desk(transport="udp", target=f"127.0.0.1:{port}")
    desk.open()
    await desk.until(lambda s: s.can_send)
    await desk.session.send(b"anyone?")
    state = await desk.until(lambda s: s.problem is not None)
    assert state.problem is not None
    assert state.problem.errno_name == "ECONNREFUSED"
    assert state.phase == "open"
    await desk.close()


async def test_sending_without_a_connection_says_what_to_do():
    desk = Desk()
    with pytest.raises(LocalMisuse, match="connect first"):
        await desk.session.send(b"x")
    desk.session.compose(role="listener")
    with pytest.raises(LocalMisuse, match="listen first"):
        await desk.session.send(b"x")
    await desk.close()


async def send_until_it_fails(desk: Desk) -> None:
    while True:
        await desk.session.send(b"more")
        await asyncio.sleep(0)


async def test_a_send_that_fails_is_shown_and_told():
    with scripted_peer([("expect", b"x")]) as peer:
        desk = Desk(target=str(peer))
        desk.open()
        await desk.until(lambda s: s.can_send)
        await desk.session.send(b"x")
        await desk.until(lambda s: s.verdict.word == "half closed")
        with pytest.raises(WorkbenchError) as caught:
            await send_until_it_fails(desk)
        assert desk.state.problem is caught.value
        assert not desk.state.sending
        await desk.close()


async def test_a_session_copies_as_a_script_with_its_payloads():
    desk = Desk(target="127.0.0.1:1")
    with pytest.raises(LocalMisuse):
        desk.session.copy_as_python()
    with scripted_peer([("expect", b"ab"), ("wait_eof",)]) as peer:
        desk.session.compose(target=str(peer))
        job = desk.open()
        await desk.until(lambda s: s.can_send)
        await desk.session.send(b"a")
        await desk.session.send(b"b")
        await desk.session.finish()
        await job.wait()
        script = desk.session.copy_as_python()
        assert "b'a'" in script
        assert "SHUT_WR" in script
        assert str(peer.port) in script
    await desk.close()


async def test_a_conversation_too_large_for_a_script_says_so():
    data = b"x" * (MAX_COPIED + 1)
    with scripted_peer([("expect", data), ("wait_eof",)]) as peer:
        desk = Desk(target=str(peer))
        desk.open()
        await desk.until(lambda s: s.can_send)
        await desk.session.send(data)
        with pytest.raises(LocalMisuse, match="too much"):
            desk.session.copy_as_python()
        await desk.close()


async def test_a_listeners_script_answers_like_the_form():
    desk = Desk(role="listener", target="127.0.0.1:0", reply="echo")
    desk.open()
    await desk.until(lambda s: s.phase == "open")
    script = desk.session.copy_as_python()
    assert "sendall(data)" in script
    assert desk.state.address.split(":")[1] in script
    await desk.close()
