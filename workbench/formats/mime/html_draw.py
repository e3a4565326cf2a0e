"""HTML of letters as pieces to draw: words, headings, lists, links and pictures of the letter itself, nothing else.

What comes out is written anew from a short list of elements, so nothing of the letter's own markup is left in it. A
table becomes lines, its cells one behind the other: most tables of letters only place things, and a real one of 50 kB
holds a text widget for a tenth of a second. Pieces are short, so that a view can take some in each frame.
"""

import html
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from workbench.formats.mime.html_left_out import Ledger, LeftOut
from workbench.formats.mime.html_tokens import Token, tokens
from workbench.formats.mime.values import Pausing, through

MAX_PIECE = 2000
"""Characters of a piece; a text widget takes one in less than a millisecond."""
MAX_PIECES = 50_000
MAX_LINKS = 1000
MAX_NESTED = 60
"""Inline elements that are open at a time; the others are only words."""
TOKENS_AT_ONCE = 300

_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt"),
        *(
            "fieldset",
            "figcaption",
            "figure",
            "footer",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "hr",
            "html",
        ),
        *(
            "legend",
            "li",
            "main",
            "menu",
            "nav",
            "ol",
            "p",
            "pre",
            "section",
            "summary",
            "table",
            "tbody",
            "td",
        ),
        *("tfoot", "th", "thead", "tr", "ul"),
    }
)
_INLINE = {
    **dict.fromkeys(("b", "strong"), "b"),
    **dict.fromkeys(("i", "em", "cite", "dfn", "var"), "i"),
    **dict.fromkeys(("u", "ins"), "u"),
    **dict.fromkeys(("s", "strike", "del"), "s"),
    **dict.fromkeys(("code", "tt", "kbd", "samp"), "code"),
    **{name: name for name in ("sub", "sup", "small", "big")},
}
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SKIPPED = frozenset({"head", "svg", "math", "object", "applet", "select", "audio", "video", "template"})
"""Elements whose content is not shown either."""
_VOID = frozenset(
    {"br", "hr", "img", "input", "meta", "link", "base", "col", "area", "embed", "source", "wbr"}
)
_WHITE = re.compile(r"[ \t\r\n\f]+")
_UNSEEN = dict.fromkeys((0x00AD, 0x200B, 0x2060, 0xFEFF, *range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F))
_TURNING = {code: f"⟨U+{code:04X}⟩" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
_FATES = {**_UNSEEN, **_TURNING}
_ADDRESS = re.compile(r"(?:https?://)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)", re.I)


class Piece(NamedTuple):
    """A piece of the picture. html: one block, well-formed; text: the same in words; pictures: the parts it shows."""

    html: str
    text: str
    pictures: tuple[str, ...] = ()


class Link(NamedTuple):
    """A link. warning: "" or why its words mislead."""

    text: str
    target: str
    warning: str = ""


class Drawn(NamedTuple):
    """A page to draw. left_out_count: how many things are left out, each counted as often as it is there. is_cut: it
    was longer than MAX_PIECES.
    """

    pieces: tuple[Piece, ...]
    left_out: tuple[LeftOut, ...]
    left_out_count: int
    links: tuple[Link, ...]
    is_cut: bool = False


def draw(source: str, pictures: Iterable[str] = ()) -> Drawn:
    """The pieces of a page.

    Args:
        pictures: the names (Content-ID) of the letter's parts that it may show.
    """
    return through(drawing(source, pictures))


def drawing(source: str, pictures: Iterable[str] = ()) -> Pausing[Drawn]:
    """draw() with pauses."""
    pen = _Pen(frozenset(pictures))
    for count, token in enumerate(tokens(source), 1):
        pen.take(token)
        if count % TOKENS_AT_ONCE == 0:
            yield
        if pen.is_full:
            break
    return pen.drawn()


def text_of_html(source: str) -> str:
    """A page in words: blocks become lines, links say where they lead."""
    drawn = draw(source)
    lines = [piece.text for piece in drawn.pieces]
    return "\n".join(lines).strip() + "\n" if lines else ""


class _Pen:
    """Takes tokens. open: inline elements with what closes them; a block closes and reopens them."""

    def __init__(self, pictures: frozenset[str]) -> None:
        self._known = pictures
        self._ledger = Ledger()
        self._pieces: list[Piece] = []
        self._links: list[Link] = []
        self._open: list[tuple[str, str]] = []
        self._html: list[str] = []
        self._text: list[str] = []
        self._length = 0
        self._pictures: list[str] = []
        self._heading = ""
        self._lists: list[int] = []
        self._quotes = 0
        self._pre = 0
        self._bullet = ""
        self._cells = 0
        self._skip: list[str] = []
        self._link = ""
        self._link_text: list[str] = []

    @property
    def is_full(self) -> bool:
        return len(self._pieces) >= MAX_PIECES

    def drawn(self) -> Drawn:
        """What came out."""
        self._flush()
        return Drawn(
            tuple(self._pieces), self._ledger.listed(), self._ledger.count, tuple(self._links), self.is_full
        )

    def take(self, token: Token) -> None:
        """The next one."""
        self._ledger.look_at(token)
        if token.kind == "start":
            self._start(token.text, token.attributes)
        elif token.kind == "end":
            self._end(token.text)
        elif token.kind == "text" and not self._skip:
            self._words(token.text)

    # ---- elements

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._skip:
            if name == self._skip[-1] and name not in _VOID and len(self._skip) < MAX_NESTED:
                self._skip.append(name)
            # A head that is never closed ends where a body begins.
            if name == "body":
                self._skip.clear()
            return
        if name in _SKIPPED:
            self._skip.append(name)
        elif name in _BLOCKS:
            self._start_block(name)
        elif name in _INLINE and len(self._open) < MAX_NESTED:
            self._open_inline(name, f"<{_INLINE[name]}>")
        elif name == "a" and len(self._open) < MAX_NESTED:
            self._start_link(attributes)
        elif name == "br":
            self._put("<br>", "\n")
        elif name == "img":
            self._picture(attributes)

    def _end(self, name: str) -> None:
        if self._skip:
            if name == self._skip[-1]:
                self._skip.pop()
            return
        if name in _BLOCKS:
            self._end_block(name)
        elif name in _INLINE or name == "a":
            self._close_inline(name)

    def _start_block(self, name: str) -> None:
        if name in ("td", "th"):
            if self._cells and self._length:
                self._put(" &nbsp;│&nbsp; ", " │ ")
            self._cells += 1
            return
        self._flush()
        if name in _HEADINGS:
            self._heading = name
        elif name == "tr":
            self._cells = 0
        elif name in ("ul", "ol", "menu"):
            self._lists.append(0 if name == "ol" else -1)
        elif name == "li":
            self._bullet = self._next_bullet()
        elif name == "blockquote":
            self._quotes += 1
        elif name == "pre":
            self._pre += 1
        elif name == "hr":
            self._pieces.append(Piece("<hr>", "-" * 20))

    def _end_block(self, name: str) -> None:
        if name in ("td", "th"):
            return
        self._flush()
        if name in _HEADINGS:
            self._heading = ""
        elif name in ("ul", "ol", "menu") and self._lists:
            self._lists.pop()
        elif name == "blockquote" and self._quotes:
            self._quotes -= 1
        elif name == "pre" and self._pre:
            self._pre -= 1

    def _next_bullet(self) -> str:
        if not self._lists or self._lists[-1] < 0:
            return "• "
        self._lists[-1] += 1
        return f"{self._lists[-1]}. "

    def _open_inline(self, name: str, tag: str) -> None:
        self._open.append((name, tag))
        self._html.append(tag)

    def _close_inline(self, name: str) -> None:
        """Close the youngest of this name, and what is open within it."""
        at = next((at for at in range(len(self._open) - 1, -1, -1) if self._open[at][0] == name), None)
        if at is None:
            return
        for _, tag in reversed(self._open[at:]):
            self._html.append(_closing(tag))
        if any(inner == "a" for inner, _ in self._open[at:]):
            self._end_link()
        inside = [each for each in self._open[at + 1 :] if each[0] != "a"]
        self._open[at:] = inside
        self._html += [tag for _, tag in inside]

    # ---- links and pictures

    def _start_link(self, attributes: Mapping[str, str]) -> None:
        if any(name == "a" for name, _ in self._open):
            self._close_inline("a")
        target = self._ledger.link(attributes.get("href", ""))
        if target:
            self._link = target
            self._link_text = []
            self._open_inline("a", f'<a href="{html.escape(target)}">')

    def _end_link(self) -> None:
        words = " ".join("".join(self._link_text).split())
        if len(self._links) < MAX_LINKS:
            self._links.append(Link(words[:200], self._link, misleading(words, self._link)))
        self._link = ""

    def _picture(self, attributes: Mapping[str, str]) -> None:
        name = self._ledger.picture(attributes, self._known)
        words = " ".join(attributes.get("alt", "").split())[:200]
        if name:
            self._pictures.append(name)
            self._put(
                f'<img src="cid:{html.escape(name)}" alt="{html.escape(words)}">', f"[{words or 'picture'}]"
            )
        elif words:
            self._put(f"<i>[{html.escape(words)}]</i>", f"[{words}]")

    # ---- words

    def _words(self, text: str) -> None:
        text = text.translate(_FATES)
        if self._pre:
            for line in text.replace("\r\n", "\n").split("\n"):
                self._put(html.escape(line).replace("  ", "&nbsp; ") + "<br>", line + "\n")
            return
        text = _WHITE.sub(" ", text)
        if not self._length:
            text = text.lstrip(" ")
        while text:
            piece, text = text[:MAX_PIECE], text[MAX_PIECE:]
            self._put(html.escape(piece, quote=False), piece)

    def _put(self, markup: str, text: str) -> None:
        self._html.append(markup)
        self._text.append(text)
        self._length += len(text)
        if self._link:
            self._link_text.append(text)
        if self._length >= MAX_PIECE:
            self._flush()

    def _flush(self) -> None:
        """End the block: what is open in it is closed, and opened again in the next."""
        text = "".join(self._text).strip("\n")
        if text.strip() or self._pictures:
            inside = "".join(self._html) + "".join(_closing(tag) for _, tag in reversed(self._open))
            self._pieces.append(Piece(self._block(inside), self._lead() + text, tuple(self._pictures)))
            self._bullet = ""
        self._html = [tag for _, tag in self._open]
        self._text = []
        self._pictures = []
        self._length = 0

    def _lead(self) -> str:
        return "> " * min(self._quotes, 9) + "  " * min(max(len(self._lists) - 1, 0), 9) + self._bullet

    def _block(self, inside: str) -> str:
        if self._heading:
            return f"<{self._heading}>{inside}</{self._heading}>"
        left = 24 * min(len(self._lists) + self._quotes, 9)
        inside = f"<code>{inside}</code>" if self._pre else inside
        bullet = html.escape(self._bullet)
        return f'<p style="margin-left:{left}px; margin-top:4px; margin-bottom:4px">{bullet}{inside}</p>'


def _closing(tag: str) -> str:
    return "</a>" if tag.startswith("<a ") else f"</{tag[1:]}"


def misleading(words: str, target: str) -> str:
    """Why a link's words mislead: they are an address, and the link leads to another one."""
    said = _ADDRESS.fullmatch(
        words.strip().rstrip("/").split("/")[0] if "//" not in words else words.split()[0]
    )
    if said is None and "//" in words:
        said = _ADDRESS.match(words.strip())
    leads = _ADDRESS.match(target)
    if said is None or leads is None or not target.lower().startswith("http"):
        return ""
    one, other = said[1].lower().removeprefix("www."), leads[1].lower().removeprefix("www.")
    if one == other or other.endswith(f".{one}"):
        return ""
    return f"it says {said[1]} and leads to {leads[1]}"
