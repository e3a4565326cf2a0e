"""Rows are named correctly: by tests in `covers`, by experiments in `rows`; and each says one thing of its own."""

import ast
import re
import tomllib
from collections.abc import Container, Iterator, Mapping

from tests.rules.source import Finding, Source

ID = re.compile(r"[A-Z]+\d*\.\d+[a-z]?")


def marks_name_known_rows(source: Source, known: Container[str]) -> Iterator[Finding]:
    """Every id in a `covers` mark is written out, so that it can be searched for, and is one of tests/rows.toml."""
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call) or not ast.unparse(node.func).endswith("mark.covers"):
            continue
        if not node.args:
            yield source.at(node, "covers() names no row")
        for argument in node.args:
            if not isinstance(argument, ast.Constant):
                yield source.at(node, f"covers({ast.unparse(argument)}): write the id out")
            elif argument.value not in known:
                yield source.at(node, f"there is no row {argument.value!r} in tests/rows.toml")


def cards_name_known_rows(path: str, text: str, known: Container[str]) -> Iterator[Finding]:
    """Every id in a card's `rows` is one of tests/rows.toml."""
    for row in tomllib.loads(text).get("rows", []):
        if row not in known:
            line = next((n for n, words in enumerate(text.splitlines(), 1) if f'"{row}"' in words), 1)
            yield Finding(path, line, f"there is no row {row!r} in tests/rows.toml")


def rows_are_sentences(rows: Mapping[str, str]) -> Iterator[Finding]:
    """An id of the usual form, one sentence each, and no sentence twice."""
    said: dict[str, str] = {}
    for row, sentence in rows.items():
        if not ID.fullmatch(row):
            yield Finding("tests/rows.toml", 1, f"{row!r} is no id like C2.19b")
        if not re.fullmatch(r"[A-Z][^.]*(\.\d[^.]*|\.[^\s.][^.]*)*\.", sentence):
            yield Finding("tests/rows.toml", 1, f"{row}: not one sentence: {sentence!r}")
        if sentence in said:
            yield Finding("tests/rows.toml", 1, f"{row} says the same as {said[sentence]}")
        said[sentence] = row
