"""The ground rules of every test: own settings folder, loopback only, no noise, nothing left behind, fresh loops."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.kit.scripted_peer import ScriptedPeer
from tests.kit.scripted_peer import scripted_peer as make_scripted_peer

# Before Qt is loaded by anyone; a journey on a real display names its own platform.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

pytest_plugins = (
    "tests.kit.leftovers",
    "tests.kit.noise",
    "tests.kit.loopback",
    "tests.kit.mailboxes",
    "tests.kit.coroutines",
    "tests.kit.qt",
    "tests.kit.real",
    "tests.kit.rows_plugin",
)

# A busy machine is no finding: neither an example that took long nor a strategy that was slow to draw.
settings.register_profile(
    "default",
    max_examples=100,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("ci", settings.get_profile("default"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")

PROXIES = ("http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def own_home(nothing_left: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Settings, state and the Lab's meeting place in a folder of the test's own; no proxies. Returns the folder."""
    home = tmp_path / "home"
    monkeypatch.setenv("WORKBENCH_HOME", str(home))
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return home


@pytest.fixture
def scripted_peer(nothing_left: None) -> Callable[..., AbstractContextManager[ScriptedPeer]]:
    """The context manager of tests.kit.scripted_peer, for tests that would rather not import it."""
    return make_scripted_peer
