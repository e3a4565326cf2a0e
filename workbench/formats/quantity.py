"""Numbers with their units, as people read them: sizes, times, rates, counts.

Three digits are enough to compare and few enough to read; exact values belong in JSON and tooltips. Sizes
count in 1024 with the IEC prefixes, because that is what buffers and files are made of. A value is never
rounded up into the unit it has not reached ("1024.0 KiB"): it is then shown in the next.
"""

from typing import Final

_SIZES: Final = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
_NS: Final = 1
_US: Final = 1_000
_MS: Final = 1_000_000
_S: Final = 1_000_000_000
_SHORT_TIMES: Final = ((_NS, "ns"), (_US, "µs"), (_MS, "ms"), (_S, "s"))
_LONG_TIMES: Final = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def octets(number: int | float) -> str:
    """A size: "0 B", "43 B", "1.2 KiB", "64.0 MiB"."""
    if number < 0:
        return f"-{octets(-number)}"
    if number < 1024:
        return f"{round(number)} B" if round(number) < 1024 else "1.0 KiB"
    value = float(number)
    for unit in _SIZES[1:]:
        value /= 1024
        # 1023.95 would be written 1024.0, which is the next unit's 1.0.
        if value < 1023.95 or unit == _SIZES[-1]:
            return f"{value:.1f} {unit}"
    raise AssertionError("the last unit takes every number")


def duration(ns: int | float) -> str:
    """A time given in nanoseconds: "850 ns", "12.3 µs", "3.1 ms", "1.25 s", "2 min 5 s", "2 d 4 h"."""
    if ns < 0:
        return f"-{duration(-ns)}"
    if ns == 0:
        return "0 s"
    for size, unit in _SHORT_TIMES[:-1]:
        text = _three_digits(ns / size)
        if float(text) < 1000:
            return f"{text} {unit}"
    seconds = ns / _S
    text = _three_digits(seconds)
    if float(text) < 60:
        return f"{text} s"
    return _long_duration(round(seconds))


def duration_s(seconds: float) -> str:
    """A time given in seconds, as `duration` tells it: what is left of a limit has more digits than anybody reads."""
    return duration(seconds * 1e9)


def _three_digits(value: float) -> str:
    """Three digits, no zeros after the last that counts: 0.85, 3.1, 12.3, 850."""
    decimals = 0 if value >= 99.95 else 1 if value >= 9.995 else 2
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if decimals else text


def _long_duration(seconds: int) -> str:
    """The largest unit and the next: enough for a time that a person waits through."""
    for i, (size, unit) in enumerate(_LONG_TIMES[:-1]):
        if seconds < size:
            continue
        below, below_unit = _LONG_TIMES[i + 1]
        whole, rest = divmod(seconds, size)
        rest //= below
        return f"{whole} {unit} {rest} {below_unit}" if rest else f"{whole} {unit}"
    return f"{seconds} s"


def rate(number: int | float, ns: int | float) -> str:
    """A throughput: octets in a time in nanoseconds, "12.3 MiB/s"; "" while no time has passed."""
    return f"{octets(number * _S / ns)}/s" if ns > 0 else ""


def count(number: int, one: str, many: str = "") -> str:
    """A number of things: "no events", "1 event", "12,345 events".

    Args:
        one: the thing, "event".
        many: several of them, where an "s" is not enough: "replies".
    """
    many = many or f"{one}s"
    if number == 0:
        return f"no {many}"
    return f"{number:,} {one if number in (1, -1) else many}"
