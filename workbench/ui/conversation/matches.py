"""The events that a filter let through: ascending numbers, eight octets each, past 4 MiB in an unlinked file."""

from array import array
from collections.abc import Sequence

from workbench.transcript.spool import Store

IN_MEMORY = 4 * 1024 * 1024
"""Octets kept in memory: half a million matches, more than most conversations have events."""
_SIZE = 8


class Matches(Sequence[int]):
    """Numbers of events in ascending order, appended at the end and found again by bisection."""

    def __init__(self) -> None:
        self._store = Store(IN_MEMORY)
        self._spool = self._store.spool()

    def add(self, found: Sequence[int]) -> None:
        """Append numbers, each larger than all before.

        Raises: LocalFault when the disk is full; what is readable stays so.
        """
        if found:
            self._spool.append(array("Q", found).tobytes())

    def __len__(self) -> int:
        return len(self._spool) // _SIZE

    def __getitem__(self, place):  # type: ignore[no-untyped-def, override]  # int or slice, as any sequence
        if isinstance(place, slice):
            start, stop, step = place.indices(len(self))
            return self.read(start, stop)[::step]
        if place < 0:
            place += len(self)
        if not 0 <= place < len(self):
            raise IndexError(place)
        return self.read(place, place + 1)[0]

    def read(self, start: int, stop: int) -> Sequence[int]:
        """The numbers at places start to stop, read in one go."""
        numbers = array("Q")
        numbers.frombytes(self._spool.read(start * _SIZE, stop * _SIZE))
        return numbers

    def place_of(self, number: int) -> int:
        """The place of the first match that is not below `number`; len(self) when there is none."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self[middle] < number:
                low = middle + 1
            else:
                high = middle
        return low

    def __contains__(self, number: object) -> bool:
        if not isinstance(number, int):
            return False
        place = self.place_of(number)
        return place < len(self) and self[place] == number

    def close(self) -> None:
        """Give memory and file back; nothing can be read any more."""
        self._store.close()
