"""The colours of the two palettes as frozen values, and the arithmetic that proves them readable (WCAG 2.2, 1.4.3)."""

from collections.abc import Iterator
from typing import NamedTuple

LEAST_CONTRAST = 4.5
"""For text below 18 point: WCAG 2.2 success criterion 1.4.3 (AA)."""


class Tokens(NamedTuple):
    """One palette. Every value is "#RRGGBB".

    Surfaces: window (behind everything), base (panes and fields), alternate (headers), chip (chips, hover, pressed),
    selection. Words: text, muted (units, times, explanations), and the tones sent, received, good, warning, error,
    which never stand without a sign or a word. accent fills the one primary button of a view and marks focus.
    """

    name: str
    window: str
    base: str
    alternate: str
    chip: str
    border: str
    strong_border: str
    text: str
    muted: str
    accent: str
    accent_hover: str
    on_accent: str
    selection: str
    sent: str
    received: str
    good: str
    warning: str
    error: str

    @property
    def is_dark(self) -> bool:
        """Whether letters are lighter than what they stand on."""
        return luminance(self.text) > luminance(self.base)

    @property
    def faint(self) -> str:
        """Words of a control that cannot be used now (WCAG asks no contrast of them; they stay readable)."""
        return mix(self.window, self.muted, 0.75)

    def tint(self, role: str, strength: float = 0.14) -> str:
        """The pane's surface with a breath of the role's colour: the background of a highlighted range."""
        return mix(self.base, getattr(self, role), strength)


# received and warning are a shade deeper than the sketch had them: on a selected row those had 4.3:1 and 4.2:1.
LIGHT = Tokens(
    name="light",
    window="#F5F6F8",
    base="#FFFFFF",
    alternate="#F4F6F9",
    chip="#E7EBF0",
    border="#D8DDE3",
    strong_border="#B9C1CB",
    text="#1B1F24",
    muted="#5B6673",
    accent="#2563EB",
    accent_hover="#1D54CF",
    on_accent="#FFFFFF",
    selection="#DCE8FF",
    sent="#0B5CAD",
    received="#0E754B",
    good="#0E754B",
    warning="#9C5400",
    error="#B3261E",
)

DARK = Tokens(
    name="dark",
    window="#16191D",
    base="#1C2026",
    alternate="#21262D",
    chip="#2B313A",
    border="#323943",
    strong_border="#4A5462",
    text="#E6EAF0",
    muted="#98A3B0",
    accent="#6EA8FE",
    accent_hover="#8DBBFF",
    on_accent="#0B1220",
    selection="#26385A",
    sent="#7CB7FF",
    received="#5FD39A",
    good="#5FD39A",
    warning="#F0B45B",
    error="#FF8080",
)

SURFACES = ("window", "base", "alternate", "chip", "selection")
WORDS = ("text", "muted", "sent", "received", "good", "warning", "error")
TINTS = ("accent", "sent", "received", "good", "warning", "error")
"""The roles a range of bytes can be highlighted in."""


def text_pairs(tokens: Tokens) -> Iterator[tuple[str, str, str, str]]:
    """Every pair of colours in which words may stand: (name of the words, name of the surface, colour, colour)."""
    for word in WORDS:
        for surface in SURFACES:
            yield word, surface, getattr(tokens, word), getattr(tokens, surface)
    for surface in ("window", "base", "alternate"):  # links; on a selected row they take the text's colour
        yield "accent", surface, tokens.accent, getattr(tokens, surface)
    for fill in ("accent", "accent_hover"):
        yield "on_accent", fill, tokens.on_accent, getattr(tokens, fill)
    for role in TINTS:
        yield "text", f"tint of {role}", tokens.text, tokens.tint(role)
        yield "muted", f"tint of {role}", tokens.muted, tokens.tint(role)


def luminance(colour: str) -> float:
    """Relative luminance of "#RRGGBB", 0 for black to 1 for white (WCAG 2.2, definition of relative luminance)."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21, in any order (WCAG 2.2, definition of contrast ratio)."""
    darker, lighter = sorted((luminance(first), luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def mix(ground: str, colour: str, strength: float) -> str:
    """`colour` laid over `ground` with the given opacity, 0 to 1."""
    parts = (
        round(int(ground[at : at + 2], 16) * (1 - strength) + int(colour[at : at + 2], 16) * strength)
        for at in (1, 3, 5)
    )
    return "#" + "".join(f"{part:02X}" for part in parts)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
