"""Every fact that the wire records has a sentence."""

import ast
from pathlib import Path

import pytest

import workbench.wire
from tests.wire.address_samples import ADDRESS_SAMPLES
from tests.wire.tls.samples import TLS_SAMPLES
from workbench.transcript.recorder import Transcript
from workbench.wire.explain import FACTS, explain

SAMPLES: dict[str, dict[str, object]] = {
    "resolve.started": {"host": "h"},
    "resolve.complete": {"host": "h", "addresses": ["::1", "127.0.0.1"]},
    "resolve.numeric": {"host": "127.0.0.1"},
    "resolve.failed": {"host": "h", "errno": "EAI_NONAME", "sentence": "no such name"},
    "target": {"asked": "lab:echo", "leads_to": "127.0.0.1:1"},
    "connect.started": {"address": "127.0.0.1:1"},
    "connect.complete": {"local": "127.0.0.1:2", "address": "127.0.0.1:1"},
    "connect.failed": {"address": "127.0.0.1:1", "errno": "ECONNREFUSED", "sentence": "nobody listens"},
    "connect.dropped": {"address": "127.0.0.1:1"},
    "listen.complete": {"address": "127.0.0.1:1", "backlog": 128},
    "listen.failed": {"address": "127.0.0.1:1", "errno": "EADDRINUSE", "sentence": "in use"},
    "listen.closed": {"address": "127.0.0.1:1"},
    "accept.complete": {"local": "127.0.0.1:1", "peer": "127.0.0.1:2"},
    "accept.failed": {"errno": "ECONNABORTED"},
    "finish.sent": {},
    "finish.failed": {"errno": "ENOTCONN"},
    "reset.sent": {},
    "urgent.sent": {"octet": "21"},
    "urgent.received": {"octet": "21"},
    "end": {"kind": "FIN", "by": "peer", "sentence": "the peer finished"},
    "close": {"unread": 3},
    "unplugged": {},
    "detached": {},
    "datagram.open": {"local": "127.0.0.1:1", "peer": "", "receive_buffer": 4096},
    "datagram.truncated": {"source": "127.0.0.1:1", "kept": 5},
    "datagram.lost": {"count": 3, "total": 5},
    "multicast.joined": {"group": "239.0.0.1", "interface": "127.0.0.1"},
    "multicast.left": {"group": "239.0.0.1", "interface": ""},
    "multicast.failed": {"group": "239.0.0.1", "errno": "ENODEV", "sentence": "no way there"},
    "bind.complete": {"address": "127.0.0.2:1"},
    "bind.failed": {"address": "127.0.0.2:1", "errno": "EADDRINUSE", "sentence": "in use"},
    "peer.credentials": {"pid": 1, "uid": 2, "gid": 3},
    "option.set": {"option": "RCVBUF", "asked": 4096, "granted": 8192, "unit": "B"},
    "proxy.started": {"proxy": "socks5://p:1", "kind": "socks5", "target": "t:1", "login": True},
    "proxy.complete": {"proxy": "socks5://p:1", "target": "t:1", "bound": "127.0.0.1:1"},
    "proxy.failed": {"proxy": "socks5://p:1", "target": "t:1", "sentence": "it says no"},
    "fault": {"doing": "send", "errno": "ECONNREFUSED", "sentence": "nobody"},
    "failed": {"stage": "connect", "errno": "ECONNREFUSED", "what": "nobody listens"},
    **TLS_SAMPLES,
    **ADDRESS_SAMPLES,
}


def recorded_names() -> set[str]:
    """The first argument of every `.fact("...")` in the room."""
    names = set()
    for file in Path(workbench.wire.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "fact"
            ):
                assert isinstance(node.args[0], ast.Constant), f"{file.name}:{node.lineno}"
                names.add(node.args[0].value)
    return names


def test_no_fact_is_without_words():
    assert recorded_names() == set(FACTS) == set(SAMPLES)


def test_sentences_hold_the_facts_values():
    transcript = Transcript()
    channel = transcript.open("c", "tcp")
    for name, values in SAMPLES.items():
        explanation = explain(transcript, transcript[channel.fact(name, **values)])
        assert explanation is not None
        told = " ".join(explanation)
        for key in ("host", "address", "errno", "sentence", "asked", "granted", "leads_to", "peer", "what"):
            assert str(values.get(key, "")) in told, name
    assert explain(transcript, transcript[channel.fact("something.else")]) is None
    transcript.close()


def test_an_empty_datagram_is_named():
    transcript = Transcript()
    transcript.open("u", "udp").received(b"")
    explanation = explain(transcript, transcript[0])
    assert explanation is not None
    assert "empty" in explanation.what
    transcript.close()


@pytest.mark.parametrize(
    ("layer", "data", "words"),
    [
        ("tls", b"hello", "inside TLS"),
        ("proxy", b"CONNECT", "with the proxy"),
        ("tcp", b"\x16\x03\x01\x02", "a TLS record: handshake"),
        ("tcp", b"\x17\x03\x03\x00", "a TLS record: application data"),
        ("tcp", b"\x17", ""),
        ("tcp", b"hello", ""),
    ],
)
def test_octets_say_what_layer_they_are_of(layer: str, data: bytes, words: str):
    transcript = Transcript()
    transcript.open("a", "tcp").received(data, layer=layer)
    explained = explain(transcript, transcript[0])
    assert explained is not None
    assert explained.text.startswith(words)
    assert bool(explained.text) == bool(words)
    transcript.close()


def test_records_are_shown_as_octets():
    transcript = Transcript()
    channel = transcript.open("a", "tcp")
    channel.received(b"\x17\x03\x03\x00\x02\xe6\x97")
    channel.received(b"\x17\x03\x03" + bytes(100))
    short, long = (explain(transcript, event) for event in transcript.events())
    assert short is not None
    assert short.what == "17 03 03 00 02 e6 97"
    assert long is not None
    assert long.what == "17 03 03" + " 00" * 21 + " …"
    transcript.close()
