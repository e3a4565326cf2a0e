"""The ways of asking a system, behind one shape: wait(wanted, timeout_s) -> Answer.

Each asks its own system call and says only what that call said; `tells` names the flags that it can tell at all. They
block, so they belong into a thread or a process of their own; that is watch.py's part.
"""

import errno
import os
import select
import selectors
from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol

from workbench.errors import LocalFault, LocalMisuse
from workbench.protocols.readiness.values import EVERYTHING, NOTHING, Answer, Ready, Sets, Wanted

_ALL = EVERYTHING | Ready.ERR | Ready.HUP | Ready.NVAL


class Engine(Protocol):
    """One way of asking, with what it keeps between two calls. close() gives that back."""

    def wait(self, wanted: Wanted, timeout_s: float | None) -> Answer:
        """Return when a descriptor has something to tell, or after timeout_s; 0 asks once, None waits for ever.

        Raises: LocalMisuse: a descriptor's number is too high for this engine.
        """
        ...

    def close(self) -> None:
        """Give back what the system keeps for it."""
        ...


class EngineInfo(NamedTuple):
    """name; title; tells: the flags it can tell; make: None where this system has none of it; note: what to know."""

    name: str
    title: str
    tells: Ready
    make: Callable[[], Engine] | None
    note: str

    @property
    def why_not(self) -> str:
        """Why it can't be chosen here; "" when it can."""
        return "" if self.make is not None else f"not on this platform: this system has no {self.title}"


class _Select:
    def wait(self, wanted: Wanted, timeout_s: float | None) -> Answer:
        ready: dict[int, Ready] = {}
        open_ones = _open_ones(wanted, ready)
        reading = [fd for fd in open_ones if wanted[fd] & (Ready.IN | Ready.RDHUP)]
        writing = [fd for fd in open_ones if wanted[fd] & Ready.OUT]
        urgent = [fd for fd in open_ones if wanted[fd] & Ready.PRI]
        try:
            lists = select.select(reading, writing, urgent, 0 if ready else timeout_s)
        except ValueError as error:
            highest = max(wanted, default=0)
            raise LocalMisuse(
                f"ValueError: {error}: {highest} is beyond the {FD_SETSIZE} numbers of its set",
                stage="wait",
                advice="poll, epoll and kqueue have no such limit",
                source="select(2)",
            ) from error
        for numbers, flag in zip(lists, (Ready.IN, Ready.OUT, Ready.PRI), strict=True):
            for fd in numbers:
                ready[fd] = ready.get(fd, NOTHING) | flag
        return Answer(ready, Sets(*map(tuple, lists)))

    def close(self) -> None:
        """Nothing is kept."""


class _Poll:
    def __init__(self) -> None:
        self._poll = select.poll()
        self._asked: dict[int, Ready] = {}

    def wait(self, wanted: Wanted, timeout_s: float | None) -> Answer:
        for fd in self._asked.keys() - wanted.keys():
            self._poll.unregister(fd)
        for fd, flags in wanted.items():
            if self._asked.get(fd) != flags:
                self._poll.register(fd, _to_system(flags, "POLL"))
        self._asked = dict(wanted)
        # Rounded up: a wait of less than a millisecond must not become one of none.
        limit = None if timeout_s is None else -(-timeout_s * 1000 // 1)
        return Answer({fd: _from_system(mask, "POLL") for fd, mask in self._poll.poll(limit)})

    def close(self) -> None:
        """Nothing is kept."""


class _Epoll:
    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._asked: dict[int, Ready] = {}

    def wait(self, wanted: Wanted, timeout_s: float | None) -> Answer:
        gone: dict[int, Ready] = {}
        for fd in self._asked.keys() - wanted.keys():
            self._forget(fd)
        for fd, flags in wanted.items():
            try:
                self._ask(fd, flags)
            except OSError as error:
                if error.errno != errno.EBADF:
                    raise
                self._asked.pop(fd, None)
                gone[fd] = Ready.NVAL
        events = self._epoll.poll(0 if gone else timeout_s)
        return Answer({fd: _from_system(mask, "EPOLL") for fd, mask in events} | gone)

    def _ask(self, fd: int, flags: Ready) -> None:
        mask = _to_system(flags, "EPOLL")
        if fd not in self._asked:
            self._epoll.register(fd, mask)
        else:
            # Also unchanged: a descriptor that was closed has left the set without a word, and only this tells.
            self._epoll.modify(fd, mask)
        self._asked[fd] = flags

    def _forget(self, fd: int) -> None:
        del self._asked[fd]
        try:
            self._epoll.unregister(fd)
        except OSError as error:
            # Closed meanwhile: it has left the set by itself.
            if error.errno not in (errno.EBADF, errno.ENOENT):
                raise

    def close(self) -> None:
        """Give the system's set back."""
        self._epoll.close()


class _Selectors:
    """Python's own choice of the best that a system has, and what asyncio waits with; tells two things only."""

    def __init__(self, make: Callable[[], selectors.BaseSelector] = selectors.DefaultSelector) -> None:
        self._selector = make()

    def wait(self, wanted: Wanted, timeout_s: float | None) -> Answer:
        gone: dict[int, Ready] = {}
        open_ones = _open_ones(wanted, gone)
        known = self._selector.get_map()
        for fd in [fd for fd in known if fd not in open_ones]:
            self._selector.unregister(fd)
        for fd in open_ones:
            self._ask(fd, wanted[fd])
        ready = dict(gone)
        for key, events in self._selector.select(0 if gone else timeout_s):
            ready[key.fd] = (Ready.IN if events & selectors.EVENT_READ else NOTHING) | (
                Ready.OUT if events & selectors.EVENT_WRITE else NOTHING
            )
        return Answer(ready)

    def _ask(self, fd: int, flags: Ready) -> None:
        events = (selectors.EVENT_READ if flags & (Ready.IN | Ready.RDHUP) else 0) | (
            selectors.EVENT_WRITE if flags & Ready.OUT else 0
        )
        known = self._selector.get_map().get(fd)
        if not events:
            if known is not None:
                self._selector.unregister(fd)
        elif known is None:
            self._selector.register(fd, events)
        elif known.events != events:
            self._selector.modify(fd, events)

    def close(self) -> None:
        """Give the system's set back."""
        self._selector.close()


def _kqueue_selector() -> selectors.BaseSelector:
    made: selectors.BaseSelector = getattr(selectors, "KqueueSelector")()  # noqa: B009 - not on every system
    return made


def _open_ones(wanted: Iterable[int], closed: dict[int, Ready]) -> list[int]:
    """The open ones; the others are entered as NVAL: these calls fail as a whole for one of them (EBADF)."""
    found = []
    for fd in wanted:
        try:
            os.fstat(fd)
            found.append(fd)
        except OSError:
            closed[fd] = Ready.NVAL
    return found


def _to_system(flags: Ready, prefix: str) -> int:
    return sum(getattr(select, prefix + str(flag.name), 0) for flag in EVERYTHING if flag in flags)


def _from_system(mask: int, prefix: str) -> Ready:
    found = NOTHING
    for flag in _ALL:
        if mask & getattr(select, prefix + str(flag.name), 0):
            found |= flag
    return found


FD_SETSIZE = 1024
"""The numbers that select()'s set has room for, on Linux and nearly everywhere (select(2))."""
_SELECTED = Ready.IN | Ready.OUT | Ready.PRI | Ready.NVAL
_TWO = Ready.IN | Ready.OUT | Ready.NVAL


def engines() -> dict[str, EngineInfo]:
    """Every way of asking by its name, those that this system lacks included; looked for anew at each call."""
    has_kqueue = hasattr(selectors, "KqueueSelector")
    found = (
        EngineInfo(
            "poll",
            "poll",
            _ALL,
            _Poll if hasattr(select, "poll") else None,
            "a list of descriptors, each with a mask of what is asked and told; handed over anew at every call",
        ),
        EngineInfo(
            "select",
            "select",
            _SELECTED,
            _Select,
            f"three sets of descriptors, rewritten at every call; numbers below {FD_SETSIZE} only",
        ),
        EngineInfo(
            "epoll",
            "epoll",
            _ALL,
            _Epoll if hasattr(select, "epoll") else None,
            "the system keeps the set and tells only those that are ready; a closed descriptor leaves it silently",
        ),
        EngineInfo(
            "kqueue",
            "kqueue",
            _TWO,
            (lambda: _Selectors(_kqueue_selector)) if has_kqueue else None,
            "the system keeps the set, as with epoll; on BSD and macOS",
        ),
        EngineInfo(
            "selectors",
            "selectors",
            _TWO,
            _Selectors,
            f"Python's choice of what there is, here {selectors.DefaultSelector.__name__}; tells two things only",
        ),
        EngineInfo(
            "asyncio",
            "the window's own loop",
            _TWO,
            _Selectors,
            "the loop calls back when a descriptor is ready; in the window Qt's notifier turns it",
        ),
    )
    return {info.name: info for info in found}


def make_engine(name: str) -> Engine:
    """An engine by its name. Raises: LocalMisuse: there is none; LocalFault: not on this system."""
    info = engines().get(name)
    if info is None:
        raise LocalMisuse(f"there is no way of waiting called {name}", stage="wait")
    if info.make is None:
        raise LocalFault(info.why_not, stage="wait", advice="choose select: every system has it")
    return info.make()
