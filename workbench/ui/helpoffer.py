"""The last line of the palette: whoever finds no command may find the words in the help."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Protocol, runtime_checkable

from workbench.ui.palette import Entry

SEARCH_ID = "help.search"


@runtime_checkable
class Searched(Protocol):
    """A page with a search."""

    def search_for(self, words: str) -> None:
        """Show what fits these words."""
        ...


class HelpOffer:
    """Offers to search the help for whatever was typed.

    Args:
        show_tab: goes to a tab and returns its page.
    """

    def __init__(self, show_tab: Callable[[str], object]) -> None:
        self._show_tab = show_tab

    def entries(self, words: str) -> Iterator[Entry]:
        """The offer, once there is a word."""
        wanted = " ".join(words.split())
        if wanted:
            run = partial(self._search, wanted)
            yield Entry(SEARCH_ID, f"Search the help for \u201c{wanted}\u201d", run, is_last=True)

    def _search(self, words: str) -> None:
        page = self._show_tab("help")
        if isinstance(page, Searched):
            page.search_for(words)
