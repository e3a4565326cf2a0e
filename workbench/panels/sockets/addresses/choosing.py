"""What engines advise, as sheets of the page: transports, sizes of datagrams, names of this machine. No Qt."""

from math import exp, log

from workbench.jobs.verdict import Verdict, VerdictKind
from workbench.panels.sockets.addresses.state import Line, Sheet, Tone
from workbench.protocols.raw.datagram_size import BEYOND, EDNS, Family, Fate, Mark, fate, marks
from workbench.protocols.raw.datagram_try import Tried
from workbench.protocols.raw.transports import RULE, WORDS, Advice, Judged, Score, advise, find_need
from workbench.wire.own_names import OwnNames, Step

STEPS = 1000
"""Places of the slider. It goes by orders of magnitude: the small marks would else lie on one another."""
NEAR = 4
"""Places within which the slider jumps to a mark."""
TONES: dict[str, Tone] = {"yes": "muted", "partly": "muted", "no": "warning"}


# ---- which transport


def transport_sheet(needs: tuple[str, ...]) -> Sheet:
    """Every transport beside what is ticked, need by need, with its points; nothing where nothing is ticked."""
    if not needs:
        return Sheet()
    advice = advise(find_need(name) for name in needs)
    return Sheet(_advised(advice), _score_lines(advice), note=RULE)


def _advised(advice: Advice) -> Verdict:
    best = advice.scores[0]
    chips = ((f"{best.points} of {best.most} points", "of the best; below stands how they were counted"),)
    kind: VerdictKind = "good" if advice.is_whole else "warning"
    return Verdict(kind, best.candidate.name if advice.is_whole else "none gives all", advice.sentence, chips)


def _score_lines(advice: Advice) -> tuple[Line, ...]:
    lines = []
    for place, score in enumerate(advice.scores, 1):
        lines.append(_head(place, score))
        lines += [_judged(each, score) for each in score.judged]
    return tuple(lines)


def _head(place: int, score: Score) -> Line:
    lacks = ", ".join(need.title.lower() for need in score.lacking)
    told = f"leaves out: {lacks}" if lacks else "leaves nothing out"
    candidate = score.candidate
    cells = (
        f"{place}. {candidate.name}",
        f"{score.points} of {score.most}",
        told,
        candidate.what,
        candidate.source,
    )
    return Line(cells, "", f"{candidate.name}: {candidate.what}; {told}", candidate.lab)


def _judged(each: Judged, score: Score) -> Line:
    cell = each.cell
    cells = ("", str(each.points), each.need.title, f"{WORDS[cell.mark]}: {cell.why}", cell.source)
    tip = f"{score.candidate.name}, “{each.need.title}” ({each.need.what}): {WORDS[cell.mark]}: {cell.why}"
    return Line(cells, TONES[cell.mark], tip, score.candidate.lab)


# ---- how large a datagram


def size_at(place: int, family: Family) -> int:
    """The size at a place of the slider; near a mark it is the mark's."""
    for mark in marks(family):
        if abs(place_of_size(mark.size) - place) <= NEAR:
            return mark.size
    return round(exp(place / STEPS * log(BEYOND + 1))) - 1


def place_of_size(size: int) -> int:
    """Where a size stands on the slider."""
    return round(STEPS * log(size + 1) / log(BEYOND + 1))


def size_sheet(size: int, family: Family, tried: Tried | None = None) -> Sheet:
    """Every mark, whether it is passed and what that means; below them what a real one did."""
    told = fate(size, family)
    lines = [_mark_line(mark, size) for mark in marks(family)]
    lines.append(_fragments_line(told))
    if tried is not None:
        lines.append(_tried_line(tried))
    note = (
        "Without headers: UDP adds 8 octets, IPv4 20, IPv6 40. Over loopback none of it is divided: its packets are as "
        "large as they come. Other systems may set lower limits (macOS: net.inet.udp.maxdgram)."
    )
    return Sheet(_verdict(told, tried), tuple(lines), note=note)


def _verdict(told: Fate, tried: Tried | None) -> Verdict:
    chips: tuple[tuple[str, str], ...] = ((f"{told.size:,} octets", "of payload, without headers"),)
    if tried is not None:
        kinds: dict[str, VerdictKind] = {"whole": "good", "refused": "warning"}
        word = {"whole": "came back", "nobody": "nobody there"}.get(tried.outcome, tried.outcome)
        return Verdict(kinds.get(tried.outcome, "bad"), word, tried.sentence, chips)
    if told.packets:
        chips = (
            *chips,
            (f"{told.lost * 100:.0f} % lost", "of such datagrams, where 1 packet of 100 is lost"),
        )
    kind: VerdictKind = (
        "bad"
        if told.is_refused
        else "good"
        if told.size <= EDNS
        else "info"
        if told.packets == 1
        else "warning"
    )
    return Verdict(kind, told.word, told.sentence, chips)


def _mark_line(mark: Mark, size: int) -> Line:
    within = size <= mark.size
    words = mark.what if within else mark.beyond
    cells = (f"{mark.size:,}", mark.name, "within" if within else "beyond", words, mark.source)
    return Line(cells, "" if within else "warning", f"{mark.name}, {mark.size:,} octets: {words}")


def _fragments_line(told: Fate) -> Line:
    counted = "not sent" if told.is_refused else str(told.packets)
    words = (
        "the system says EMSGSIZE before anything leaves it"
        if told.is_refused
        else f"{told.lost * 100:.1f} % of such datagrams are lost where 1 % of packets are"
    )
    return Line(("", "Packets on Ethernet", counted, words, "RFC 8085 3.2"), "muted", words)


def _tried_line(tried: Tried) -> Line:
    tones: dict[str, Tone] = {"whole": "good"}
    cells = (f"{tried.size:,}", "Tried", tried.outcome, tried.sentence, tried.errno)
    return Line(cells, tones.get(tried.outcome, "error"), tried.sentence)


# ---- what this machine is called


def own_sheet(found: OwnNames) -> Sheet:
    """Every way to an own name, and who could use what it led to."""
    chips = tuple((address, f"reaches {reach} at the farthest") for address, reach in found.candidates[:2])
    if found.warnings:
        verdict = Verdict(
            "warning", "misleading", f"{found.warnings[0][0].upper()}{found.warnings[0][1:]}", chips
        )
    else:
        verdict = Verdict(
            "good", found.full, f"{found.name} leads to an address that everybody may use", chips
        )
    return Sheet(verdict, tuple(_own_line(step) for step in found.steps), note="  ".join(_noted(found)))


def _noted(found: OwnNames) -> list[str]:
    return [f"{warning[0].upper()}{warning[1:]}." for warning in found.warnings[1:]]


def _own_line(step: Step) -> Line:
    told = ", ".join(step.told) or "nothing"
    tone: Tone = "warning" if step.reach in ("this machine", "nobody") else "muted" if not step.told else ""
    cells = (step.call, told, step.reach or step.errno or "a name", step.why, step.source)
    return Line(cells, tone, f"{step.call}: {told}. {step.why}")
