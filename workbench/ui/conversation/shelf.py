"""The conversations that were shown here and are still open: their titles, how a person left them, who closes them."""

from typing import NamedTuple
from weakref import WeakKeyDictionary

from workbench.transcript.recorder import Transcript
from workbench.ui.conversation.filtering import FilterForm
from workbench.ui.conversation.selection import EventSelection

MAX_OPENED = 6
"""Saved conversations that are kept open; the oldest is closed for a newer one."""


class Standing(NamedTuple):
    """How a person left a conversation: filter, selection, the row at the top, and whether it stayed at the end."""

    form: FilterForm = FilterForm()
    selection: EventSelection = EventSelection()
    top: int = 0
    is_following: bool = True


class Shelf:
    """Knows panels' transcripts as long as they live, and owns those that were read from files."""

    def __init__(self) -> None:
        self._titles: WeakKeyDictionary[Transcript, str] = WeakKeyDictionary()
        self._standings: WeakKeyDictionary[Transcript, Standing] = WeakKeyDictionary()
        self._opened: list[Transcript] = []

    def name(self, transcript: Transcript, title: str) -> None:
        """Remember a title."""
        self._titles[transcript] = title

    def title(self, transcript: Transcript) -> str:
        """The title last given; "" for an unknown transcript."""
        return self._titles.get(transcript, "")

    def leave(self, transcript: Transcript, standing: Standing) -> None:
        """Remember how a person left it."""
        self._standings[transcript] = standing

    def standing(self, transcript: Transcript) -> Standing:
        """How the person left it; the beginning if they never saw it."""
        return self._standings.get(transcript, Standing())

    def own(self, transcript: Transcript, title: str, shown: Transcript | None) -> None:
        """Take over one that was read from a file; the oldest that is not shown is closed when there are too many."""
        while len(self._opened) >= MAX_OPENED:
            oldest = next(each for each in self._opened if each is not shown)
            self._opened.remove(oldest)
            oldest.close()
        self._opened.append(transcript)
        self.name(transcript, title)

    def owns(self, transcript: Transcript | None) -> bool:
        """Whether it was read from a file."""
        return any(each is transcript for each in self._opened)

    def others(self, shown: Transcript | None) -> list[tuple[str, Transcript]]:
        """Title and transcript of all that are still open and not shown."""
        # A closed transcript has no length any more.
        return [(title, each) for each, title in self._titles.items() if each is not shown and len(each)]

    def close(self) -> None:
        """Close what was read from files."""
        for transcript in self._opened:
            transcript.close()
        self._opened.clear()
