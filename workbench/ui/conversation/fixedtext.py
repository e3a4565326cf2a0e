"""How wide characters are in the fixed font: nearly all one width, the others measured once."""

import unicodedata

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics, QFontMetricsF

KNOWN_TEXTS = 8192
EVEN_WITHIN = 0.01
"""Pixels by which a width may be off and still be the same."""


class FixedText:
    """Measures texts in the fixed font without asking the font for each.

    Args:
        font: the fixed font at its present size.
    """

    def __init__(self, font: QFont) -> None:
        self.font = font
        self.metrics = QFontMetricsF(font)
        # The average over many, as Qt places them: one character's width is rounded where hinting is on.
        self.width = self.metrics.horizontalAdvance("0" * 64) / 64
        self._known: dict[str, float] = {}
        self._even: dict[str, bool] = {}
        self._elider = QFontMetrics(font)

    def of(self, text: str) -> float:
        """The width of a few characters that are painted together."""
        if text.isascii():
            return len(text) * self.width
        found = self._known.get(text)
        if found is None:
            if len(self._known) > KNOWN_TEXTS:
                self._known.clear()
            found = self._known[text] = self.metrics.horizontalAdvance(text)
        return found

    def is_even(self, text: str) -> bool:
        """Whether every character takes the same room, so that places can be reckoned."""
        return not self.odd_characters(text)

    def odd_characters(self, text: str) -> set[str]:
        """Those that take another room than most, or none of their own."""
        if text.isascii():
            return set()
        return {character for character in set(text) if not self._is_even(character)}

    def _is_even(self, character: str) -> bool:
        found = self._even.get(character)
        if found is None:
            if len(self._even) > KNOWN_TEXTS:
                self._even.clear()
            # What is drawn over a letter takes no room, whatever it takes alone.
            is_alone = unicodedata.category(character) not in ("Mn", "Me")
            found = is_alone and abs(self.of(character) - self.width) < EVEN_WITHIN
            self._even[character] = found
        return found

    def elided(self, text: str, width: int) -> str:
        """The text cut to a width, with … where something is missing."""
        fitting = max(1, int(width / self.width))
        if self.is_even(text[: fitting + 1]):
            return text if len(text) <= fitting else text[: fitting - 1] + "…"
        # A character may be narrower than usual, but none is less than a third.
        return self._elider.elidedText(text[: fitting * 3], Qt.TextElideMode.ElideRight, width)


def baseline(metrics: QFontMetricsF, height: int) -> float:
    """Where letters stand in a row of that height."""
    return round((height - metrics.height()) / 2 + metrics.ascent())
