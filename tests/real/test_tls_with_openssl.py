"""Our TLS with `openssl s_server` and `s_client`: another program's idea of the same documents."""

import asyncio
import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.documents import checked
from tests.cli.waiting import wait_for
from tests.kit.cli import run_cli
from tests.kit.ports import free_port
from tests.lab.houses import serving
from tests.real.test_socket_verbs_with_ncat import listens
from workbench.lab.authority import Authority, lab_authority

openssl = pytest.mark.real("openssl")
versions = pytest.mark.parametrize("version", ["1.2", "1.3"])

AUTHORITY = Authority("the real peers' authority")
FLAGS = {"1.2": "-tls1_2", "1.3": "-tls1_3"}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with ca.pem, server.pem and client.pem."""
    server, client = AUTHORITY.server(), AUTHORITY.client()
    (tmp_path / "ca.pem").write_bytes(AUTHORITY.certificate)
    (tmp_path / "server.pem").write_bytes(server.chain + server.key)
    (tmp_path / "client.pem").write_bytes(client.chain + client.key)
    return tmp_path


@contextlib.contextmanager
def s_server(files: Path, *words: str) -> Iterator[str]:
    """`openssl s_server` that sends every line back reversed; yields where it listens."""
    port = free_port()
    child = subprocess.Popen(
        ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", "server.pem", "-rev", *words],
        cwd=files,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: listens(port))
        yield f"127.0.0.1:{port}"
    finally:
        child.kill()
        child.communicate()


@openssl
@versions
def test_its_server_is_trusted_and_answers(files: Path, version: str):
    with s_server(files, FLAGS[version], "-alpn", "x,echo") as where:
        done = run_cli(
            *("socket", "talk", where, "--tls", "--ca", str(files / "ca.pem"), "--sni", "localhost"),
            *("--alpn", "echo", "--send", r"hello\n", "--expect", "olleh", "--json"),
        )
    assert done.returncode == 0, done
    tls = checked(done.json)["tls"]
    assert (tls["version"], tls["alpn"], tls["trusted"]) == (f"TLSv{version}", "echo", True)


@openssl
@versions
def test_its_server_is_untrusted_without_its_authority(files: Path, version: str):
    with s_server(files, FLAGS[version]) as where:
        done = run_cli("socket", "talk", where, "--tls", "--send", r"secret\n", "--json")
        shown = run_cli(
            *("socket", "talk", where, "--tls", "--show-untrusted"),
            *("--send", r"hello\n", "--expect", "olleh", "--json"),
        )
    assert done.returncode == 1, done
    assert checked(done.json)["failure"]["kind"] == "Untrusted"
    assert shown.returncode == 0, shown
    assert checked(shown.json)["tls"]["trusted"] is False


@openssl
@versions
def test_its_server_demands_and_sees_our_certificate(files: Path, version: str):
    demand = ("-Verify", "2", "-verify_return_error", "-CAfile", "ca.pem")
    words = ("--tls", "--ca", str(files / "ca.pem"), "--send", r"hello\n", "--expect", "olleh", "--json")
    with s_server(files, FLAGS[version], *demand) as where:
        with_it = run_cli("socket", "talk", where, *words, "--cert", str(files / "client.pem"))
        without = run_cli("socket", "talk", where, *words)
    assert with_it.returncode == 0, with_it
    assert without.returncode in (1, 3), without
    failure = checked(without.json)["failure"]
    if failure["kind"] == "Refused":
        assert failure["reply"] in ("certificate_required", "handshake_failure")


@openssl
@versions
async def test_its_client_trusts_the_lab_and_is_echoed(tmp_path: Path, version: str):
    ca = tmp_path / "lab.pem"
    ca.write_bytes(lab_authority().certificate)
    async with serving("tls-echo", version=version) as served:
        child = await asyncio.create_subprocess_exec(
            *("openssl", "s_client", "-connect", f"{served.host}:{served.port}", "-servername", "localhost"),
            *("-CAfile", str(ca), "-verify_hostname", "localhost", "-verify_return_error", "-quiet"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            assert child.stdin is not None
            assert child.stdout is not None
            child.stdin.write(b"hello from openssl\n")
            await child.stdin.drain()
            assert await asyncio.wait_for(child.stdout.readline(), 20) == b"hello from openssl\n"
        finally:
            child.kill()
            await child.communicate()


@openssl
async def test_its_client_refuses_each_flaw_of_the_lab(tmp_path: Path):
    ca = tmp_path / "lab.pem"
    ca.write_bytes(lab_authority().certificate)
    for flaw in ("expired", "wrong-name", "unknown-authority"):
        async with serving("tls-echo", certificate=flaw) as served:
            child = await asyncio.create_subprocess_exec(
                *("openssl", "s_client", "-connect", f"{served.host}:{served.port}", "-CAfile", str(ca)),
                *("-verify_hostname", "localhost", "-verify_return_error"),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
            )
            _, words = await asyncio.wait_for(child.communicate(), 20)
            assert child.returncode != 0, flaw
            assert b"verify" in words, flaw
