"""The shape of all six sheets: a row of fields and buttons, the verdict, the failure, the evidence, a note."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from workbench.errors import LocalMisuse
from workbench.panels.sockets.addresses.models import LinesModel
from workbench.panels.sockets.addresses.state import Sheet, SheetId
from workbench.ui import theme
from workbench.ui.empty import EmptyState
from workbench.ui.mistakemark import MistakeMark
from workbench.ui.notice import Notice
from workbench.ui.pieces import button, field, table_of
from workbench.ui.tables import Column
from workbench.ui.verdict import VerdictLine


class SheetView(QWidget):
    """One sheet; a subclass fills the row at the top.

    Args:
        which: its id in the state. nothing: the verdict before anything was asked.
        empty: what will stand there, and what the button offers. stretch: the column that takes what is left, else
            the last one.

    Signals:
        asked: the main job. offer_taken: the button of the empty view. edited: a field is another one.
        event_asked: the event of the conversation that shows a failure. dismissed: the failure was closed.
    """

    asked = Signal()
    offer_taken = Signal()
    edited = Signal()
    event_asked = Signal(int)
    dismissed = Signal()

    def __init__(
        self,
        which: SheetId,
        columns: Sequence[Column],
        name: str,
        nothing: str,
        empty: tuple[str, str],
        *,
        stretch: int = -1,
    ) -> None:
        super().__init__()
        self.which = which
        self._nothing = nothing
        self.fields: list[QLineEdit] = []
        self.marks: dict[QLineEdit, MistakeMark] = {}
        self.top = QHBoxLayout()
        self.top.setSpacing(theme.metric(8))
        self.below = QVBoxLayout()
        self.verdict = VerdictLine(self)
        self.notice = Notice(self)
        self.model = LinesModel(columns)
        widths = tuple(column.width for column in columns)
        self.table = table_of(self.model, name, widths, stretch=stretch)
        self.empty = EmptyState(*empty, icon="sockets")
        self.note = QLabel()
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setWordWrap(True)
        self.note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.qualify(self.note, role="muted")
        self.middle = QVBoxLayout()
        self.middle.setContentsMargins(0, 0, 0, 0)
        self._lay_out()
        self.empty.asked.connect(self.offer_taken)
        self.notice.event_asked.connect(self.event_asked)
        self.notice.dismissed.connect(self.dismissed)

    def _lay_out(self) -> None:
        gap = theme.metric(8)
        body = QWidget()
        self._pages = QStackedLayout(body)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(gap, gap, gap, gap)
        column.setSpacing(gap)
        column.addLayout(self.top)
        column.addLayout(self.below)
        column.addWidget(self.verdict)
        column.addWidget(self.notice)
        column.addLayout(self.middle)
        column.addWidget(body, 1)
        column.addWidget(self.note)

    # ---- for the subclasses

    def add_field(self, name: str, hint: str, tip: str, width: int = 0, *, fixed: bool = True) -> QLineEdit:
        """A line to type into, in the row at the top; Enter asks."""
        made = field(name, hint, tip, width)
        theme.qualify(made, fixed=fixed)
        made.setMaxLength(400)
        made.returnPressed.connect(self.asked)
        made.textChanged.connect(self._on_text_changed)
        self.fields.append(made)
        self.marks[made] = MistakeMark(made)
        self.top.addWidget(made, 0 if width else 1)
        return made

    def add_button(self, text: str, icon: str, tip: str, kind: str = "") -> QPushButton:
        """A button in the row at the top."""
        made = button(text, icon, tip, kind)
        self.top.addWidget(made)
        return made

    def focus_start(self) -> None:
        """Put the focus where one begins."""
        first = self.fields[0] if self.fields else self.table
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if isinstance(first, QLineEdit):
            first.selectAll()

    def values(self) -> dict[str, str]:
        """What is typed, by the fields' names."""
        return {each.accessibleName(): each.text() for each in self.fields}

    def restore(self, draft: object) -> None:
        """Take what was typed in an earlier session."""
        if isinstance(draft, dict):
            for each in self.fields:
                if isinstance(text := draft.get(each.accessibleName()), str):
                    each.setText(text)

    def place_of(self, misuse: LocalMisuse) -> QLineEdit | None:
        """The field in which a mistake is: the one that holds its text."""
        return next((each for each in self.fields if each.text().strip() == misuse.text.strip()), None)

    # ---- showing

    def show_sheet(self, sheet: Sheet) -> None:
        """Show what came of it."""
        self.verdict.show_verdict(sheet.verdict, self._nothing)
        problem = sheet.problem
        self.notice.show_failure(problem)
        for mark in self.marks.values():
            mark.hide()
        if isinstance(problem, LocalMisuse) and problem.start is not None and problem.end is not None:
            place = self.place_of(problem)
            if place is not None:
                self.marks[place].mark(problem.start, problem.end)
        self.model.show_rows(sheet.lines)
        self._pages.setCurrentIndex(1 if sheet.lines else 0)
        self.note.setText(sheet.note)
        self.note.setVisible(bool(sheet.note))

    @property
    def chosen(self) -> int:
        """The row that is selected, -1 for none."""
        rows = self.table.selectionModel().selectedRows()
        return rows[0].row() if rows else -1

    def copy_rows(self) -> None:
        """All rows with their headings to the clipboard, columns by tabs."""
        rows = ["\t".join(column.title for column in self.model.columns)]
        rows += ["\t".join(line.cells) for line in self.model.rows]
        QGuiApplication.clipboard().setText("\n".join(rows))

    def _on_text_changed(self) -> None:
        for mark in self.marks.values():
            mark.hide()
        self.edited.emit()

    # ---- Qt's

    def keyPressEvent(self, event) -> None:
        if event.matches(QKeySequence.StandardKey.Copy) and self.table.hasFocus() and self.chosen >= 0:
            QGuiApplication.clipboard().setText("\t".join(self.model.rows[self.chosen].cells))
            return
        super().keyPressEvent(event)
