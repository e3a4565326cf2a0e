"""Selected events and octets as text for the clipboard, written part by part so that the window can go on between them.

Secrets are masked, as in the views. Text is made safe (escape sequences and writing direction are shown, not carried
along): what is on the clipboard may end in a terminal. Hex, escapes, Python and JSON are exact.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.charset import TextDecoder, visible
from workbench.formats.payload import parse_payload, write_payload
from workbench.formats.quantity import octets
from workbench.transcript.recorder import Transcript
from workbench.transcript.redact import shown
from workbench.transcript.render import Explainer, line
from workbench.ui.conversation.lines import DATAGRAMS, Piece

LIMIT = 8 * 1024 * 1024
"""Characters that are put on the clipboard; more is what export is for."""
PART = 16 * 1024
"""Octets written between two looks at the clock."""
SPELLED_PART = 1024
"""The same for spelling with escapes, which looks at each character: 5 ms at worst."""
SEAM = "\\{}"
"""No octets, written: it keeps what stands before it apart from what stands behind it."""
PYTHON_LINE = 48
"""Octets on one line of a literal."""


class CopyFormat(NamedTuple):
    """A way to copy: its id, what a menu says and explains, and the writer."""

    id: str
    title: str
    tip: str
    write: Callable[["Copying", Iterable[Piece]], Iterator[str]]


class Copying(NamedTuple):
    """What the writers need: whose events they are, how octets are read as text, and who explains."""

    transcript: Transcript
    encoding: str = "utf-8"
    explain: Explainer | None = None


class _Part(NamedTuple):
    """Octets of one event; follows: whether they go on where the part before ended."""

    piece: Piece
    data: bytes
    follows: bool


def parts(form: str, copying: Copying, pieces: Iterable[Piece]) -> Iterator[str]:
    """The text of some pieces in the format of that id, in parts that joined are the whole.

    Raises: LocalMisuse when it grows beyond LIMIT characters; KeyError for an unknown format.
    """
    writer = BY_ID[form].write
    size = 0
    for part in writer(copying, pieces):
        size += len(part)
        if size > LIMIT:
            raise LocalMisuse(
                f"what is selected is more than {octets(LIMIT)} of text",
                stage="copy",
                advice="select less, or export the conversation to a file",
            )
        yield part


def _lines(copying: Copying, pieces: Iterable[Piece]) -> Iterator[str]:
    several = len(copying.transcript.channels) > 1
    for piece in pieces:
        told = line(copying.transcript, piece.event, copying.explain)
        channel = f"{told.channel:3d} " if several else ""
        size = "" if told.size is None else str(told.size)
        rest = " · ".join(filter(None, (visible(told.text), told.source)))
        head = f"{told.time_s:12.6f} {channel}{told.direction.arrow or ' '} {size:>7}  {told.what}"
        yield f"{head}  {rest}".rstrip() + "\n"


def _text(copying: Copying, pieces: Iterable[Piece]) -> Iterator[str]:
    decoder = TextDecoder(copying.encoding)
    waiting = ""  # a CR at the end of a part may belong to the next one's LF
    ended = True
    for part in _parts(copying, pieces):
        if not part.follows:
            rest = _safe(waiting + decoder.finish())
            waiting = ""
            ended = rest.endswith("\n") if rest else ended
            yield rest if ended else rest + "\n"
        text = waiting + decoder.feed(part.data)
        waiting = "\r" if text.endswith("\r") else ""
        safe = _safe(text.removesuffix("\r"))
        ended = safe.endswith("\n") if safe else ended and not text
        yield safe
    yield _safe(waiting + decoder.finish())


def _safe(text: str) -> str:
    return visible(text.replace("\r\n", "\n"), keep="\n\t")


def _hex(copying: Copying, pieces: Iterable[Piece]) -> Iterator[str]:
    separator = ""
    for part in _parts(copying, pieces):
        if separator:
            separator = " " if part.follows else "\n"
        yield separator + part.data.hex(" ")
        separator = " "


def _escaped(copying: Copying, pieces: Iterable[Piece]) -> Iterator[str]:
    before: _Spelled | None = None
    for part in _parts(copying, pieces, SPELLED_PART):
        spelled = _Spelled(part.data, write_payload(part.data, encoding=copying.encoding))
        if before is not None and not part.follows:
            yield "\n"
        elif before is not None and not _may_touch(before, spelled, copying.encoding):
            yield SEAM
        yield spelled.text
        before = spelled


class _Spelled(NamedTuple):
    data: bytes
    text: str


def _may_touch(before: _Spelled, after: _Spelled, encoding: str) -> bool:
    r"""Whether both texts, one behind the other, are read as the octets of both: not so with a digit behind \0, nor
    where an encoding begins each text with a mark or ends it in another state.
    """
    try:
        return parse_payload(before.text + after.text, encoding=encoding) == before.data + after.data
    except LocalMisuse:
        return False


def _python(copying: Copying, pieces: Iterable[Piece]) -> Iterator[str]:
    """One literal, or a list of (direction, literal) where the octets are no single run."""
    all_parts = iter(_parts(copying, pieces))
    first = next(all_parts, None)
    if first is None:
        return
    held: list[str] = list(_literals(first.data))
    for part in all_parts:
        if not part.follows:
            yield from _python_list(first, held, part, all_parts)
            return
        held += _literals(part.data)
    if len(held) == 1:
        yield held[0] + "\n"
    else:
        yield "(\n"
        yield from (f"    {literal}\n" for literal in held)
        yield ")\n"


def _python_list(first: _Part, held: list[str], second: _Part, rest: Iterator[_Part]) -> Iterator[str]:
    yield f'[\n    ("{first.piece.event.direction.value}", {_nested(held)}),\n'
    direction, held = second.piece.event.direction, list(_literals(second.data))
    for part in rest:
        if part.follows:
            held += _literals(part.data)
            continue
        yield f'    ("{direction.value}", {_nested(held)}),\n'
        direction, held = part.piece.event.direction, list(_literals(part.data))
    yield f'    ("{direction.value}", {_nested(held)}),\n]\n'


def _literals(data: bytes) -> Iterator[str]:
    for start in range(0, max(1, len(data)), PYTHON_LINE):
        yield repr(data[start : start + PYTHON_LINE])


def _nested(literals: list[str]) -> str:
    return literals[0] if len(literals) == 1 else "\n        " + "\n        ".join(literals) + "\n    "


def _json(copying: Copying, pieces: Iterable[Piece]) -> Iterator[str]:
    """One line an event, as in an exported conversation; of an event in part, what is selected and its size."""
    for piece in pieces:
        event = piece.event
        entry: dict[str, object] = {"i": event.index, "t_ns": event.time_ns, "ch": event.channel}
        if event.kind == "fact":
            entry |= {"fact": event.name, "values": dict(event.values)}
        else:
            data = shown(copying.transcript, event, piece.start, piece.stop)
            entry |= {"dir": event.direction.value, "layer": event.layer, "size": len(data), **_spelled(data)}
            masked = [
                [max(0, first - piece.start), min(len(data), last - piece.start)]
                for first, last in copying.transcript.secrets(event)
                if first < piece.stop and last > piece.start
            ]
            if masked:
                entry["masked"] = masked
        yield json.dumps(entry, ensure_ascii=False, separators=(",", ":")) + "\n"


def _spelled(data: bytes) -> dict[str, str]:
    """As the export spells octets; a test compares the two."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return {"hex": data.hex()}
    plain = all(character.isprintable() or character in "\r\n\t" for character in text)
    return {"text": text} if plain else {"hex": data.hex()}


def _parts(copying: Copying, pieces: Iterable[Piece], size: int = PART) -> Iterator[_Part]:
    before: Piece | None = None
    for piece in pieces:
        event = piece.event
        if event.kind == "fact":
            continue
        follows = before is not None and _follows(before, piece)
        for start in range(piece.start, max(piece.stop, piece.start + 1), size):
            data = shown(copying.transcript, event, start, min(start + size, piece.stop))
            yield _Part(piece, data, follows)
            follows = True
        before = piece


def _follows(before: Piece, piece: Piece) -> bool:
    first, second = before.event, piece.event
    return (
        (first.channel, first.direction, first.layer) == (second.channel, second.direction, second.layer)
        and first.layer not in DATAGRAMS
        and first.offset + before.stop == second.offset + piece.start
    )


FORMATS = (
    CopyFormat("lines", "Copy lines", "Time, direction, size, what and explanation of each event", _lines),
    CopyFormat(
        "text", "Copy as text", "The octets as text; what is hostile in a terminal is made visible", _text
    ),
    CopyFormat("hex", "Copy as hex", "The octets as pairs of digits, one line a read", _hex),
    CopyFormat("escaped", "Copy with escapes", "As the byte editor and the terminal read it", _escaped),
    CopyFormat("python", "Copy as Python literal", "The same octets in a Python program", _python),
    CopyFormat("json", "Copy as JSON lines", "One line an event, as in a saved conversation", _json),
)
BY_ID = {each.id: each for each in FORMATS}
