"""A log record of level WARNING or above, or a Qt message, fails the test unless it said it expects one.

def test_junk_is_reported(expected_log):
    expected_log("settings .* not readable")
"""

import logging
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

QUIET_QT = (
    # The offscreen platform says what it leaves out; nothing of ours depends on it.
    re.compile(r"This plugin does not support (propagateSizeHints|raise|setting window opacity|grabbing)"),
)


class Expectation(NamedTuple):
    """A message that the test announced: a pattern, found anywhere in it, and whether it may stay away."""

    pattern: re.Pattern[str]
    maybe: bool


ExpectLog = Callable[..., None]


class Listener(logging.Handler):
    """Collects what is said while a test runs; one for the session, emptied by each test."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = f"{record.levelname} {record.name}: {record.getMessage()}"
        if record.exc_info and record.exc_info[1] is not None:
            text += f" ({type(record.exc_info[1]).__name__}: {record.exc_info[1]})"
        self.heard.append(text)

    def qt_message(self, kind: Any, context: Any, message: str) -> None:
        """Stand in for Qt's own message handler."""
        name = kind.name
        if name in ("QtDebugMsg", "QtInfoMsg") or any(quiet.search(message) for quiet in QUIET_QT):
            return
        self.heard.append(f"{name} {context.category or 'qt'}: {message}")


LISTENER = Listener()


def pytest_configure() -> None:
    logging.getLogger().addHandler(LISTENER)


def pytest_unconfigure() -> None:
    logging.getLogger().removeHandler(LISTENER)


@pytest.fixture
def expected_log(no_noise: list[Expectation]) -> ExpectLog:
    """Return `expected_log(regex, maybe=False)`: that message is allowed, and, unless maybe, has to come."""

    def expect(pattern: str, *, maybe: bool = False) -> None:
        no_noise.append(Expectation(re.compile(pattern, re.DOTALL), maybe))

    return expect


@pytest.fixture(autouse=True)
def no_noise(nothing_left: None) -> Iterator[list[Expectation]]:
    """Fail the test for messages that it did not expect, and for expected ones that never came.

    Yields the list of what the test announces, for `expected_log` to fill.
    """
    LISTENER.heard.clear()
    announced: list[Expectation] = []
    yield announced
    heard = LISTENER.heard[:]
    LISTENER.heard.clear()
    problems = [
        f"unexpected: {text}" for text in heard if not any(want.pattern.search(text) for want in announced)
    ]
    problems += [
        f"expected, but not said: {want.pattern.pattern}"
        for want in announced
        if not want.maybe and not any(want.pattern.search(text) for text in heard)
    ]
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)
