"""What engines found, as lines and verdicts of the page: no Qt, no socket."""

from collections.abc import Sequence

from workbench.formats.notation import Inspection
from workbench.formats.quantity import count
from workbench.formats.services import Service
from workbench.jobs.verdict import Verdict
from workbench.panels.sockets.addresses.state import Line, Tone
from workbench.protocols.route.values import Hop, Trace
from workbench.wire.interfaces import Interface, Route
from workbench.wire.ipv6_layers import Layer
from workbench.wire.lookup import Result
from workbench.wire.port_owners import Held
from workbench.wire.port_ranges import Ranges
from workbench.wire.reach import Seen
from workbench.wire.reverse_name import Claimed


def service_lines(services: Sequence[Service], ranges: Ranges) -> tuple[Line, ...]:
    """Port, transport, names, what for, who says so."""
    return tuple(
        Line(
            (
                str(service.port),
                service.transport.upper(),
                " ".join(service.names),
                service.what,
                " + ".join(service.sources),
            ),
            "muted" if ranges.is_ephemeral(service.port) else "",
            f"{service}: {service.what or 'nobody says what for'}. Here: {ranges.words(service.port)}",
        )
        for service in services
    )


def held_lines(held: Sequence[Held]) -> tuple[Line, ...]:
    """Port, transport, state and peer, program, address; what is not told is hatched."""
    lines = []
    for one in held:
        program = f"{one.program} ({one.pid})" if one.pid else ""
        place = f"[{one.address}]" if ":" in one.address else one.address
        state = f"{one.state} {one.peer}".strip()
        told = "" if one.pid else "Which program it is is told for your own programs only"
        if not one.inode:
            told = "No program holds it any more: the system keeps it until it is over"
        lines.append(
            Line(
                (str(one.port), one.transport.upper(), state, program or "not told", place),
                "" if one.is_server else "muted",
                told or f"{program} has {place}:{one.port}",
                unknown=() if program else (3,),
            )
        )
    return tuple(lines)


def port_verdict(
    number: int, found: Sequence[Service], ranges: Ranges, warning: str, obstacle: str, free: int | None
) -> Verdict:
    """What is to be known of one port."""
    chips = [(ranges.words(number), "what this system lets it be used for")]
    names = ", ".join(dict.fromkeys(service.name for service in found)) or "no known service"
    if number == 0:
        return Verdict("info", "no port", warning)
    if obstacle:
        chips.append((f"{free} is free", "listed nowhere, outside the ranges, and nobody has it now"))
        return Verdict("warning", f"port {number}", f"{names}; {obstacle}", tuple(chips))
    word: Verdict = Verdict(
        "good", f"port {number}", f"{names}; nobody on 127.0.0.1 has it now", tuple(chips)
    )
    return word._replace(kind="warning", sentence=f"{names}; {warning}") if warning else word


def inspection_lines(found: Inspection) -> tuple[Line, ...]:
    """Everything about one address, part by part."""
    rows: list[tuple[str, str, str, Tone]] = [
        ("Canonical", found.canonical, "RFC 5952" if found.address.version == 6 else "RFC 6943 3.1.1", ""),
        (
            "Expanded",
            found.expanded,
            "every digit" if found.address.version == 6 else "octets in hexadecimal",
            "",
        ),
        *_bit_rows(found),
        ("Kind", found.kind.word, f"{found.kind.what} ({found.kind.source})", ""),
        ("Scope", found.kind.scope, "how far it means the same machine", ""),
        ("Reverse name", found.reverse, "where its names stand in DNS (RFC 1035 3.5, RFC 3596 2.5)", ""),
        ("As a number", str(int(found.address)), "all bits as one number", "muted"),
    ]
    if found.zone:
        rows.append(("Zone", found.zone, "the interface that is meant (RFC 4007 11)", ""))
    if found.size:
        rows.append(("Network", f"{found.network} to {found.last}", f"{found.size:,} addresses", ""))
    rows += [(one.what[0].upper() + one.what[1:], one.value, one.source, "") for one in found.hidden]
    rows += [("Warning", found.text, warning, "warning") for warning in found.warnings]
    rows += [("Others read", found.text, other, "warning") for other in found.others]
    return tuple(Line(row[:3], row[3], f"{row[1]}: {row[2]}" if row[2] else row[1]) for row in rows)


def _bit_rows(found: Inspection) -> list[tuple[str, str, str, Tone]]:
    """IPv4 in one line; IPv6 in four, so that none is cut."""
    if found.address.version == 4:
        return [("Bits", found.bits, "32 of them", "")]
    groups = found.bits.split()
    pairs = [(at, " ".join(groups[at : at + 2])) for at in range(0, 8, 2)]
    return [(f"Bits {at * 16 + 1} to {at * 16 + 32}", bits, "of 128", "") for at, bits in pairs]


def inspection_verdict(found: Inspection) -> Verdict:
    """An address in a sentence."""
    chips = ((f"IPv{found.address.version}", "its version"), (found.kind.scope, "how far it means the same"))
    if found.is_ambiguous:
        sentence = f"{found.text} is {found.canonical} to the C library, and something else to others"
        return Verdict("warning", "ambiguous", sentence, chips)
    return Verdict("good", found.kind.word, f"{found.canonical}: {found.kind.what}", chips)


def interface_lines(interfaces: Sequence[Interface], tells: bool) -> tuple[Line, ...]:
    """Name, address with prefix, flags, MTU, hardware address: a line for each address."""
    lines = []
    for one in interfaces:
        for own in one.addresses or (None,):
            flags = " ".join(one.flags).lower()
            cells = (one.name, str(own) if own else "no address", flags, str(one.mtu or ""), one.hardware)
            tone: Tone = "" if one.is_up and own else "muted"
            unknown = () if tells else (1, 2, 3, 4)
            tip = f"{one.name}, number {one.number}: {flags or 'its flags are not told'}"
            lines.append(
                Line(cells, tone, tip if tells else "this system tells the names alone", unknown=unknown)
            )
    return tuple(lines)


def way_verdict(sentence: str, is_direct: bool, way: Route | None, why: str) -> Verdict:
    """The calculator's word, with what the system itself would do beside it."""
    chips: list[tuple[str, str]] = []
    if way is not None:
        chips.append((f"from {way.source}", "the source address that the system would use; nothing was sent"))
        chips.append(
            (f"by {way.interface}" if way.interface else "interface not told", "what the system would take")
        )
        if way.is_local:
            chips.append(("this machine itself", "the packet does not leave it"))
        elif way.router:
            chips.append((f"router {way.router}", "the next machine on the way, as the system has it"))
        else:
            chips.append(("no router", "the system would ask for it on the link"))
    else:
        chips.append(("no way", why))
    return Verdict(
        "good" if is_direct else "info", "direct" if is_direct else "router", sentence, tuple(chips)
    )


def hop_lines(trace: Trace, names: dict[str, Claimed]) -> tuple[Line, ...]:
    """TTL, address, name with badge, answer, lost, last, best, mean, worst, jitter."""
    lines = []
    for hop in trace.hops:
        if not hop.sent and not hop.waiting:
            continue
        address = ", ".join(hop.addresses) or ("…" if hop.waiting and not hop.sent else "*")
        tone: Tone = {"reached": "good", "unreachable": "error", "prohibited": "error"}.get(
            hop.verdict or "", ""
        )  # type: ignore[assignment]  # tones all
        lines.append(
            Line(
                (
                    str(hop.ttl),
                    address,
                    ", ".join(_claimed(names[each]) for each in hop.addresses if each in names),
                    hop.word or ("no answer" if hop.sent else ""),
                    f"{hop.loss_percent:.0f} %" if hop.sent else "",
                    *(
                        _ms(each)
                        for each in (hop.last_ns, hop.best_ns, hop.average_ns, hop.worst_ns, hop.jitter_ns)
                    ),
                ),
                tone if hop.received else "muted",
                _hop_tip(hop),
            )
        )
    return tuple(lines)


def _claimed(claimed: Claimed) -> str:
    return f"{claimed.name} ({claimed.badge})" if claimed.name else claimed.badge


def _hop_tip(hop: Hop) -> str:
    told = f"TTL {hop.ttl}: {hop.received} of {count(hop.sent, 'probe', 'probes')} answered"
    return told + (
        f"; {hop.word} (ICMP type {hop.kind} code {hop.code})" if hop.word and hop.kind >= 0 else ""
    )


def _ms(ns: int | None) -> str:
    return f"{ns / 1e6:.3f}" if ns is not None else ""


def trace_verdict(trace: Trace) -> Verdict:
    """How far it is, while it goes on and afterwards."""
    chips = ((f"round {trace.round}", "every distance is probed once in a round"),)
    if not trace.is_over:
        return Verdict("running", "probing", trace.sentence, chips)
    return Verdict(
        "good" if trace.reached else "warning",
        "reached" if trace.reached else "not reached",
        trace.sentence,
        chips,
    )


def reach_lines(seen: Sequence[Seen]) -> tuple[Line, ...]:
    """Address, interface, reached, could another server listen there, why."""
    tones: dict[bool | None, Tone] = {True: "good", False: "", None: "muted"}
    return tuple(
        Line(
            (
                one.place.host,
                one.place.interface or "all",
                {True: "yes", False: "no", None: "-"}[one.reached],
                "yes" if one.free else f"no ({one.why_not})",
                one.sentence,
            ),
            tones[one.reached],
            f"{one.place.host}: {one.sentence}",
        )
        for one in seen
    )


def reach_verdict(port: int, seen: Sequence[Seen]) -> Verdict:
    """Who reaches a port, in a sentence."""
    called = [one for one in seen if one.reached is not None]
    reached = [one.place for one in called if one.reached]
    outside = [place for place in reached if place.interface and not _is_loopback(place.host)]
    chips = ((f"{len(reached)} of {len(called)}", "addresses of this machine by which it is reached"),)
    if not reached:
        return Verdict("info", "nobody", f"nothing of this machine listens at port {port}", chips)
    if not outside:
        return Verdict(
            "good", "this machine", f"port {port} is reached by programs of this machine alone", chips
        )
    names = ", ".join(dict.fromkeys(place.interface for place in outside))
    return Verdict("warning", "others too", f"port {port} is reached by everybody who reaches {names}", chips)


def _is_loopback(host: str) -> bool:
    return host.startswith("127.") or host == "::1"


def result_lines(results: Sequence[Result]) -> tuple[Line, ...]:
    """Family, type, protocol, canonical name, address as a tuple."""
    return tuple(
        Line(
            (one.family, one.kind, one.protocol, one.canonical, repr(one.place)),
            "",
            one.card,
            one.text if one.kind in ("SOCK_STREAM", "SOCK_DGRAM") else "",
        )
        for one in results
    )


def layer_lines(layers: Sequence[Layer]) -> tuple[Line, ...]:
    """The layers of IPv6, in the columns of the look-up."""
    tones: dict[str, Tone] = {"there": "good", "missing": "error", "not asked": "muted"}
    return tuple(
        Line(
            (layer.name, layer.word, "", "", layer.sentence),
            tones[layer.word],
            f"{layer.sentence} ({layer.source})",
        )
        for layer in layers
    )


def layers_verdict(layers: Sequence[Layer]) -> Verdict:
    """Which layer is the first one that is missing."""
    missing = [layer for layer in layers if not layer.is_there]
    if not missing:
        return Verdict("good", "IPv6", "every layer that was asked is there")
    first = missing[0]
    return Verdict(
        "warning",
        "not all of it",
        f"{first.name}: {first.sentence}",
        ((count(len(missing), "layer missing", "layers missing"), "each line says which"),),
    )
