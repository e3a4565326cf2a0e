"""A desk for tests, and a way to make several calls on it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from workbench.protocols.calls.desk import Desk
from workbench.protocols.calls.values import Descriptor, Outcome
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import TargetResolver

PAIR = ("a = socket", "a.bind 127.0.0.1:0", "a.listen 5", "b = socket", "b.connect @a", "c = a.accept")
"""a listens, b and c are the two ends of a connection."""


@asynccontextmanager
async def desk_with(*lines: str, resolver: TargetResolver | None = None) -> AsyncIterator[Desk]:
    """A desk on which these calls were made, each with success."""
    desk = Desk(Transcript(), resolver=resolver)
    try:
        for line in lines:
            outcome = await desk.type(line)
            assert outcome.is_ok, outcome
        yield desk
    finally:
        await desk.aclose()
        desk.transcript.close()


async def answers(desk: Desk, *lines: str) -> list[str]:
    """What calls answered: the result, or the errno's symbol, or the exception's class."""
    return [answer(await desk.type(line)) for line in lines]


def answer(outcome: Outcome) -> str:
    """What a call answered, in a word."""
    return outcome.result if outcome.is_ok else outcome.errno or outcome.raised


def look(desk: Desk, name: str) -> Descriptor:
    """A socket as it stands."""
    return next(each for each in desk.descriptors() if each.name == name)
