"""Carrying out the verbs of verbs_dns.py: questions to name servers, the check of a claimed name. As in steps.py."""

from ipaddress import ip_address
from typing import TYPE_CHECKING

from workbench.experiments.stage import Carry, Done, Stage, timeout_of
from workbench.experiments.values import Given

if TYPE_CHECKING:
    from workbench.protocols.dns.values import Lookup, Question, Wish


async def _query(stage: Stage, given: Given, _name: str) -> Done:
    # dnspython is loaded for the cards that need it alone.
    from workbench.protocols.dns.codec import read_type
    from workbench.protocols.dns.names import parse_name
    from workbench.protocols.dns.outcome import Judged, told
    from workbench.protocols.dns.values import Question, Wish

    question = Question(parse_name(str(given["name"])).wire, read_type(str(given["type"])))
    found = await _ask(stage, given, question, Wish("tcp" if "tcp" in given else "udp"))
    said = told(question, Judged(found.outcome, found.chain, found.found), found.message).sentence
    return Done(found, said)


async def _reverse(stage: Stage, given: Given, _name: str) -> Done:
    from workbench.protocols.dns.reverse import check_reverse
    from workbench.protocols.dns.values import PLAIN

    async def ask(question: "Question") -> "Lookup":
        return await _ask(stage, given, question, PLAIN)

    check = await check_reverse(ip_address(str(given["address"])), ask, stage.transcript)
    if check.failure is not None:
        # Nobody said anything about the address: that is a failure of asking, not a verdict.
        raise check.failure
    return Done(check, check.sentence)


async def _ask(stage: Stage, given: Given, question: "Question", wish: "Wish") -> "Lookup":
    from workbench.protocols.dns.client import lookup

    server, resolver = stage.where(given["to"], "udp")
    return await lookup(
        question, server, stage.transcript, wish=wish, resolver=resolver, timeout_s=timeout_of(given)
    )


CARRY_DNS: dict[str, Carry] = {"dns-query": _query, "dns-reverse": _reverse}
