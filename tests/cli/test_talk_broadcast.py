"""`socket talk --starttls, --once, --broadcast` and `socket listen --preset, --idle, --one-at-a-time`.

Also workbench.cli.session_explain, which gives the steps of these their sentences.
"""

import socket

import pytest

from tests.cli.process import running
from tests.cli.terminal import Terminal
from tests.cli.test_socket_listen import address_of, exchange
from tests.kit.scripted_peer import scripted_peer
from workbench.cli.session_explain import explain
from workbench.transcript.recorder import Transcript


@pytest.mark.covers("C5.20", "C5.21")
def test_a_broadcast_lists_who_answers_and_how_soon(terminal: Terminal):
    said = terminal("socket", "talk", "lab:beacon", "--udp", "--broadcast", "--send", "who?", "--json")
    assert said.code == 0
    answers = said.document["answers"]
    assert sorted(answer["text"] for answer in answers) == [
        "I am here: anvil",
        "I am here: bellows",
        "I am here: chisel",
    ]
    assert len({answer["source"].split(":")[0] for answer in answers}) == 3
    assert all(0 <= answer["latency_ms"] <= said.document["elapsed_ms"] for answer in answers)
    assert said.document["held_back"] == 0
    assert said.document["received"]["octets"] == sum(answer["octets"] for answer in answers)


def test_who_answers_nobody_and_what_is_no_broadcast(terminal: Terminal):
    nobody = terminal(
        "socket", "talk", "127.255.255.255:9", "--udp", "--broadcast", "--send", "who?", "--json"
    )
    assert nobody.code == 3
    assert "from here they look the same" in nobody.document["failure"]["what"]
    for words in (
        ("127.0.0.1:9", "--udp", "--broadcast", "--send", "x"),
        ("127.0.0.1:9", "--broadcast", "--send", "x"),
        ("127.0.0.1:9", "--udp", "--quiet", "2", "--send", "x"),
        ("127.0.0.1:9", "--udp", "--once", "--send", "x"),
        ("127.0.0.1:9", "--udp", "--starttls", "smtp", "--send", "x"),
        ("127.0.0.1:9", "--tls", "--starttls", "smtp"),
        ("127.0.0.1:9", "--starttls", "irc"),
    ):
        said = terminal("socket", "talk", *words, "--json")
        assert (said.code, said.document["failure"]["kind"]) == (2, "LocalMisuse"), words


@pytest.mark.covers("C1.18")
def test_once_the_system_takes_what_it_has_room_for(terminal: Terminal):
    words = ("--once", "--send", "x" * 100_000, "--option", "SNDBUF=4608", "--timeout", "1", "--json")
    with scripted_peer([("stall",)]) as peer:
        said = terminal("socket", "talk", str(peer), *words)
        assert said.document["offered"] == {"octets": 100_000}
        assert 0 < said.document["sent"]["octets"] < 100_000
    said = terminal("socket", "talk", "127.0.0.1:9", "--once", "--file", "-", "--json")
    assert said.code == 2


def test_starttls_goes_on_under_tls_and_a_stripped_offer_is_told(terminal: Terminal):
    said = terminal("socket", "talk", "lab:smtp", "--starttls", "smtp", "--send", r"QUIT\r\n", "--json")
    assert said.code == 0
    assert said.document["tls"]["trusted"] is True
    assert said.document["received"]["text"].startswith("221 ")
    steps = {event["event"]: event for event in said.document["events"] if "what" in event}
    assert steps["starttls.accepted"]["text"] == "the next octets are the client's hello"
    stripped = [
        ("send", b"220 x\r\n"),
        ("expect", b"EHLO client.example\r\n"),
        ("send", b"250 x\r\n"),
        ("wait_eof",),
    ]
    with scripted_peer(stripped) as peer:
        said = terminal("socket", "talk", str(peer), "--starttls", "smtp", "--send", "x", "--json")
        assert said.code == 1
        assert (said.document["failure"]["kind"], said.document["failure"]["stage"]) == (
            "Refused",
            "starttls",
        )
        assert "took the offer out" in said.document["failure"]["try"]


@pytest.mark.covers("C1.20")
def test_a_preset_is_a_server_and_an_unknown_one_is_named(terminal: Terminal):
    words = ("--preset", "greet", "--one-at-a-time", "--count", "2", "--json")
    with running("socket", "listen", "127.0.0.1:0", *words) as verb:
        address = address_of(verb)
        assert exchange(address, b"Hello\n").endswith(b"You entered 5 characters, in 5 octets.\r\n")
        assert exchange(address, "héllo\n".encode()).endswith(b"5 characters, in 6 octets.\r\n")
        assert verb.wait() == 0
    said = terminal("socket", "listen", "127.0.0.1:0", "--preset", "oracle", "--json")
    assert said.code == 2
    assert "greet" in said.document["failure"]["try"]
    assert terminal("socket", "listen", "127.0.0.1:0", "--udp", "--idle", "3", "--json").code == 2


@pytest.mark.covers("C5.6")
def test_a_silent_client_is_dropped():
    with running(
        "socket", "listen", "127.0.0.1:0", "--reply", "echo", "--idle", "0.2", "--count", "1", "--json"
    ) as verb:
        with socket.create_connection(address_of(verb), 10) as client:
            client.sendall(b"x")
            assert client.recv(10) == b"x"
            assert client.recv(10) == b""
        documents = verb.documents()
        assert verb.wait() == 0
    ended = next(document for document in documents if document["event"] == "ended")
    assert (ended["end"], ended["end_by"]) == ("local", "us")


def test_every_room_has_its_sentences():
    transcript = Transcript()
    channel = transcript.open("x", "tcp")
    for name, values in (
        ("close", {"unread": 0}),
        ("starttls.refused", {"protocol": "SMTP", "said": "454 no"}),
        ("serve.turn", {"waited_ms": 3}),
    ):
        assert explain(transcript, transcript[channel.fact(name, **values)]) is not None
    assert explain(transcript, transcript[channel.fact("of.others")]) is None
    transcript.close()
