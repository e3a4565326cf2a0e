"""The table of answers by UDP: who, how quickly, how much, and whether it was somebody who had not been asked."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from workbench.formats.charset import visible
from workbench.formats.quantity import duration, octets
from workbench.protocols.raw.question import Answer
from workbench.ui import icons, theme

Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("From", "Name", "After", "Size", "Attempt", "Says")
TIPS = (
    "The sender's address, as the datagram has it: it may be forged",
    "What this machine's own files call the address; names of others are not asked for",
    "Time since the last datagram that we sent",
    "Octets of the datagram",
    "Which of our attempts it came after",
    "Its first octets",
)
STRANGER = "from someone else"
_RIGHT = (2, 3, 4)


class AnswersModel(QAbstractTableModel):
    """Rows of Answer; the last thousand."""

    def __init__(self) -> None:
        super().__init__()
        self._answers: tuple[Answer, ...] = ()
        self.names: dict[str, str] = {}
        """By host: names that were found."""

    def show_answers(self, answers: tuple[Answer, ...]) -> None:
        """Take over another list."""
        old = self._answers
        if answers is old or answers == old:
            return
        if len(answers) > len(old) and answers[: len(old)] == old:
            self.beginInsertRows(QModelIndex(), len(old), len(answers) - 1)
            self._answers = answers
            self.endInsertRows()
            return
        self.beginResetModel()
        self._answers = answers
        self.endResetModel()

    def name(self, host: str, name: str) -> None:
        """A name was found."""
        self.names[host] = name
        if self._answers:
            self.dataChanged.emit(self.index(0, 1), self.index(len(self._answers) - 1, 1))

    def answer(self, row: int) -> Answer | None:
        """The answer of a row."""
        return self._answers[row] if 0 <= row < len(self._answers) else None

    # Qt's

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._answers)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return TIPS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and section in _RIGHT:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        answer = self.answer(index.row())
        if answer is None:
            return None
        column = index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._cell(answer, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in _RIGHT:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.DecorationRole and column == 0 and answer.stranger:
            return icons.icon("warning", "warning")
        if role == Qt.ItemDataRole.ForegroundRole and answer.stranger:
            return theme.colour("warning")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{COLUMNS[column]}: {self._cell(answer, column)}"
        return None

    def _cell(self, answer: Answer, column: int) -> str:
        if column == 0:
            return f"{answer.source}, {STRANGER}" if answer.stranger else answer.source
        if column == 1:
            return self.names.get(answer.source.rpartition(":")[0].strip("[]"), "")
        if column == 2:
            return duration(answer.latency_s * 1e9) if answer.latency_s is not None else "unasked"
        if column == 3:
            return octets(answer.octets) + (", cut" if answer.truncated else "")
        if column == 4:
            return str(answer.attempt)
        return visible(answer.data.decode("utf-8", "replace"))
