"""A letter as JSON shows it, and as people read it in a terminal."""

from collections.abc import Mapping
from typing import Any

from workbench.cli.output import Output
from workbench.formats.charset import visible
from workbench.formats.mime.contents import Examined, header_text, text_of
from workbench.formats.mime.dates import read_date
from workbench.formats.mime.html_draw import draw
from workbench.formats.mime.mbox import Mbox, Slot, Source, head_at
from workbench.formats.mime.names import safe_name
from workbench.formats.mime.parse import headers_of
from workbench.formats.mime.values import Header, Letter, Part
from workbench.formats.mime.words import plain
from workbench.formats.quantity import octets

MAX_HEADERS = 1000
"""Header fields of a part that a document lists; `headers_left_out` tells of the others."""
MAX_RAW = 65_536
"""Characters of one field as it is written."""
MAX_MESSAGES = 100_000
SHOWN = ("from", "to", "cc", "subject", "date")


def letter_document(examined: Examined) -> dict[str, object]:
    """All that a letter is."""
    letter = examined.letter
    found = {header.key: header_text(letter, header) for header in reversed(letter.root.headers)}
    return {
        "octets": len(letter.data),
        "line_ending": letter.line_ending,
        **{key: found.get(key, "") for key in SHOWN},
        "date_iso": read_date(found.get("date", "")).iso,
        "message_id": found.get("message-id", ""),
        **_headers(letter, letter.root),
        "parts": [_part(examined, part) for part in letter.parts],
        "defects": [defect.as_dict() for defect in examined.defects],
        "defect_count": examined.defect_count,
        "left_out": [each for part in letter.parts for each in _left_out(letter, part)],
    }


def _headers(letter: Letter, part: Part) -> dict[str, object]:
    more = len(part.headers) - MAX_HEADERS
    return {
        "headers": [_header(letter, header) for header in part.headers[:MAX_HEADERS]],
        **({"headers_left_out": more} if more > 0 else {}),
    }


def _header(letter: Letter, header: Header) -> dict[str, object]:
    raw = letter.raw(header)[:MAX_RAW].decode("utf-8", "backslashreplace")
    return {
        "name": header.name,
        "raw": raw,
        "text": header_text(letter, header),
        "octets": {"start": header.start, "stop": header.stop},
    }


def _part(examined: Examined, part: Part) -> dict[str, object]:
    content = examined.contents.get(part.place)
    shown: dict[str, object] = {
        "number": part.place + 1,
        "section": part.section,
        "parent": part.parent + 1 if part.parent is not None else None,
        "depth": part.depth,
        "type": part.media_type,
        "declared": part.is_declared,
        "parameters": {name: _clean(value) for name, value in part.parameters},
        "charset": part.charset,
        "encoding": part.encoding,
        "disposition": part.disposition,
        "filename": _clean(part.filename),
        "content_id": part.content_id,
        "octets": {"start": part.start, "body": part.body, "stop": part.stop},
        "transfer_size": part.size,
    }
    if content is not None:
        name = safe_name(part.filename, part.media_type, part.place + 1)
        shown |= {
            "size": content.size,
            "sha256": content.sha256,
            "read_as": content.charset,
            "looks_like": content.looks_like,
            "safe_name": name.name,
            "name_changes": list(name.changes),
        }
    if part.parent is not None:
        shown |= _headers(examined.letter, part)
    return shown


def _left_out(letter: Letter, part: Part) -> list[dict[str, object]]:
    """What of a page is neither loaded nor run."""
    if part.media_type != "text/html" or not part.is_leaf:
        return []
    known = [each.content_id for each in letter.parts if each.content_id]
    drawn = draw(text_of(letter, part).text, known)
    return [
        {
            "part": part.place + 1,
            "kind": each.kind,
            "target": _clean(each.target),
            "times": each.times,
            "why": each.why,
        }
        for each in drawn.left_out
    ]


def _clean(text: str) -> str:
    """JSON is given characters: half ones are shown as what they are."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def list_document(source: Source, mbox: Mbox) -> dict[str, object]:
    """The letters of a file. Raises: LocalFault."""
    more = len(mbox.slots) - MAX_MESSAGES
    return {
        "messages": [_row(number, slot, source) for number, slot in enumerate(mbox.slots[:MAX_MESSAGES], 1)],
        **({"messages_left_out": more} if more > 0 else {}),
        "unquoted_from_lines": mbox.unquoted,
    }


def _row(number: int, slot: Slot, source: Source) -> dict[str, object]:
    found = headers_of(head_at(source, slot))
    date = found.get("date", "")
    return {
        "number": number,
        "from": _clean(plain(found.get("from", ""))),
        "subject": _clean(plain(found.get("subject", ""))),
        "date": _clean(date),
        "date_iso": read_date(date).iso,
        "octets": {"start": slot.letter, "stop": slot.stop},
        "size": slot.stop - slot.letter,
    }


# ---- for people


def print_letter(output: Output, examined: Examined) -> None:
    """The headers one reads, the tree, what is wrong, and the first text."""
    letter = examined.letter
    for header in letter.root.headers:
        if header.key in SHOWN:
            output.line(f"{header.name}: {visible(header_text(letter, header))}")
    output.line()
    for part in letter.parts:
        output.line(_line(examined, part))
    for defect in examined.defects:
        output.line(
            f"  !! octet {defect.start:,}, part {defect.part + 1}: {visible(defect.what)}; {defect.done}"
        )
    if examined.defect_count > len(examined.defects):
        output.line(f"  !! and {examined.defect_count - len(examined.defects):,} more")
    text = next((part for part in letter.parts if part.is_leaf and part.media_type == "text/plain"), None)
    if text is not None:
        output.line()
        output.line(visible(text_of(letter, text).text.replace("\r\n", "\n"), keep="\n\t").rstrip("\n"))


def _line(examined: Examined, part: Part) -> str:
    content = examined.contents.get(part.place)
    words = [f"{'  ' * part.depth}{part.place + 1}  {part.media_type}"]
    if part.filename:
        words.append(f"“{visible(_clean(part.filename))}”")
    if content is not None:
        words.append(f"{octets(content.size)} ({part.encoding or '7bit'})")
    if content is not None and content.charset:
        words.append(content.charset)
    if part.disposition:
        words.append(part.disposition)
    return "  ".join(words)


def print_list(output: Output, document: Mapping[str, Any]) -> None:
    """A line for each letter."""
    for row in document["messages"]:
        date = row["date_iso"][:16].replace("T", " ") or "no date"
        output.line(f"{row['number']:>6}  {date:16}  {visible(row['from'])}  {visible(row['subject'])}")
    if left_out := document.get("messages_left_out"):
        output.note(f"and {left_out:,} more")
