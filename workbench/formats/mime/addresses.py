"""Addresses in headers (RFC 5322 section 3.4): lists, groups, names in quotation marks and in encoded words.

Reading is lenient and one pass long; `the_address` is strict, for what a person types.
"""

import re
from typing import NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.mime.words import plain

MAX_ADDRESSES = 100_000
"""Of one field."""
MAX_LOCAL = 64
"""Octets, RFC 5321 section 4.5.3.1.1."""
MAX_ADDRESS = 254
"""Octets of an address: a path of 256 less its brackets, RFC 5321 section 4.5.3.1.3."""

_TOKEN = re.compile(
    r"""\s*(?:(?P<quoted>"(?:[^"\\]|\\.)*"?)|(?P<comment>\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)?)"""
    r"""|<(?P<angle>(?:"(?:[^"\\]|\\.)*"|[^<>"])*)(?P<close>>?)|(?P<mark>[,;:])|(?P<word>[^\s"(),;:<]+|.))""",
    re.S,
)
_PAIR = re.compile(r"\\(.)", re.S)
_ROUTE = re.compile(r"@[^:]*:")
_ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-]+"
_DOT_ATOM = re.compile(rf"{_ATEXT}(?:\.{_ATEXT})*")
_QUOTED = re.compile(r'"(?:[ !#-\[\]-~]|\\[ -~])*"')
_LITERAL = re.compile(r"\[[!-Z^-~]+\]")


class Address(NamedTuple):
    """One address. name: for people, decoded; address: "" where none is there; group: whose member it is; fault: "" or
    what is wrong.
    """

    name: str
    address: str
    group: str = ""
    fault: str = ""

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name and self.address else self.address or self.name


def read_addresses(text: str) -> tuple[Address, ...]:
    """The addresses of an unfolded field; never raises."""
    return _List(text).addresses


class _List:
    """One reading. words: what stands before an address in angle brackets, or is one itself."""

    def __init__(self, text: str) -> None:
        self._found: list[Address] = []
        self._group = ""
        self._clear()
        for token in _TOKEN.finditer(text):
            if len(self._found) >= MAX_ADDRESSES:
                break
            self._take(token)
        self._finish()
        self.addresses = tuple(self._found)

    def _clear(self) -> None:
        self._words: list[str] = []
        self._bare: list[str] = []
        self._comment = ""
        self._angle: str | None = None
        self._fault = ""

    def _take(self, token: re.Match[str]) -> None:
        kind = token.lastgroup
        if kind == "mark":
            self._mark(token["mark"])
        elif kind == "close":
            if self._angle is not None:
                self._fault = "a second address in brackets"
                return
            self._angle = (
                _ROUTE.sub("", token["angle"]).strip()
                if "@" in token["angle"][:1]
                else token["angle"].strip()
            )
            if not token["close"]:
                self._fault = "the bracket is never closed"
        elif kind == "quoted":
            quoted = token["quoted"]
            if len(quoted) < 2 or not quoted.endswith('"'):
                self._fault = "the quotation mark is never closed"
            self._words.append(_PAIR.sub(r"\1", quoted[1:].removesuffix('"')))
            self._bare.append(quoted)
        elif kind == "comment":
            self._comment = token["comment"][1:].removesuffix(")")
        else:
            self._words.append(token["word"])
            self._bare.append(token["word"])

    def _mark(self, mark: str) -> None:
        if mark == ":" and self._angle is None and self._words and not self._group:
            self._group = plain(" ".join(self._words))
            self._clear()
            return
        if mark == ":":
            self._words.append(mark)
            self._bare.append(mark)
            return
        self._finish()
        if mark == ";":
            self._group = ""

    def _finish(self) -> None:
        if self._angle is not None:
            name = " ".join(self._words) or self._comment
            fault = self._fault or why_no_address(self._angle)
            self._add(name, self._angle, fault)
        elif self._bare:
            text = "".join(self._bare)
            if "@" in text:
                self._add(self._comment, text, self._fault or why_no_address(text))
            else:
                self._add(" ".join(self._words), "", self._fault or "there is no address in it")
        self._clear()

    def _add(self, name: str, address: str, fault: str) -> None:
        if "=?" in name:
            decoded = plain(name)
            if "@" in decoded and not address:
                fault = "the address is inside an encoded word, where no program finds it"
            name = decoded
        self._found.append(Address(name.strip(), address, self._group, fault))


def why_no_address(text: str) -> str:
    """Why this can't be an address: "" when it can. UTF-8 is taken on both sides (RFC 6532)."""
    return _wrong(text)[1]


def _wrong(text: str) -> tuple[int, str]:
    """Where an address is wrong, and why; "" when it is right."""
    for at, each in enumerate(text):
        if each in "\r\n\0":
            return at, f"{'NUL' if each == chr(0) else 'a line end'} stands in it"
    local, sign, domain = text.rpartition("@")
    if not sign:
        return len(text), "there is no @ in it"
    if not local:
        return 0, "nothing stands before the @"
    if not domain:
        return len(text), "nothing stands behind the @"
    if len(text.encode("utf-8", "replace")) > MAX_ADDRESS:
        return MAX_ADDRESS, f"it has more than {MAX_ADDRESS} octets"
    if len(local.encode("utf-8", "replace")) > MAX_LOCAL:
        return 0, f"more than {MAX_LOCAL} octets stand before the @"
    if not _QUOTED.fullmatch(local) and not _DOT_ATOM.fullmatch(_as_ascii(local)):
        return _first_not(local), "what stands before the @ is no name of a mailbox"
    if domain.startswith("["):
        return (0, "") if _LITERAL.fullmatch(domain) else (len(local) + 1, "this is no address in brackets")
    if not _DOT_ATOM.fullmatch(_as_ascii(domain)) or "_" in domain:
        return len(local) + 1 + _first_not(domain), "what stands behind the @ is no host name"
    return 0, ""


def _as_ascii(text: str) -> str:
    """Each letter beyond ASCII as an "x", for the grammar; what can't be seen stays and is refused."""
    return "".join(
        "x" if ord(each) > 0x7F and each.isprintable() and not each.isspace() else each for each in text
    )


def _first_not(text: str) -> int:
    found = _DOT_ATOM.match(_as_ascii(text))
    return found.end() if found else 0


def the_address(text: str, whole: str, start: int) -> str:
    """An address that a person typed.

    Args:
        whole, start: the input that it stands in, and where.

    Raises: LocalMisuse with the place.
    """
    place, why = _wrong(text)
    if why:
        at = start + min(place, len(text))
        raise LocalMisuse(
            f"{text[:60] or 'this'} is no address: {why}",
            text=whole,
            start=at,
            end=min(at + 1, start + len(text)) if place < len(text) else at,
            advice="write it like anna@example.test, or Anna Lind <anna@example.test>",
            source="RFC 5321 section 4.1.2",
        )
    return text


def typed_addresses(text: str) -> tuple[Address, ...]:
    """The addresses that a person typed, separated by commas. Raises: LocalMisuse with the place."""
    for at, each in enumerate(text):
        if each in "\r\n\0":
            what = "NUL can't stand in a header" if each == "\0" else "a line end would begin another header"
            raise LocalMisuse(
                what,
                text=text,
                start=at,
                end=at + 1,
                advice="separate addresses by commas",
                source="RFC 5322 section 2.2",
            )
    found = []
    for address in read_addresses(text):
        spelled = address.address or address.name
        start = max(text.find(spelled), 0)
        if address.fault and address.address and not why_no_address(address.address):
            raise LocalMisuse(
                address.fault,
                text=text,
                start=start,
                end=start + len(spelled),
                advice="write it like Anna Lind <anna@example.test>",
            )
        the_address(address.address or address.name, text, start)
        found.append(address)
    return tuple(found)
