"""Collects which tests show which rows of tests/rows.toml, by the mark `covers`.

`--rows-out FILE` writes what a collection found as JSON: {"C2.19b": ["tests/wire/test_datagram.py::test_...", ...]}.
Whether every id is one of tests/rows.toml is judged by tests/rules and by `bootstrap.py rows`.
"""

import json
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

ROWS = Path(__file__).resolve().parents[1] / "rows.toml"


def load_rows(path: Path = ROWS) -> dict[str, str]:
    """Return each row's id and its sentence, in the file's order.

    Raises:
        ValueError: the file has no table of sentences under [rows].
    """
    rows = tomllib.loads(path.read_text(encoding="utf-8")).get("rows")
    if not isinstance(rows, dict) or not all(isinstance(sentence, str) for sentence in rows.values()):
        raise ValueError(f"{path.name}: expected [rows] with one sentence for each id")
    return rows


def covered_rows(items: Iterable[pytest.Item]) -> dict[str, list[str]]:
    """Return the rows that tests name: row id -> node ids without parameters, both in order."""
    covered: dict[str, set[str]] = {}
    for item in items:
        for mark in item.iter_markers("covers"):
            for row in mark.args:
                covered.setdefault(row, set()).add(item.nodeid.partition("[")[0])
    return {row: sorted(names) for row, names in sorted(covered.items())}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rows-out", metavar="FILE", help="write which tests cover which rows, as JSON")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Write the marks down before any test is deselected."""
    if target := config.getoption("--rows-out"):
        Path(target).write_text(json.dumps(covered_rows(items), indent=1) + "\n", encoding="utf-8")
