"""Passwords within SQL: the places that are masked before a statement is shown or kept anywhere."""

import re

_PASSWORD = re.compile(
    rb"(?<!['\"\w])(?:PASSWORD|IDENTIFIED\s+BY)\s*(?:=\s*)?(?:'((?:[^']|'')*)|[eE]'((?:[^'\\]|\\.|'')*)|\$\$(.*?)(?:\$\$|\Z))",
    re.IGNORECASE | re.DOTALL,
)


def secret_ranges(data: bytes) -> list[tuple[int, int]]:
    """Where literals stand that set a password: CREATE and ALTER ROLE ... PASSWORD 'x', and what looks like it."""
    found: list[tuple[int, int]] = []
    for match in _PASSWORD.finditer(data):
        group = match.lastindex or 0
        if group and match.end(group) > match.start(group):
            found.append(match.span(group))
    return found


def masked(text: str) -> str:
    """A statement with its passwords as asterisks, as long as before."""
    data = text.encode("latin-1", "replace")
    ranges = secret_ranges(data)
    for start, stop in ranges:
        text = text[:start] + "*" * (stop - start) + text[stop:]
    return text
