"""What all panels do with drafts of an earlier run: they come from a file that anybody may have written. No Qt."""

MAX_LINE = 4096
"""Characters of one field: no path, address or name is longer."""


def line_of(value: object, limit: int = MAX_LINE) -> str:
    """A text as a field of one line holds it; "" for what is none."""
    return "".join(filter(str.isprintable, value[:limit])) if isinstance(value, str) else ""
