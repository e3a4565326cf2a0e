"""A gate in the way of a body: closed, nothing more is read, and the server is held up by its own full queue."""

import asyncio


class Gate:
    """Open at first."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._open.set()

    @property
    def is_open(self) -> bool:
        """Whether octets pass."""
        return self._open.is_set()

    def hold(self) -> None:
        """Close it."""
        self._open.clear()

    def release(self) -> None:
        """Open it."""
        self._open.set()

    async def passed(self) -> None:
        """Wait until it is open."""
        await self._open.wait()
