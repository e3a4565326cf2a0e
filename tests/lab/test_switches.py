"""Switches: what is given is checked and completed, a mistake is named with what was meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse
from workbench.lab.switches import MAX_TEXT, TCP_SWITCHES, Switch, parse_switches, turn

SWITCHES = (
    *TCP_SWITCHES,
    Switch("shift", "count", 0, "seconds", low=-10, high=10),
    Switch("word", "text", "x", "a word"),
    Switch("way", "choice", "up", "a way", choices=("up", "down")),
)


def test_without_switches_the_defaults_hold():
    turned = turn(SWITCHES, {}, service="echo")
    assert turned.count("delay_ms") == 0
    assert turned.maybe("cut_after") is None
    assert turned.flag("reset") is False
    assert turned.text("word") == "x"
    assert turned.key() == ()


@pytest.mark.parametrize(
    ("name", "given_", "value"),
    [
        ("delay_ms", "50", 50),
        ("delay_ms", 50, 50),
        ("delay_ms", 50.0, 50),
        ("delay_ms", "1_000", 1000),
        ("shift", "-10", -10),
        ("cut_after", "off", None),
        ("cut_after", None, None),
        ("cut_after", 0, 0),
        ("reset", "yes", True),
        ("reset", "ON", True),
        ("reset", "0", False),
        ("reset", True, True),
        ("word", "", ""),
        ("way", "down", "down"),
    ],
)
def test_values_are_taken_as_json_and_as_a_terminal_gives_them(name: str, given_: object, value: object):
    turned = turn(SWITCHES, {name: given_}, service="echo")
    kind = next(switch.kind for switch in SWITCHES if switch.name == name)
    read = {"count": turned.maybe, "flag": turned.flag, "text": turned.text, "choice": turned.text}[kind]
    assert read(name) == value


@pytest.mark.parametrize(
    ("name", "given_", "said"),
    [
        ("delay_ms", -1, "a whole number from 0 to 600000, not -1"),
        ("delay_ms", 600_001, "from 0 to 600000"),
        ("delay_ms", "soon", "not 'soon'"),
        ("delay_ms", "--5", "not '--5'"),
        ("delay_ms", "-", "a whole number"),
        ("delay_ms", "²", "a whole number"),
        ("delay_ms", 1.5, "a whole number"),
        ("delay_ms", float("inf"), "a whole number"),
        ("delay_ms", float("nan"), "a whole number"),
        ("delay_ms", True, "a whole number"),
        ("delay_ms", None, "a whole number"),
        ("delay_ms", "off", "a whole number"),
        ("delay_ms", [], "a whole number"),
        ("cut_after", "never", "or off"),
        ("reset", 1, "reset must be yes or no"),
        ("reset", "maybe", "yes or no"),
        ("word", 7, "text of at most"),
        ("word", "x" * (MAX_TEXT + 1), "text of at most"),
        ("way", "left", "one of up, down"),
        ("way", None, "one of up, down"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_right(name: str, given_: object, said: str):
    with pytest.raises(LocalMisuse) as caught:
        turn(SWITCHES, {name: given_}, service="echo")
    assert name in caught.value.what
    assert said in caught.value.what
    assert name in caught.value.advice
    assert len(caught.value.what) < 250


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [("delay", "delay_ms"), ("cutafter", "cut_after"), ("onebyte", "one_byte"), ("wrod", "word")],
)
def test_an_unknown_switch_is_named_with_the_nearest(wrong: str, meant: str):
    with pytest.raises(LocalMisuse, match=f"echo has no switch '{wrong}'") as caught:
        turn(SWITCHES, {wrong: 1}, service="echo")
    assert meant in caught.value.advice


def test_an_unknown_switch_that_is_near_to_nothing_gets_the_whole_list():
    with pytest.raises(LocalMisuse) as caught:
        turn(SWITCHES, {"zzzzzz": 1}, service="echo")
    assert caught.value.advice.startswith("there are backlog, connections, cut_after")


def test_equal_behaviour_has_an_equal_key():
    one = turn(SWITCHES, {"delay_ms": "5", "reset": "no"}, service="echo")
    other = turn(SWITCHES, {"delay_ms": 5}, service="echo")
    assert one.key() == other.key() == (("delay_ms", 5),)


@given(st.dictionaries(st.sampled_from([s.name for s in SWITCHES]), st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.lists(st.integers(), max_size=2)
)))  # fmt: skip
def test_any_value_is_taken_within_bounds_or_refused(given_: dict[str, object]):
    try:
        turned = turn(SWITCHES, given_, service="echo")
    except LocalMisuse:
        return
    for switch in SWITCHES:
        if switch.kind == "count" and turned.maybe(switch.name) is not None:
            assert switch.low <= turned.count(switch.name) <= switch.high


@pytest.mark.parametrize(
    ("text", "switches"),
    [
        ("", {}),
        ("reset", {"reset": "yes"}),
        ("delay_ms=50,reset,cut_after=3", {"delay_ms": "50", "reset": "yes", "cut_after": "3"}),
        ('text="a, b",reset=no', {"text": "a, b", "reset": "no"}),
        (r'text="say \"x\" \\"', {"text": r'say "x" \ '.strip()}),
        ("text=", {"text": ""}),
        ("text=a b=c", {"text": "a b=c"}),
    ],
)
def test_switches_are_read_as_a_terminal_writes_them(text: str, switches: dict[str, str]):
    assert parse_switches(text) == switches


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        (",", 0, 1),
        ("a,", 2, 2),
        ("a,,b", 2, 3),
        ("a=1,a=2", 4, 5),
        ('a="x', 2, 3),
        ('a="x\\', 2, 3),
        ('a="x"y', 5, 5),
        ("=5", 0, 1),
        ("délai=5", 1, 1),
        ("a b", 1, 1),
    ],
)
def test_a_mistake_in_the_terminals_form_has_its_place(text: str, start: int, end: int):
    with pytest.raises(LocalMisuse) as caught:
        parse_switches(text)
    assert (caught.value.start, caught.value.end) == (start, end)
    assert caught.value.text == text


@given(st.text(max_size=60) | st.text(alphabet='ab_=,"\\ 1', max_size=30))
def test_any_text_is_switches_or_a_mistake_within_it(text: str):
    place = (0, 0)
    try:
        assert all(parse_switches(text))
    except LocalMisuse as error:
        place = (error.start or 0, error.end or 0)
    assert 0 <= place[0] <= place[1] <= len(text)


@given(st.dictionaries(st.from_regex(r"[a-z][a-z_]{0,9}", fullmatch=True), st.text(max_size=20), max_size=5))
def test_whatever_the_values_they_can_be_written(switches: dict[str, str]):
    quoted = {name: value.replace("\\", "\\\\").replace('"', '\\"') for name, value in switches.items()}
    assert parse_switches(",".join(f'{name}="{value}"' for name, value in quoted.items())) == switches
