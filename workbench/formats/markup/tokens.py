"""HTML source to tokens with their places: what lexbor, which builds the tree, does not keep.

It walks the source by the rules of the standard's tokenizer as far as they decide where a token ends: quotes in tags,
comments, the elements whose content is text, CDATA inside SVG and MathML. What the tree builder makes of the tokens is
not guessed here; `marks` asks the tree builder itself.
"""

import re
from array import array
from typing import Final

START, END, TEXT, COMMENT, BOGUS, INSTRUCTION, DOCTYPE, CDATA, NOTHING = range(9)
"""What a token is. BOGUS is a comment by mistake, NOTHING what yields no token (`</>`, a tag cut by the end)."""

RAW: Final = frozenset(
    ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "plaintext")
)
"""Elements whose content is text until their end tag; lexbor runs no scripts, so noscript is none of them."""
VOID: Final = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
"""Elements that hold nothing and have no end tag."""
_FOREIGN: Final = frozenset(("svg", "math"))
_BACK: Final = frozenset(
    ("foreignobject", "desc", "title", "mi", "mo", "mn", "ms", "mtext", "annotation-xml")
)
"""In these, inside foreign elements, HTML is read again."""

TAG: Final = re.compile(
    r"""<(/?)([A-Za-z][^\t\n\f\r />]*+)
    ((?:[\t\n\f\r /]++
      |[^\t\n\f\r />][^\t\n\f\r />=]*+
       (?:[\t\n\f\r ]*+=[\t\n\f\r ]*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\t\n\f\r >"'][^\t\n\f\r >]*+|(?=>)|\Z))?+
     )*+)(>?)""",
    re.VERBOSE,
)
ATTRIBUTE: Final = re.compile(
    r"""([^\t\n\f\r />][^\t\n\f\r />=]*+)
    (?:[\t\n\f\r ]*+(=)[\t\n\f\r ]*+(?:"([^"]*+)(?:"|\Z)|'([^']*+)(?:'|\Z)|([^\t\n\f\r >"'][^\t\n\f\r >]*+))?+)?+""",
    re.VERBOSE,
)
_COMMENT_END: Final = re.compile(r"--!?>")
_SCRIPT_SIGN: Final = re.compile(r"<!--|-->|<(/?)script(?=[\t\n\f\r />])", re.IGNORECASE)


class Tokens:
    """The tokens of one source, in columns: kind, start, stop and, of tags, the name in small letters."""

    def __init__(self) -> None:
        self.kind = bytearray()
        self.start = array("i")
        self.stop = array("i")
        self.name: list[str] = []

    def __len__(self) -> int:
        return len(self.kind)

    def add(self, kind: int, start: int, stop: int, name: str = "") -> None:
        """One more."""
        self.kind.append(kind)
        self.start.append(start)
        self.stop.append(stop)
        self.name.append(name)


def tokens_of(text: str) -> Tokens:
    """All tokens of an HTML source; without a gap they cover it from its first character to its last."""
    return _Walk(text).tokens


class _Walk:
    def __init__(self, text: str) -> None:
        self.tokens = Tokens()
        self._text = text
        self._open: list[str] = []
        """The open elements of SVG and MathML, and those in them where HTML is read again."""
        self._walk()

    def _walk(self) -> None:
        text, tokens = self._text, self.tokens
        find, match = text.find, TAG.match
        at, size = 0, len(text)
        kinds, starts, stops, names = tokens.kind, tokens.start, tokens.stop, tokens.name
        while at < size:
            less = find("<", at)
            if less < 0:
                less = size
            elif less + 1 == size or text[less + 1] not in _OPENS:
                # A sign that opens nothing is text, and so is what follows.
                less = self._text_to(less + 1)
            if less > at:
                kinds.append(TEXT)
                starts.append(at)
                stops.append(less)
                names.append("")
                at = less
                continue
            found = match(text, at)
            if found is None:
                at = self._other(at)
                continue
            slash, name, _, closed = found.groups()
            name = name.lower()
            stop = found.end()
            kinds.append((END if slash else START) if closed else NOTHING)
            starts.append(at)
            stops.append(stop if closed else size)
            names.append(name)
            at = stop if closed else size
            if (name in _CARED or self._open) and closed:
                at = self._after_tag(name, bool(slash), at)

    def _text_to(self, at: int) -> int:
        """Where text ends that begins before `at`."""
        text, size = self._text, len(self._text)
        while True:
            less = text.find("<", at)
            if less < 0:
                return size
            if less + 1 < size and text[less + 1] in _OPENS:
                return less
            at = less + 1

    def _other(self, at: int) -> int:
        """A token that is no tag: comment, doctype, CDATA, instruction."""
        text, size, add = self._text, len(self._text), self.tokens.add
        if text.startswith("<!--", at):
            return self._comment(at)
        if text.startswith("<![CDATA[", at) and self._open and self._open[-1] in _FOREIGN:
            stop = text.find("]]>", at)
            stop = size if stop < 0 else stop + 3
            add(CDATA, at, stop)
            return stop
        if text.startswith("</>", at):
            add(NOTHING, at, at + 3)
            return at + 3
        stop = text.find(">", at)
        stop = size if stop < 0 else stop + 1
        if text[at + 2 : at + 9].lower() == "doctype" and text[at + 1] == "!":
            add(DOCTYPE, at, stop)
        elif text[at + 1] == "?" and text[at + 2 : at + 3].isalpha():
            add(INSTRUCTION, at, stop)
        elif text[at : at + 2] == "</" and stop == size == at + 2:
            add(TEXT, at, stop)
        else:
            add(BOGUS, at, stop)
        return stop

    def _comment(self, at: int) -> int:
        text, size = self._text, len(self._text)
        for short in ("<!-->", "<!--->"):
            if text.startswith(short, at):
                self.tokens.add(COMMENT, at, at + len(short))
                return at + len(short)
        found = _COMMENT_END.search(text, at + 4)
        stop = size if found is None else found.end()
        self.tokens.add(COMMENT, at, stop)
        return stop

    def _after_tag(self, name: str, is_end: bool, at: int) -> int:
        """Where the walk goes on after a tag: behind the raw text of some elements."""
        text, stack = self._text, self._open
        if is_end:
            if name in stack:
                del stack[len(stack) - 1 - stack[::-1].index(name) :]
            return at
        is_foreign = bool(stack) and stack[-1] in _FOREIGN
        if text[at - 2] != "/" and (name in _FOREIGN or (is_foreign and name in _BACK)):
            stack.append(name)
            return at
        if is_foreign or name not in RAW:
            return at
        stop = self._raw_end(name, at)
        if stop > at:
            self.tokens.add(TEXT, at, stop)
        return stop

    def _raw_end(self, name: str, at: int) -> int:
        text, size = self._text, len(self._text)
        if name == "plaintext":
            return size
        if name == "script":
            return self._script_end(at)
        found = _raw_end_pattern(name).search(text, at)
        return size if found is None else found.start()

    def _script_end(self, at: int) -> int:
        """A script that holds `<!--` and then `<script` is not ended by the next end tag ("double escaped")."""
        is_escaped = is_twice = False
        for sign in _SCRIPT_SIGN.finditer(self._text, at):
            word = sign[0]
            if word == "<!--":
                is_escaped = True
            elif word == "-->":
                is_escaped = is_twice = False
            elif sign[1]:
                if not is_twice:
                    return sign.start()
                is_twice = False
            elif is_escaped:
                is_twice = True
        return len(self._text)


_OPENS: Final = frozenset("!/?abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_CARED: Final = RAW | _FOREIGN
_patterns: dict[str, re.Pattern[str]] = {}


def _raw_end_pattern(name: str) -> re.Pattern[str]:
    if name not in _patterns:
        _patterns[name] = re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE)
    return _patterns[name]
