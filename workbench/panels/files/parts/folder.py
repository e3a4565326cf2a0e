"""The left half: which folder of the server is shown, what it holds, and what can be done with it. Decides nothing."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from workbench.formats.charset import visible
from workbench.panels.files.models import EntriesModel
from workbench.panels.files.state import FilesState
from workbench.protocols.ftp.values import text_of
from workbench.ui import theme
from workbench.ui.empty import EmptyState
from workbench.ui.pieces import allow, button, field, small_button, table_of

EMPTY = ("Connect to a server: the files in its folder will stand here.", "Look into lab:ftp")
NOTHING = "This folder is empty."
TIPS = {
    "up": "The folder above (Alt+Up)",
    "reload": "List this folder anew (Ctrl+R)",
    "download": "Download it into the folder beside; a folder with all below it (Ctrl+Shift+S)",
    "upload": "Send a file into this folder (Ctrl+U)",
    "make": "Make a folder here (Ctrl+Shift+N)",
    "rename": "Give it another name; a path that begins with / moves it (F2)",
    "delete": "Delete it for good; a folder must be empty (Ctrl+Shift+Backspace)",
}


class Folder(QWidget):
    """Path, entries, buttons."""

    def __init__(self, model: EntriesModel) -> None:
        super().__init__()
        self.model = model
        self.up = small_button("chevron-up", "Folder above", TIPS["up"])
        self.path = field("Folder at the server", "/", "The folder at the server; Enter goes there")
        self.reload = small_button("reload", "List anew", TIPS["reload"])
        self.table = table_of(model, "Files at the server", (240, 84, 168))
        self.empty = EmptyState(*EMPTY, icon="files")
        self.download = button("Download", "received", TIPS["download"], "primary")
        self.upload = button("Upload", "sent", TIPS["upload"])
        self.make = button("New folder", "add", TIPS["make"])
        self.rename = button("Rename", "text", TIPS["rename"])
        self.delete = button("Delete", "trash", TIPS["delete"], "danger")
        self._lay_out()

    def _lay_out(self) -> None:
        gap = theme.metric(4)
        top = QHBoxLayout()
        top.setSpacing(gap)
        for widget in (self.up, self.path, self.reload):
            top.addWidget(widget, 1 if widget is self.path else 0)
        pane = QFrame()
        theme.qualify(pane, pane=True)
        self._pages = QStackedLayout(pane)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.table)
        below = QHBoxLayout()
        below.setSpacing(theme.metric(8))
        for button_ in (self.download, self.upload, self.make, self.rename, self.delete):
            below.addWidget(button_)
        below.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(gap)
        column.addLayout(top)
        column.addWidget(pane, 1)
        column.addSpacing(gap)
        column.addLayout(below)

    def show_state(self, state: FilesState) -> None:
        """Show the folder of the state."""
        self.model.show_anew(state.entries)
        self._pages.setCurrentWidget(self.table if state.entries else self.empty)
        if state.listing and not state.entries:
            self.empty.set(NOTHING, "", "files")
        else:
            self.empty.set(EMPTY[0], "" if state.is_live else EMPTY[1], "files")
        if not self.path.hasFocus():
            self.path.setText(visible(text_of(state.folder)) if state.phase == "open" else "")
        allow(self.path, "" if state.phase == "open" else "connect first")
        for widget, name, why in (
            (self.up, "up", state.why_not_up),
            (self.reload, "reload", state.why_not_here),
            (self.download, "download", state.why_not_download),
            (self.upload, "upload", state.why_not_here),
            (self.make, "make", state.why_not_here),
            (self.rename, "rename", state.why_not_entry),
            (self.delete, "delete", state.why_not_entry),
        ):
            allow(widget, why, TIPS[name])
