"""`workbench lab list`: the catalogue, and what runs in the Lab that is open now."""

import os

from workbench.cli.lab_access import open_lab
from workbench.cli.output import Output
from workbench.lab.address import Running
from workbench.lab.catalogue import SERVICES
from workbench.lab.launch import SOCKET_NAME
from workbench.settings import places


async def list_verb(output: Output) -> int:
    """Print it. No Lab is started for the question. Raises: what joining the Lab raises."""
    running, joined = await _running()
    if output.as_json:
        services = [info.as_dict() for info in SERVICES]
        listed = {"services": services, "running": [one.as_dict() for one in running]}
        output.document({"lab": "joined" if joined else "none", **listed}, ok=True)
        return 0
    for info in SERVICES:
        port = str(info.book_port) if info.book_port is not None else "-"
        output.line(f"lab:{info.name:<10} {info.transport}  {port:>4}  {info.teaches}")
        for switch in info.switches:
            if switch not in SERVICES[0].switches or info is SERVICES[0]:
                output.line(f"{'':24}{switch.name}: {switch.what}")
    for one in running:
        shown = one.as_dict()
        output.line(f"running: {shown['instance']} at {shown['address']}, {one.clients} clients now, {one.seen} so far")
    if not joined:
        output.note("no Lab is open; `workbench lab start` and the window open one")
    return 0


async def _running() -> tuple[list[Running], bool]:
    if not os.path.lexists(os.path.join(places().runtime, SOCKET_NAME)):
        return [], False
    lab = open_lab()
    try:
        await lab.ping()
        # What stood there may have been left by a dead one; then this is a Lab of our own, where nothing runs.
        return await lab.running(), lab.mode == "joined"
    finally:
        await lab.aclose()
