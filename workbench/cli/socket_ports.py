"""`workbench socket ports`: the directory of services, this system's ranges, and the ports in use."""

from workbench.cli.arguments import Parsed, reading
from workbench.cli.output import Output
from workbench.errors import LocalMisuse, Refused
from workbench.formats.inet import is_digits
from workbench.formats.services import MEANING_OF_ZERO, TRANSPORTS, Directory, Service, check_port, unknown
from workbench.wire.port_names import load_directory
from workbench.wire.port_owners import Held, held_ports, tells_owners
from workbench.wire.port_ranges import Ranges, may_bind, port_ranges, suggest_port, warning_about

_WHAT = "NAME|NUMBER"


def ports_verb(parsed: Parsed, output: Output) -> int:
    """Answer. Raises: LocalMisuse; Refused: nobody knows the name; LocalFault: no port is free."""
    directory, ranges = load_directory(), port_ranges()
    document: dict[str, object] = {"has_system_table": directory.has_system, "ranges": ranges._asdict()}
    asked, transport = _asked(parsed)
    output.so_far = document
    if parsed.flag("--free"):
        _free(directory, ranges, document, output)
    elif parsed.flag("--used"):
        _used(asked, transport, document, output)
    elif asked and (is_digits(asked) or asked[0] == "-"):
        _number(check_port(asked), transport, directory, ranges, document, output)
    else:
        _listed(asked, transport, parsed["--search"], directory, document, output)
    if output.as_json:
        output.document(document, ok=True)
    return 0


def _asked(parsed: Parsed) -> tuple[str, str]:
    """What is asked about and its transport, which may stand behind a slash."""
    asked, transport = parsed[_WHAT] or "", str(parsed["--transport"])
    given = [name for name in ("--search", "--free", "--used") if parsed[name]]
    if len(given) > 1 or (asked and given and given != ["--used"]):
        raise LocalMisuse(
            f"{' and '.join([asked, *given] if asked else given)} are different questions",
            advice="ask one at a time",
        )
    name, slash, behind = asked.partition("/")
    if slash:
        if behind.lower() not in TRANSPORTS:
            raise LocalMisuse(
                f"{behind[:20]!r} is no transport",
                text=asked,
                start=len(name) + 1,
                end=len(asked),
                advice=f"write {', '.join(TRANSPORTS)}",
            )
        transport = behind.lower()
    if name and (is_digits(name) or name[0] == "-"):
        reading("", name, check_port)
    return name, transport


def _listed(
    name: str,
    transport: str,
    search: str | None,
    directory: Directory,
    document: dict[str, object],
    output: Output,
) -> None:
    if name:
        found = _named(name, transport, directory)
    else:
        found = directory.find(search or "", transport)
        if search and not found:
            raise Refused(f"no service's name or purpose holds {search[:60]!r}", stage="service")
    document["services"] = [_service(service) for service in found]
    _tell_services(found, output)


def _named(name: str, transport: str, directory: Directory) -> tuple[Service, ...]:
    wanted = (transport,) if transport else TRANSPORTS
    found = tuple(service for each in wanted if (service := directory.named(name, each)) is not None)
    if not found:
        why = unknown(directory, name, transport or "tcp")
        what = why.what if transport else f"no service is called {name[:40]!r}"
        raise Refused(what, stage="service", advice=why.advice, source="services(5)")
    return found


def _number(
    port: int,
    transport: str,
    directory: Directory,
    ranges: Ranges,
    document: dict[str, object],
    output: Output,
) -> None:
    found = directory.find(str(port), transport) if port else ()
    obstacle = may_bind(port, transport="udp" if transport == "udp" else "tcp") if port else None
    warning = MEANING_OF_ZERO if port == 0 else warning_about(port, ranges)
    document["services"] = [_service(service) for service in found]
    document["port"] = {
        "number": port,
        "kind": ranges.words(port),
        "warning": warning,
        "can_listen": obstacle is None,
        "obstacle": obstacle.as_dict() if obstacle is not None else None,
    }
    if obstacle is not None:
        document["free"] = suggest_port(directory, ranges)
    _tell_services(found, output)
    if not found and port:
        output.note(f"no service is listed at port {port}")
    output.note(f"kind: {ranges.words(port)}" + (f" ({warning})" if warning else ""))
    if obstacle is not None:
        output.note(f"can't listen there now: {obstacle.what}; {document['free']} is free")


def _free(directory: Directory, ranges: Ranges, document: dict[str, object], output: Output) -> None:
    port = suggest_port(directory, ranges)
    document["free"] = port
    if not output.as_json:
        output.line(str(port))


def _used(name: str, transport: str, document: dict[str, object], output: Output) -> None:
    port = check_port(name) if name else None
    document["tells_owners"] = tells_owners()
    found = [held for held in held_ports(port) if transport in ("", held.transport)]
    document["used"] = [held._asdict() for held in found]
    if not tells_owners():
        output.note("this system does not list its sockets")
    if output.as_json:
        return
    for held in found:
        output.line(_held_line(held))


def _held_line(held: Held) -> str:
    who = f"{held.program} ({held.pid})" if held.pid else "not told"
    place = f"[{held.address}]:{held.port}" if ":" in held.address else f"{held.address}:{held.port}"
    return f"{held.transport}\t{place}\t{held.peer or '-'}\t{held.state}\t{who}"


def _tell_services(found: tuple[Service, ...], output: Output) -> None:
    if output.as_json:
        return
    for service in found:
        names = " ".join(service.names)
        output.line(
            f"{service.port}/{service.transport}\t{names}\t{service.what}\t{'+'.join(service.sources)}"
        )


def _service(service: Service) -> dict[str, object]:
    told = service._asdict()
    return {**told, "aliases": list(service.aliases), "sources": list(service.sources)}
