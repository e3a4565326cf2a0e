"""What an answer says about its question: an answer, nothing of this type, no such name, ask there, or a refusal.

A chain of aliases in the answer section is followed from the question on, whatever the order of the records; records
that belong to no link of it are not taken for an answer (RFC 1034 section 4.3.2, RFC 2308 section 2).
"""

from typing import NamedTuple

from workbench.formats.quantity import count
from workbench.protocols.dns.names import for_people
from workbench.protocols.dns.sentences import OUTCOMES, Told
from workbench.protocols.dns.values import Message, Outcome, Question, Record

MAX_CHAIN = 16
"""Aliases followed; resolvers give up at about as many."""
_BY_RCODE = {
    "NXDOMAIN": Outcome.NXDOMAIN,
    "SERVFAIL": Outcome.SERVFAIL,
    "REFUSED": Outcome.REFUSED,
    "FORMERR": Outcome.FORMERR,
    "NOTIMP": Outcome.NOTIMP,
}


class Judged(NamedTuple):
    """chain: the names from the question through aliases, in wire spelling. found: the records that answer."""

    outcome: Outcome
    chain: tuple[str, ...]
    found: tuple[Record, ...]


def judge(question: Question, message: Message) -> Judged:
    """What the message says about the question that it was accepted for."""
    chain, is_loop = _chain(question, message)
    end = chain[-1].lower()
    found = tuple(
        record
        for record in message.answers
        if record.name.lower() == end and question.type in (record.type, "ANY") and record.cls == question.cls
    )
    if is_loop:
        return Judged(Outcome.LOOP, chain, ())
    if message.rcode != "NOERROR":
        return Judged(_BY_RCODE.get(message.rcode, Outcome.OTHER), chain, ())
    if found:
        return Judged(Outcome.ANSWER, chain, tuple(sorted(found, key=_order)))
    return Judged(_empty(chain, message), chain, ())


def told(question: Question, judged: Judged, message: Message) -> Told:
    """The outcome in words for this question."""
    known = OUTCOMES[judged.outcome]
    shown = {
        "name": for_people(question.name),
        "target": for_people(judged.chain[-1]),
        "type": question.type,
        "rcode": message.rcode,
        "count": count(len(judged.found), "record"),
    }
    return known._replace(word=known.word.format(**shown), sentence=known.sentence.format(**shown))


def negative_ttl(message: Message) -> int | None:
    """Seconds for which "there is nothing" may be remembered: the lesser of SOA's TTL and its minimum (RFC 2308 5)."""
    for record in message.section("authority"):
        if record.type == "SOA":
            minimum = record.data.rpartition(" ")[2]
            return min(record.ttl, int(minimum)) if minimum.isdecimal() else record.ttl
    return None


def _order(record: Record) -> tuple[int, str]:
    """MX in the order of delivery; others as they came (sorting is stable)."""
    preference, _, exchange = record.data.partition(" ")
    return (int(preference), exchange) if record.type == "MX" and preference.isdecimal() else (0, "")


def _empty(chain: tuple[str, ...], message: Message) -> Outcome:
    types = {record.type for record in message.section("authority")}
    if "SOA" in types:
        return Outcome.NODATA
    if "NS" in types and "aa" not in message.flags:
        return Outcome.REFERRAL
    return Outcome.ALIAS if len(chain) > 1 else Outcome.NODATA


def _chain(question: Question, message: Message) -> tuple[tuple[str, ...], bool]:
    """The names from the question through the aliases of the answer, and whether they lead around in a circle."""
    chain = [question.name]
    if question.type in ("CNAME", "ANY"):
        return tuple(chain), False
    aliases = {record.name.lower(): record.data for record in message.answers if record.type == "CNAME"}
    while (following := aliases.get(chain[-1].lower())) is not None and len(chain) <= MAX_CHAIN:
        if following.lower() in (name.lower() for name in chain):
            return (*chain, following), True
        chain.append(following)
    return tuple(chain), len(chain) > MAX_CHAIN
