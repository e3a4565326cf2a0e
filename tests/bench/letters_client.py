"""The lists of tests.bench.letters: python -m tests.bench.letters_client PORT RUNS, prints JSON."""

import asyncio
import imaplib
import sys
import time

from tests.bench.children import LOOPBACK, say
from tests.protocols.imap.dovecot_server import PASSWORD
from workbench.formats.target import Target
from workbench.protocols.imap.client import ImapSession, open_imap
from workbench.protocols.sasl.values import Login
from workbench.transcript.recorder import Transcript

SCREEN = 50
USERS = ("anna", "ben")
"""Ours, and the peer's."""
WINDOW = 500
FIELDS = "(UID FLAGS RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER.FIELDS (FROM TO SUBJECT DATE)])"


async def ours(port: int) -> tuple[float, float]:
    """Seconds to the first screen, and from there to all."""
    transcript = Transcript()
    began = time.perf_counter()
    session: ImapSession
    async with await open_imap(
        Target("imap", LOOPBACK, port), transcript, login=Login(USERS[0], PASSWORD), security="plain"
    ) as session:
        count = (await session.examine("INBOX")).exists
        seen = len(await session.summaries(count - SCREEN + 1, count))
        first = time.perf_counter() - began
        if seen != SCREEN:
            raise RuntimeError(f"{seen} summaries came")
        began = time.perf_counter()
        seen = 0
        for start in range(1, count + 1, WINDOW):
            seen += len(await session.summaries(start, start + WINDOW - 1))
        whole = time.perf_counter() - began
        if seen != count:
            raise RuntimeError(f"{seen} of {count} summaries came")
    transcript.close()
    return first, whole


def theirs(port: int) -> tuple[float, float]:
    """The same by imaplib, as a short program has it."""
    began = time.perf_counter()
    with imaplib.IMAP4(LOOPBACK, port) as imap:
        imap.login(USERS[1], PASSWORD)
        count = int(imap.select("INBOX", readonly=True)[1][0] or b"0")
        imap.fetch(f"{count - SCREEN + 1}:{count}", FIELDS)
        first = time.perf_counter() - began
        began = time.perf_counter()
        seen = sum(isinstance(piece, tuple) for piece in imap.fetch("1:*", FIELDS)[1])
        whole = time.perf_counter() - began
        if seen != count:
            raise RuntimeError(f"{seen} of {count} answers came")
    return first, whole


def main() -> None:
    """Measure and print."""
    port, runs = int(sys.argv[1]), int(sys.argv[2])
    mine = [asyncio.run(ours(port)) for _ in range(runs)]
    other = [theirs(port) for _ in range(runs)]
    say(
        {
            "first_s": [first for first, _ in mine],
            "all_s": [whole for _, whole in mine],
            "peer_first_s": [first for first, _ in other],
            "peer_all_s": [whole for _, whole in other],
        }
    )


if __name__ == "__main__":
    main()
