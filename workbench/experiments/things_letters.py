"""What can be seen of a letter that was taken apart. Joined in things.py."""

from typing import NamedTuple, cast

from workbench.experiments.thing import Field, Look, Made, Seen, Type
from workbench.transcript.recorder import Transcript


class LetterParsed(NamedTuple):
    """A letter. types: of all parts; fields: the names of its own headers; text, charset: of its first text; defects:
    their codes; filename: of its first file, safe_name: what it is saved as; left_out: what its pages would load.
    """

    parts: int
    leaves: int
    types: str
    fields: str
    subject: str
    text: str
    charset: str
    defects: str
    filename: str
    safe_name: str
    left_out: str


def _of(name: str) -> Look:
    def look(made: Made, _transcript: Transcript) -> Seen:
        return Seen(getattr(cast(LetterParsed, made.thing), name))

    return look


_WORDS: dict[str, tuple[Type, str]] = {
    "parts": ("number", "the parts of {}, those that hold others too"),
    "leaves": ("number", "the parts of {} that hold something themselves"),
    "types": ("text", "the media types in {}"),
    "fields": ("text", "the header fields of {}"),
    "subject": ("text", "the subject of {}"),
    "text": ("text", "the first text of {}"),
    "charset": ("text", "the charset by which {} was read"),
    "defects": ("text", "the defects of {}"),
    "filename": ("text", "the name that {} has for its file"),
    "safe_name": ("text", "the name under which the file of {} is saved"),
    "left_out": ("text", "what {} would load, run or send"),
}
PARSED_FIELDS: dict[str, Field] = {
    name: Field(kind, words, _of(name)) for name, (kind, words) in _WORDS.items()
}
