"""Unix sockets: by the standard library's sockets at the other end, and files that are left behind."""

import asyncio
import os
import socket
from pathlib import Path

import pytest

from workbench.errors import LinkLost, LocalFault, LocalMisuse
from workbench.formats.target import Target, parse_target
from workbench.transcript.recorder import Transcript
from workbench.wire.datagram import open_datagram
from workbench.wire.dial import dial
from workbench.wire.listen import listen


def facts(transcript: Transcript, name: str) -> list[dict]:
    return [dict(event.values) for event in transcript.events() if event.name == name]


def unix(path: Path) -> Target:
    return parse_target(f"unix:{path}")


async def test_a_stream_goes_there_and_back_and_knows_who_is_there(tmp_path: Path):
    path = tmp_path / "s.sock"
    transcript = Transcript()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        stream = await dial(unix(path), transcript)
        theirs, _ = server.accept()
        with theirs:
            await stream.send(b"question")
            assert theirs.recv(100) == b"question"
            theirs.sendall(b"answer")
        assert await stream.read() == b"answer"
        assert await stream.read() == b""
        assert stream.end is not None
        assert stream.end.kind == "FIN"
        assert stream.peer == f"unix:{path}"
        await stream.aclose()
    (who,) = facts(transcript, "peer.credentials")
    assert who == {"pid": os.getpid(), "uid": os.getuid(), "gid": os.getgid()}
    assert transcript.channels[0].layer == "unix"
    transcript.close()


async def test_a_listener_serves_and_takes_its_file_away(tmp_path: Path):
    path = tmp_path / "s.sock"
    transcript = Transcript()
    async with await listen(unix(path), transcript) as listener:
        assert (listener.address, listener.port) == (f"unix:{path}", None)
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(path))
            stream = await listener.accept()
            assert stream.peer == f"process {os.getpid()}"
            client.sendall(b"hello")
            assert await stream.read() == b"hello"
            await stream.aclose()
    assert not path.exists()
    assert facts(transcript, "peer.credentials")[0]["pid"] == os.getpid()
    transcript.close()


async def test_a_file_that_somebody_else_put_there_meanwhile_stays(tmp_path: Path):
    path = tmp_path / "s.sock"
    transcript = Transcript()
    async with await listen(unix(path), transcript):
        path.rename(tmp_path / "old.sock")
        path.write_text("mine")
    assert path.read_text() == "mine"
    transcript.close()


async def test_a_file_left_behind_is_told_as_such_by_either_side(tmp_path: Path):
    path = tmp_path / "s.sock"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    transcript = Transcript()
    with pytest.raises(LinkLost, match="left it behind") as lost:
        await dial(unix(path), transcript)
    assert (lost.value.stage, lost.value.errno_name) == ("connect", "ECONNREFUSED")
    with pytest.raises(LocalFault, match="left it behind") as fault:
        await listen(unix(path), transcript)
    assert f"rm {path}" in fault.value.advice
    assert path.exists()
    transcript.close()


async def test_a_served_file_a_plain_file_and_no_file_are_told_apart(tmp_path: Path):
    transcript = Transcript()
    served, plain, none = tmp_path / "s.sock", tmp_path / "plain", tmp_path / "none"
    plain.write_text("")
    async with await listen(unix(served), transcript):
        with pytest.raises(LocalFault, match="another program listens"):
            await listen(unix(served), transcript)
        assert served.exists()
    with pytest.raises(LocalFault, match="it is no socket"):
        await listen(unix(plain), transcript)
    with pytest.raises(LinkLost, match="no socket"):
        await dial(unix(plain), transcript)
    with pytest.raises(LinkLost, match="no such socket file"):
        await dial(unix(none), transcript)
    transcript.close()


async def test_a_full_queue_is_told_at_once(tmp_path: Path):
    path = tmp_path / "s.sock"
    transcript = Transcript()
    waiting = []

    async def knock() -> None:
        for _ in range(10):
            waiting.append(await dial(unix(path), transcript))

    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen(0)
        with pytest.raises(LinkLost, match="queue of waiting connections is full"):
            await knock()
        for stream in waiting:
            await stream.aclose()
    transcript.close()


async def test_an_abstract_name_is_shown_as_others_show_it():
    transcript = Transcript()
    left, right = socket.socketpair()
    right.close()
    left.close()
    from workbench.wire.addresses import address_text

    assert address_text(b"\0name") == "unix:@name"
    assert address_text("") == ""
    transcript.close()


async def test_no_datagrams_go_there_and_no_proxy_leads_there(tmp_path: Path):
    from workbench.formats.proxy_address import parse_proxy

    transcript = Transcript()
    target = unix(tmp_path / "s.sock")
    with pytest.raises(LocalMisuse):
        await open_datagram(transcript, remote=target)
    with pytest.raises(LocalMisuse):
        await open_datagram(transcript, local=target)
    with pytest.raises(LocalMisuse, match="no proxy leads there"):
        await dial(target, transcript, proxy=parse_proxy("socks5://127.0.0.1:1"))
    transcript.close()


async def test_a_waiting_accept_ends_with_its_listener(tmp_path: Path):
    transcript = Transcript()
    listener = await listen(unix(tmp_path / "s.sock"), transcript)
    waiting = asyncio.create_task(listener.accept())
    await asyncio.sleep(0)
    await listener.aclose()
    with pytest.raises(LinkLost):
        await waiting
    transcript.close()
