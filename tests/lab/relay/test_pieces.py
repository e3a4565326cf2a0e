"""The octets of one direction: every switch acts at its octet, wherever the octets are cut."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.chop import chop
from workbench.lab.relay.pieces import FLIPPED, Act, Pass, Pieces, split
from workbench.lab.relay.switches import TCP_SWITCHES, Way
from workbench.lab.switches import turn

ENDINGS = {
    "cut_after": "cut",
    "reset_after": "reset",
    "freeze_after": "freeze",
    "half_close_after": "half-close",
}
DATA = b"0123456789"


def pieces(way: Way = Way.TO_SERVER, **switches: object) -> Pieces:
    return Pieces(turn(TCP_SWITCHES, switches, service="the relay"), way)


def fed(machine: Pieces, parts: list[bytes]) -> tuple[bytes, list[Act]]:
    """All octets that are sent on, and everything else, in order."""
    actions = [*machine.begin(), *itertools.chain.from_iterable(map(machine.feed, parts))]
    return (
        b"".join(action.data for action in actions if isinstance(action, Pass)),
        [action for action in actions if isinstance(action, Act)],
    )


@given(st.lists(st.binary(max_size=50)))
def test_without_switches_octets_pass_as_they_came(parts: list[bytes]):
    machine = pieces()
    assert [machine.feed(part) for part in parts] == [[Pass(part)] if part else [] for part in parts]


@pytest.mark.parametrize(("switch", "deed"), ENDINGS.items())
@pytest.mark.parametrize("limit", range(len(DATA) + 2))
@pytest.mark.parametrize("cut", range(len(DATA) + 1))
def test_an_ending_comes_after_its_octet_wherever_they_are_cut(switch: str, deed: str, limit: int, cut: int):
    passed, acts = fed(pieces(**{switch: limit}), [DATA[:cut], DATA[cut:]])
    assert passed == DATA[:limit]
    assert acts == ([Act(deed, limit)] if limit <= len(DATA) else [])  # type: ignore[arg-type]


@given(st.binary(min_size=1, max_size=60), st.integers(0, 70), st.integers(0, 70), st.integers(1, 60))
def test_a_flip_and_an_ending_are_the_same_however_octets_are_cut(data: bytes, at: int, limit: int, n: int):
    whole = fed(pieces(flip=at, cut_after=limit), [data])
    assert fed(pieces(flip=at, cut_after=limit), list(chop(data, n))) == whole
    passed, acts = whole
    expected = bytearray(data[:limit])
    if at < len(expected):
        expected[at] ^= FLIPPED
        assert acts[0] == Act("flip", at, data[at], expected[at])
    assert passed == expected


def test_of_several_endings_the_first_one_wins():
    assert fed(pieces(cut_after=5, reset_after=3), [DATA]) == (b"012", [Act("reset", 3)])
    assert fed(pieces(half_close_after=2, freeze_after=4), [DATA]) == (b"01", [Act("half-close", 2)])


def test_the_other_direction_is_left_alone():
    for way in Way:
        machine = pieces(way, cut_after=0, flip=0, direction=Way.TO_CLIENT.value)
        assert fed(machine, [DATA])[0] == (DATA if way is Way.TO_SERVER else b"")


@given(st.binary(max_size=100), st.integers(0, 120))
def test_split_octets_are_the_same_octets_in_pieces_of_that_size(data: bytes, size: int):
    parts = list(split(data, size))
    assert b"".join(parts) == data
    assert all(len(part) <= (size or len(data)) for part in parts)
    assert all(len(part) == size for part in parts[:-1])


@given(st.text("abc", max_size=40).map(str.encode), st.integers(0, 50), st.integers(1, 40))
def test_words_are_rewritten_before_anything_is_counted(data: bytes, limit: int, n: int):
    machine = pieces(rewrite="ab=>XYZ", cut_after=limit)
    actions = [*machine.begin()]
    for part in chop(data, n):
        actions += machine.feed(part)
    actions += machine.flush()
    assert not machine.is_holding
    passed = b"".join(action.data for action in actions if isinstance(action, Pass))
    expected = data.replace(b"ab", b"XYZ")
    assert passed == expected[:limit]
    told = [action for action in actions if isinstance(action, Act) and action.deed == "rewrite"]
    for act in told:
        assert expected[act.offset :].startswith(b"XYZ")
    if len(expected) < limit:
        assert sum(act.times for act in told) == data.count(b"ab")


def test_a_beginning_of_the_words_waits_until_nothing_comes():
    machine = pieces(rewrite="ab=>x")
    assert machine.feed(b"1a") == [Pass(b"1")]
    assert machine.is_holding
    assert machine.flush() == [Pass(b"a")]
    assert machine.feed(b"b") == [Pass(b"b")]
    assert pieces(Way.TO_CLIENT, rewrite="ab=>x", direction="to-server").feed(b"ab") == [Pass(b"ab")]
