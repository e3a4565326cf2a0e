"""Cards as programs: what each is told, and how one is run by plain Python, apart from this checkout."""

import asyncio
import sys
from pathlib import Path
from typing import NamedTuple

from tests.experiments.house import House
from workbench.experiments.script import script_of, written_in
from workbench.experiments.values import Card
from workbench.lab.address import address

PATIENCE_S = 60


class Ran(NamedTuple):
    """How a program ended."""

    code: int
    out: str
    errors: str


async def told(card: Card, lab: House, *, broken: bool = False) -> list[str]:
    """The command line of a card's program: servers of this house, and the passwords that they know."""
    words = []
    for service in card.plan(broken=broken).services:
        started = await lab.start(service.name, **dict(service.switches))
        where = started.target.path if started.transport == "file" else address(started.target)
        words.append(f"{service.called}={where}")
        words += [f"{user}={password}" for user, password in started.accounts]
    return words


async def ran(script: str, *argv: str, folder: Path | None = None) -> Ran:
    """Run a program by itself: no variables, no folder of ours on its path."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-c",
        script,
        *argv,
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        out, errors = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    except TimeoutError:
        process.kill()
        out, errors = await process.communicate()
        errors += b"it did not end in time"
    return Ran(process.returncode or 0, out.decode(), errors.decode())


async def played(card: Card, lab: House, *, broken: bool = False) -> Ran:
    """Write a card's program and run it against the services that it wants."""
    words = await told(card, lab, broken=broken)
    script = script_of(card, written_in(await lab.authority()), broken=broken)
    return await ran(script.text, *words)
