"""Judges what became of numbered messages, in words: arrived, lost, twice, overtaken, changed. No socket, no clock."""

from collections import Counter
from dataclasses import dataclass

from workbench.protocols.reliability.message import Message


@dataclass(frozen=True, slots=True)
class Ledger:
    """Numbers that were sent, 0 to `sent` - 1, and what came back in its order.

    error: why the way ended before all was there; "" when it did not.
    """

    sent: int = 0
    arrived: tuple[Message, ...] = ()
    error: str = ""

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the whole messages, in the order of their arrival."""
        return tuple(each.number for each in self.arrived if each.is_whole and each.number is not None)

    @property
    def changed(self) -> int:
        """Messages whose check did not agree: what they say, their number too, is worth nothing."""
        return sum(not each.is_whole for each in self.arrived)

    @property
    def lost(self) -> tuple[int, ...]:
        """Numbers that did not come whole."""
        came = set(self.numbers)
        return tuple(number for number in range(self.sent) if number not in came)

    @property
    def doubled(self) -> tuple[int, ...]:
        """Numbers that came more than once."""
        times = Counter(self.numbers)
        return tuple(number for number in sorted(times) if times[number] > 1)

    @property
    def overtaken(self) -> tuple[int, ...]:
        """Numbers that came after a higher one."""
        late, highest = set(), -1
        for number in self.numbers:
            if number < highest:
                late.add(number)
            highest = max(highest, number)
        return tuple(sorted(late))

    @property
    def is_perfect(self) -> bool:
        """Whether all came, each once, whole and in order."""
        return self.numbers == tuple(range(self.sent)) and not self.changed

    def fates(self) -> tuple[str, ...]:
        """What became of each, in the order of their numbers."""
        came, late = Counter(self.numbers), frozenset(self.overtaken)
        return tuple(_words(came[number], number in late) for number in range(self.sent))

    @property
    def sentence(self) -> str:
        """The whole in one sentence."""
        if self.is_perfect:
            return f"all {self.sent} arrived once, whole and in order"
        parts = [f"{self.sent - len(self.lost)} of {self.sent} arrived"]
        parts += _told(len(self.lost), "lost")
        parts += _told(len(self.doubled), "more than once")
        parts += _told(len(self.overtaken), "overtaken")
        parts += _told(self.changed, "changed on the way")
        return ", ".join(parts) + (f"; {self.error}" if self.error else "")


def _told(count: int, word: str) -> list[str]:
    return [f"{count} {word}"] if count else []


def _words(times: int, is_late: bool) -> str:
    if not times:
        return "lost"
    words = [] if times == 1 else ["twice" if times == 2 else f"{times} times"]
    return ", ".join([*words, *(["overtaken"] if is_late else [])]) or "arrived"
