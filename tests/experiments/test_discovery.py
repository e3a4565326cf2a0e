"""Groups in experiments: said in plain words, carried out on loopback, and what can be seen of them.

The verbs stand in workbench.experiments.verbs_discovery, what they do in workbench.experiments.steps_discovery, and
what can be seen in workbench.experiments.things_discovery.
"""

import pytest

from tests.experiments.samples import HEAD
from tests.experiments.test_verbs import card
from tests.lab.houses import places_in
from workbench.experiments.player import Player
from workbench.experiments.things_discovery import DISCOVERED_FIELDS, DiscoveredSeen
from workbench.lab.supervisor import Lab

STEPS = """
[lab]
start = [
    "ssdp",
    { name = "mdns", as = "honest" },
    { name = "mdns", as = "liars", lie = "other-name" },
]
[[step]]
do = "discover"
as = "services"
to = "lab:honest"
language = "mdns"
until_found = 2
[[step]]
do = "discover"
as = "quarrel"
to = "lab:liars"
language = "mdns"
what = "_ipp._tcp"
timeout_s = 1
[[step]]
do = "discover"
as = "devices"
to = "lab:ssdp"
language = "ssdp"
preset = "discover"
until_found = 2
[[step]]
do = "discover"
as = "nobody"
to = "lab:honest"
language = "mdns"
what = "_nothing._tcp"
timeout_s = 0.2
[[expect]]
that = "services.present"
equals = "Anvil printer, Book shelf"
[[expect]]
that = "services.addresses"
equals = "127.0.0.21, 127.0.0.22"
[[expect]]
that = "quarrel.found"
equals = 1
[[expect]]
that = "quarrel.faults"
contains = "claimed by 127.0.0.21 and by 127.0.0.23"
[[expect]]
that = "devices.found"
equals = 2
[[expect]]
that = "devices.gone"
equals = ""
[[expect]]
that = "nobody.found"
equals = 0
[[expect]]
that = "nobody.sent"
at_least = 1
[broken]
step.nobody = { what = "_http._tcp" }
"""


def test_every_value_can_be_compared():
    assert set(DiscoveredSeen._fields) == set(DISCOVERED_FIELDS)


def test_the_steps_are_said_in_plain_words():
    said = [step.sentence for step in card(HEAD + STEPS).as_written.steps]
    assert said == [
        "Ask the group of the Lab's honest by mDNS.",
        "Ask the group of the Lab's liars for _ipp._tcp by mDNS.",
        "Join the group of the Lab's ssdp by SSDP.",
        "Ask the group of the Lab's honest for _nothing._tcp by mDNS.",
    ]


@pytest.mark.parametrize("broken", [False, True])
async def test_what_a_group_does_can_be_seen(tmp_path, broken: bool):
    lab = Lab(places_in(tmp_path / "lab"), join=False)
    try:
        async with Player(card(HEAD + STEPS), lab, broken=broken) as player:
            result = await player.play(timeout_s=15)
        assert result.passed is not broken, [verdict.sentence for verdict in result.expectations]
        result.transcript.close()
    finally:
        await lab.aclose()
