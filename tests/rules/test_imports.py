"""What an import may bring with it: a terminal verb starts in a quarter of a second because it loads nothing heavy."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rules.source import CHECKOUT

HEAVY = (
    "PySide6",
    "shiboken6",
    "qasync",
    "twisted",
    "OpenSSL",
    "cryptography",
    "dns",
    "service_identity",
    "regex",
)

LIGHT = (
    "workbench.__main__",
    "workbench.cli.main",
    "workbench.formats.target",
    "workbench.formats.payload",
    "workbench.transcript.recorder",
    "workbench.jobs.scope",
    "workbench.wire.dial",
    "workbench.wire.listen",
    "workbench.wire.datagram",
    "workbench.lab.child",
    "workbench.panels",
)
"""Modules on the way of every verb, of the Lab's child and of the window's first paint."""

LOOK = "import sys, importlib; importlib.import_module(sys.argv[1]); print(*sys.modules)"


def brought_along(module: str) -> set[str]:
    """Import a module in a fresh interpreter and return which heavy packages came with it."""
    done = subprocess.run(
        [sys.executable, "-c", LOOK, module], cwd=CHECKOUT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] for name in done.stdout.split()} & set(HEAVY)


@pytest.mark.parametrize("module", LIGHT)
def test_an_import_stays_light(module: str) -> None:
    assert brought_along(module) == set()


@pytest.mark.parametrize(("module", "heavy"), [("twisted.python.failure", "twisted"), ("dns.name", "dns")])
def test_a_heavy_import_is_seen(module: str, heavy: str) -> None:
    assert heavy in brought_along(module)


ROOMS = (
    *("cli", "panels", "ui", "bridge", "experiments", "lab", "protocols", "wire"),
    *("jobs", "transcript", "formats", "settings"),
)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A small house with every room of ours, and our contracts; nobody imports anything yet."""
    for room in ROOMS:
        write(tmp_path, f"workbench/{room}/__init__.py", "")
    for module in ("__init__", "__main__", "app", "tour", "assets", "clock", "display", "errors"):
        write(tmp_path, f"workbench/{module}.py", "")
    (tmp_path / "pyproject.toml").write_bytes((CHECKOUT / "pyproject.toml").read_bytes())
    return tmp_path


def write(house: Path, path: str, text: str) -> None:
    """Write a module and the packages above it."""
    file = house / path
    file.parent.mkdir(parents=True, exist_ok=True)
    if not (file.parent / "__init__.py").exists():
        (file.parent / "__init__.py").write_text("")
    file.write_text(text)


def lint(house: Path) -> str:
    """Check a house against its contracts: "" when all are kept, else what import-linter says."""
    code = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    done = subprocess.run(
        [sys.executable, "-c", code, "--no-cache"],
        cwd=house,
        env={**os.environ, "PYTHONPATH": str(house)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_imports_that_point_down_are_kept(house: Path) -> None:
    write(house, "workbench/__main__.py", "from workbench import app, cli")
    write(
        house, "workbench/app.py", "import PySide6, workbench.ui, workbench.panels, workbench.bridge.reactor"
    )
    write(house, "workbench/ui/__init__.py", "import PySide6.QtWidgets")
    write(house, "workbench/bridge/reactor.py", "import twisted.internet.asyncioreactor")
    write(house, "workbench/lab/services/mail.py", "import twisted.mail.smtp")
    write(house, "workbench/wire/__init__.py", "import workbench.transcript, workbench.errors")
    write(house, "workbench/panels/start/view.py", "import PySide6.QtWidgets")
    write(house, "workbench/panels/start/controller.py", "import workbench.wire")
    write(house, "workbench/panels/bench.py", "import workbench.ui")
    write(house, "workbench/panels/start/parts/list.py", "import workbench.panels.bench")
    write(house, "workbench/panels/sockets/view.py", "import workbench.panels.bench")
    write(house, "workbench/protocols/smtp/client.py", "from workbench.protocols.sasl import values")
    write(house, "workbench/protocols/sasl/values.py", "")
    assert lint(house) == ""


@pytest.mark.parametrize(
    ("path", "text", "contract"),
    [
        ("workbench/wire/dial.py", "import workbench.lab", "Imports point down"),
        ("workbench/errors.py", "def f():\n    import workbench.formats", "Imports point down"),
        ("workbench/settings/file.py", "import workbench.clock", "Imports point down"),
        ("workbench/kitchen.py", "", "Imports point down"),
        ("workbench/cli/main.py", "import workbench.ui.window", "Qt lives in"),
        ("workbench/jobs/scope.py", "import qasync", "Qt lives in"),
        ("workbench/panels/start/state.py", "import workbench.ui.window", "tested without Qt"),
        ("workbench/panels/start/controller.py", "from PySide6.QtCore import QTimer", "tested without Qt"),
        ("workbench/protocols/smtp/client.py", "import twisted.mail", "Twisted is imported by"),
        ("workbench/lab/child.py", "import twisted", "Twisted is imported by"),
        ("workbench/bridge/loop.py", "import twisted", "Twisted is imported by"),
        ("workbench/panels/start/view.py", "import workbench.panels.sockets.state", "Panels don't know"),
        (
            "workbench/protocols/pop/client.py",
            "import workbench.protocols.http.codec",
            "Protocols don't know",
        ),
    ],
)
def test_a_contract_is_broken(house: Path, path: str, text: str, contract: str) -> None:
    write(house, "workbench/ui/window.py", "import PySide6.QtWidgets")
    write(house, "workbench/panels/sockets/state.py", "")
    write(house, "workbench/protocols/http/codec.py", "")
    write(house, path, text)
    said = lint(house)
    assert any(contract in line and "BROKEN" in line for line in said.splitlines()), said
