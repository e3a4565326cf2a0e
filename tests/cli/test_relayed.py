"""`--relay`: switches as `workbench relay` calls them, mistakes with their place, and a relay really in between."""

from importlib import import_module

import pytest

from tests.cli.terminal import Terminal
from tests.kit.scripted_peer import scripted_peer
from workbench.cli.nouns import NOUNS
from workbench.cli.relay import OPTIONS, UDP_OPTIONS
from workbench.errors import LocalMisuse
from workbench.lab.relay.written import read_switches


def test_nothing_is_a_relay_that_changes_nothing():
    assert read_switches("", "tcp") == {}


def test_both_spellings_are_understood():
    wanted = {"delay_ms": 50, "cut_after": 100, "direction": "to-client"}
    assert read_switches("delay=50,cut-after=100,direction=to-client", "tcp") == wanted
    assert read_switches("delay_ms=50,cut_after=100,direction=to-client", "tcp") == wanted
    assert read_switches("drop=20,seed=7", "udp") == {"drop_percent": 20, "seed": 7}


@pytest.mark.parametrize("option", sorted(OPTIONS))
def test_every_option_of_the_relay_is_a_switch_here(option: str):
    name = option.removeprefix("--")
    value = {"direction": "to-server", "rewrite": "a=>b"}.get(name, "1")
    (called,) = read_switches(f"{name}={value}", "udp" if option in UDP_OPTIONS else "tcp")
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
        read_switches(text, "udp" if is_udp else "tcp")
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


EVERYWHERE = (
    ("cert", "show", "lab:tls-good"),
    ("cert", "verify", "lab:tls-good"),
    ("dns", "query", "www.lab.test", "@lab:dns"),
    ("ftp", "list", "lab:ftp/"),
    ("socket", "gopher", "lab:gopher"),
    ("socket", "talk", "lab:echo", "--send", "x"),
    ("web", "find", "lab:http/page", "--xpath", "//title"),
    ("web", "get", "lab:http/page"),
    ("web", "open", "lab:ftp/README.txt"),
    ("web", "open", "lab:gopher/0/readme"),
    ("web", "open", "lab:http/page"),
)


@pytest.mark.parametrize("words", EVERYWHERE, ids=lambda words: " ".join(words[:3]))
def test_it_is_the_same_everywhere(terminal: Terminal, words: tuple[str, ...]):
    said = terminal(*words, "--relay", "" if words[0] == "dns" else "split=7", "--json")
    assert said.code == 0, said.err
    assert said.document["relay"] == {"switches": {} if words[0] == "dns" else {"split": 7}}
    assert "relay" not in terminal(*words, "--json").document


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("cert", "show", "lab:tls-good"), 3),
        (("cert", "verify", "lab:tls-good"), 3),
        (("web", "find", "lab:http/page", "--xpath", "//title"), 4),
        (("web", "open", "lab:ftp/README.txt"), 3),
    ],
    ids=lambda words: " ".join(words[:2]) if isinstance(words, tuple) else "",
)
def test_what_it_cuts_is_missed(terminal: Terminal, words: tuple[str, ...], code: int):
    said = terminal(*words, "--relay", "cut-after=9,direction=to-client", "--json")
    assert (said.code, said.document["relay"]["switches"]["cut_after"]) == (code, 9)


def test_a_text_without_its_end_is_told(terminal: Terminal):
    address = ("web", "open", "lab:gopher/0/readme")
    said = terminal(*address, "--relay", "cut-after=20,direction=to-client", "--json")
    assert (said.code, said.document["complete"], said.document["body"]["octets"]) == (0, False, 20)
    assert "may be cut" in said.err
    assert terminal(*address, "--json").document["complete"] is True


@pytest.mark.parametrize(
    "words",
    [
        ("cert", "show", "x.pem"),
        ("cert", "verify", "x.pem"),
        ("sql", "run", "sqlite:x.db", "SELECT 1"),
        ("web", "find", "x.html", "--css", "a"),
        ("web", "open", "file:/x.html"),
        ("web", "open", "data:,x"),
    ],
    ids=lambda words: " ".join(words[:3]),
)
def test_a_file_needs_none(terminal: Terminal, words: tuple[str, ...]):
    said = terminal(*words, "--relay", "", "--json")
    assert (said.code, said.document["failure"]["what"]) == (
        2,
        "a file is opened without a network: there is nothing to relay",
    )
    assert said.document["failure"]["try"] == "leave --relay out"


WITHOUT = {
    "experiment.run",
    "relay",
    "socket.datagram",
    "socket.deaths",
    "socket.fill",
    "socket.listen",
    "socket.route",
    "transcript.replay",
}
"""Those that make their own peers, wait for some, say themselves what stands in between, or look at the way itself."""


def test_every_verb_that_goes_to_a_server_has_it():
    verbs = [verb for noun in NOUNS if noun.module for verb in import_module(noun.module).VERBS]
    without = set()
    for verb in verbs:
        names = {argument.name for argument in verb.arguments}
        if {"--transcript", "--timeout"} <= names and "--relay" not in names:
            without.add(verb.schema.partition("/")[0])
    assert without == WITHOUT
