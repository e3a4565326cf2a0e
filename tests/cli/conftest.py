"""The terminal face for tests."""

import signal
from collections.abc import Iterator

import pytest

from tests.cli.terminal import Terminal


@pytest.fixture(scope="session", autouse=True)
def ctrl_c_is_heard() -> Iterator[None]:
    """Who is started in the background ignores Ctrl-C, and so does every child: here verbs are stopped by it."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def terminal(capfd: pytest.CaptureFixture[str]) -> Terminal:
    """Runs a verb in this process: `said = terminal("socket", "talk", ...)`."""
    return Terminal(capfd)
