"""The checkout as the rules read it: which files there are, each parsed once, and where a finding is."""

import ast
import functools
import gc
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]

NOT_OURS = frozenset({".git", ".venv", "build", "dist", "__pycache__"})
"""Folders that git ignores or owns; besides them everything that ends in _cache, and Hypothesis's own."""

BINARY = frozenset({".png", ".ttf", ".otf", ".ico", ".gz", ".bin", ".pyc", ".der", ".p12"})


class Finding(NamedTuple):
    """One place that breaks a rule; prints as an editor's link."""

    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


class Source(NamedTuple):
    """One Python file: its path from the checkout, its text, and the text's syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def stem(self) -> str:
        """The file's name without its ending."""
        return Path(self.path).stem

    def at(self, node: ast.AST, what: str) -> Finding:
        """A finding at a node of this file."""
        return Finding(self.path, getattr(node, "lineno", 1), what)


def parse(text: str, path: str = "workbench/sample.py") -> Source:
    """Make a Source of a text, for the samples that show a rule at work."""
    return Source(path, text, ast.parse(text))


def files(*folders: str) -> Iterator[Path]:
    """Yield every file of the checkout that is ours, or of some of its folders, in a fixed order."""
    roots = [CHECKOUT / folder for folder in folders] or [CHECKOUT]
    for root in roots:
        for place, names, leaves in os.walk(root):
            names[:] = sorted(name for name in names if _is_ours(name))
            yield from (Path(place, leaf) for leaf in sorted(leaves))


def text_files() -> Iterator[tuple[str, str]]:
    """Yield path from the checkout and text of every file that is no picture, font or archive."""
    for path in files():
        if path.suffix in BINARY:
            continue
        yield str(path.relative_to(CHECKOUT)), path.read_text(encoding="utf-8", errors="replace")


@functools.cache
def sources(*folders: str) -> tuple[Source, ...]:
    """Every Python file of these folders, parsed."""
    # The trees are all kept: looking for garbage among them takes four times as long as making them.
    was_on = gc.isenabled()
    gc.disable()
    try:
        return tuple(
            parse(path.read_text(encoding="utf-8"), str(path.relative_to(CHECKOUT)))
            for path in files(*folders)
            if path.suffix == ".py"
        )
    finally:
        if was_on:
            gc.enable()


def must_be_none(findings: Iterable[Finding]) -> None:
    """Fail the test with one finding a line; nothing when the rule holds."""
    if lines := "\n".join(map(str, findings)):
        pytest.fail(lines, pytrace=False)


def _is_ours(name: str) -> bool:
    return name not in NOT_OURS and not name.endswith(("_cache", ".egg-info")) and name != ".hypothesis"
