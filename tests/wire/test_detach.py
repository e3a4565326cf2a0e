"""Handing a connection's socket over to a library: workbench.wire.stream.Stream.detach."""

import socket

from workbench.formats.target import Target
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import dial
from workbench.wire.ends import HalfState


async def test_a_detached_socket_lives_on_and_the_stream_is_over():
    transcript = Transcript()
    with socket.create_server(("127.0.0.1", 0)) as server:
        stream = await dial(Target("tcp", "127.0.0.1", server.getsockname()[1]), transcript)
        peer, _ = server.accept()
        with peer, stream.detach() as sock:
            assert not stream.is_open
            assert (stream.sending, stream.receiving) == (HalfState.FINISHED, HalfState.FINISHED)
            assert await stream.read() == b""
            await stream.aclose()
            assert not sock.getblocking()
            sock.send(b"by itself")
            assert peer.recv(100) == b"by itself"
    assert [event.name for event in transcript.events()][-1] == "detached"
    assert not any(event.kind == "bytes" for event in transcript.events())
    transcript.close()
