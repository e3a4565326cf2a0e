"""Pages inside a panel, made late: a panel is to be seen, and used, before the pages behind its first one are made."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget


class LatePages(QObject):
    """The pages by id. One is made when it is asked for; the others, one a turn, once the panel was painted.

    Args:
        owner: the panel.
        makers: by id, in their order, what makes a page.
        ahead: whether the others are. Of many pages each costs a moment in which the window waits, and few are visited.

    Signals:
        made: id and page.
    """

    made = Signal(str, object)

    def __init__(
        self, owner: QWidget, makers: Mapping[str, Callable[[], QWidget]], *, ahead: bool = True
    ) -> None:
        super().__init__(owner)
        self._makers = dict(makers)
        self._pages: dict[str, Any] = {}
        self._drafts: dict[str, Mapping[str, object]] = {}
        self._is_ended = False
        self._ahead = ahead
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._on_soon)
        if ahead:
            owner.installEventFilter(self)

    def __getitem__(self, page: str) -> Any:
        """The page, made now if need be; with the draft that was kept for it."""
        if page not in self._pages:
            self._pages[page] = self._makers[page]()
            self.made.emit(page, self._pages[page])
            if page in self._drafts:
                self._pages[page].restore(self._drafts.pop(page))
        return self._pages[page]

    def __contains__(self, page: object) -> bool:
        return page in self._makers

    def __iter__(self) -> Iterator[str]:
        """All ids."""
        return iter(self._makers)

    def get(self, page: str) -> Any:
        """The page, None while it is not made."""
        return self._pages.get(page)

    @property
    def ids(self) -> tuple[str, ...]:
        """All of them, in their order."""
        return tuple(self._makers)

    @property
    def ready(self) -> tuple[Any, ...]:
        """The pages that have been made."""
        return tuple(self._pages.values())

    @property
    def is_complete(self) -> bool:
        """Whether no more will be made by themselves."""
        return not self._ahead or len(self._pages) == len(self._makers)

    def drafts(self) -> dict[str, object]:
        """Each page's own, or what is kept for it until it is made."""
        return {
            page: self._pages[page].draft() if page in self._pages else dict(self._drafts.get(page, {}))
            for page in self._makers
        }

    def restore(self, drafts: object) -> None:
        """Give each page its draft, now or when it is made; what is no draft is left out."""
        if not isinstance(drafts, dict):
            return
        for page in self._makers:
            kept = drafts.get(page)
            if isinstance(kept, dict) and page in self._pages:
                self._pages[page].restore(kept)
            elif isinstance(kept, dict):
                self._drafts[page] = kept

    def end(self) -> None:
        """Nothing is made any more by itself."""
        self._is_ended = True
        self._soon.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and not self._is_ended:
            watched.removeEventFilter(self)
            self._soon.start(0)
        return False

    def _on_soon(self) -> None:
        for page in self._makers:
            if page not in self._pages:
                _ = self[page]
                break
        if not self.is_complete and not self._is_ended:
            self._soon.start(0)
