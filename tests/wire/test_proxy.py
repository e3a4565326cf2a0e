"""Going through proxies that work, refuse and lie; the dialogue is on record, its passwords masked."""

import struct
import time

import pytest

from tests.kit.chop import chop
from tests.kit.scripted_peer import scripted_peer
from workbench.errors import LinkLost, LocalMisuse, PeerMisbehaved, Refused, TooSlow
from workbench.formats.proxy_address import Proxy, parse_proxy
from workbench.formats.target import Target, parse_target
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.wire.dial import dial

SOCKS_HELLO = b"\x05\x01\x00"
SOCKS_ASK = b"\x05\x01\x00\x03\x09echo.test" + struct.pack(">H", 7)
SOCKS_YES = b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x07"
HTTP_ASK = b"CONNECT echo.test:7 HTTP/1.1\r\nHost: echo.test:7\r\n\r\n"
HTTP_YES = b"HTTP/1.1 200 Connection established\r\nVia: 1.1 x\r\n\r\n"
THERE = parse_target("echo.test:7")


def proxy_at(peer: object, kind: str, **login: str) -> Proxy:
    return parse_proxy(f"{kind}://{peer}")._replace(**login)


def names(transcript: Transcript) -> list[str]:
    return [event.name for event in transcript.events() if event.kind == "fact"]


@pytest.mark.parametrize(
    ("kind", "script"),
    [
        (
            "socks5",
            [
                ("expect", SOCKS_HELLO),
                ("send", b"\x05\x00"),
                ("expect", SOCKS_ASK),
                ("send", SOCKS_YES + b"220 hi"),
            ],
        ),
        ("http", [("expect", HTTP_ASK), ("send", HTTP_YES + b"220 hi")]),
    ],
)
async def test_the_tunnel_begins_right_behind_the_answer(kind: str, script: list):
    transcript = Transcript()
    stages: list[str] = []
    with scripted_peer([*script, ("expect", b"QUIT"), ("finish",), ("wait_eof",)]) as peer:
        stream = await dial(THERE, transcript, proxy=proxy_at(peer, kind), report=stages.append)
        assert await stream.read() == b"220 hi"
        await stream.send(b"QUIT")
        assert await stream.read() == b""
        assert stream.peer == "echo.test:7"
        await stream.aclose()
    assert stages == ["resolve", "connect", "proxy"]
    assert [name for name in names(transcript) if name.startswith("proxy.")] == [
        "proxy.started",
        "proxy.complete",
    ]
    # What passed through the tunnel is apart from the dialogue with the proxy.
    assert len(transcript.stream(0, Direction.RECEIVED, "tcp")) == 6
    assert len(transcript.stream(0, Direction.SENT, "tcp")) == 4
    assert transcript.stream(0, Direction.RECEIVED, "proxy").read(0, 999).endswith(script[-1][1][-16:-6])
    transcript.close()


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("kind", ["socks5", "http"])
async def test_an_answer_in_small_pieces_is_the_same_answer(kind: str, size: int):
    transcript = Transcript()
    answers = [b"\x05\x00", SOCKS_YES] if kind == "socks5" else [HTTP_YES]
    asks = [SOCKS_HELLO, SOCKS_ASK] if kind == "socks5" else [HTTP_ASK]
    script: list = []
    for ask, answer in zip(asks, answers, strict=True):
        script += [("expect", ask), *(("send", piece) for piece in chop(answer, size))]
    with scripted_peer([*script, ("wait_eof",)]) as peer:
        stream = await dial(THERE, transcript, proxy=proxy_at(peer, kind))
        await stream.aclose()
    transcript.close()


async def test_an_interim_answer_is_passed_over():
    transcript = Transcript()
    with scripted_peer(
        [("expect", HTTP_ASK), ("send", b"HTTP/1.1 103 Early\r\n\r\n" + HTTP_YES), ("wait_eof",)]
    ) as peer:
        await (await dial(THERE, transcript, proxy=proxy_at(peer, "http"))).aclose()
    transcript.close()


async def test_an_address_is_sent_as_an_address_and_the_lab_is_asked_for_both_places():
    transcript = Transcript()
    ask = b"\x05\x01\x00\x01\x7f\x00\x00\x01\x00\x07"
    script = [("expect", SOCKS_HELLO), ("send", b"\x05\x00"), ("expect", ask), ("send", SOCKS_YES)]
    with scripted_peer([*script, ("wait_eof",)]) as peer:

        async def resolver(target: Target) -> Target:
            return parse_target("127.0.0.1:7" if target.host == "echo" else str(peer))

        proxy = parse_proxy("lab:proxy-socks5")
        stream = await dial(parse_target("lab:echo"), transcript, proxy=proxy, resolver=resolver)
        assert stream.peer == "127.0.0.1:7"
        await stream.aclose()
    assert names(transcript).count("target") == 2
    transcript.close()


@pytest.mark.parametrize("kind", ["socks5", "http"])
async def test_a_password_is_sent_and_masked(kind: str):
    import base64

    transcript = Transcript()
    token = base64.b64encode(b"me:s3cret")
    login = {
        "socks5": [
            ("expect", b"\x05\x02\x00\x02"),
            ("send", b"\x05\x02"),
            ("expect", b"\x01\x02me\x06s3cret"),
        ],
        "http": [("expect", HTTP_ASK[:-2] + b"Proxy-Authorization: Basic " + token + b"\r\n\r\n")],
    }
    rest = {
        "socks5": [("send", b"\x01\x00"), ("expect", SOCKS_ASK), ("send", SOCKS_YES)],
        "http": [("send", HTTP_YES)],
    }
    with scripted_peer([*login[kind], *rest[kind], ("wait_eof",)]) as peer:
        proxy = proxy_at(peer, kind, user="me", password="s3cret")
        await (await dial(THERE, transcript, proxy=proxy)).aclose()
    masked = [
        transcript.data(event)[a:b] for event in transcript.events() for a, b in transcript.secrets(event)
    ]
    assert masked == [b"s3cret" if kind == "socks5" else token]
    transcript.close()


HELLO: list = [("send", b"\x05\x00"), ("expect", SOCKS_ASK)]
REFUSALS = [
    ("socks5", [("send", b"\x05\xff")], "accepts no login", "no acceptable"),
    ("socks5", [*HELLO, ("send", b"\x05\x05" + SOCKS_YES[2:])], "refused", "reply 5"),
    ("socks5", [*HELLO, ("send", b"\x05\x63" + SOCKS_YES[2:])], "code 99", "reply 99"),
    ("http", [("send", b"HTTP/1.1 403 Filtered\r\n\r\n<h1>no")], "do not allow", "403 Filtered"),
    ("http", [("send", b"HTTP/1.1 407 Login\r\n\r\n")], "user and a password", "407 Login"),
]  # fmt: skip
LIES = [
    ("socks5", [("send", b"HTTP/1.1 400 Bad\r\n\r\n")], "where SOCKS5 has 5"),
    ("socks5", [("send", b"\x05\x01")], "which was not offered"),
    ("socks5", [("send", b"\x05"), ("finish",)], "in the middle"),
    ("socks5", [*HELLO, ("send", SOCKS_YES[:7]), ("finish",)], "in the middle"),
    ("socks5", [*HELLO, ("send", b"\x05\x00\x00\x07\x00")], "kind 7"),
    ("http", [("finish",)], "in the middle, after 0"),
    ("http", [("send", HTTP_YES[:-1]), ("finish",)], "in the middle"),
    ("http", [("send", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 4000)], "no end within 16384"),
    ("http", [("send", b"HTTP/1.1 100 Wait\r\n\r\n" * 1000)], "no end within 16384"),
    ("http", [("send", b"\x05\x00\r\n\r\n")], "no answer of HTTP/1"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "script", "what", "reply"), REFUSALS)
async def test_a_refusal_is_told_with_its_code_in_words(kind: str, script: list, what: str, reply: str):
    transcript = Transcript()
    first = SOCKS_HELLO if kind == "socks5" else HTTP_ASK
    with scripted_peer([("expect", first), *script, ("finish",), ("stall",)]) as peer:
        failing = dial(THERE, transcript, proxy=proxy_at(peer, kind))
        with pytest.raises(Refused, match=what) as caught:
            await failing
    assert caught.value.stage == "proxy"
    assert reply in caught.value.reply
    assert names(transcript)[-2:] == ["proxy.failed", "failed"]
    transcript.close()


@pytest.mark.parametrize(("kind", "script", "what"), LIES)
async def test_a_proxy_that_lies_is_blamed(kind: str, script: list, what: str):
    transcript = Transcript()
    first = SOCKS_HELLO if kind == "socks5" else HTTP_ASK
    with scripted_peer([("expect", first), *script, ("stall",)]) as peer:
        failing = dial(THERE, transcript, proxy=proxy_at(peer, kind))
        with pytest.raises(PeerMisbehaved, match=what) as caught:
            await failing
    assert caught.value.stage == "proxy"
    transcript.close()


@pytest.mark.parametrize("kind", ["socks5", "http"])
@pytest.mark.parametrize("said", [b"", b"\x05"])
async def test_a_proxy_that_falls_silent_costs_no_more_than_the_deadline(kind: str, said: bytes):
    transcript = Transcript()
    first = SOCKS_HELLO if kind == "socks5" else HTTP_ASK
    with scripted_peer([("expect", first), ("send", said), ("stall",)]) as peer:
        began = time.monotonic()
        with pytest.raises(TooSlow) as caught:
            await dial(THERE, transcript, proxy=proxy_at(peer, kind), timeout_s=0.2)
    assert time.monotonic() - began < 5
    assert caught.value.stage == "proxy"
    transcript.close()


async def test_a_reset_in_the_dialogue_and_a_login_refused_have_their_stage():
    transcript = Transcript()
    with scripted_peer([("expect", HTTP_ASK), ("reset",)]) as peer, pytest.raises(LinkLost) as lost:
        await dial(THERE, transcript, proxy=proxy_at(peer, "http"))
    assert (lost.value.stage, lost.value.errno_name) == ("proxy", "ECONNRESET")
    login = [
        ("expect", b"\x05\x02\x00\x02"),
        ("send", b"\x05\x02"),
        ("expect", b"\x01\x02me\x02no"),
        ("send", b"\x01\x01"),
    ]
    with scripted_peer([*login, ("wait_eof",)]) as peer, pytest.raises(Refused, match="user and password"):
        await dial(THERE, transcript, proxy=proxy_at(peer, "socks5", user="me", password="no"))
    transcript.close()


async def test_what_can_not_be_asked_for_is_not_sent():
    transcript = Transcript()
    with scripted_peer([("wait_eof",)]) as peer, pytest.raises(LocalMisuse, match="1 to 255"):
        await dial(THERE, transcript, proxy=proxy_at(peer, "socks5", user="me"))
    assert not len(transcript.stream(0, Direction.SENT, "proxy"))
    with pytest.raises(LocalMisuse):
        await dial(parse_target("http://x.test/"), transcript, proxy=parse_proxy("socks5://127.0.0.1:1"))
    transcript.close()
