"""Peers that mean no good, met in the real window: it stays alive, its memory bounded, every octet kept, the end named."""

import hashlib
import time

import pytest
from PySide6.QtCore import Qt

from tests.journeys.person import Person, Said, resident_octets, said, workbench
from workbench.lab.services.flood import _BLOCK
from workbench.transcript.records import Direction

MIB = 1024 * 1024


async def test_a_flood(app):
    async with workbench(app) as person:
        address = await person.program.lab.start("flood", total=256 * MIB)
        person.sockets
        await person.shown()
        before = resident_octets()
        person.watch()
        t = time.monotonic()
        view = await person.connect(str(address.target))
        await person.until(lambda: view.verdict.verdict.word == "half closed")
        print("took", time.monotonic() - t, person.pulse.max_gap_ms, person.pulse.p99_ms)
        print(view.verdict.text(), (resident_octets() - before) / MIB)
        t = time.monotonic()
        transcript = view.controller.transcript
        person.assert_alive()
        s = said(transcript, Direction.RECEIVED)
        print(s, time.monotonic() - t)
        print(len(transcript), person.conversation()[-3:])
