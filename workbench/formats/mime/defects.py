"""Every kind of defect that reading a letter can find: what is done about it, and the document that decides."""

from collections.abc import Callable
from typing import NamedTuple

from workbench.formats.mime.values import MAX_DEFECTS, Defect

Report = Callable[[str, int, int, str], None]
"""Takes a defect: code, start, stop, what."""


class Kind(NamedTuple):
    """One kind. done: how such a thing is read all the same."""

    done: str
    source: str = ""


KINDS: dict[str, Kind] = {
    # the header block
    "cut-header": Kind("the part has no body", "RFC 2046 section 5.1.1"),
    "no-separator": Kind("the body begins with it", "RFC 5322 section 2.1"),
    "stray-continuation": Kind("it was left out", "RFC 5322 section 2.2.3"),
    "empty-name": Kind("it is kept under no name", "RFC 5322 section 2.2"),
    "space-before-colon": Kind("it was left out", "RFC 5322 section 4.5"),
    "too-many-fields": Kind("the body begins here"),
    "mbox-line": Kind("it was left out", "RFC 4155"),
    "repeated-field": Kind("the first one counts", "RFC 5322 section 3.6"),
    # what the headers say
    "parameter": Kind("it was read as far as it could be", "RFC 2231"),
    "media-type": Kind("the default was taken", "RFC 2045 section 5.2"),
    "header-charset": Kind("what can't be read is shown as \N{REPLACEMENT CHARACTER}", "RFC 6532 section 3"),
    "encoded-word": Kind("it was read as far as it could be", "RFC 2047 section 2"),
    "address": Kind("it was read as far as it could be", "RFC 5322 section 3.4"),
    "date": Kind("it was read as far as it could be", "RFC 5322 section 3.3"),
    # the tree
    "no-boundary": Kind("it is not divided", "RFC 2046 section 5.1.1"),
    "long-boundary": Kind("it was taken all the same", "RFC 2046 section 5.1.1"),
    "same-boundary": Kind("its lines count for the outer one", "RFC 2046 section 5.1.2"),
    "no-start-boundary": Kind("it is not divided", "RFC 2046 section 5.1.1"),
    "no-end-boundary": Kind("the last part ends here", "RFC 2046 section 5.1.1"),
    "after-the-end": Kind("what follows it is no part", "RFC 2046 section 5.1.1"),
    "encoded-multipart": Kind("it was divided as if it were not", "RFC 2045 section 6.4"),
    "encoded-message": Kind("it is content; open it as a letter of its own", "RFC 2046 section 5.2.1"),
    "too-deep": Kind("it was not divided"),
    "too-many-parts": Kind("the rest belongs to the last one"),
    # the octets
    "nul": Kind("they are kept", "RFC 5322 section 4"),
    "bare-cr": Kind("it ends no line here", "RFC 5322 section 2.2"),
    "mixed-line-ends": Kind("both end a line", "RFC 5322 section 2.1"),
    "long-line": Kind("it is kept; others of that kind are not told", "RFC 5322 section 2.1.1"),
    # the content
    "transfer-encoding": Kind("the content is shown as it travels", "RFC 2045 section 6.4"),
    "base64-characters": Kind("they were left out", "RFC 2045 section 6.8"),
    "base64-padding": Kind("what there is was decoded", "RFC 2045 section 6.8"),
    "base64-behind-end": Kind("it was left out", "RFC 2045 section 6.8"),
    "quoted-printable": Kind("it is kept as it is", "RFC 2045 section 6.7"),
    "uuencode": Kind("what there is was decoded"),
    "eight-bit": Kind("it was read all the same", "RFC 2045 section 2.8"),
    "unknown-charset": Kind("it was read as what it looks like", "RFC 2046 section 4.1.2"),
    "wrong-charset": Kind("it was read as far as it could be", "RFC 2046 section 4.1.2"),
    "other-type": Kind("it is handed on by what is declared", "RFC 2045 section 5"),
    "uuencoded-block": Kind("it is shown as text"),
}


def defect(code: str, start: int, stop: int, what: str, part: int) -> Defect:
    """One defect of a kind of the table."""
    kind = KINDS[code]
    return Defect(code, start, stop, what, kind.done, kind.source, part)


class Found:
    """The defects of one reading, bounded. part: place of the part that is read now."""

    def __init__(self) -> None:
        self.defects: list[Defect] = []
        self.count = 0
        self.part = 0

    def report(self, code: str, start: int, stop: int, what: str) -> None:
        """One more, in the part that is read now."""
        self.count += 1
        if len(self.defects) < MAX_DEFECTS:
            self.defects.append(defect(code, start, stop, what, self.part))

    def in_order(self) -> tuple[Defect, ...]:
        """By their places."""
        return tuple(sorted(self.defects, key=_place))


def _place(each: Defect) -> tuple[int, int]:
    return each.start, each.part
