"""A saved payload as a plain text file: a few lines about it, an empty line, and the text as it was typed.

    title: A greeting
    target: lab:echo
    transport: tcp
    line-ending: crlf
    encoding: utf-8
    note: What it is for; several such lines are one text.

    hello ${counter}

The last line break of the file belongs to the file. Every field may be missing; a field that is not known, or a value
that can't be, is a mistake with its place: nothing is guessed, and nothing of a person's is lost by saving again.
"""

from typing import Final, NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.charset import ENCODINGS
from workbench.formats.payload import LINE_ENDINGS
from workbench.formats.place import mistake

TRANSPORTS: Final = ("tcp", "udp", "tls")
MAX_FILE: Final = 4 * 1024 * 1024
"""Characters: what a person types or pastes; files are sent as files."""
MAX_FIELD: Final = 1000


class SavedPayload(NamedTuple):
    """A payload and what is known about it; text is in the notation of formats.macro."""

    title: str = ""
    text: str = ""
    target: str = ""
    transport: str = "tcp"
    line_ending: str = "crlf"
    encoding: str = "utf-8"
    note: str = ""


_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "transport": TRANSPORTS,
    "line-ending": tuple(LINE_ENDINGS),
    "encoding": tuple(ENCODINGS),
}
_FIELDS: Final = ("title", "target", "transport", "line-ending", "encoding", "note")


def write_saved(saved: SavedPayload) -> str:
    """The file's text. Raises: LocalMisuse: a field holds what would not be read back."""
    lines = []
    for name in _FIELDS:
        value: str = getattr(saved, name.replace("-", "_"))
        if name == "note":
            lines += [f"note: {line}".rstrip() for line in value.split("\n")] if value else []
            continue
        if any(not one.isprintable() for one in value) or value != value.strip():
            what = f"the {name} holds blanks at its ends, or what can't be printed"
            raise LocalMisuse(what, text=value, start=0, end=len(value), stage="save")
        if value:
            lines.append(f"{name}: {value}")
    text = "\n".join(lines) + "\n\n" + saved.text + "\n"
    if len(text) > MAX_FILE:
        raise LocalMisuse(
            f"a payload of more than {MAX_FILE} characters", stage="save", advice="send it as a file"
        )
    if read_saved(text) != saved._replace(note="\n".join(line.strip() for line in saved.note.split("\n"))):
        raise LocalMisuse(
            "a field holds what can't be kept", stage="save", advice="take line breaks out of it"
        )
    return text


def read_saved(text: str) -> SavedPayload:
    """What a file holds. Raises: LocalMisuse with the place of what is no such field."""
    if len(text) > MAX_FILE:
        raise mistake(text, MAX_FILE, len(text), "this is too long for a payload", "send it as a file")
    values: dict[str, str] = {}
    at = 0
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end]
        if not line.strip():
            at = end + 1
            break
        _read_field(text, at, line.rstrip("\r"), values)
        at = end + 1
    body = text[at:]
    return SavedPayload(
        text=body.removesuffix("\n"), **{key.replace("-", "_"): v for key, v in values.items()}
    )


def _read_field(text: str, at: int, line: str, values: dict[str, str]) -> None:
    name, colon, value = line.partition(":")
    end = at + len(name)
    if not colon or name not in _FIELDS:
        what = f"{name[:40]!r} is no field of a payload"
        raise mistake(
            text, at, end, what, f"write {', '.join(_FIELDS)}, and an empty line before the payload"
        )
    value = value.strip()
    start = at + len(line) - len(line.partition(":")[2].lstrip())
    if name == "note":
        values["note"] = f"{values['note']}\n{value}" if "note" in values else value
        return
    if name in values:
        raise mistake(text, at, end, f"{name} stands here twice", "leave one of them out")
    if name in _CHOICES and value not in _CHOICES[name]:
        what = f"{value[:40]!r} is no {name}"
        raise mistake(text, start, at + len(line), what, f"write one of {', '.join(_CHOICES[name])}")
    if len(value) > MAX_FIELD or any(not one.isprintable() for one in value):
        what = f"the {name} is too long, or holds what can't be printed"
        raise mistake(text, start, at + len(line), what, "shorten it")
    values[name] = value
