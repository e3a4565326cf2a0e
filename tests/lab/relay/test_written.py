"""Switches as people write them, by the words of workbench.lab.relay.names; mistakes are marked in tests.cli too."""

import pytest

from workbench.errors import LocalMisuse
from workbench.lab.relay.names import NAMES, TCP_NAMES, UDP_NAMES
from workbench.lab.relay.switches import TCP_SWITCHES, UDP_SWITCHES
from workbench.lab.relay.written import read_switches


def test_every_switch_has_a_word_and_every_word_a_switch():
    tcp, udp = ({switch.name for switch in declared} for declared in (TCP_SWITCHES, UDP_SWITCHES))
    both = {name for word, name in NAMES.items() if word not in TCP_NAMES and word not in UDP_NAMES}
    assert tcp == both | set(TCP_NAMES.values())
    assert udp == both | set(UDP_NAMES.values())


def test_words_and_the_labs_own_names_are_understood():
    assert read_switches('delay=5,rewrite="a,b=>c",cut_after=9', "tcp") == {
        "delay_ms": 5,
        "rewrite": "a,b=>c",
        "cut_after": 9,
    }
    assert read_switches("", "udp") == {}


@pytest.mark.parametrize(
    ("text", "transport", "marked"),
    [("rewrite=abc", "tcp", "abc"), ("drop=1", "tcp", "drop"), ("delay=1,flip=2", "udp", "flip")],
)
def test_a_mistake_has_its_place(text: str, transport: str, marked: str):
    with pytest.raises(LocalMisuse) as caught:
        read_switches(text, transport)
    assert text[caught.value.start : caught.value.end] == marked
