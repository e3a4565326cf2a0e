"""How people call the switches of a relay, in a terminal and in the window."""

from typing import Final

TCP_NAMES: Final = {
    "rate": "rate",
    "split": "split",
    "coalesce": "coalesce_ms",
    "rewrite": "rewrite",
    "flip": "flip",
    "cut-after": "cut_after",
    "reset-after": "reset_after",
    "freeze-after": "freeze_after",
    "half-close-after": "half_close_after",
}
UDP_NAMES: Final = {
    "drop": "drop_percent",
    "duplicate": "duplicate_percent",
    "reorder": "reorder",
    "corrupt": "corrupt_percent",
    "seed": "seed",
}
NAMES: Final = {"direction": "direction", "delay": "delay_ms", **TCP_NAMES, **UDP_NAMES}
"""By the word that people write: the switch."""
