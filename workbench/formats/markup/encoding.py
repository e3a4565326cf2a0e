"""How the octets of a document are encoded: who says what, who wins and why; and the octets as text.

HTML asks in the order of the standard's "encoding sniffing algorithm": the mark at the front, HTTP, a meta element in
the first 1024 octets. XML asks the mark, HTTP (RFC 7303 section 3), the XML declaration.
"""

import codecs
import re
from array import array
from typing import Final

from workbench.formats.markup.values import Encoding, Problem, Vote

MAX_META = 1024  # octets that are searched for a meta element (HTML standard, "prescan a byte stream")
MAX_WRONG_LISTED = 20

_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_LABELS: Final = {
    # The Encoding standard reads these labels as a larger set than their name says.
    **dict.fromkeys(("ascii", "us-ascii", "iso-8859-1", "iso8859-1", "latin1", "latin-1", "l1"), "cp1252"),
    **dict.fromkeys(("iso-8859-9", "latin5", "l5"), "cp1254"),
    **dict.fromkeys(("iso-8859-11", "tis-620"), "cp874"),
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80", "chinese"), "gb18030"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "ksc5601"), "cp949"),
    **dict.fromkeys(("utf-16", "utf-16le", "ucs-2", "unicode"), "utf-16-le"),
    "utf-16be": "utf-16-be",
}
_META: Final = re.compile(rb"<meta\b[^>]*", re.IGNORECASE)
_CHARSET: Final = re.compile(rb"""charset\s*=\s*["']?\s*([^\s"'/>;]+)""", re.IGNORECASE)
_DECLARED: Final = re.compile(
    rb"""<\?xml\s[^>]*?encoding\s*=\s*(?:"([^"]*)"|'([^']*)')""",
)
_HTTP_CHARSET: Final = re.compile(r"""charset\s*=\s*"?([^\s";]+)""", re.IGNORECASE)
_WRONG: Final = re.compile("[\udc00-\udcff]")
_ERRORS: Final = "workbench.octets"


def _each_octet(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    octets = error.object[error.start : error.end]
    if error.encoding.startswith(("cp125", "charmap")):
        # The Encoding standard gives the holes of the Windows code pages to the C1 controls.
        return "".join(chr(octet) if octet < 0xA0 else chr(0xDC00 + octet) for octet in octets), error.end
    return "".join(chr(0xDC00 + octet) for octet in octets), error.end


codecs.register_error(_ERRORS, _each_octet)


def encoding_of(data: bytes, kind: str, media_type: str = "", chosen: str = "") -> Encoding:
    """Who says what about the octets, and the winner.

    Args:
        kind: "html" or "xml".
        media_type: as HTTP gave it, with its parameters.
        chosen: what a person wants; it wins.
    """
    votes = list(_votes(data, kind, media_type, chosen))
    winner = next(vote for vote in votes if vote.encoding)
    others = [vote for vote in votes if vote.encoding and vote.who != "default"]
    why = _why(winner, others)
    mark = next((len(mark) for mark, name in _MARKS if data.startswith(mark) and name == winner.encoding), 0)
    return Encoding(winner.encoding, winner.who, why, tuple(votes), mark)


def _votes(data: bytes, kind: str, media_type: str, chosen: str) -> list[Vote]:
    votes: list[Vote] = []
    if chosen:
        votes.append(_vote("person", chosen, kind))
    for mark, name in _MARKS:
        if data.startswith(mark):
            votes.append(Vote("byte order mark", mark.hex(" "), name))
            break
    if found := _HTTP_CHARSET.search(media_type):
        votes.append(_vote("HTTP", found[1], kind))
    votes += _declared(data, kind)
    votes.append(_default(data, kind))
    return votes


def _declared(data: bytes, kind: str) -> list[Vote]:
    if kind == "xml":
        wide = _wide(data)
        start = data[: 2 * MAX_META].replace(b"\0", b"") if wide else data[:MAX_META]
        found = _DECLARED.match(start.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe"))
        if found is None:
            return (
                [Vote("document", "octets of 16 bits", wide, "seen by its first characters")] if wide else []
            )
        vote = _vote("document", (found[1] or found[2]).decode("latin-1"), kind)
        return [vote._replace(encoding=wide) if wide and vote.encoding.startswith("utf-16") else vote]
    for meta in _META.finditer(data[:MAX_META]):
        if found := _CHARSET.search(meta[0]):
            vote = _vote("document", found[1].decode("latin-1"), kind)
            if vote.encoding.startswith("utf-16"):
                # It could not have been read if it were true (HTML standard).
                return [vote._replace(encoding="utf-8", note="can't be true here; read as UTF-8")]
            return [vote]
    return []


def _wide(data: bytes) -> str:
    if data.startswith((b"<\0?\0", b"\xff\xfe<\0")):
        return "utf-16-le"
    return "utf-16-be" if data.startswith((b"\0<\0?", b"\xfe\xff\0<")) else ""


def _vote(who: str, label: str, kind: str) -> Vote:
    wanted = label.strip().lower()
    name = _LABELS.get(wanted, "") if kind == "html" or wanted.startswith("utf-16") else ""
    if not name:
        try:
            info = codecs.lookup(wanted)
        except (LookupError, ValueError):
            return Vote(who, label, "", "no encoding of this name is known here")
        # Python has codecs that are no encodings of text (zip, rot13), and some that no document may use.
        if not info._is_text_encoding or info.name in ("utf-7", "idna", "punycode", "unicode-escape"):
            return Vote(who, label, "", "this is no encoding for documents")
        name = "utf-8" if info.name == "utf-8-sig" else info.name
    note = f"the Encoding standard reads this label as {name}" if _is_other(wanted, name) else ""
    return Vote(who, label, name, note)


def _is_other(label: str, name: str) -> bool:
    try:
        return codecs.lookup(label).name != codecs.lookup(name).name and not label.startswith("utf-16")
    except LookupError:
        return False


def _default(data: bytes, kind: str) -> Vote:
    if kind == "xml":
        return Vote("default", "UTF-8", "utf-8", "XML without a word about it is UTF-8")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return Vote("default", "windows-1252", "cp1252", "nobody says anything, and UTF-8 it is not")
    return Vote("default", "UTF-8", "utf-8", "nobody says anything, and the octets are valid UTF-8")


def _why(winner: Vote, others: list[Vote]) -> str:
    against = [vote for vote in others if vote.encoding != winner.encoding]
    if winner.who == "default":
        return winner.note
    said = f"{winner.who} says {winner.says}"
    if not against:
        return said
    lost = ", ".join(f"{vote.who} ({vote.says})" for vote in against)
    return f"{said}, which counts more than {lost}"


def text_of(data: bytes, encoding: Encoding) -> tuple[str, Encoding]:
    """The octets as text, and the encoding with the places of what meant nothing in it.

    Each octet that means nothing becomes one U+FFFD; the byte order mark is no part of the text.
    """
    raw = data[encoding.mark :].decode(encoding.name, _ERRORS)
    if not raw.isascii() and _WRONG.search(raw):
        wrong = array("i", (match.start() for match in _WRONG.finditer(raw)))
        return _WRONG.sub("\ufffd", raw), encoding._replace(wrong=wrong)
    return raw, encoding


def encoding_problems(encoding: Encoding) -> list[Problem]:
    """What is wrong with the encoding, for the list of problems."""
    found = [
        Problem(
            "unknown-encoding",
            0,
            0,
            f"{vote.who} says {vote.says!r}: {vote.note}",
            "its vote did not count",
            "note",
        )
        for vote in encoding.votes
        if not vote.encoding
    ]
    disagree = {vote.encoding for vote in encoding.votes if vote.encoding and vote.who != "default"}
    if len(disagree) > 1:
        found.append(
            Problem(
                "encoding-conflict",
                0,
                0,
                "the encoding is told in two ways",
                f"{encoding.why}",
                "note",
            )
        )
    wrong = encoding.wrong
    for at in wrong[:MAX_WRONG_LISTED]:
        found.append(
            Problem(
                "wrong-octet",
                at,
                at + 1,
                f"this octet means nothing in {encoding.name}",
                "it was read as U+FFFD",
            )
        )
    if len(wrong) > MAX_WRONG_LISTED:
        at = wrong[MAX_WRONG_LISTED]
        more = len(wrong) - MAX_WRONG_LISTED
        found.append(
            Problem("wrong-octet", at, at + 1, f"and {more} more such octets", "each was read as U+FFFD")
        )
    return found
