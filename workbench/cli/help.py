"""The help pages, made from the same data that the parser reads."""

import shutil
import textwrap
from collections.abc import Iterable, Sequence

from workbench.cli.arguments import HELP, Argument, Verb
from workbench.cli.nouns import Noun

NARROWEST, WIDEST = 50, 100
"""Columns: below, folding makes a text harder to read than the terminal's own; above, the eye loses the line."""
MAX_LABEL = 26
"""A longer label gets a line of its own."""


def overview(nouns: Sequence[Noun]) -> bytes:
    """What `workbench --help` shows."""
    return _page(
        "workbench [NOUN VERB ...]",
        "Do network protocols by hand and see what happens. Without a noun the window opens.",
        [("Nouns", [(noun.name, noun.what) for noun in nouns])],
        "Options everywhere: --help. `workbench NOUN --help` lists the verbs, `workbench --version` the version.\n"
        "Try: workbench socket talk lab:echo --send 'hello\\r\\n' --expect hello",
    )


def noun_help(noun: Noun, verbs: Sequence[Verb]) -> bytes:
    """What `workbench NOUN --help` shows."""
    return _page(
        f"workbench {noun.name} VERB ...",
        _sentence(noun.what),
        [("Verbs", [(verb.name, verb.what) for verb in verbs])],
        f"`workbench {noun.name} VERB --help` shows a verb's arguments.",
    )


def verb_help(noun: Noun, verb: Verb) -> bytes:
    """What `workbench NOUN VERB --help` shows."""
    positional = [argument for argument in verb.arguments if not argument.is_option]
    options = [*(argument for argument in verb.arguments if argument.is_option), HELP]
    words = ["workbench", noun.name, verb.name, *map(_placeholder, positional), "[OPTIONS]"]
    return _page(
        " ".join(filter(None, words)),
        _sentence(verb.what),
        [
            ("Arguments", [(argument.name, argument.what) for argument in positional]),
            ("Options", [(_label(argument), argument.what) for argument in options]),
        ],
        verb.more,
    )


def _placeholder(argument: Argument) -> str:
    shown = f"{argument.name} ..." if argument.many else argument.name
    return shown if argument.needed else f"[{shown}]"


def _label(argument: Argument) -> str:
    return f"{argument.name} {argument.value}".rstrip()


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"


def _page(usage: str, what: str, lists: Iterable[tuple[str, list[tuple[str, str]]]], more: str) -> bytes:
    width = max(NARROWEST, min(WIDEST, shutil.get_terminal_size().columns))
    parts = [f"Usage: {usage}\n", *textwrap.wrap(what, width)]
    for title, rows in lists:
        if rows:
            parts += ["", f"{title}:", *_rows(rows, width)]
    if more:
        parts.append("")
        for paragraph in more.splitlines():
            # An indented line is an example: it must stay in one piece to be copied.
            parts += [paragraph] if paragraph.startswith(" ") else textwrap.wrap(paragraph, width) or [""]
    return ("\n".join(parts) + "\n").encode()


def _rows(rows: Sequence[tuple[str, str]], width: int) -> list[str]:
    column = 4 + min(MAX_LABEL, max(len(label) for label, _ in rows))
    lines: list[str] = []
    for label, what in rows:
        folded = textwrap.wrap(what, width - column) or [""]
        if len(label) > MAX_LABEL:
            lines.append(f"  {label}")
            lines += [" " * column + text for text in folded]
            continue
        lines.append(f"  {label:<{column - 2}}{folded[0]}".rstrip())
        lines += [" " * column + text for text in folded[1:]]
    return lines
