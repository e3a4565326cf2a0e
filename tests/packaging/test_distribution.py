"""The wheel and the sdist that hatchling makes of this checkout hold what they should."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import workbench

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both, made without the network."""
    folder = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(folder)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=50,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def resources() -> set[str]:
    """Every file of resources/, as paths from the checkout."""
    return {
        os.path.relpath(Path(place) / name, CHECKOUT)
        for place, _, names in os.walk(CHECKOUT / "resources")
        for name in names
    }


def test_the_wheel_holds_package_and_resources(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    assert wheel.name == f"network_workbench-{workbench.__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        entry_points = archive.read(
            next(name for name in names if name.endswith("entry_points.txt"))
        ).decode()
    assert {f"workbench/{name}" for name in resources()} <= names
    assert resources()
    assert {"workbench/__init__.py", "workbench/errors.py"} <= names
    tops = {name.partition("/")[0] for name in names}
    assert tops == {"workbench", f"network_workbench-{workbench.__version__}.dist-info"}
    assert "workbench = workbench.__main__:main\n" in entry_points
    assert "workbench-gui = workbench.__main__:main_window" in entry_points


def test_the_sdist_is_a_whole_checkout(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert resources() <= names
    assert {
        *("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", ".ci/run"),
        *("packaging/bootstrap.py", "packaging/lock.txt", "tests/conftest.py", "workbench/errors.py"),
    } <= names
    assert not [name for name in names if "__pycache__" in name or name.startswith(".venv")]
