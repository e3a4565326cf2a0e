"""What each event of a Gopher conversation means, and what the types of items are (RFC 1436 section 3.8)."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from workbench.formats.charset import visible
from workbench.formats.quantity import count, octets
from workbench.protocols.gopher.codec import read_item
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event
from workbench.transcript.render import PREVIEW_OCTETS, Explanation, as_text
from workbench.wire import explain as wire

Values = Mapping[str, object]
RFC: Final = "RFC 1436 "


class ItemType(NamedTuple):
    """What stands behind a type: a word for a table, a sentence, and where it is said; "" for mere custom."""

    word: str
    text: str
    source: str = ""


TYPES: Final[dict[str, ItemType]] = {
    "0": ItemType("text", "a text file, ended by a line that is one dot", RFC + "3.8"),
    "1": ItemType("menu", "another menu", RFC + "3.8"),
    "2": ItemType("phone book", "a CSO server for names: a protocol of its own", RFC + "3.8"),
    "3": ItemType("error", "the server says that something went wrong", RFC + "3.8"),
    "4": ItemType("BinHex", "a Macintosh file, packed as text", RFC + "3.8"),
    "5": ItemType("archive", "an archive for DOS; read until the connection ends", RFC + "3.8"),
    "6": ItemType("uuencoded", "a file packed as text by uuencode", RFC + "3.8"),
    "7": ItemType("search", "a search: words go with the selector, behind a tab", RFC + "3.8"),
    "8": ItemType(
        "telnet", "leads to a Telnet session; the selector is the name to log in with", RFC + "3.8"
    ),
    "9": ItemType("binary", "octets as they are; read until the connection ends", RFC + "3.8"),
    "+": ItemType("mirror", "another server for the item above", RFC + "3.8"),
    "T": ItemType("tn3270", "leads to a session on an IBM mainframe", RFC + "3.8"),
    "g": ItemType("GIF", "a picture in GIF format", RFC + "3.8"),
    "I": ItemType("picture", "a picture of some kind; the client finds out which", RFC + "3.8"),
    "i": ItemType("words", "words to read, no item: widespread, but in no RFC"),
    "h": ItemType("HTML", "a page in HTML, or an address behind URL: widespread, but in no RFC"),
    "d": ItemType("document", "a document: widespread, but in no RFC"),
    "s": ItemType("sound", "a sound: widespread, but in no RFC"),
    "p": ItemType("PNG", "a picture in PNG format: widespread, but in no RFC"),
}
UNKNOWN: Final = ItemType("unknown", "a type that no RFC and no custom of ours has", RFC + "3.8")


def of_type(type_: str) -> ItemType:
    """What is behind a type."""
    return TYPES.get(type_, UNKNOWN)


def explain(transcript: Transcript, event: Event) -> Explanation | None:
    """What an event means; for what lies below Gopher as the wire explains it."""
    if event.kind == "fact":
        known = FACTS.get(event.name)
        return known(event.values) if known is not None else wire.explain(transcript, event)
    data = transcript.data(event, 0, PREVIEW_OCTETS)
    if event.direction is Direction.SENT:
        return _asked(data)
    first = data.partition(b"\n")[0]
    if first.count(b"\t") >= 3 and event.offset == 0:
        item = read_item(first.removesuffix(b"\r"))
        known_type = of_type(item.type)
        return Explanation(
            as_text(first), f"{octets(event.size)}; the first line is {known_type.text}", known_type.source
        )
    if data in (b".\r\n", b".\n"):
        return Explanation(as_text(data), "the dot that ends a menu or a text", RFC + "3.8")
    return Explanation(as_text(data), f"{octets(event.size)} of the answer, as one read gave them", RFC + "2")


def _asked(data: bytes) -> Explanation:
    line = data.rstrip(b"\r\n\0")
    selector, tab, words = line.partition(b"\t")
    ending = "" if data.endswith(b"\r\n") else "; it does not end with CR LF, as it should"
    if tab:
        shown = visible(words.decode("utf-8", "replace"))
        return Explanation(as_text(data), f"searches for {shown}{ending}", RFC + "3.7")
    what = (
        "asks for the item that the server calls so"
        if selector
        else "an empty selector: asks for the root menu"
    )
    return Explanation(as_text(data) or "(nothing)", what + ending, RFC + "2")


def _answer(v: Values) -> Explanation:
    number = int(str(v["octets"]))
    if v["kind"] == "binary":
        return Explanation(
            f"{octets(number)} as they are", "the end of the connection is their end", RFC + "3.8"
        )
    items = count(int(str(v["items"])), "line")
    what = f"a menu of {items}" if v["kind"] == "menu" else f"a text of {octets(number)}"
    end = (
        "the line that is one dot was there"
        if v["complete"]
        else "no line that is one dot ended it: many servers leave it out"
    )
    return Explanation(what, end, RFC + "3.8")


def _level(v: Values) -> Explanation:
    return Explanation(f"level {v['number']}: {v['name']}", str(v["what"]), RFC + "2")


FACTS: Final[dict[str, Callable[[Values], Explanation]]] = {
    "gopher.answer": _answer,
    "gopher.level": _level,
}
"""Every fact that we record; a test walks the code for names that are missing here."""
