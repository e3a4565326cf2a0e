"""Our captures in tshark: it follows both directions, finds every checksum good, and has nothing to warn of."""

import asyncio
import contextlib
import ssl
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.kit.cli import run_cli
from workbench.formats.target import parse_target
from workbench.transcript.export import export
from workbench.transcript.recorder import Transcript
from workbench.wire.datagram import open_datagram
from workbench.wire.dial import dial
from workbench.wire.listen import listen

LIMIT_S = 90.0
CHECKS = ("ip", "tcp", "udp")
WARNING = 0x600000
"""PI_WARN of Wireshark's expert information."""

pytestmark = pytest.mark.real("tshark")


def tshark(file: Path, *words: str) -> str:
    """What tshark says about a file, checksums looked at."""
    checks = [word for name in CHECKS for word in ("-o", f"{name}.check_checksum:TRUE")]
    done = subprocess.run(
        ["tshark", "-r", str(file), *checks, *words], capture_output=True, text=True, timeout=LIMIT_S
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def followed(file: Path, transport: str = "tcp") -> tuple[bytes, bytes]:
    """What the one who began said, and what the other one said, as tshark puts the stream together."""
    lines = tshark(file, "-q", "-z", f"follow,{transport},raw,0").splitlines()
    told = lines[next(i for i, line in enumerate(lines) if line.startswith("Node 1")) + 1 : -1]
    ours = b"".join(bytes.fromhex(line) for line in told if not line.startswith("\t"))
    theirs = b"".join(bytes.fromhex(line) for line in told if line.startswith("\t"))
    return ours, theirs


class Judgement(NamedTuple):
    """What tshark thinks of a capture: the states of checksums ("1" is good), and what it warns of, by packet."""

    checksums: set[str]
    warnings: list[str]


def judged(file: Path) -> Judgement:
    """Every packet judged. A reset and a broken packet are warnings too; a note or a chat is none."""
    fields = [*(f"{name}.checksum.status" for name in CHECKS), "tcp.analysis.flags"]
    fields += ["_ws.expert.severity", "_ws.expert.message"]
    words = [word for field in fields for word in ("-e", field)]
    checksums: set[str] = set()
    told: list[str] = []
    for line in tshark(file, "-T", "fields", "-E", "separator=|", *words).splitlines():
        *found, analysis, severities, messages = line.split("|", len(fields) - 1)
        checksums.update(filter(None, found))
        if analysis or any(int(each) >= WARNING for each in filter(None, severities.split(","))):
            told.append(messages)
    return Judgement(checksums, told)


GOOD = Judgement({"1"}, [])


def saved(transcript: Transcript, folder: Path, *, with_secrets: bool = False) -> Path:
    path = folder / "talk.pcapng"
    path.write_bytes(b"".join(export(transcript, "pcapng", with_secrets=with_secrets)))
    return path


def secure_conversation(folder: Path, version: ssl.TLSVersion) -> Transcript:
    """A question and its answer over TLS, done by the standard library in memory, records and keys written down."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=server.test",
        "-days",
        "2",
    ]
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    ours, theirs = ssl.create_default_context(cafile=certificate), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.check_hostname = False
    ours.minimum_version = ours.maximum_version = version
    ours.keylog_filename = str(folder / "keys")
    theirs.load_cert_chain(certificate, key)
    to_client, from_client, to_server, from_server = (ssl.MemoryBIO() for _ in range(4))
    client = ours.wrap_bio(to_client, from_client)
    server = theirs.wrap_bio(to_server, from_server, server_side=True)
    transcript = Transcript()
    channel = transcript.open("server.test", "tcp")
    channel.named(local="[::1]:40000", peer="[::1]:443")
    steps = [client.do_handshake, server.do_handshake, client.do_handshake, server.do_handshake]
    steps += [
        lambda: client.write(b"a question"),
        lambda: server.read(100),
        lambda: server.write(b"an answer"),
    ]
    for step in [*steps, lambda: client.read(100)]:
        # Who wants to read leaves the turn to the other side.
        with contextlib.suppress(ssl.SSLWantReadError):
            step()
        if data := from_client.read():
            channel.sent(data)
            to_server.write(data)
        if data := from_server.read():
            channel.received(data)
            to_client.write(data)
    for line in (folder / "keys").read_text().splitlines():
        channel.key(line)
    return transcript


async def connection(host: str, transcript: Transcript, servers: Transcript, asked: bytes) -> None:
    """A question, an answer, and an end in order, recorded on both sides."""
    async with await listen(parse_target(f"{host}:0", listening=True), servers) as listener:
        stream = await dial(parse_target(listener.address), transcript)
        peer = await listener.accept()
        sending = asyncio.create_task(stream.send(asked))
        assert await peer.read_exactly(len(asked)) == asked
        await sending
        await peer.send(b"thank you\r\n")
        assert await stream.read_exactly(11) == b"thank you\r\n"
        await stream.send(b"and bye")
        await stream.finish()
        assert await peer.read_exactly(8) == b"and bye"
        await peer.aclose()
        assert await stream.read() == b""
        await stream.aclose()


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_tshark_follows_both_directions_of_a_connection(tmp_path: Path, host: str):
    transcript, servers = Transcript(), Transcript()
    asked = bytes(range(256)) * 2_000
    asyncio.run(connection(host, transcript, servers, asked))
    for recorded in (transcript, servers):
        path = saved(recorded, tmp_path)
        assert followed(path) == (asked + b"and bye", b"thank you\r\n")
        assert judged(path) == GOOD
        assert len(tshark(path, "-Y", "tcp.flags.fin == 1").splitlines()) == 2
        recorded.close()


async def datagrams(host: str, transcript: Transcript, servers: Transcript) -> None:
    """Two datagrams, each answered, recorded on both sides."""
    async with (
        await open_datagram(servers, local=parse_target(f"{host}:0", listening=True)) as server,
        await open_datagram(transcript, remote=parse_target(server.address)) as client,
    ):
        for data in (b"ping", b"\0" * 9_000):
            await client.send(data)
            heard = await server.receive()
            await server.send(b"to " + heard.data[:4], to=heard.source)
            await client.receive()


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_tshark_follows_datagrams(tmp_path: Path, host: str):
    transcript, servers = Transcript(), Transcript()
    asyncio.run(datagrams(host, transcript, servers))
    for recorded in (transcript, servers):
        path = saved(recorded, tmp_path)
        assert followed(path, "udp") == (b"ping" + b"\0" * 9_000, b"to ping" + b"to \0\0\0\0")
        assert judged(path) == GOOD
        recorded.close()


@pytest.mark.real("openssl")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_tshark_decrypts_with_the_secrets_and_not_without(tmp_path: Path, version: ssl.TLSVersion):
    transcript = secure_conversation(tmp_path, version)
    path = saved(transcript, tmp_path, with_secrets=True)
    shown = tshark(path, "-q", "-z", "follow,tls,ascii,0")
    assert "a question" in shown
    assert "an answer" in shown
    assert judged(path) == GOOD
    path = saved(transcript, tmp_path)
    shown = tshark(path, "-q", "-z", "follow,tls,ascii,0")
    assert "a question" not in shown
    assert "an answer" not in shown
    assert "TLS" in tshark(path)
    transcript.close()


def test_tshark_would_find_a_checksum_that_is_wrong(tmp_path: Path):
    transcript = Transcript()
    channel = transcript.open("lab:echo", "tcp")
    channel.named(local="127.0.0.1:40000", peer="127.0.0.1:7")
    channel.sent(b"hello")
    path = saved(transcript, tmp_path)
    path.write_bytes(path.read_bytes().replace(b"hello", b"hallo"))
    checksums, told = judged(path)
    assert checksums == {"1", "0"}
    assert len(told) == 1
    assert "checksum" in told[0].lower()
    transcript.close()


async def reset_by_the_server(transcript: Transcript, servers: Transcript) -> int:
    """A connection that its server resets; returns the server's port."""
    async with await listen(parse_target("127.0.0.1:0", listening=True), servers) as listener:
        stream = await dial(parse_target(listener.address), transcript)
        peer = await listener.accept()
        peer.abort()
        assert await stream.read() == b""
        await stream.aclose()
        return listener.port


def test_tshark_sees_who_reset(tmp_path: Path):
    transcript, servers = Transcript(), Transcript()
    port = asyncio.run(reset_by_the_server(transcript, servers))
    for recorded in (transcript, servers):
        path = saved(recorded, tmp_path)
        ports = tshark(path, "-Y", "tcp.flags.reset == 1", "-T", "fields", "-e", "tcp.srcport").split()
        assert ports == [str(port)]
        recorded.close()


def test_the_terminal_writes_a_capture_and_converts_a_saved_conversation(tmp_path: Path):
    direct, saved_, later = (tmp_path / name for name in ("a.pcapng", "b.jsonl", "c.pcapng"))
    for path in (direct, saved_):
        done = run_cli("socket", "talk", "lab:echo", "--send", r"hello\r\n", "--transcript", str(path))
        assert done.returncode == 0, done
    done = run_cli("transcript", "export", str(saved_), str(later), "--json")
    assert done.returncode == 0, done
    for path in (direct, later):
        assert followed(path) == (b"hello\r\n", b"hello\r\n")
        assert judged(path) == GOOD


def test_a_conversation_over_tls_is_read_by_who_has_its_secrets(tmp_path: Path):
    words = ("socket", "talk", "lab:tls-echo", "--tls", "--ca", "lab", "--send", r"hush\r\n", "--transcript")
    for secrets, is_read in ((["--with-secrets"], True), ([], False)):
        path = tmp_path / f"{is_read}.pcapng"
        done = run_cli(*words, str(path), *secrets)
        assert done.returncode == 0, done
        assert ("hush" in tshark(path, "-q", "-z", "follow,tls,ascii,0")) is is_read
        assert judged(path) == GOOD
