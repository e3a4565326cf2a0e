"""The sanity check of reverse names: what an address claims to be called, and whether that name leads back to it.

Who has an address may write any name into its reverse zone; only the owner of that name can confirm it, by an address.
So every PTR is followed, each through its aliases, to all its addresses, and compared by value. One name that leads
back is enough (RFC 8601 section 2.7.3, iprev). No name is no fault, and a server that does not answer proves nothing.
"""

import asyncio
from collections.abc import Callable
from enum import Enum
from ipaddress import ip_address
from typing import NamedTuple

from workbench.errors import WorkbenchError
from workbench.formats.quantity import count
from workbench.protocols.dns.follow import Ask, Followed, follow
from workbench.protocols.dns.names import Address, for_people, plain_address, reverse_name
from workbench.protocols.dns.values import Lookup, Outcome, Question
from workbench.transcript.recorder import Transcript

MAX_NAMES = 10
"""Names of one address that are followed; SPF stops at as many (RFC 7208 section 4.6.4)."""


class Verdict(Enum):
    """The whole check's result; the value is its word."""

    MATCH = "match"
    MISMATCH = "mismatch"
    NO_NAME = "no name"
    FORWARD_FAILS = "name leads nowhere"
    UNKNOWN = "could not check"


IPREV = {
    Verdict.MATCH: "pass",
    Verdict.MISMATCH: "fail",
    Verdict.NO_NAME: "permerror",
    Verdict.FORWARD_FAILS: "permerror",
    Verdict.UNKNOWN: "temperror",
}
"""The words that mail headers use, RFC 8601 section 2.7.3."""


class Found(NamedTuple):
    """One address of a name: as the record has it, its type, and whether it is the one that was checked."""

    text: str
    type: str
    is_equal: bool


class NameCheck(NamedTuple):
    """One name that the address claims.

    state: "match", "mismatch", "no address", "nxdomain", "loop", or why it is not known: "servfail", "refused",
    "no answer" ... steps: the questions about its addresses, in order.
    """

    name: str
    state: str
    addresses: tuple[Found, ...]
    steps: tuple[Followed, ...]

    @property
    def is_known(self) -> bool:
        """Whether it was found out at all."""
        return self.state in ("match", "mismatch", "no address", "nxdomain", "loop")


class ReverseCheck(NamedTuple):
    """The check of one address, whole or on its way.

    asked: the reverse name. claims: the question for its names; None before that was answered. names: those checked so
    far. left_out: names beyond MAX_NAMES. verdict: None on the way. sentence: the verdict for people.
    """

    address: Address
    asked: str
    claims: Followed | None = None
    names: tuple[NameCheck, ...] = ()
    left_out: int = 0
    verdict: Verdict | None = None
    sentence: str = ""

    @property
    def lookups(self) -> tuple[Lookup, ...]:
        """Every answer, in order."""
        steps = [
            *([self.claims] if self.claims else []),
            *(step for name in self.names for step in name.steps),
        ]
        return tuple(found for step in steps for found in step.lookups)

    @property
    def failure(self) -> WorkbenchError | None:
        """Why nothing at all is known; None where the server answered for the reverse name."""
        return self.claims.failure if self.claims is not None else None


Progress = Callable[[ReverseCheck], object]


async def check_reverse(
    address: Address, ask: Ask, transcript: Transcript, progress: Progress | None = None
) -> ReverseCheck:
    """Check one address.

    Args:
        transcript: where `ask` records; the verdict is the last fact of its last channel.
        progress: told the check as far as it is, after each step.

    Raises: LocalMisuse, LocalFault. A server that does not answer becomes the verdict UNKNOWN.
    """
    tell = progress or (lambda _check: None)
    check = ReverseCheck(address, reverse_name(address))
    tell(check)
    claims = await follow(Question(check.asked, "PTR"), ask)
    names = list(dict.fromkeys(record.data for record in claims.found))
    check = check._replace(claims=claims, left_out=max(0, len(names) - MAX_NAMES))
    tell(check)
    for name in names[:MAX_NAMES]:
        checked = await _check_name(name, address, ask)
        check = check._replace(names=(*check.names, checked))
        tell(check)
        await asyncio.sleep(0)
    verdict = _verdict(check)
    check = check._replace(verdict=verdict)
    check = check._replace(sentence=_sentence(check))
    if check.lookups:
        values: dict[str, object] = {
            "verdict": verdict.value,
            "iprev": IPREV[verdict],
            "sentence": check.sentence,
        }
        transcript.add_fact(check.lookups[-1].channel, "dns.verdict", values)
    tell(check)
    return check


async def _check_name(name: str, address: Address, ask: Ask) -> NameCheck:
    own = "A" if plain_address(address).version == 4 else "AAAA"
    steps = [await follow(Question(name, own), ask)]
    if steps[0].outcome in (Outcome.ANSWER, Outcome.NODATA):
        # The name exists: what it is in the other family belongs to the evidence, and may be the same address mapped.
        steps.append(await follow(Question(name, "AAAA" if own == "A" else "A"), ask))
    addresses = tuple(
        Found(record.data, record.type, _is_equal(record.data, address))
        for step in steps
        for record in step.found
    )
    return NameCheck(name, _state(steps, addresses), addresses, tuple(steps))


def _is_equal(text: str, address: Address) -> bool:
    """By value: 2001:DB8:0::1 is 2001:db8::1, and ::ffff:192.0.2.1 is 192.0.2.1."""
    return plain_address(ip_address(text)) == plain_address(address)


def _state(steps: list[Followed], addresses: tuple[Found, ...]) -> str:
    if any(found.is_equal for found in addresses):
        return "match"
    first = steps[0]
    if first.failure is not None:
        return "no answer"
    if first.outcome is Outcome.ANSWER or addresses:
        return "mismatch"
    match first.outcome:
        case Outcome.NODATA:
            return "no address"
        case Outcome.NXDOMAIN:
            return "nxdomain"
        case Outcome.LOOP:
            return "loop"
    return first.outcome.value if first.outcome is not None else "no answer"


def _verdict(check: ReverseCheck) -> Verdict:
    claims = check.claims
    assert claims is not None
    if claims.outcome in (Outcome.NXDOMAIN, Outcome.NODATA):
        return Verdict.NO_NAME
    if claims.outcome is not Outcome.ANSWER:
        return Verdict.UNKNOWN
    states = {name.state for name in check.names}
    if "match" in states:
        return Verdict.MATCH
    if not all(name.is_known for name in check.names) or check.left_out:
        return Verdict.UNKNOWN
    return Verdict.MISMATCH if "mismatch" in states else Verdict.FORWARD_FAILS


def _sentence(check: ReverseCheck) -> str:
    address, claims = plain_address(check.address), check.claims
    assert claims is not None
    match check.verdict:
        case Verdict.MATCH:
            right = next(name.name for name in check.names if name.state == "match")
            told = f"{address} leads to {for_people(right)} and back"
            return f"{told}{_others(check, right)}"
        case Verdict.MISMATCH:
            liar = next(name for name in check.names if name.state == "mismatch")
            has = ", ".join(found.text for found in liar.addresses)
            claim = f"{address} claims to be {for_people(liar.name)}"
            return f"{claim}, but that name has {has}: the claim is not confirmed"
        case Verdict.NO_NAME:
            return f"{address} has no name; that is allowed"
        case Verdict.FORWARD_FAILS:
            name = check.names[0]
            claim = f"{address} claims to be {for_people(name.name)}"
            return f"{claim}, but {STATES[name.state]}{_others(check, name.name)}"
    if claims.failure is not None:
        return f"nothing is known about {address}: {claims.failure.what}"
    if claims.outcome is not Outcome.ANSWER:
        why = STATES.get(claims.outcome.value if claims.outcome else "", "the answer is none")
        return f"nothing is known about {address}: {why}"
    unknown = next((name for name in check.names if not name.is_known), None)
    if unknown is None:
        return f"{count(check.left_out, 'name')} of {address} were not followed, and none of the others leads back"
    claim = f"{address} claims to be {for_people(unknown.name)}"
    return f"{claim}; whether that is so could not be found out: {STATES[unknown.state]}"


STATES = {
    "match": "it leads back",
    "mismatch": "it has other addresses",
    "no address": "it has no address",
    "nxdomain": "there is no such name",
    "loop": "its aliases lead around in a circle",
    "servfail": "the server could not find out (SERVFAIL)",
    "refused": "the server does not want to say (REFUSED)",
    "formerr": "the server could not read the question (FORMERR)",
    "notimp": "the server does not know such questions (NOTIMP)",
    "referral": "this server only says whom to ask",
    "alias": "its alias leads to where this server says nothing",
    "other": "the server said something else",
    "no answer": "nobody answered",
}
"""What each state of a name means."""


def _others(check: ReverseCheck, name: str) -> str:
    """What the other names are, one clause for each kind."""
    states: dict[str, int] = {}
    for other in check.names:
        if other.name != name:
            states[other.state] = states.get(other.state, 0) + 1
    told = [f"{count(number, 'other name')}: {STATES[state]}" for state, number in states.items()]
    if check.left_out:
        told.append(f"{count(check.left_out, 'name')} not followed")
    return f"; {'; '.join(told)}" if told else ""
