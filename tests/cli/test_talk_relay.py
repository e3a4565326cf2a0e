"""`--relay`: switches as `workbench relay` calls them, mistakes with their place, and a relay really in between."""

import pytest

from tests.cli.terminal import Terminal
from tests.kit.scripted_peer import scripted_peer
from workbench.cli.relay import OPTIONS, UDP_OPTIONS
from workbench.cli.talk_relay import read_relay
from workbench.errors import LocalMisuse


def test_nothing_is_a_relay_that_changes_nothing():
    assert read_relay("", is_udp=False).switches == {}


def test_both_spellings_are_understood():
    wanted = {"delay_ms": 50, "cut_after": 100, "direction": "to-client"}
    assert read_relay("delay=50,cut-after=100,direction=to-client", is_udp=False).switches == wanted
    assert read_relay("delay_ms=50,cut_after=100,direction=to-client", is_udp=False).switches == wanted
    assert read_relay("drop=20,seed=7", is_udp=True).switches == {"drop_percent": 20, "seed": 7}


@pytest.mark.parametrize("option", sorted(OPTIONS))
def test_every_option_of_the_relay_is_a_switch_here(option: str):
    name = option.removeprefix("--")
    value = {"direction": "to-server", "rewrite": "a=>b"}.get(name, "1")
    (called,) = read_relay(f"{name}={value}", is_udp=option in UDP_OPTIONS).switches
    assert called == OPTIONS[option]


@pytest.mark.parametrize(
    ("text", "is_udp", "marked", "words"),
    [
        ("x", False, "x", "no switch"),
        ("delay=50,dely=3", False, "dely", "no switch"),
        ("delay=50,rate=fast", False, "fast", "rate must be"),
        ("rate=1,delay=999999999", False, "999999999", "delay must be"),
        ("delay", False, "delay", "delay must be"),
        ("delay=1,delay_ms=2", False, "delay_ms", "given twice"),
        ("delay=1,delay=2", False, "delay", "given twice"),
        ("direction=up", False, "up", "direction must be"),
        ("seed=1,drop=3", False, "seed", "means nothing to a stream"),
        ("delay=5,cut-after=3", True, "cut-after", "means nothing to datagrams"),
        ("delay=5,", False, "", "missing after the comma"),
        ("=5", False, "=", "missing here"),
    ],
)
def test_a_mistake_is_marked(text: str, is_udp: bool, marked: str, words: str):
    with pytest.raises(LocalMisuse, match=words) as caught:
        read_relay(text, is_udp=is_udp)
    misuse = caught.value
    assert misuse.text == text
    assert misuse.text[misuse.start : misuse.end] == marked


def test_a_mistake_is_found_before_anybody_is_asked(terminal: Terminal):
    said = terminal("socket", "talk", "lab:echo", "--relay", "delay=50,cut-aftr=1", "--json")
    assert said.code == 2
    failure = said.document["failure"]
    assert (failure["what"], failure["input"][failure["at"]["start"] : failure["at"]["end"]]) == (
        "--relay: the relay has no switch 'cut-aftr'",
        "cut-aftr",
    )
    assert "cut-after" in failure["try"]
    assert "lab" not in said.document


def test_a_unix_socket_has_no_relay(terminal: Terminal):
    said = terminal("socket", "talk", "unix:/tmp/x", "--relay", "", "--json")
    assert (said.code, said.document["failure"]["kind"]) == (2, "LocalMisuse")


def test_it_stands_between_us_and_the_target(terminal: Terminal):
    with scripted_peer([("expect", b"hello"), ("send", b"0123456789"), ("wait_eof",)]) as peer:
        said = terminal(
            *("socket", "talk", str(peer), "--relay", "cut-after=4,direction=to-client"),
            *("--send", "hello", "--no-finish", "--json"),
        )
    assert said.code == 0
    document = said.document
    assert document["received"]["text"] == "0123"
    assert document["relay"] == {"switches": {"cut_after": 4, "direction": "to-client"}}
    assert document["address"] == document["peer"] != str(peer)
    assert document["lab"] == "private"


def test_a_target_of_the_lab_and_tls_go_through_it(terminal: Terminal):
    said = terminal(
        "socket", "talk", "lab:tls-echo", "--tls", "--relay", "split=100", "--send", "hi", "--json"
    )
    assert said.code == 0
    assert (said.document["received"]["text"], said.document["tls"]["trusted"]) == ("hi", True)
    said = terminal(
        *("socket", "talk", "lab:tls-echo", "--tls", "--relay", "cut-after=99,direction=to-client"),
        *("--send", "hi", "--json"),
    )
    assert (said.code, said.document["failure"]["stage"]) == (3, "tls")


def test_datagrams_are_lost_on_the_way(terminal: Terminal):
    said = terminal(
        *("socket", "talk", "lab:udp-echo", "--udp", "--relay", "drop=100"),
        *("--send", "hi", "--timeout", "0.3", "--json"),
    )
    assert (said.code, said.document["failure"]["kind"]) == (3, "TooSlow")
    said = terminal("socket", "talk", "lab:udp-echo", "--udp", "--relay", "", "--send", "hi", "--json")
    assert (said.code, said.document["received"]["text"]) == (0, "hi")


def test_behind_a_proxy_it_is_the_relay_that_the_proxy_leads_to(terminal: Terminal):
    said = terminal(
        *(
            "socket",
            "talk",
            "lab:echo",
            "--proxy",
            "lab:proxy-socks5",
            "--relay",
            "flip=0,direction=to-client",
        ),
        *("--send", "hello", "--json"),
    )
    assert said.code == 0
    assert said.document["received"].get("text") != "hello"
    assert said.document["received"]["octets"] == 5
    assert said.document["proxy"]["kind"] == "socks5"
