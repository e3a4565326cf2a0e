"""By what a verb talks: as asked for, or as a service of the Lab can alone."""

from workbench.cli.arguments import Parsed
from workbench.errors import LocalMisuse
from workbench.formats.target import Target
from workbench.protocols.raw.values import Transport

STREAMS_ONLY = ("--tls", "--starttls", "--no-finish", "--once", "--receive", "--proxy")
"""Options that mean a stream: beside them nobody wanted datagrams."""


def chosen_transport(target: Target, parsed: Parsed) -> tuple[Transport, tuple[str, ...]]:
    """By what it goes, and a note where that was not asked for: who names a service of the Lab has said enough.

    Raises: LocalMisuse: there is no such service.
    """
    if parsed.flag("--udp") or target.scheme == "udp":
        return "udp", ()
    if target.is_lab and not any(parsed.given(option) for option in STREAMS_ONLY):
        from workbench.cli.lab_access import named_service

        if named_service(target).transport == "udp":
            return "udp", (f"{target} speaks UDP: datagrams, as with --udp",)
    return "tcp", ()


def checked_transport(target: Target, parsed: Parsed) -> tuple[Transport, tuple[str, ...]]:
    """As chosen_transport, where the target can be talked to so. Raises: LocalMisuse."""
    transport, notes = chosen_transport(target, parsed)
    check_transport(target, transport)
    return transport, notes


def check_transport(target: Target, transport: Transport) -> None:
    """Raises: LocalMisuse: this is no address of a socket, or not by this transport."""
    if target.is_lab:
        _check_lab(target, transport)
    if target.scheme == "unix" and transport == "udp":
        raise wrong(target, "a Unix socket has no UDP", "leave --udp out")
    if target.scheme not in ("lab", "tcp", "udp", "unix") or (target.scheme == "tcp" and target.path):
        raise wrong(
            target,
            f"{target} is no address that a socket can connect to",
            "use HOST:PORT, unix:PATH or lab:NAME",
        )
    if target.scheme == "tcp" and transport == "udp" and target.text.startswith("tcp://"):
        raise wrong(target, "the address says TCP and --udp says UDP", "leave one of them out")


def _check_lab(target: Target, transport: Transport) -> None:
    from workbench.cli.lab_access import named_service

    info = named_service(target)
    if info.transport == "file":
        raise wrong(
            target, f"{target} is a file: nobody listens there", f"workbench sql run {target} 'SELECT 1'"
        )
    if (info.transport == "udp") != (transport == "udp"):
        advice = "add --udp" if info.transport == "udp" else "leave --udp out"
        raise wrong(target, f"{target} speaks {info.transport.upper()}", advice)


def wrong(target: Target, what: str, advice: str) -> LocalMisuse:
    """A mistake about the whole address."""
    return LocalMisuse(what, text=target.text, start=0, end=len(target.text), advice=advice)
