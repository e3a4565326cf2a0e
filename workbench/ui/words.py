"""Sentences as people read them: the errors of the engines begin small and end without a full stop."""

from workbench.errors import WorkbenchError


def as_sentence(text: str) -> str:
    """With a capital letter and a full stop, unless it begins with a sign or ends with a mark of its own."""
    text = text.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text.endswith((".", "?", "!", "\u2026")) else ".")


def with_advice(failure: WorkbenchError) -> str:
    """What is wrong and what to do about it, on one line."""
    return " ".join(filter(None, (as_sentence(failure.what), as_sentence(failure.advice))))
