"""`workbench experiment script`: an experiment as a program of its own, for people and programs."""

from collections.abc import Coroutine
from typing import Any

from workbench.cli.arguments import Parsed
from workbench.cli.output import Output
from workbench.errors import LocalMisuse
from workbench.experiments.script import CERTIFICATES, Script, needs_of, script_of, written_in
from workbench.experiments.values import Card


def script_verb(parsed: Parsed, output: Output) -> int | Coroutine[Any, Any, int]:
    """Write the program; where certificates shall stand in it, the coroutine that asks the open Lab for them."""
    card, broken = parsed["ID"], parsed.flag("--broken")
    if parsed.flag("--authority") and any(need.name in CERTIFICATES for need in needs_of(card)):
        return _with_authority(card, output, broken=broken)
    return _write(card, output, {}, broken=broken)


async def _with_authority(card: Card, output: Output, *, broken: bool) -> int:
    from workbench.cli.lab_access import open_lab

    lab = open_lab()
    try:
        authority = await lab.authority()
        if lab.mode != "joined":
            # A Lab of our own ends with this verb, and its certificates are worth nothing then.
            raise LocalMisuse(
                "no Lab is open whose certificate could be written in",
                stage="script",
                advice="`workbench lab start` opens one, and so does the window",
            )
    finally:
        await lab.aclose()
    return _write(card, output, written_in(authority), broken=broken)


def _write(card: Card, output: Output, known: dict[str, str], *, broken: bool) -> int:
    script = script_of(card, known, broken=broken)
    if output.as_json:
        document = {
            "id": card.id,
            "script": script.text,
            "servers": _servers(card, script),
            "needs": [{"name": need.name, "what": need.what} for need in script.needs],
            "packages": list(script.packages),
        }
        output.document(document, ok=True)
    else:
        output.octets(script.text.encode())
    return 0


def _servers(card: Card, script: Script) -> list[str]:
    """Of what it is told, the names of servers."""
    services = {service.called for service in card.as_written.services}
    return sorted(need.name for need in script.needs if need.name in services)
