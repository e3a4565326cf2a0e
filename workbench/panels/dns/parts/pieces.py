"""The widgets of the DNS panel's bar and lists: type, name server, route, options, records, evidence."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QToolButton,
    QTreeView,
    QWidget,
)

from workbench.panels.dns.models import SIGNS, EvidenceModel
from workbench.panels.dns.state import SystemLine
from workbench.protocols.dns.rtypes import COMMON, kind_of
from workbench.ui import icons, theme
from workbench.ui.targetbox import LabName, TargetBox

OPTIONS = (
    (
        "tcp",
        "Ask by TCP",
        "By TCP from the beginning; else it follows where an answer by UDP was cut off",
        False,
    ),
    ("recursion", "Ask for recursion", "The server is asked to ask others (RD)", True),
    ("dnssec", "Want signatures", "Signatures are sent along (DO); nobody checks them here", False),
    ("edns", "Use EDNS", "Say that 1232 octets are taken by UDP; without it 512 are the most", True),
    (
        "system",
        "Ask this system too",
        "For comparison; that question goes where this machine is set up to ask",
        False,
    ),
)
"""Name in the form, title, tip, and whether it is on at first."""


class TypeBox(QComboBox):
    """The record type: one of the common ones, or any that is typed."""

    def __init__(self) -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for type_ in COMMON:
            self.addItem(type_)
            self.setItemData(self.count() - 1, kind_of(type_).text, Qt.ItemDataRole.ToolTipRole)
        self.setAccessibleName("Record type")
        self.setToolTip("What is asked for: A, AAAA, MX ... or a number like TYPE257")
        self.setMaxVisibleItems(len(COMMON))
        self.setMinimumContentsLength(6)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)


class ServerBox(TargetBox):
    """The name server: lab:dns, those of this system, or any that is typed."""

    def __init__(self, servers: Iterable[str]) -> None:
        super().__init__("@ name server")
        self.setAccessibleName("Name server")
        self.field.setAccessibleName("Name server")
        self.setToolTip("Whom to ask: lab:dns, HOST or HOST:PORT (Ctrl+Shift+L)")
        self.set_lab_names(
            (
                LabName("lab:dns", "Name server of the Lab"),
                *(LabName(each, "of this system") for each in servers),
            )
        )


class OptionsButton(QToolButton):
    """A button whose menu turns OPTIONS on and off."""

    def __init__(self) -> None:
        super().__init__()
        self.setText("Options")
        self.setAccessibleName("Options of the question")
        self.setToolTip("How the question is asked")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.actions_by_name: dict[str, QAction] = {}
        self.options = QMenu("Options", self)
        self.options.setToolTipsVisible(True)
        for name, title, tip, is_on in OPTIONS:
            action = self.options.addAction(title)
            action.setToolTip(tip)
            action.setCheckable(True)
            action.setChecked(is_on)
            self.actions_by_name[name] = action
        self.setMenu(self.options)

    def values(self) -> dict[str, bool]:
        """What is on, by its name in the form."""
        return {name: action.isChecked() for name, action in self.actions_by_name.items()}

    def turn(self, name: str, on: bool) -> None:
        """Turn one on or off."""
        self.actions_by_name[name].setChecked(on)


class SystemNote(QWidget):
    """One line below the answer: what this system says of the same question. Hidden while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self.sign = QLabel()
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.metric(6))
        layout.addWidget(self.sign)
        layout.addWidget(self.words, 1)
        self.setAccessibleName("What this system says")

    def show_line(self, line: SystemLine) -> None:
        """Take another line; an empty one hides it."""
        sign, role = SIGNS.get(line.sign, ("", "muted"))
        icons.sign(self.sign, sign, role)
        self.words.setText(line.text)
        self.setVisible(bool(line.text))


def evidence_tree(model: EvidenceModel) -> QTreeView:
    """The tree of a reverse check."""
    tree = QTreeView()
    tree.setModel(model)
    tree.setAccessibleName("Evidence")
    tree.setUniformRowHeights(True)
    tree.setTabKeyNavigation(False)
    header = tree.header()
    header.setHighlightSections(False)
    header.setStretchLastSection(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    for column, width in ((1, 170), (2, 70)):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
        tree.setColumnWidth(column, theme.metric(width))
    return tree
