"""The terminal face for tests."""

import pytest

from tests.cli.terminal import Terminal


@pytest.fixture
def terminal(capfd: pytest.CaptureFixture[str]) -> Terminal:
    """Runs a verb in this process: `said = terminal("socket", "talk", ...)`."""
    return Terminal(capfd)
