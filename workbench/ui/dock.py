"""The dock that holds the conversation of whatever is to be seen: below the panel, beside it, or out of the way."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QSizePolicy, QWidget

from workbench.ui import theme

BELOW = Qt.DockWidgetArea.BottomDockWidgetArea
BESIDE = Qt.DockWidgetArea.RightDockWidgetArea

ROW = 24
FEWEST_ROWS = 4
HEAD_ROWS = 3
"""What stands above the rows: the bar, the heads, the spaces between them."""

SHARE = 0.3
"""Of a window that is not high: what the panel answers is read first, and every octet of it below."""


def first_height(window_height: int, rows: int, *, is_wish: bool = False) -> int:
    """How high the dock is before a person has drawn it: so many rows, unless a wish fewer where the window is low."""
    if is_wish:
        return theme.metric(ROW * (rows + HEAD_ROWS))
    most = max(theme.metric(ROW * (FEWEST_ROWS + HEAD_ROWS)), round(window_height * SHARE))
    return min(theme.metric(ROW * (rows + HEAD_ROWS)), most)


class ConversationDock(QDockWidget):
    """The dock. What a person wants of it is kept apart from whether the tab at hand has room for it.

    It has no title bar, as its content has a row of its own, and it does not float: floating docks are broken in
    several versions of Qt on Wayland.

    Signals:
        resized: it is higher or wider, or less so; a person drew its edge, or the window changed.
    """

    resized = Signal()

    def __init__(self, conversation: QWidget, window: QMainWindow) -> None:
        super().__init__("Conversation", window)
        self.is_wanted = True
        self.setObjectName("conversation")
        self.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetClosable)
        self.setAllowedAreas(BELOW | BESIDE)
        no_title = QWidget(self)
        no_title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        no_title.setFixedHeight(0)
        self.setTitleBarWidget(no_title)
        self.setWidget(conversation)
        window.addDockWidget(BELOW, self)

    @property
    def _window(self) -> QMainWindow:
        window = self.parentWidget()
        if not isinstance(window, QMainWindow):
            raise TypeError("a dock belongs to a window")
        return window

    @property
    def is_shown(self) -> bool:
        """Whether it is to be seen."""
        return not self.isHidden()

    @property
    def is_beside(self) -> bool:
        """Whether it stands at the side of the panel."""
        return self._window.dockWidgetArea(self) == BESIDE

    def toggle(self) -> None:
        """Show it, or put it out of the way, from now on."""
        self.is_wanted = not self.is_shown
        self.setVisible(self.is_wanted)

    def move_over(self) -> None:
        """From below the panel to its side, or back."""
        self._window.addDockWidget(BELOW if self.is_beside else BESIDE, self)
        self.is_wanted = True
        self.show()

    def give_room(self, has_room: bool) -> None:
        """The tab at hand has something to show in it, or not."""
        self.setVisible(has_room and self.is_wanted)

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()
