"""The verbs about letters themselves: one taken apart, one written from fields. No server is needed. As in verbs.py."""

from workbench.experiments.values import Given
from workbench.experiments.verb import Param, Verb, quoted


def _say_read(given: Given, _name: str) -> str:
    return f"Take the letter {quoted(given['raw'], at_most=60)} apart."


def _say_write(given: Given, _name: str) -> str:
    text = f" and the text {quoted(given['text'])}" if "text" in given else ""
    named = f", with a file named {quoted(given['file'])}" if "file" in given else ""
    return (
        f"Write a letter with the subject {quoted(given['subject'])}{text}{named}, and take it apart again."
    )


LETTERS = (
    Verb(
        "letter-read",
        "take a letter apart: headers, parts, contents, defects",
        "parsed",
        (Param("raw", "text", "the letter as it travels, line ends and all", needed=True, low=1),),
        _say_read,
    ),
    Verb(
        "letter-write",
        "write a letter from its fields, and take apart what came out",
        "parsed",
        (
            Param("subject", "text", "the subject", needed=True),
            Param("text", "text", "the text"),
            Param("html", "text", "the same as HTML"),
            Param("file", "text", "the name of a file that goes along"),
        ),
        _say_write,
    ),
)
