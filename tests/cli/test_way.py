"""Proxies, addresses of ours, socket options and Unix sockets in the terminal."""

import socket
from pathlib import Path

import pytest

from tests.cli.documents import checked
from tests.cli.process import running
from tests.cli.terminal import Terminal
from tests.kit.cli import run_cli
from tests.kit.scripted_peer import scripted_peer

YES = b"HTTP/1.1 200 Connection established\r\n\r\n"


def test_a_proxy_is_gone_through_and_told_of(terminal: Terminal):
    ask = b"CONNECT echo.test:7 HTTP/1.1\r\nHost: echo.test:7\r\n\r\n"
    with scripted_peer([("expect", ask), ("send", YES + b"hi"), ("wait_eof",)]) as peer:
        said = terminal("socket", "talk", "echo.test:7", "--proxy", f"http://{peer}", "--json")
    assert said.code == 0
    document = said.document
    assert document["proxy"] == {"address": f"http://{peer}", "kind": "http", "bound": None}
    assert (document["address"], document["peer"]) == (str(peer), "echo.test:7")
    assert document["received"]["text"] == "hi"
    sizes = [event["octets"] for event in document["events"] if event.get("layer") == "proxy"]
    assert sizes == [len(ask), len(YES)]


def test_only_what_came_through_the_tunnel_goes_to_standard_output(terminal: Terminal):
    with scripted_peer([("expect", b"\x05\x01\x00"), ("send", b"\x05\xff")]) as peer:
        said = terminal("socket", "talk", "echo.test:7", "--proxy", f"socks5://{peer}")
    assert said.code == 1
    assert said.out == ""
    assert "dialogue with the proxy" in said.err
    assert "--proxy-user" in said.err


def test_the_password_comes_from_a_file_and_is_shown_nowhere(tmp_path: Path, terminal: Terminal):
    (tmp_path / "p").write_text("s3cret\r\nmore")
    login = [("expect", b"\x05\x02\x00\x02"), ("send", b"\x05\x02"), ("expect", b"\x01\x02me\x06s3cret")]
    with scripted_peer([*login, ("send", b"\x01\x01")]) as peer:
        words = ["--proxy-user", "me", "--proxy-password-file", str(tmp_path / "p")]
        kept = tmp_path / "t.txt"
        words += ["--transcript", str(kept)]
        said = terminal("socket", "talk", "x.test:7", "--proxy", f"socks5://{peer}", *words, "--json")
    assert (said.code, said.document["failure"]["stage"]) == (1, "proxy")
    assert "s3cret" not in said.out + said.err + kept.read_text()


def test_the_labs_proxies_lead_to_the_labs_services():
    for proxy in ("lab:proxy-socks5", "lab:proxy-http"):
        done = run_cli("socket", "talk", "lab:echo", "--proxy", proxy, "--send", "hello", "--json")
        document = checked(done.json)
        assert (done.returncode, document["received"]["text"]) == (0, "hello")


def test_options_and_the_address_of_ours_are_granted_and_told_of(terminal: Terminal):
    with scripted_peer([("wait_eof",)]) as peer:
        words = [
            "--local",
            "127.0.0.2",
            "--option",
            "NODELAY=0",
            "--option=LINGER=off",
            "--option",
            "SNDBUF=30000",
        ]
        said = terminal("socket", "talk", str(peer), *words, "--json")
    assert said.code == 0
    document = said.document
    assert document["local"].startswith("127.0.0.2:")
    nodelay, linger, sndbuf = document["options"]
    assert nodelay == {"name": "NODELAY", "asked": 0, "granted": 0, "unit": ""}
    assert (linger["asked"], linger["granted"]) == (None, None)
    assert (sndbuf["asked"], sndbuf["unit"]) == (30000, "B")
    assert sndbuf["granted"] >= 30000


@pytest.mark.parametrize(
    "words",
    [
        ("127.0.0.1:9", "--proxy", "ftp://x:1"),
        ("127.0.0.1:9", "--proxy-user", "me"),
        ("127.0.0.1:9", "--proxy", "socks5://x:1", "--proxy-user", "me"),
        ("127.0.0.1:9", "--udp", "--send", "x", "--proxy", "socks5://x:1"),
        ("127.0.0.1:9", "--local", "unix:/x"),
        ("127.0.0.1:9", "--option", "WARP=9"),
        ("127.0.0.1:9", "--option", "NODELAY=2"),
        ("unix:/x", "--udp", "--send", "x"),
        ("unix:/x", "--option", "TTL=3"),
        ("unix:/x", "--proxy", "socks5://127.0.0.1:1"),
        ("lab:unix-echo", "--udp", "--send", "x"),
    ],
)
def test_what_does_not_go_together_is_wrong_usage(terminal: Terminal, words: tuple[str, ...]):
    said = terminal("socket", "talk", *words, "--json")
    assert said.code == 2
    assert said.document["failure"]["kind"] == "LocalMisuse"


def test_a_password_file_that_is_not_there_is_this_machines_fault(tmp_path: Path, terminal: Terminal):
    words = [
        "--proxy",
        "socks5://127.0.0.1:1",
        "--proxy-user",
        "me",
        "--proxy-password-file",
        str(tmp_path / "no"),
    ]
    assert terminal("socket", "talk", "x.test:1", *words, "--json").code == 5


def test_a_unix_socket_is_talked_to_and_listened_on(tmp_path: Path):
    path = tmp_path / "s.sock"
    words = ["socket", "listen", f"unix:{path}", "--reply", "echo", "--count", "1", "--json"]
    with running(*words) as verb:
        listening = verb.document()
        assert (listening["address"], listening["transport"]) == (f"unix:{path}", "unix")
        done = run_cli("socket", "talk", f"unix:{path}", "--send", "hello", "--json")
        documents = verb.documents()
        assert verb.wait() == 0
    document = checked(done.json)
    assert (document["transport"], document["peer"]) == ("unix", f"unix:{path}")
    assert document["received"]["text"] == "hello"
    assert documents[-1]["received"] == {"octets": 5}
    assert not path.exists()


def test_the_labs_unix_socket_is_a_target_like_the_others():
    done = run_cli("socket", "talk", "lab:unix-echo", "--send", "hello", "--json")
    document = checked(done.json)
    assert (done.returncode, document["transport"], document["received"]["text"]) == (0, "unix", "hello")
    assert "peer.credentials" in [event["event"] for event in document["events"]]


def test_a_group_is_joined_and_heard():
    words = [
        "socket",
        "listen",
        "0.0.0.0:0",
        "--udp",
        "--join",
        "239.255.77.8@127.0.0.1",
        "--count",
        "1",
        "--json",
    ]
    with running(*words, "--option", "RCVBUF=65536") as verb:
        listening = verb.document()
        assert listening["groups"] == ["239.255.77.8"]
        assert listening["options"][0]["name"] == "RCVBUF"
        port = int(listening["address"].rpartition(":")[2])
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            # Tests stay on loopback: that the group is really joined is seen in tests/wire/test_multicast.py.
            sock.sendto(b"to all", ("127.0.0.1", port))
        heard = verb.document()
        assert heard["text"] == "to all"
        assert verb.wait() == 0
    assert run_cli("socket", "listen", "127.0.0.1:0", "--join", "239.0.0.1", "--json").returncode == 2


def test_a_policy_says_which_address_is_tried_when(terminal: Terminal):
    with scripted_peer([("send", b"hi"), ("wait_eof",)]) as peer:
        said = terminal("socket", "talk", f"localhost:{peer.port}", "--policy", "v4", "--json")
    assert said.code == 0
    assert checked(said.document)["peer"] == str(peer)
    wrong = terminal("socket", "talk", "localhost:1", "--policy", "v5")
    assert wrong.code == 2
    assert "there is no policy v5" in wrong.err


@pytest.mark.covers("C1.3")
def test_no_name_is_looked_up_where_only_numbers_may_be(terminal: Terminal):
    said = terminal("socket", "talk", "localhost:1", "--numeric", "--json")
    assert said.code == 1
    assert said.document["failure"]["errno"] == "EAI_NONAME"
    with scripted_peer([("send", b"hi"), ("wait_eof",)]) as peer:
        assert terminal("socket", "talk", str(peer), "--numeric").out == "hi"
