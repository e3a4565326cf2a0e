"""The datagrams of one direction: chances by seed, nothing lost or made up but what the switches say."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from workbench.lab.relay.fates import Fates
from workbench.lab.relay.switches import UDP_SWITCHES, Way
from workbench.lab.switches import turn

MANY = [number.to_bytes(4, "big") for number in range(2000)]


def fates(number: int = 1, way: Way = Way.TO_SERVER, **switches: object) -> Fates:
    return Fates(turn(UDP_SWITCHES, switches, service="the relay"), way, number)


def sent(machine: Fates, datagrams: list[bytes]) -> list[bytes]:
    out = [one for data in datagrams for one in machine.feed(data).out]
    return [*out, *machine.flush()]


@given(st.lists(st.binary(max_size=20), max_size=20))
def test_without_switches_datagrams_pass_as_they_came_empty_ones_too(datagrams: list[bytes]):
    machine = fates()
    assert [machine.feed(data).out for data in datagrams] == [(data,) for data in datagrams]


def test_drops_and_copies_come_about_as_often_as_asked_for():
    assert 500 < len(sent(fates(drop_percent=70), MANY)) < 700
    counts = Counter(sent(fates(duplicate_percent=30), MANY))
    assert set(counts) == set(MANY)
    assert 500 < sum(count == 2 for count in counts.values()) < 700
    assert sent(fates(drop_percent=100), MANY) == []


def test_a_corrupt_datagram_differs_in_one_bit_and_an_empty_one_has_none():
    machine = fates(corrupt_percent=100)
    for data in MANY[:200]:
        fate = machine.feed(data)
        (changed,) = fate.out
        assert fate.acts == ("corrupt",)
        assert (int.from_bytes(data) ^ int.from_bytes(changed)).bit_count() == 1
    assert machine.feed(b"").out == (b"",)


@given(st.integers(0, 64), st.integers(0, 1000), st.integers(0, 100))
def test_nothing_is_overtaken_by_more_than_asked_for_and_nothing_is_lost(reorder: int, seed: int, count: int):
    datagrams = MANY[:count]
    out = sent(fates(reorder=reorder, seed=seed), datagrams)
    assert sorted(out) == datagrams
    for place, data in enumerate(out):
        later = sum(other > data for other in out[:place])
        assert later <= reorder


@given(st.integers(0, 2**31 - 1))
def test_the_same_seed_makes_the_same_choices(seed: int):
    switches = {
        "drop_percent": 20,
        "duplicate_percent": 20,
        "reorder": 3,
        "corrupt_percent": 20,
        "seed": seed,
    }
    assert sent(fates(**switches), MANY[:100]) == sent(fates(**switches), MANY[:100])


def test_seeds_clients_and_directions_choose_differently_and_switches_do_not_disturb_each_other():
    base = sent(fates(drop_percent=50), MANY)
    assert base != sent(fates(drop_percent=50, seed=1), MANY)
    assert base != sent(fates(2, drop_percent=50), MANY)
    assert base != sent(fates(way=Way.TO_CLIENT, drop_percent=50), MANY)
    assert set(sent(fates(drop_percent=50, duplicate_percent=50), MANY)) == set(base)


def test_the_other_direction_is_left_alone():
    assert sent(fates(drop_percent=100, direction="to-client"), MANY) == MANY
