"""What came of something that a person asked for, in one line: a word, a sentence, and chips with figures."""

from typing import Final, Literal, NamedTuple

VerdictKind = Literal["none", "info", "running", "good", "warning", "bad"]


class ChipText(NamedTuple):
    """What a chip shows ("3.1 ms"), what it means ("from the first octet sent to the last received"), and its tone."""

    text: str
    tip: str = ""
    role: str = ""


class Verdict(NamedTuple):
    """A result in plain words.

    Attributes:
        kind: which sign; "none" shows only the sentence, muted.
        word: one word or two ("match", "refused", "no answer").
        sentence: what came out, for a person who reads nothing else.
        chips: figures, most important first: ChipText, or as much of one as there is to say.
    """

    kind: VerdictKind = "none"
    word: str = ""
    sentence: str = ""
    chips: tuple[tuple[str, ...] | str, ...] = ()


NO_VERDICT: Final = Verdict()
CLOSED: Final = Verdict("info", "closed", "we closed this session")
OUR_FAULT: Final = Verdict("bad", "failed", "a fault in the workbench ended it: Diagnostics has the details")
