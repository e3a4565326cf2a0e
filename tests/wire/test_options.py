"""Socket options: declared, set, read back, and on record as granted."""

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalFault, LocalMisuse
from workbench.formats.target import parse_target
from workbench.transcript.recorder import Transcript
from workbench.wire.datagram import open_datagram
from workbench.wire.dial import dial
from workbench.wire.listen import listen
from workbench.wire.memory import pair
from workbench.wire.options import BY_NAME, OPTIONS, apply, parse_setting, value_text

WANTED = {"NODELAY", "KEEPALIVE", "KEEPIDLE", "KEEPINTVL", "KEEPCNT", "REUSEADDR", "REUSEPORT", "LINGER"}
WANTED |= {"SNDBUF", "RCVBUF", "BROADCAST", "V6ONLY", "TTL"}
LOOPBACK = parse_target("127.0.0.1:0", listening=True)


def granted(transcript: Transcript) -> dict[str, object]:
    facts = [event.values for event in transcript.events() if event.name == "option.set"]
    return {values["option"]: values["granted"] for values in facts}


def test_the_table_has_every_option_with_words_and_a_source():
    assert set(BY_NAME) >= WANTED
    assert all(option.what and option.source for option in OPTIONS)
    assert all(option.unit for option in OPTIONS if option.kind != "flag")


async def test_a_stream_is_dialled_with_options_and_says_what_was_granted():
    transcript = Transcript()
    texts = ["RCVBUF=20000", "nodelay=off", "KEEPALIVE=1", "KEEPIDLE=7", "KEEPINTVL=3", "KEEPCNT=2", "TTL=9"]
    settings = [parse_setting(text) for text in (*texts, "LINGER=5")]
    async with await listen(LOOPBACK, transcript) as listener:
        stream = await dial(parse_target(listener.address), transcript, settings=settings)
        values = stream.options.read()
        assert stream.options.set("LINGER", None) is None
        assert stream.options.read()["LINGER"] is None
        await stream.aclose()
        assert stream.options.read() == {}
    seen = granted(transcript)
    assert values["RCVBUF"] == seen["RCVBUF"]
    assert values["RCVBUF"] is not None
    assert values["RCVBUF"] >= 20000
    wanted = {
        "NODELAY": 0,
        "KEEPALIVE": 1,
        "KEEPIDLE": 7,
        "KEEPINTVL": 3,
        "KEEPCNT": 2,
        "TTL": 9,
        "LINGER": 5,
    }
    assert {name: values[name] for name in wanted} == wanted
    assert "V6ONLY" not in values
    transcript.close()


async def test_a_listener_and_a_datagram_socket_have_them_too():
    transcript = Transcript()
    settings = [parse_setting("REUSEPORT=1")]
    async with await listen(LOOPBACK, transcript, settings=settings) as first:
        # The same port twice: only REUSEPORT lets that be.
        same = parse_target(first.address)
        async with await listen(same, transcript, settings=settings) as second:
            assert second.port == first.port
        assert first.options.read()["REUSEPORT"] == 1
    async with await open_datagram(
        transcript,
        local=LOOPBACK,
        settings=[parse_setting("BROADCAST=yes"), parse_setting("MULTICAST_TTL=3")],
    ) as datagram:
        values = datagram.options.read()
        assert (values["BROADCAST"], values["MULTICAST_TTL"]) == (1, 3)
        assert "NODELAY" not in values
    transcript.close()


async def test_an_ipv6_socket_has_its_own_ttl_and_can_be_for_ipv6_only():
    transcript = Transcript()
    try:
        sock = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6")
    sock.close()
    target = parse_target("[::1]:0", listening=True)
    settings = [parse_setting("V6ONLY=1"), parse_setting("TTL=12")]
    async with await listen(target, transcript, settings=settings) as listener:
        values = listener.options.read()
    assert (values["V6ONLY"], values["TTL"]) == (1, 12)
    transcript.close()


async def test_a_unix_socket_has_no_ttl_and_says_so():
    transcript = Transcript()
    left, right = pair(transcript)
    assert "TTL" not in left.options.read()
    with pytest.raises(LocalMisuse, match="TTL=3: this socket does not take it"):
        left.options.set("TTL", 3)
    with pytest.raises(LocalMisuse, match="no socket option"):
        left.options.set("SPEED", 3)
    await left.aclose()
    await right.aclose()
    transcript.close()


async def test_a_setting_that_comes_too_late_is_told_so():
    transcript = Transcript()
    async with await listen(LOOPBACK, transcript) as listener:
        with pytest.raises(LocalMisuse):
            listener.options.set("V6ONLY", 1)
    transcript.close()


async def test_a_listener_with_an_impossible_option_leaves_no_socket():
    transcript = Transcript()
    with pytest.raises(LocalMisuse, match="V6ONLY"):
        await listen(LOOPBACK, transcript, settings=[parse_setting("V6ONLY=1")])
    with pytest.raises(LocalMisuse, match="NODELAY"):
        await open_datagram(transcript, local=LOOPBACK, settings=[parse_setting("NODELAY=1")])
    transcript.close()


def test_what_the_system_forbids_is_this_machines_fault():
    class Forbidding(socket.socket):
        def setsockopt(self, *args):
            raise PermissionError(1, "Operation not permitted")

    with Forbidding() as sock, pytest.raises(LocalFault):
        apply(sock, [parse_setting("SNDBUF=1")])


@given(st.sampled_from(OPTIONS), st.integers(-5, 2**33) | st.none())
def test_a_setting_is_read_as_written_or_refused_with_its_place(option, value):
    text = f"{option.name}={value_text(value)}"
    high = 1 if option.kind == "flag" else option.high
    good = option.kind == "linger" if value is None else option.low <= value <= high
    if value is None and option.kind == "flag":
        assert parse_setting(text).value == 0
    elif good:
        setting = parse_setting(text)
        assert (setting.option, setting.value, str(setting)) == (option, value, text)
    else:
        with pytest.raises(LocalMisuse) as caught:
            parse_setting(text)
        assert caught.value.start == len(option.name) + 1


@pytest.mark.parametrize(
    "text", ["", "=", "NODELAY", "NODELAY=", "NODELAY=maybe", "WARP=9", "RCVBUF=1e3", "TTL=٣"]
)
def test_what_is_no_setting_is_refused_with_advice(text: str):
    with pytest.raises(LocalMisuse) as caught:
        parse_setting(text)
    assert caught.value.advice
    assert caught.value.start is not None
