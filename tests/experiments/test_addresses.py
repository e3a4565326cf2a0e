"""The verbs about ports, addresses and ways, played; what fails is a step that says why.

The verbs are workbench.experiments.verbs_addresses, carried out by workbench.experiments.steps_addresses; what can be
seen of them is workbench.experiments.things_addresses.
"""

import pytest

from tests.experiments.house import house
from tests.experiments.samples import BREAKABLE, HEAD, card
from workbench.experiments.result import Result
from workbench.experiments.runner import run
from workbench.wire.nobody import has_privileged_ports
from workbench.wire.probe import can_probe


async def play(step: str, *expectations: str) -> Result:
    text = "".join(f"[[expect]]\nthat = {each}\n" for each in expectations)
    async with house() as lab:
        result = await run(card(HEAD + f'[[step]]\nas = "last"\n{step}\n' + text + BREAKABLE), lab=lab)
        result.transcript.close()
        return result


@pytest.mark.covers("C2.4", "C2.5")
async def test_a_service_is_found_or_fails_at_its_own_stage():
    found = await play(
        'do = "find-service"\nservice = "GOPHER"\ntransport = "tcp"', '"last.port"\nequals = 70'
    )
    assert found.passed, found.sentence
    failed = await play(
        'do = "find-service"\nservice = "nosuch"\ntransport = "udp"\nfails = "Refused"',
        '"last.stage"\nequals = "service"',
        '"last.why"\ncontains = "for UDP"',
    )
    assert failed.passed, failed.sentence


async def test_a_look_up_has_families_types_and_parts():
    result = await play(
        'do = "look-up"\nhost = "127.0.0.1"\nservice = "80"\nany_type = true',
        '"last.families"\nequals = "AF_INET"',
        '"last.types"\ncontains = "SOCK_STREAM"',
        '"last.protocols"\ncontains = "IPPROTO_UDP"',
        '"last.hosts"\nequals = 1',
        '"last.parts"\nequals = 2',
    )
    assert result.passed, result.sentence


async def test_a_name_with_an_empty_part_is_a_misuse_and_no_crash():
    result = await play(
        'do = "look-up"\nhost = "a..b"\nfails = "LocalMisuse"', '"last.why"\ncontains = "empty"'
    )
    assert result.passed, result.sentence


async def test_addresses_are_read_and_judged():
    read = await play(
        'do = "inspect-address"\naddress = "0x7f.1"',
        '"last.canonical"\nequals = "127.0.0.1"',
        '"last.kind"\nequals = "loopback"',
        '"last.ambiguous"\nequals = true',
        '"last.others"\ncontains = "no address"',
    )
    assert read.passed, read.sentence
    judged = await play(
        'do = "judge"\nown = "10.0.0.1/8"\ntarget = "10.255.0.1"',
        '"last.direct"\nequals = true',
        '"last.equal"\nequals = 8',
    )
    assert judged.passed, judged.sentence


@pytest.mark.skipif(not can_probe(), reason="only Linux hands routers' answers to who is not root")
async def test_a_route_ends_where_it_should():
    result = await play(
        'do = "trace-route"\ntarget = "127.0.0.1"',
        '"last.hops"\nequals = 1',
        '"last.reached"\nequals = true',
        '"last.answer"\nequals = "port unreachable"',
        '"last.type"\nequals = 3',
        '"last.code"\nequals = 3',
    )
    assert result.passed, result.sentence


@pytest.mark.skipif(not has_privileged_ports(), reason="every port is open to anybody here")
async def test_who_has_no_rights_listens_above_the_threshold_alone():
    for where, listens, refusal in (("below", "false", "EACCES"), ("above", "true", "")):
        result = await play(
            f'do = "listen-as-nobody"\nat = "{where}"',
            f'"last.listens"\nequals = {listens}',
            f'"last.refusal"\nequals = "{refusal}"',
            f'"last.privileged"\nequals = {"true" if where == "below" else "false"}',
        )
        assert result.passed, result.sentence
