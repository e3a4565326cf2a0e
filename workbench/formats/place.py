"""The one way in which these parsers point at a mistake in what a person typed."""

from workbench.errors import LocalMisuse


def mistake(text: str, start: int, end: int, what: str, advice: str, source: str = "") -> LocalMisuse:
    """A `LocalMisuse` at `text[start:end]`; equal places mean that something is missing there.

    Args:
        what: what is wrong, one sentence.
        advice: what to type instead, one sentence; never empty, for a person is waiting for it.
        source: the document that decides.
    """
    return LocalMisuse(what, text=text, start=start, end=end, advice=advice, source=source)
