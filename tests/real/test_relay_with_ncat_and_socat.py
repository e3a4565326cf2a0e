"""The relay between real programs: neither of them notices, and a cut is the end that both of them see."""

import hashlib
import subprocess

import pytest

from tests.cli.process import Running, running
from tests.kit.ports import free_port
from tests.real.test_socket_verbs_with_ncat import program

DATA = bytes(range(256)) * 8000


def port_of(verb: Running) -> str:
    return str(verb.document()["address"].rpartition(":")[2])


def wait_until_listening(port: str, transport: str = "tcp", state: str = "0A") -> None:
    """Return once somebody listens there; looked up in the system's table, so that nobody is connected to."""
    wanted = f":{int(port):04X} 00000000:0000 {state}"
    for _ in range(2000):
        with open(f"/proc/net/{transport}") as table:
            if wanted in table.read():
                return
        subprocess.run(["sleep", "0.005"], check=True)
    raise AssertionError(f"nobody listens on {port}")


@pytest.mark.real("ncat", "socat")
@pytest.mark.parametrize("options", [(), ("--delay", "20"), ("--flip", "7", "--direction", "to-server")])
def test_octets_pass_from_ncat_to_socat_and_back(options: tuple[str, ...]):
    port = str(free_port())
    server = subprocess.Popen(["socat", f"TCP-LISTEN:{port},bind=127.0.0.1,reuseaddr", "EXEC:sha256sum"])
    try:
        wait_until_listening(port)
        with running("relay", "127.0.0.1:0", f"127.0.0.1:{port}", *options, "--json") as verb:
            said = subprocess.run(
                ["ncat", "127.0.0.1", port_of(verb)], input=DATA, capture_output=True, timeout=60, check=True
            )
            verb.stop()
            assert verb.documents()[-1]["to_server"] == {"octets": len(DATA)}
            assert verb.wait() == 130
        sent = bytearray(DATA)
        if "--flip" in options:
            sent[7] ^= 1
        assert said.stdout.split()[0].decode() == hashlib.sha256(sent).hexdigest()
        assert server.wait(60) == 0
    finally:
        server.kill()
        server.wait()


@pytest.mark.real("ncat", "socat")
def test_a_cut_is_an_end_for_socat_and_for_ncat():
    port = str(free_port())
    server = subprocess.Popen(
        ["ncat", "--recv-only", "-l", "127.0.0.1", port], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL
    )
    try:
        wait_until_listening(port)
        words = ("--cut-after", "1000", "--direction", "to-server", "--json")
        with running("relay", "127.0.0.1:0", f"127.0.0.1:{port}", *words) as verb:
            client = subprocess.run(
                ["socat", "-t5", "-", f"TCP:127.0.0.1:{port_of(verb)}"],
                input=DATA[:5000],
                capture_output=True,
                timeout=60,
            )
            assert server.communicate(timeout=60)[0] == DATA[:1000]
            verb.stop()
            assert [one["did"] for one in verb.documents() if one["event"] == "acted"] == ["cut"]
        assert client.stdout == b""
    finally:
        server.kill()
        server.wait()


@pytest.mark.real("socat")
def test_datagrams_pass_between_two_socats():
    port = str(free_port())
    server = subprocess.Popen(["socat", f"UDP-RECVFROM:{port},bind=127.0.0.1,fork", "PIPE"])
    try:
        wait_until_listening(port, "udp", "07")
        with running("relay", "127.0.0.1:0", f"127.0.0.1:{port}", "--udp", "--json") as verb:
            with program("socat", "-", f"UDP:127.0.0.1:{port_of(verb)}") as client:
                assert client.stdin is not None
                assert client.stdout is not None
                client.stdin.write(b"hello\n")
                client.stdin.flush()
                assert client.stdout.read(6) == b"hello\n"
            verb.stop()
            assert verb.documents()[-1]["to_client"] == {"datagrams": 1}
    finally:
        server.kill()
        server.wait()
