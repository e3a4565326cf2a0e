"""Where a task, a thread or an exception stands, as text: file, line, function and source, never values.

Values are left out on purpose: a local variable or the message of a ValueError may hold what a peer sent, and these
texts go to the log.
"""

import asyncio
import sys
import traceback
from collections.abc import Iterator
from types import FrameType, TracebackType
from typing import Any, NamedTuple

from workbench.errors import WorkbenchError

MAX_CHAIN = 20
"""Causes of an exception, or members of a group, that are told; a chain that long has said what it had to say."""


class Stuck(NamedTuple):
    """A thing that did not end: its name, and where it stands."""

    name: str
    stack: str


def of_thread(ident: int) -> str:
    """The stack of a running thread, outermost call first; empty when there is no such thread."""
    frame = sys._current_frames().get(ident)
    return "" if frame is None else "".join(traceback.format_stack(frame))


def of_task(task: asyncio.Task[Any]) -> str:
    """The chain of awaits of a task, outermost coroutine first; empty when it is done.

    `Task.get_stack()` shows a waiting task's outermost frame alone, which is seldom the guilty one.
    """
    frames = ((frame, frame.f_lineno) for frame in _awaiting(task.get_coro()))
    return "".join(traceback.StackSummary.extract(frames).format())


def of_exception(error: BaseException) -> str:
    """The traceback and the type; the message only of a WorkbenchError, whose sentence is ours. Causes come first."""
    return "".join(_tell(error, set()))


def _awaiting(waiting: Any) -> Iterator[FrameType]:
    while True:
        if (frame := getattr(waiting, "cr_frame", None)) is not None:
            yield frame
            waiting = waiting.cr_await
        elif (frame := getattr(waiting, "gi_frame", None)) is not None:
            yield frame
            waiting = waiting.gi_yieldfrom
        else:  # a future; or an asynchronous generator, which Python shows no way into
            return


def _tell(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    if len(seen) < MAX_CHAIN:
        before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if before is not None and id(before) not in seen:
            yield from _tell(before, seen)
            yield "which led to:\n" if error.__cause__ else "while that was handled:\n"
    yield _traceback(error.__traceback__)
    yield _last_line(error)
    if isinstance(error, BaseExceptionGroup):
        for number, member in enumerate(error.exceptions, 1):
            if id(member) not in seen and len(seen) < MAX_CHAIN:
                yield f"member {number} of {len(error.exceptions)}:\n"
                yield from _tell(member, seen)


def _traceback(tb: TracebackType | None) -> str:
    return "".join(traceback.format_tb(tb))


def _last_line(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return f"{name}: {error}\n" if isinstance(error, WorkbenchError) else f"{name}\n"
