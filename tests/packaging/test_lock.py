"""packaging/lock.txt holds what it should: every package of the project, pinned, with hashes, and no address."""

import re
import tomllib
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
LOCK = (CHECKOUT / "packaging" / "lock.txt").read_text(encoding="utf-8")

PIN = re.compile(r"^([a-z0-9][a-z0-9-]*)==(\S+) \\$", re.MULTILINE)


def canonical(requirement: str) -> str:
    """The name in a requirement, as indexes spell it."""
    name = re.match(r"[\w.-]+", requirement)
    assert name is not None, requirement
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def test_every_requirement_of_the_project_is_pinned() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["dev"],
        *project["build-system"]["requires"],
    ]
    assert {canonical(line) for line in wanted} <= {name for name, _ in PIN.findall(LOCK)}


def test_every_pin_has_hashes_and_nothing_else_stands_there() -> None:
    lines = LOCK.splitlines()
    assert lines[0] == "# Made by: python3 packaging/bootstrap.py lock"
    pins = 0
    for line, following in zip(lines[1:], [*lines[2:], ""], strict=True):
        if PIN.match(line):
            pins += 1
            assert following.startswith("    --hash=sha256:"), line
        else:
            assert re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", line), line
            assert line.endswith("\\") == following.startswith("    --hash"), line
    assert pins == len(PIN.findall(LOCK)) > 30


def test_no_package_is_pinned_twice() -> None:
    names = [name for name, _ in PIN.findall(LOCK)]
    assert sorted(set(names)) == sorted(names)


def test_no_python_version_decides_about_a_package() -> None:
    assert ";" not in LOCK
