"""A person's regular expressions, compiled with the place of a mistake named.

The package `regex` is used, because the standard library's `re` holds the interpreter's lock for as long as a pattern
takes, which may be for ever: `(a+)+$` on 27 octets stopped a window for 3.4 s. Whoever searches with one of these
gives a `timeout` in seconds and answers its TimeoutError.
"""

from typing import Any

from workbench.errors import LocalMisuse

TOO_EXPENSIVE = "nested repetitions like (a+)+ have endless ways to fail: write it simpler"
"""Advice for a pattern whose time ran out."""


def compile_pattern(pattern: str) -> Any:
    """A pattern over octets; its search() takes `timeout` in seconds. Characters beyond ASCII mean their UTF-8.

    Raises: LocalMisuse with the place of the mistake.
    """
    import regex  # 30 ms, and few conversations need one

    try:
        return regex.compile(pattern.encode("utf-8", "surrogateescape"))
    except regex.error as error:
        # The package counts octets; a person's cursor counts characters.
        octets = pattern.encode("utf-8", "surrogateescape")[: error.pos or 0]
        place = min(len(octets.decode("utf-8", "ignore")), len(pattern))
        raise LocalMisuse(
            f"not a regular expression: {error.msg}",
            text=pattern,
            start=place,
            end=min(place + 1, len(pattern)),
            advice="backslashes and brackets have a meaning here; look for plain text instead",
        ) from error
