"""Carrying out the verbs of verbs_ftp.py: sessions with FTP servers. As in steps.py."""

import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from workbench.experiments.stage import Carry, Done, Stage, timeout_of
from workbench.experiments.things_ftp import FtpSeen
from workbench.experiments.values import Given

if TYPE_CHECKING:
    from workbench.protocols.ftp.client import FtpClient


@asynccontextmanager
async def _session(stage: Stage, given: Given) -> "AsyncIterator[FtpClient]":
    # The engine is loaded for the cards that need it alone.
    from workbench.protocols.ftp.opening import open_ftp
    from workbench.protocols.ftp.values import Login

    server, resolver = stage.where(given["to"], "tcp")
    client = await open_ftp(server, stage.transcript, Login(), resolver=resolver, timeout_s=timeout_of(given))
    try:
        yield client
    finally:
        await client.quit()


async def _list(stage: Stage, given: Given, _name: str) -> Done:
    first = len(stage.transcript), len(stage.transcript.channels)
    async with _session(stage, given) as client:
        listing = await client.list(str(given["path"]).encode())
    names = ", ".join(sorted(entry.text for entry in listing.entries))
    seen = _seen(stage, *first, entries=len(listing.entries), names=names, command=listing.command)
    return Done(seen, f"{len(listing.entries)} entries by {listing.command}")


async def _get(stage: Stage, given: Given, _name: str) -> Done:
    from workbench.protocols.ftp.partial import Download

    first = len(stage.transcript), len(stage.transcript.channels)
    with tempfile.TemporaryDirectory(prefix="workbench-experiment-") as folder:
        async with _session(stage, given) as client:
            file = Download(os.path.join(folder, "file"))
            moved = await client.download(str(given["path"]).encode(), file)
    return Done(
        _seen(stage, *first, size=moved.total, reply=str(moved.reply)),
        f"{moved.total} octets, then {moved.reply}",
    )


def _seen(stage: Stage, first: int, channels: int, **seen: object) -> FtpSeen:
    told = dialled = ""
    for event in stage.transcript.events(first):
        if event.name == "ftp.passive":
            told = dialled = str(event.values["host"])
        elif event.name == "ftp.passive.elsewhere":
            told, dialled = str(event.values["told"]), str(event.values["used"])
    connections = len(stage.transcript.channels) - channels
    return FtpSeen(connections=connections, told=told, dialled=dialled, **seen)  # type: ignore[arg-type]  # by name


CARRY_FTP: dict[str, Carry] = {"ftp-list": _list, "ftp-get": _get}
