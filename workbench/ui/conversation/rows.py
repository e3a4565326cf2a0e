"""Which events stand in the list, in which order: all of them, or those that a filter let through."""

from collections.abc import Iterator

from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Event
from workbench.ui.conversation.matches import Matches

BLOCK = 512
"""Events read at a time."""
FEW = 8


class Rows:
    """The shown events of a transcript as rows 0 to len(self), growing at the end only.

    Args:
        transcript: whose events they are.
        matches: those that are shown; None shows all.
    """

    def __init__(self, transcript: Transcript, matches: Matches | None = None) -> None:
        self.transcript = transcript
        self.matches = matches

    def __len__(self) -> int:
        # After the transcript was closed nothing can be read, whatever the matches say.
        total = len(self.transcript)
        return total if self.matches is None else min(total, len(self.matches))

    def event(self, row: int) -> Event:
        """The event in a row. Raises IndexError outside."""
        return self.transcript[self.index(row)]

    def index(self, row: int) -> int:
        """The number of the event in a row. Raises IndexError outside."""
        if not 0 <= row < len(self):
            raise IndexError(row)
        return row if self.matches is None else self.matches[row]

    def row_of(self, index: int) -> int:
        """The row of the first shown event whose number is not below `index`; len(self) when there is none."""
        if self.matches is None:
            return max(0, min(index, len(self)))
        return min(self.matches.place_of(index), len(self))

    def onward(self, start: int) -> Iterator[Event]:
        """The events from a row on, for whoever stops soon or late.

        A few are read at first: beside large events each record of the index lies in a place of its own in the file.
        """
        count = FEW
        while start < len(self):
            yield from self.events(start, start + count)
            start += count
            count = min(count * 4, BLOCK)

    def events(self, start: int, stop: int) -> Iterator[Event]:
        """The events of rows start to stop."""
        stop = min(stop, len(self))
        if self.matches is None:
            yield from self.transcript.events(start, stop)
            return
        for first in range(max(0, start), stop, BLOCK):
            for index in self.matches.read(first, min(first + BLOCK, stop)):
                yield self.transcript[index]
