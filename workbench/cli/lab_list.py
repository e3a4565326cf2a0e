"""`workbench lab list`: the catalogue, and what runs in the Lab that is open now."""

import os

from workbench.cli.lab_access import open_lab
from workbench.cli.output import Output
from workbench.lab.address import Running
from workbench.lab.catalogue import SERVICES
from workbench.lab.launch import SOCKET_NAME
from workbench.lab.switches import Switch
from workbench.settings import places


async def list_verb(output: Output) -> int:
    """Print it. No Lab is started for the question. Raises: what joining the Lab raises."""
    running, joined = await _running(os.path.join(places().runtime, SOCKET_NAME))
    if output.as_json:
        services = [info.as_dict() for info in SERVICES]
        listed = {"services": services, "running": [one.as_dict() for one in running]}
        output.document({"lab": "joined" if joined else "none", **listed}, ok=True)
        return 0
    for info in SERVICES:
        port = str(info.book_port) if info.book_port is not None else "-"
        output.line(f"lab:{info.name:<10} {info.transport}  {port:>4}  {info.teaches}")
    output.line()
    output.line("switches of `workbench lab start NAME --switch ...`:")
    for names, switches in _switches().items():
        output.line(f"  {names}:")
        for switch in switches:
            choices = f": {', '.join(switch.choices)}" if switch.choices else ""
            output.line(f"    {switch.name:<14} {switch.what}{choices}")
    for one in running:
        shown = one.as_dict()
        output.line(
            f"running: {shown['instance']} at {shown['address']}, {one.clients} clients now, {one.seen} so far"
        )
    if not joined:
        output.note("no Lab is open; `workbench lab start` and the window open one")
    return 0


def _switches() -> dict[str, list[Switch]]:
    """Each switch once, under the names of the services that have it."""
    having: dict[Switch, list[str]] = {}
    for info in SERVICES:
        for switch in info.switches:
            having.setdefault(switch, []).append(info.name)
    grouped: dict[str, list[Switch]] = {}
    for switch, names in having.items():
        grouped.setdefault(", ".join(names), []).append(switch)
    return grouped


async def _running(socket_path: str) -> tuple[list[Running], bool]:
    if not os.path.lexists(socket_path):  # noqa: ASYNC240 - nothing else runs on this loop yet
        return [], False
    lab = open_lab()
    try:
        await lab.ping()
        # What stood there may have been left by a dead one; then this is a Lab of our own, where nothing runs.
        return await lab.running(), lab.mode == "joined"
    finally:
        await lab.aclose()
