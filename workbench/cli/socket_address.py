"""`workbench socket address`: one address taken apart, and compared with another."""

from workbench.cli.arguments import Parsed
from workbench.cli.output import Output
from workbench.errors import LinkLost, LocalFault
from workbench.formats.notation import Inspection
from workbench.formats.subnet import Comparison, compare


def address_verb(parsed: Parsed, output: Output) -> int:
    """Answer. Raises: LocalMisuse: two kinds of addresses can't be compared."""
    found: Inspection = parsed["ADDRESS"]
    other: Inspection | None = parsed["--to"]
    comparison = _compared(found, other) if other is not None else None
    if output.as_json:
        document = _document(found)
        if comparison is not None and other is not None:
            document["to"] = _document(other)
            document["comparison"] = {
                **comparison._asdict(),
                "direct": comparison.is_direct,
                "sentence": comparison.sentence,
                "way": _way(other),
            }
        output.document(document, ok=True)
        return 0
    _tell(found, output)
    if comparison is not None and other is not None:
        output.line()
        for bits in (comparison.own_bits, comparison.target_bits):
            output.line(f"{bits[: comparison.marked]}|{bits[comparison.marked :]}")
        output.line(comparison.sentence)
        way = _way(other)
        if way is not None:
            output.line(
                f"the system would send from {way['source']} by {way['interface'] or 'any interface'}"
            )
    return 0


def _compared(found: Inspection, other: Inspection) -> Comparison:
    prefix = found.prefix if found.prefix is not None else _own_prefix(found)
    return compare(str(found.address), prefix, str(other.address))


def _own_prefix(found: Inspection) -> int:
    """That of the interface which has the address; else all bits."""
    from workbench.wire.interfaces import read_interfaces

    for interface in read_interfaces():
        for own in interface.addresses:
            if own.address == str(found.address) and own.prefix is not None:
                return own.prefix
    return found.address.max_prefixlen


def _way(other: Inspection) -> dict[str, object] | None:
    from workbench.wire.interfaces import way_to

    target = str(other.address) + (f"%{other.zone}" if other.zone else "")
    try:
        return way_to(target)._asdict()
    except (LinkLost, LocalFault):
        return None


def _tell(found: Inspection, output: Output) -> None:
    rows = [
        ("canonical", found.canonical),
        ("expanded", found.expanded),
        ("bits", found.bits),
        ("kind", f"{found.kind.word}: {found.kind.what} ({found.kind.source})"),
        ("scope", found.kind.scope),
        ("reverse", found.reverse),
    ]
    if found.size:
        rows.append(("network", f"{found.network} to {found.last}, {found.size} addresses"))
    rows += [(hidden.what, f"{hidden.value} ({hidden.source})") for hidden in found.hidden]
    for name, value in rows:
        output.line(f"{name:<12}{value}")
    for warning in found.warnings:
        output.note(f"warning: {warning}")
    for other in found.others:
        output.note(f"others read: {other}")


def _document(found: Inspection) -> dict[str, object]:
    return {
        "text": found.text,
        "version": found.address.version,
        "canonical": found.canonical,
        "expanded": found.expanded,
        "bits": found.bits,
        "zone": found.zone,
        "prefix": found.prefix,
        "kind": found.kind._asdict(),
        "reverse_name": found.reverse,
        "hidden": [hidden._asdict() for hidden in found.hidden],
        "ambiguous": found.is_ambiguous,
        "warnings": list(found.warnings),
        "other_readings": list(found.others),
        "network": {"first": found.network, "last": found.last, "count": str(found.size)}
        if found.size
        else None,
    }
