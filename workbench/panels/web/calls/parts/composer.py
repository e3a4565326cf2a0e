"""The call that is composed: method, which of its signatures, what it is for, and the arguments with their types."""

from PySide6.QtCore import QAbstractItemModel, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStyledItemDelegate,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from workbench.formats.charset import visible
from workbench.panels.web.calls.models import AUTO_TITLE, ArgumentsModel
from workbench.panels.web.calls.state import CallsState
from workbench.protocols.xmlrpc.values import TYPES, Method
from workbench.ui import theme
from workbench.ui.pieces import allow
from workbench.ui.tables import Index

MAX_HELP = 2000


class CallComposer(QWidget):
    """Composes one call.

    Signals:
        edited: something is another. called: make the call. signature_chosen: which of the signatures.
    """

    edited = Signal()
    called = Signal()
    signature_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.method = QLineEdit()
        self.method.setPlaceholderText("method")
        self.method.setAccessibleName("Method")
        self.method.setToolTip("The method's name; any, also one that the server does not list")
        theme.qualify(self.method, fixed=True)
        self.signature = QComboBox()
        self.signature.setAccessibleName("Signature")
        self.signature.setToolTip("Which of its signatures the arguments follow")
        self.button = QPushButton("Call")
        self.button.setToolTip("Make the call (Ctrl+Return)")
        self.help = QLabel()
        self.help.setAccessibleName("What the server says of the method")
        self.help.setTextFormat(Qt.TextFormat.PlainText)
        self.help.setWordWrap(True)
        self.help.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.qualify(self.help, role="muted")
        self.arguments = ArgumentsModel()
        self.table = _table(self.arguments)
        self._method: Method | None = None
        self._lay_out()
        self.method.textEdited.connect(self._on_edited)
        self.method.returnPressed.connect(self.called)
        self.button.clicked.connect(self.called)
        self.signature.activated.connect(self.signature_chosen)
        self.arguments.edited.connect(self.edited)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.metric(8))
        row.addWidget(self.method, 1)
        row.addWidget(self.signature)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.metric(8))
        column.addLayout(row)
        column.addWidget(self.help)
        column.addWidget(self.table, 1)

    def show_state(self, state: CallsState) -> None:
        """Show the call that the state holds."""
        form = state.form
        if self.method.text() != form.method:
            self.method.setText(form.method)
        method = next((method for method in state.methods if method.name == form.method), None)
        if method is not self._method:
            self._method = method
            self._show_method(method)
        self.arguments.show_arguments(form.arguments, state.wrong_argument)
        allow(self.button, state.why_not_call)

    def remove_argument(self) -> None:
        """Take the argument of the current row away."""
        self.arguments.remove(self.table.currentIndex().row())

    def _show_method(self, method: Method | None) -> None:
        lines = [visible(line) for line in method.lines()] if method is not None else []
        with QSignalBlocker(self.signature):
            self.signature.clear()
            self.signature.addItems(lines)
        self.signature.setVisible(len(lines) > 1)
        said = ""
        if method is not None:
            # What a server sends as help may be HTML: it is shown as text.
            said = visible(method.help[:MAX_HELP], keep="\n") or "The server says nothing about it."
            said = "\n".join(filter(None, (lines[0] if len(lines) == 1 else "", visible(method.said), said)))
        self.help.setText(said)
        self.help.setVisible(bool(said))

    def _on_edited(self) -> None:
        self.edited.emit()


class TypeDelegate(QStyledItemDelegate):
    """Edits the type of an argument by a list."""

    def createEditor(self, parent, option, index) -> QWidget:
        box = QComboBox(parent)
        box.addItems([AUTO_TITLE, *TYPES])
        box.setAccessibleName("Type of the argument")
        box.setToolTip("Its type; by its text: JSON, else a string")
        return box

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(max(0, editor.findText(str(index.data(Qt.ItemDataRole.EditRole)))))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentText())


def _table(model: ArgumentsModel) -> QTableView:
    table = QTableView()
    table.setModel(model)
    table.setAccessibleName("Arguments")
    table.setItemDelegateForColumn(0, TypeDelegate(table))
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(theme.metric(28))
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setStretchLastSection(True)
    table.setColumnWidth(0, theme.metric(150))
    return table
