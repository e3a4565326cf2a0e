"""What of a request survives a restart, and how a stranger's draft is read. No Qt."""

from workbench.protocols.http.encode import is_secret_field
from workbench.protocols.http.forms import FormField

MAX_TEXT = 8192
"""Characters of one field."""
MAX_PAIRS = 500


def without_secrets(pairs: tuple[tuple[str, str], ...]) -> list[list[str]]:
    """The pairs as a draft may keep them: the names of passwords, and not what they are."""
    return [
        [name, "" if is_secret_field(name) or FormField(name).is_secret else value] for name, value in pairs
    ]


def read_pairs(value: object) -> list[tuple[str, str]]:
    """Names and values; whatever is none is left out."""
    if not isinstance(value, list):
        return []
    return [
        (_cell(pair[0]), _cell(pair[1]))
        for pair in value[:MAX_PAIRS]
        if isinstance(pair, list | tuple) and len(pair) == 2 and any(map(_cell, pair))
    ]


def _cell(text: object) -> str:
    return text[:MAX_TEXT] if isinstance(text, str) else ""
