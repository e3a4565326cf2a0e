"""Octets in JSON and on a screen: text where they are text, hexadecimal where not, never more than a bounded part."""

from workbench.formats.charset import TextDecoder, visible

MAX_SHOWN = 64 * 1024
"""Octets of one payload that a document holds; all of them stand in the transcript."""


def shown_octets(data: bytes, encoding: str = "utf-8", *, whole: bool = True) -> dict[str, str]:
    """{"text": ...} where the octets are text without controls but CR, LF and TAB, else {"hex": ...}.

    Args:
        whole: False when `data` is the beginning of more: a character cut at its end is then left out of the text.
    """
    try:
        text = _text(data, encoding, whole)
    except UnicodeDecodeError:
        return {"hex": data.hex()}
    plain = text.isprintable() or all(c.isprintable() or c in "\r\n\t" for c in text)
    return {"text": text} if plain else {"hex": data.hex()}


def _text(data: bytes, encoding: str, whole: bool) -> str:
    import codecs

    return codecs.getincrementaldecoder(encoding)("strict").decode(data, whole)


class ScreenText:
    """Received octets as text for a terminal, piece by piece.

    A terminal obeys what it is sent: titles are changed, keys answered, lines overwritten. So what a stranger sends
    reaches one only as visible characters (␛ for ESC). A program or file behind a pipe gets the octets themselves.
    """

    def __init__(self, encoding: str = "utf-8") -> None:
        self._decoder = TextDecoder(encoding)
        self._held = ""

    def feed(self, data: bytes) -> str:
        """The text of the next octets; line ends CRLF and LF are line ends, a CR alone is shown."""
        return self._shown(self._held + self._decoder.feed(data))

    def finish(self) -> str:
        """What was held back in the middle of a character or line end."""
        text, self._held = self._held + self._decoder.finish(), ""
        return visible(text, keep="\n\t")

    def _shown(self, text: str) -> str:
        self._held = "\r" if text.endswith("\r") else ""
        text = text[: len(text) - len(self._held)].replace("\r\n", "\n")
        return visible(text, keep="\n\t")
