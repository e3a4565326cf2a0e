"""What HTML of a letter would load, run or send, found in its tokens: named, counted, and never done."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from workbench.formats.mime.html_tokens import Token

MAX_LISTED = 500
MAX_TARGET = 300
"""Characters of an address in the list."""

WHY = {
    "script": "no program of a letter runs here",
    "event handler": "no program of a letter runs here",
    "script link": "no program of a letter runs here",
    "remote picture": "loading it would tell the sender that the letter was read, and from where",
    "tracking picture": "a picture of one point is there to tell the sender that the letter was read",
    "picture in the text": "pictures are drawn from parts of the letter alone",
    "missing picture": "the letter has no part of this name",
    "local file": "a letter has no business with files of this machine",
    "style sheet": "letters are drawn in this program's own style",
    "remote style": "a style that loads something tells the sender as a picture does",
    "font": "fonts are this program's own",
    "form": "nothing is sent from within a letter",
    "frame": "no page stands within a letter here",
    "media": "sound and film are saved as parts, not played",
    "drawing": "SVG and formulas may load and run something",
    "redirect": "a letter leads nowhere by itself",
    "base": "addresses are taken as they stand",
    "prefetch": "asking for a name is enough to tell the sender",
    "other link": "only http, https, mailto and ftp are shown as links",
}
"""Every kind, and why it is left out."""

_URL = re.compile(r"url\(\s*['\"]?([^'\")]*)", re.I)
_IMPORT = re.compile(r"@import\s+(?:url\(\s*)?['\"]?([^'\");]+)", re.I)
_FORMS = frozenset(
    {"form", "input", "button", "select", "textarea", "option", "isindex", "keygen", "datalist"}
)
_FRAMES = frozenset(
    {"iframe", "frame", "frameset", "object", "embed", "applet", "portal", "noembed", "noframes"}
)
_MEDIA = frozenset({"audio", "video", "source", "track", "bgsound"})
_DRAWINGS = frozenset({"svg", "math", "canvas"})
_LINK_RELS = ("prefetch", "preconnect", "preload", "prerender")
SHOWN_LINKS = ("http:", "https:", "mailto:", "ftp:")


class LeftOut(NamedTuple):
    """Something that was left out. kind: of WHY; target: what it would have loaded, or ""; times: how often."""

    kind: str
    target: str
    times: int = 1

    @property
    def why(self) -> str:
        """The reason, a sentence."""
        return WHY[self.kind]


class Ledger:
    """Counts what is left out."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], int] = {}
        self.count = 0

    def add(self, kind: str, target: str = "") -> None:
        """One more."""
        self.count += 1
        key = kind, target[:MAX_TARGET]
        if key in self._found or len(self._found) < MAX_LISTED:
            self._found[key] = self._found.get(key, 0) + 1

    def listed(self) -> tuple[LeftOut, ...]:
        """All, as they were first met."""
        return tuple(LeftOut(kind, target, count) for (kind, target), count in self._found.items())

    def look_at(self, token: Token) -> None:
        """A start tag, a comment or raw text."""
        if token.kind == "raw":
            if token.text == "style":
                self.add("style sheet")
                self._style(token.attributes[""])
            return
        if token.kind == "start":
            self._element(token.text, token.attributes)
            self._attributes(token.text, token.attributes)

    def _element(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "script":
            self.add("script", attributes.get("src", ""))
        elif name in _FORMS:
            self.add("form", attributes.get("action", "") or attributes.get("formaction", ""))
        elif name in _FRAMES:
            self.add("frame", attributes.get("src", "") or attributes.get("data", ""))
        elif name in _MEDIA:
            self.add("media", attributes.get("src", ""))
        elif name in _DRAWINGS:
            self.add("drawing")
        elif name == "base":
            self.add("base", attributes.get("href", ""))
        elif name == "meta" and attributes.get("http-equiv", "").strip().lower() == "refresh":
            self.add("redirect", attributes.get("content", ""))
        elif name == "link":
            rel = attributes.get("rel", "").lower()
            is_early = any(word in rel for word in _LINK_RELS)
            self.add("prefetch" if is_early else "style sheet", attributes.get("href", ""))

    def _attributes(self, element: str, attributes: Mapping[str, str]) -> None:
        for name, value in attributes.items():
            if name.startswith("on"):
                self.add("event handler", name)
            elif name == "style":
                self._style(value)
            elif name in ("background", "poster", "lowsrc", "dynsrc"):
                self.add("remote picture", value)
            elif name == "srcset" and element in ("img", "source"):
                for one in value.split(","):
                    self.add("remote picture", one.strip().partition(" ")[0])
            elif name == "formaction":
                self.add("form", value)

    def _style(self, text: str) -> None:
        for target in _IMPORT.findall(text):
            self.add("remote style", target.strip())
        fonts = "@font-face" in text.lower()
        for target in _URL.findall(text):
            if not target.startswith(("data:", "cid:", "#")):
                self.add("font" if fonts else "remote style", target.strip())

    def picture(self, attributes: Mapping[str, str], known: frozenset[str]) -> str:
        """What an img shows from the letter itself: the name of a part, or "" with its entry."""
        source = attributes.get("src", "").strip()
        lower = source.lower()
        if lower.startswith("cid:"):
            name = source[4:].strip("<>")
            if name in known:
                return name
            self.add("missing picture", source)
        elif lower.startswith("data:"):
            self.add("picture in the text", source[:40])
        elif lower.startswith("file:"):
            self.add("local file", source)
        elif source:
            tiny = {attributes.get("width", "").strip(), attributes.get("height", "").strip()} & {
                "0",
                "1",
                "1px",
            }
            self.add("tracking picture" if tiny else "remote picture", source)
        return ""

    def link(self, target: str) -> str:
        """Where a link leads, if it may be shown as one; else "" with its entry."""
        clear = "".join(each for each in target if each.isprintable()).strip()
        lower = clear.lower().replace(" ", "")
        if lower.startswith(SHOWN_LINKS):
            return clear
        if lower.startswith(("javascript:", "vbscript:", "data:")):
            self.add("script link", clear)
        elif lower.startswith("file:"):
            self.add("local file", clear)
        elif clear and not clear.startswith("#"):
            self.add("other link", clear)
        return ""
