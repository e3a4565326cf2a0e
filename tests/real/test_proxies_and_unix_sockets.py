"""Our clients through real proxies, our proxies with real clients, and Unix sockets beside socat."""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.documents import checked
from tests.cli.process import running
from tests.cli.waiting import wait_for
from tests.kit.cli import run_cli
from tests.kit.ports import free_port
from tests.kit.real import find_program
from tests.kit.scripted_peer import scripted_peer
from tests.real.test_socket_verbs_with_ncat import LIMIT_S, address_of, listens, program

ncat = pytest.mark.real("ncat")
socat = pytest.mark.real("socat")
microsocks = pytest.mark.real("microsocks")
tinyproxy = pytest.mark.real("tinyproxy")


@contextlib.contextmanager
def server(port: int, *words: str) -> Iterator[None]:
    """A proxy that runs until the block is left, once it listens."""
    path = find_program(words[0])
    assert path is not None
    child = subprocess.Popen(
        [path, *words[1:]], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(lambda: listens(port))
        yield
    finally:
        child.kill()
        child.wait(LIMIT_S)


def talk_through(proxy: str, target: str, *words: str) -> dict:
    """These proxies end a tunnel at the first end of a half, so we stop at the answer and finish nothing."""
    sending = ["--send", "hello", "--expect", "and back"]
    done = run_cli("socket", "talk", target, "--proxy", proxy, *sending, *words, "--json")
    return {**checked(done.json), "code": done.returncode}


def echo_once() -> contextlib.AbstractContextManager:
    return scripted_peer([("expect", b"hello"), ("send", b"and back"), ("stall",)])


@microsocks
def test_we_go_through_microsocks_with_a_name_and_with_an_address():
    port = free_port()
    with server(port, "microsocks", "-i", "127.0.0.1", "-p", str(port)):
        for host in ("127.0.0.1", "localhost"):
            with echo_once() as peer:
                document = talk_through(f"socks5://127.0.0.1:{port}", f"{host}:{peer.port}")
            assert (document["code"], document["received"]["text"]) == (0, "and back")
        refused = talk_through(f"socks5://127.0.0.1:{port}", f"127.0.0.1:{free_port()}")
    assert (refused["code"], refused["failure"]["stage"]) == (1, "proxy")
    assert "refused" in refused["failure"]["what"]


@microsocks
def test_microsocks_asks_for_a_login(tmp_path: Path):
    port = free_port()
    secret = tmp_path / "password"
    secret.write_text("s3cret\n")
    words = ["--proxy-user", "me", "--proxy-password-file", str(secret)]
    with server(port, "microsocks", "-i", "127.0.0.1", "-p", str(port), "-u", "me", "-P", "s3cret"):
        with echo_once() as peer:
            let_in = talk_through(f"socks5://127.0.0.1:{port}", str(peer), *words)
        kept_out = talk_through(f"socks5://127.0.0.1:{port}", "127.0.0.1:9")
        secret.write_text("wrong\n")
        wrong = talk_through(f"socks5://127.0.0.1:{port}", "127.0.0.1:9", *words)
    assert (let_in["code"], let_in["received"]["text"]) == (0, "and back")
    assert [document["failure"]["kind"] for document in (kept_out, wrong)] == ["Refused", "Refused"]


@tinyproxy
def test_we_go_through_tinyproxy(tmp_path: Path):
    port = free_port()
    configuration = tmp_path / "tinyproxy.conf"
    configuration.write_text(f"Port {port}\nListen 127.0.0.1\nTimeout 20\nAllow 127.0.0.1\nMaxClients 5\n")
    with server(port, "tinyproxy", "-d", "-c", str(configuration)):
        with echo_once() as peer:
            document = talk_through(f"http://127.0.0.1:{port}", str(peer))
        refused = talk_through(f"http://127.0.0.1:{port}", f"127.0.0.1:{free_port()}")
    assert refused["failure"]["stage"] == "proxy"
    assert refused["failure"]["reply"][:1] in "45"
    assert (document["code"], document["received"]["text"]) == (0, "and back")


@ncat
def test_we_go_through_ncats_proxy():
    port = free_port()
    words = ["ncat", "-l", "127.0.0.1", str(port), "--proxy-type", "http", "-k"]
    with server(port, *words), echo_once() as peer:
        document = talk_through(f"http://127.0.0.1:{port}", str(peer))
    assert (document["code"], document["matched"]) == (0, True)


@ncat
@pytest.mark.parametrize(("name", "kind"), [("proxy-http", "http"), ("proxy-socks5", "socks5")])
def test_ncat_goes_through_the_labs_proxies(name: str, kind: str):
    with (
        running("lab", "start", name, "--json") as lab,
        scripted_peer([("expect", b"hello\n"), ("send", b"and back\n"), ("finish",), ("stall",)]) as peer,
    ):
        proxy = lab.document()["address"]
        words = ["ncat", "--proxy", proxy, "--proxy-type", kind, peer.host, str(peer.port)]
        with program(*words) as client:
            output, _ = client.communicate(b"hello\n", timeout=LIMIT_S)
    assert output == b"and back\n"


@socat
def test_socat_and_we_meet_at_a_unix_socket(tmp_path: Path):
    path = tmp_path / "s.sock"
    with program("socat", f"UNIX-LISTEN:{path}", "EXEC:cat"):
        wait_for(path.exists)
        done = run_cli("socket", "talk", f"unix:{path}", "--send", "hello", "--json")
    assert (done.returncode, checked(done.json)["received"]["text"]) == (0, "hello")
    ours = tmp_path / "ours.sock"
    with running("socket", "listen", f"unix:{ours}", "--reply", "echo", "--count", "1", "--json") as verb:
        assert address_of(verb) == f"unix:{ours}"
        with program("socat", "-t5", "-", f"UNIX-CONNECT:{ours}") as client:
            output, _ = client.communicate(b"question", timeout=LIMIT_S)
        assert verb.wait() == 0
    assert output == b"question"
