"""Listeners by hand: rules, watchers, many connections, and an end that leaves nothing."""

import asyncio
import socket

from workbench.formats.target import parse_target
from workbench.jobs.offload import in_thread
from workbench.protocols.raw.serve import NO_REPLY, Reply, Server, serve_datagrams
from workbench.transcript.recorder import Transcript
from workbench.wire.datagram import open_datagram
from workbench.wire.listen import listen


class Notes:
    """A watcher that writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, object]] = []
        self.closed_one = asyncio.Event()

    def accepted(self, stream) -> None:
        self.told.append(("accepted", stream.peer))

    def received(self, stream, data) -> None:
        self.told.append(("received", data))

    def answered(self, stream) -> None:
        self.told.append(("answered", stream.peer))

    def replied(self, received) -> None:
        self.told.append(("replied", received.data))

    def closed(self, stream) -> None:
        self.told.append(("closed", stream.peer))
        self.closed_one.set()

    def heard(self, received) -> None:
        self.told.append(("heard", received.data))


def place():
    return parse_target("127.0.0.1:0", listening=True)


async def exchange(port: int, data: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(data)
    writer.write_eof()
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


async def test_an_echo_answers_many_and_ends_with_its_owner():
    transcript = Transcript()
    notes = Notes()
    server = Server(await listen(place(), transcript), Reply("echo"), notes)
    serving = asyncio.create_task(server.serve())
    answers = await asyncio.gather(*(exchange(server.listener.port, b"%d" % n) for n in range(20)))
    assert answers == [b"%d" % n for n in range(20)]
    await server.aclose()
    await serving
    assert not server.streams
    kinds = [kind for kind, _ in notes.told]
    assert kinds.count("accepted") == kinds.count("answered") == kinds.count("closed") == 20
    transcript.close()


async def test_a_text_rule_and_a_changed_rule():
    transcript = Transcript()
    server = Server(await listen(place(), transcript), Reply("text", b"no\r\n"))
    serving = asyncio.create_task(server.serve())
    assert await exchange(server.listener.port, b"please") == b"no\r\n"
    server.reply = NO_REPLY
    assert await exchange(server.listener.port, b"please") == b""
    await server.aclose()
    await serving
    transcript.close()


async def test_a_connection_kept_open_waits_for_a_person_to_answer():
    transcript = Transcript()
    notes = Notes()
    server = Server(await listen(place(), transcript), NO_REPLY, notes, keep_open=True)
    serving = asyncio.create_task(server.serve())
    reader, writer = await asyncio.open_connection("127.0.0.1", server.listener.port)
    writer.write(b"question")
    writer.write_eof()
    ended = asyncio.Event()
    transcript.observe(lambda t: ended.set() if t[-1].name == "end" else None)
    await ended.wait()
    (stream,) = server.streams
    await stream.send(b"answer by hand")
    await stream.aclose()
    assert await reader.read() == b"answer by hand"
    await notes.closed_one.wait()
    writer.close()
    await writer.wait_closed()
    await server.aclose()
    await serving
    transcript.close()


async def test_a_client_that_resets_does_not_end_the_server():
    transcript = Transcript()
    notes = Notes()
    server = Server(await listen(place(), transcript), Reply("echo"), notes)
    serving = asyncio.create_task(server.serve())
    rude = socket.create_connection(("127.0.0.1", server.listener.port))
    rude.sendall(b"x" * 100)
    rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    rude.close()
    await notes.closed_one.wait()
    assert await exchange(server.listener.port, b"next") == b"next"
    await server.aclose()
    await serving
    transcript.close()


async def test_cancelling_the_server_closes_its_connections():
    transcript = Transcript()
    server = Server(await listen(place(), transcript), Reply("echo"))
    serving = asyncio.create_task(server.serve())
    client = await in_thread(socket.create_connection, ("127.0.0.1", server.listener.port))
    client.sendall(b"x")
    assert await in_thread(client.recv, 10) == b"x"
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    assert not server.streams
    assert await in_thread(client.recv, 10) == b""
    client.close()
    await server.aclose()
    transcript.close()


async def test_datagrams_are_answered_one_by_one_the_empty_one_too():
    transcript = Transcript()
    notes = Notes()
    endpoint = await open_datagram(transcript, local=place())
    serving = asyncio.create_task(serve_datagrams(endpoint, Reply("echo"), notes))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.connect(("127.0.0.1", int(endpoint.address.split(":")[1])))
        for data in (b"", b"two"):
            client.send(data)
            assert await in_thread(client.recv, 10) == data
    assert notes.told == [("heard", b""), ("replied", b""), ("heard", b"two"), ("replied", b"two")]
    await endpoint.aclose()
    await serving
    transcript.close()
