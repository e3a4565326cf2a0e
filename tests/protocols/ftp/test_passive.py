"""Relays of data connections: one at a time, and none left."""

from typing import NamedTuple

from workbench.errors import LinkLost
from workbench.formats.target import Target
from workbench.protocols.ftp.passive import Relays

SERVER = Target("tcp", "127.0.0.1", 2121)


class Started(NamedTuple):
    target: Target
    instance: str


class House:
    """Starts relays and remembers which still run."""

    def __init__(self) -> None:
        self.count = 0
        self.running: list[str] = []

    async def start(self, target: Target) -> Started:
        self.count += 1
        self.running.append(f"relay#{self.count}")
        return Started(target._replace(port=9000 + self.count), self.running[-1])

    async def stop(self, instance: str) -> None:
        if instance not in self.running:
            raise LinkLost("the Lab is gone")
        self.running.remove(instance)


async def test_a_new_relay_ends_the_one_before_and_the_end_leaves_none():
    house = House()
    relays = Relays(house.start, house.stop)
    assert (await relays.lead(SERVER)).port == 9001
    assert (await relays.lead(SERVER)).port == 9002
    assert house.running == ["relay#2"]
    await relays.aclose()
    await relays.aclose()
    assert house.running == []


async def test_a_lab_that_is_gone_already_is_no_failure():
    house = House()
    relays = Relays(house.start, house.stop)
    await relays.lead(SERVER)
    house.running.clear()
    await relays.aclose()
    assert (await relays.lead(SERVER)).port == 9002
