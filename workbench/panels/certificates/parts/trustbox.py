"""The drop-down in the target bar that says whose authorities are believed."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from workbench.panels.certificates.state import TRUSTS


class TrustBox(QComboBox):
    """Chooses one of state.TRUSTS; its tip says what the chosen one means."""

    def __init__(self) -> None:
        super().__init__()
        for at, (choice, title, what) in enumerate(TRUSTS):
            self.addItem(title, choice)
            self.setItemData(at, what, Qt.ItemDataRole.ToolTipRole)
        self._path = ""
        self.setAccessibleName("Whom to trust")
        self.currentIndexChanged.connect(self._on_index_changed)
        self._on_index_changed()

    def choice(self) -> str:
        """The id of the chosen one."""
        return str(self.currentData())

    def choose(self, choice: object) -> None:
        """Choose one; what is not known changes nothing."""
        at = self.findData(choice)
        if at >= 0:
            self.setCurrentIndex(at)

    def set_path(self, path: str) -> None:
        """The file that "From a file" means; its name stands in the box."""
        self._path = path
        name = path.rpartition("/")[2]
        shown = name if len(name) <= 18 else name[:17] + "…"
        self.setItemText(self.findData("file"), f"File: {shown}" if shown else "From a file …")
        self._on_index_changed()

    def _on_index_changed(self) -> None:
        what = str(self.currentData(Qt.ItemDataRole.ToolTipRole))
        told = f"{what}\n{self._path}" if self._path and self.choice() == "file" else what
        self.setToolTip(f"Whom to trust: {told}")
        self.setAccessibleDescription(told)
