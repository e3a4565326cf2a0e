"""From what the engine found to what the panel shows: rows, packets, evidence, the verdict's words. No Qt."""

from workbench.errors import PeerMisbehaved
from workbench.formats.quantity import count, duration
from workbench.jobs.verdict import Verdict, VerdictKind
from workbench.panels.dns.state import MAX_PACKETS, Node, Packet, Row, Sign, SystemLine
from workbench.protocols.dns.codec import decode
from workbench.protocols.dns.fields import outline
from workbench.protocols.dns.follow import Followed
from workbench.protocols.dns.outcome import Judged, negative_ttl, told
from workbench.protocols.dns.reverse import IPREV, STATES, NameCheck, ReverseCheck
from workbench.protocols.dns.reverse import Verdict as ReverseVerdict
from workbench.protocols.dns.sentences import FLAG_TEXTS, RCODE_TEXTS
from workbench.protocols.dns.system import SystemSays
from workbench.protocols.dns.values import Lookup, Message, Outcome, Said

_SIGNS: dict[str, Sign] = {
    "match": "good",
    "mismatch": "bad",
    "no address": "bad",
    "nxdomain": "bad",
    "loop": "bad",
}
_VERDICTS: dict[ReverseVerdict, VerdictKind] = {
    ReverseVerdict.MATCH: "good",
    ReverseVerdict.MISMATCH: "bad",
    ReverseVerdict.NO_NAME: "info",
    ReverseVerdict.FORWARD_FAILS: "bad",
    ReverseVerdict.UNKNOWN: "warning",
}


def packet_of(said: Said, known: Message | None = None) -> Packet:
    """A message to be looked at; one that is none keeps its octets and says why."""
    message = known if known is not None and known.data == said.data else None
    try:
        message = message or decode(said.data)
    except PeerMisbehaved as error:
        return Packet(said.title, said.data, None, (), error.what)
    return Packet(said.title, said.data, message, outline(message))


def packets_of(found: Lookup) -> tuple[Packet, ...]:
    """The messages of one lookup, in order."""
    return tuple(packet_of(said, found.message) for said in found.said[:MAX_PACKETS])


def rows_of(found: Lookup) -> tuple[Row, ...]:
    """The records of the accepted answer; those that answer first, in the order in which they are used."""
    message = found.message
    order = {record.start: place for place, record in enumerate(found.found)}
    indexed = sorted(
        enumerate(message.records),
        key=lambda each: order.get(each[1].start, -1) if each[1].section == "answer" else len(order),
    )
    return tuple(
        Row(record.section, record.name, record.ttl, record.type, record.data, index)
        for index, record in indexed
    )


def verdict_of(found: Lookup) -> Verdict:
    """The outcome in words, with its figures."""
    words = told(found.question, Judged(found.outcome, found.chain, found.found), found.message)
    sentence = words.sentence
    if len(found.chain) > 1 and found.outcome is Outcome.ANSWER:
        sentence += f", through {count(len(found.chain) - 1, 'alias', 'aliases')}"
    if found.ignored_count:
        sentence += (
            f"; {count(found.ignored_count, 'message')} came that did not belong, and were not accepted"
        )
    return Verdict(words.tone, words.word, sentence, _chips(found))


def _chips(found: Lookup) -> tuple[tuple[str, str], ...]:
    message = found.message
    rcode = RCODE_TEXTS.get(message.rcode, ("the result in the header", ""))[0]
    chips = [(message.rcode, rcode)]
    if "aa" in message.flags:
        chips.append(("AA", FLAG_TEXTS["aa"][0]))
    if found.truncated:
        chips.append(("TC", FLAG_TEXTS["tc"][0]))
    ttl = negative_ttl(message)
    if ttl is not None and not found.found:
        chips.append((f"{ttl} s", "how long it may be remembered that there is nothing (RFC 2308 section 5)"))
    chips.append((count(found.sent, "query", "queries"), "sent, repeated ones too"))
    chips.append((duration(found.elapsed_ns), "from the first query to the accepted answer"))
    chips.append((found.transport.upper(), "what brought the accepted answer"))
    return tuple(chips)


def reverse_verdict_of(check: ReverseCheck, elapsed_ns: int) -> Verdict:
    """The verdict of a reverse check, or how far it is."""
    queries = sum(found.sent for found in check.lookups)
    chips: tuple[tuple[str, str], ...] = (
        (count(queries, "query", "queries"), "sent, repeated ones too"),
        (duration(elapsed_ns), "for the whole check"),
    )
    if check.verdict is None:
        return Verdict("running", "checking", check.asked)
    iprev = (f"iprev={IPREV[check.verdict]}", "the same as mail headers say it (RFC 8601 section 2.7.3)")
    return Verdict(_VERDICTS[check.verdict], check.verdict.value, check.sentence, (iprev, *chips))


def evidence_of(check: ReverseCheck) -> tuple[tuple[Node, ...], tuple[Packet, ...]]:
    """The check as a tree from the address to the addresses of its names, and the messages that show it."""
    packets: list[Packet] = []
    claims = check.claims
    if claims is None:
        return (Node(f"{check.asked} PTR", "", "running"),), ()
    places = _collect(claims, packets)
    answer, sign = _claims(claims)
    names = tuple(_name(name, packets) for name in check.names)
    if check.left_out:
        names = (*names, Node(count(check.left_out, "more name"), "not followed", "warning"))
    root = Node(f"{check.asked} PTR", answer, sign, _elapsed(claims), places, (*_aliases(claims), *names))
    return (root,), tuple(packets[:MAX_PACKETS])


def _collect(followed: Followed, packets: list[Packet]) -> int:
    """Add the messages of a question; returns the place of its last answer, -1 without one."""
    place = -1
    for found in followed.lookups:
        packets += packets_of(found)
        place = len(packets) - 1
    return place


def _claims(claims: Followed) -> tuple[str, Sign]:
    if claims.failure is not None:
        return claims.failure.what, "warning"
    match claims.outcome:
        case Outcome.ANSWER:
            return count(len(claims.found), "name"), "info"
        case Outcome.NXDOMAIN | Outcome.NODATA:
            return "no name: that is allowed", "info"
    return STATES.get(claims.outcome.value if claims.outcome else "", ""), "warning"


def _aliases(followed: Followed) -> tuple[Node, ...]:
    """A reverse name that is an alias leads into a part of the block that somebody else looks after (RFC 2317)."""
    return tuple(
        Node(f"{name} CNAME", following, "info")
        for name, following in zip(followed.chain, followed.chain[1:], strict=False)
    )


def _name(name: NameCheck, packets: list[Packet]) -> Node:
    steps: list[Node] = []
    for step in name.steps:
        place = _collect(step, packets)
        kind = step.lookups[0].question.type if step.lookups else "A"
        values = [found for found in name.addresses if found.type == kind]
        answer = ", ".join(found.text for found in values) or _nothing(step)
        inner = tuple(
            Node(
                found.text,
                "the address itself" if found.is_equal else "another address",
                _equal(found.is_equal),
            )
            for found in values
        )
        steps.append(
            Node(f"{name.name} {kind}", answer, "", _elapsed(step), place, (*_aliases(step), *inner))
        )
    sign: Sign = _SIGNS.get(name.state, "warning")
    return Node(name.name, STATES[name.state], sign, None, steps[0].packet if steps else -1, tuple(steps))


def _equal(is_equal: bool) -> Sign:
    return "good" if is_equal else ""


def _nothing(step: Followed) -> str:
    if step.failure is not None:
        return step.failure.what
    return "no record" if step.outcome is Outcome.NODATA else step.outcome.name if step.outcome else ""


def _elapsed(followed: Followed) -> int | None:
    return sum(found.elapsed_ns for found in followed.lookups) if followed.lookups else None


def system_line(says: SystemSays, answered: set[str] | None) -> SystemLine:
    """The system's word beside the server's. answered: what the server's answer holds; None: it gave none."""
    took = f" ({duration(says.elapsed_ns)})"
    if says.failure is not None:
        text = f"This system says: {says.failure.what}{took}"
        return SystemLine("warning" if answered else "info", text)
    found = ", ".join(says.found) or "nothing of this type"
    if answered is None:
        return SystemLine("info", f"This system says: {found}{took}")
    same = {text.removesuffix(".").lower() for text in answered} == {
        text.removesuffix(".").lower() for text in says.found
    }
    judged = "the same" if same else "something else: its hosts file, its own servers or a search domain"
    return SystemLine("good" if same else "warning", f"This system says {judged}: {found}{took}")
