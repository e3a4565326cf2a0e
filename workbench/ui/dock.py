"""The dock that holds the conversation of whatever is to be seen: below the panel, beside it, or out of the way."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QSizePolicy, QWidget

BELOW = Qt.DockWidgetArea.BottomDockWidgetArea
BESIDE = Qt.DockWidgetArea.RightDockWidgetArea


class ConversationDock(QDockWidget):
    """The dock. What a person wants of it is kept apart from whether the tab at hand has room for it.

    It has no title bar, as its content has a row of its own, and it does not float: floating docks are broken in
    several versions of Qt on Wayland.
    """

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
