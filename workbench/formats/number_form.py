"""How a number is written into a payload: as digits, or as octets in one order or the other."""

import re
from typing import Final, Literal, NamedTuple


class NumberForm(NamedTuple):
    """One way. width: digits that there are at least and at most, 0 for as many as it takes; octets: of binary ones."""

    name: str
    kind: Literal["dec", "hex", "HEX", "big", "little"]
    width: int = 0
    octets: int = 0

    def write(self, number: int, codec: str = "ascii") -> bytes | None:
        """The octets; None when it does not fit, or is negative where there is no sign."""
        if self.octets:
            if not 0 <= number < 256**self.octets:
                return None
            return number.to_bytes(self.octets, "big" if self.kind == "big" else "little")
        if number < 0 and (self.kind != "dec" or self.width):
            return None
        digits = f"{number:{'d' if self.kind == 'dec' else 'x' if self.kind == 'hex' else 'X'}}"
        if self.width and len(digits) > self.width:
            return None
        return digits.rjust(self.width, "0").encode(codec)

    def size(self, codec: str = "ascii") -> int | None:
        """Octets that every number takes; None where that depends on the number."""
        if self.octets:
            return self.octets
        return len(("0" * self.width).encode(codec)) if self.width else None


_BINARY: Final = {"u8": 1, "u16": 2, "u24": 3, "u32": 4, "u64": 8}
_DIGITS: Final = re.compile(r"(dec|hex|HEX)([1-9]|1\d|20)\Z")

FORMS: Final[dict[str, NumberForm]] = {
    "dec": NumberForm("dec", "dec"),
    "hex": NumberForm("hex", "hex"),
    "HEX": NumberForm("HEX", "HEX"),
    **{name: NumberForm(name, "big", octets=octets) for name, octets in _BINARY.items()},
    **{f"{name}le": NumberForm(f"{name}le", "little", octets=n) for name, n in _BINARY.items() if n > 1},
}
"""Those without a width; dec4 and the like are read by `number_form`."""


def number_form(name: str) -> NumberForm | None:
    """The form of this name, with a width from 1 to 20 for digits; None where there is none."""
    if name in FORMS:
        return FORMS[name]
    digits = _DIGITS.match(name)
    return NumberForm(name, FORMS[digits[1]].kind, width=int(digits[2])) if digits else None
