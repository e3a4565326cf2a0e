"""What a session with any database offers; the engines derive from it.

One thing at a time: whoever runs a statement while another runs waits for it. A cancelled run has been cancelled in
the database too when it returns, or the connection is given up: never does the next statement meet the last one's end.
"""

import asyncio
from collections.abc import Callable

from workbench.protocols.sql.parameters import Bound
from workbench.protocols.sql.rows import Rows
from workbench.protocols.sql.transaction import Savepoints
from workbench.protocols.sql.values import Column, Outcome, Peer, Statement, Status
from workbench.transcript.recorder import Channel

MakeRows = Callable[[tuple[Column, ...]], Rows]
"""Called once for each result, before its first row; whoever made the rows closes them."""
SLICE_S = 0.002
"""Rows are packed for so long before others get their turn: a quarter of what nothing in the window may take."""


class Session:
    """An open database.

    Attributes:
        peer: who one talks to.
        channel: where the session is recorded.
        status: the transaction, as the database itself said it last.
        cancel_within_s: how long the database's proof of a cancellation is waited for. On loopback it takes a
            millisecond, far away some round trips; then the connection is given up, and its transaction with it.
    """

    peer: Peer
    cancel_within_s = 5.0

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.status = Status()
        self.savepoints = Savepoints()
        self._turn = asyncio.Lock()

    @property
    def is_open(self) -> bool:
        """Whether statements can be run."""
        return self.status.transaction != "lost"

    async def run(
        self, statement: Statement, bound: Bound, make_rows: MakeRows, *, timeout_s: float | None = None
    ) -> Outcome:
        """Run one statement to its end; its rows go where make_rows says.

        Args:
            timeout_s: how long no answer may come; None: as long as it takes.

        Raises: Rejected: the database says no, with the place; LinkLost, PeerMisbehaved, TooSlow, LocalFault.
        """
        async with self._turn:
            return await self._run(statement, bound, make_rows, timeout_s)

    async def _run(
        self, statement: Statement, bound: Bound, make_rows: MakeRows, timeout_s: float | None
    ) -> Outcome:
        raise NotImplementedError

    async def aclose(self) -> None:
        """End the session; what is not committed is rolled back by the database. Idempotent."""
        raise NotImplementedError


async def written(rows: Rows) -> None:
    """Return once a slow disk has caught up."""
    if not rows.is_behind:
        return
    loop = asyncio.get_running_loop()
    caught_up = asyncio.Event()

    def wake() -> None:
        loop.call_soon_threadsafe(caught_up.set)

    forget = rows.when_written(wake)
    try:
        await caught_up.wait()
    finally:
        forget()
