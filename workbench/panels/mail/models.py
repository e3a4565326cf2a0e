"""The lists of the panel: letters, the parts of one, header fields, findings, attachments, recipients."""

from collections.abc import Callable

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont

from workbench.formats.charset import visible
from workbench.formats.mime.contents import Examined, header_text
from workbench.formats.mime.fields import hidden, unfold
from workbench.formats.quantity import octets
from workbench.panels.mail.state import AttachedFile, Content, Row, Sent
from workbench.ui.tables import MAX_CELL, RIGHT, Column, TableModel

Index = QModelIndex | QPersistentModelIndex


class LettersModel(TableModel):
    """A list of any length, whose rows are asked for when they are to be seen.

    Signals:
        wanted: the place of a row that is to be seen and was not loaded yet.
    """

    wanted = Signal(int)
    columns = (
        Column("From", "Who says to have written it"),
        Column("Subject", "Decoded; bold: nobody has read it"),
        Column("Date", "The sender's own, else when it arrived"),
        Column("Size", "As the server or the file counts it", is_number=True),
    )

    def __init__(self, row: Callable[[int], Row | None]) -> None:
        super().__init__()
        self._row = row
        self._count = 0
        self._loads = -1

    def show_list(self, count: int, loads: int) -> None:
        """The list has so many letters; some rows may have come."""
        if count != self._count:
            self.beginResetModel()
            self._count, self._loads = count, loads
            self.endResetModel()
        elif loads != self._loads:
            self._loads = loads
            if count:
                self.dataChanged.emit(self.index(0, 0), self.index(count - 1, len(self.columns) - 1))

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._count

    def at(self, row: int) -> Row | None:
        return self._row(row)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self._row(index.row())
        if row is None:
            if role != Qt.ItemDataRole.DisplayRole:
                return None
            self.wanted.emit(index.row())
            return "…" if index.column() == 1 else ""
        if role == Qt.ItemDataRole.FontRole and row.is_new:
            font = QFont()
            font.setBold(True)
            return font
        return super().data(index, role)

    def cell(self, row: Row, column: int) -> str:
        return (row.sender, row.subject or "(no subject)", row.when, octets(row.size))[column]

    def tip(self, row: Row, column: int) -> str:
        return f"{row.size:,} octets" if column == 3 else self.cell(row, column)


class PartsModel(QAbstractItemModel):
    """The MIME tree."""

    columns = (
        ("Part", "The media type, and the name of a file"),
        ("Size", "Octets of the content, decoded"),
        ("Defects", "How many things are not as they should be, in this part"),
    )

    def __init__(self) -> None:
        super().__init__()
        self._examined: Examined | None = None
        self._wrong: dict[int, int] = {}

    def show_letter(self, examined: Examined | None) -> bool:
        """Take over another letter; whether it is another."""
        if examined is self._examined:
            return False
        self.beginResetModel()
        self._examined = examined
        self._wrong = {}
        for defect in examined.defects if examined is not None else ():
            self._wrong[defect.part] = self._wrong.get(defect.part, 0) + 1
        self.endResetModel()
        return True

    def place_of(self, index: Index) -> int | None:
        """The part's place in the letter."""
        return int(index.internalId()) if index.isValid() else None

    def index_of(self, place: int) -> QModelIndex:
        """Where a part stands in the tree."""
        if self._examined is None or not 0 <= place < len(self._examined.letter.parts):
            return QModelIndex()
        part = self._examined.letter.parts[place]
        if part.parent is None:
            return self.createIndex(0, 0, place)
        row = self._examined.letter.parts[part.parent].children.index(place)
        return self.createIndex(row, 0, place)

    # Qt's

    def index(self, row: int, column: int, parent: Index | None = None) -> QModelIndex:
        if self._examined is None or not 0 <= column < len(self.columns) or row < 0:
            return QModelIndex()
        if parent is None or not parent.isValid():
            return self.createIndex(row, column, 0) if row == 0 else QModelIndex()
        children = self._examined.letter.parts[int(parent.internalId())].children
        return self.createIndex(row, column, children[row]) if row < len(children) else QModelIndex()

    def parent(self, index: Index | None = None) -> QModelIndex:  # type: ignore[override]  # QObject has another one
        if index is None or not index.isValid() or self._examined is None:
            return QModelIndex()
        above = self._examined.letter.parts[int(index.internalId())].parent
        return self.index_of(above) if above is not None else QModelIndex()

    def rowCount(self, parent: Index | None = None) -> int:
        if self._examined is None:
            return 0
        if parent is None or not parent.isValid():
            return 1
        return (
            len(self._examined.letter.parts[int(parent.internalId())].children) if parent.column() == 0 else 0
        )

    def columnCount(self, parent: Index | None = None) -> int:
        return len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section][0]
        return self.columns[section][1] if role == Qt.ItemDataRole.ToolTipRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if self._examined is None or not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cell(int(index.internalId()), index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(int(index.internalId()))
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column():
            return RIGHT
        return None

    def _cell(self, place: int, column: int) -> str:
        assert self._examined is not None
        part = self._examined.letter.parts[place]
        if column == 0:
            name = f"  {visible(part.filename[:200])}" if part.filename else ""
            return f"{part.media_type}{name}"
        if column == 1:
            content = self._examined.contents.get(place)
            return octets(content.size) if content is not None else ""
        wrong = self._wrong.get(place, 0)
        return f"{wrong:,}" if wrong else ""

    def _tip(self, place: int) -> str:
        assert self._examined is not None
        part = self._examined.letter.parts[place]
        lines = [
            f"part {place + 1}" + (f", section {part.section}" if part.section else ""),
            f"octets {part.start:,} to {part.stop:,}; the body begins at {part.body:,}",
        ]
        if part.encoding:
            lines.append(f"travels as {part.encoding[:40]}, {part.size:,} octets")
        if not part.is_declared:
            lines.append("nobody says what it is: the default is taken")
        return "\n".join(lines)


class HeadersModel(TableModel):
    """The header fields of a part, in their order, decoded and as written."""

    columns = (
        Column("Field", "The name as it is written"),
        Column("Decoded", "In one line, encoded words as characters"),
        Column("As it is written", "The octets behind the colon, in one line"),
    )

    def show_part(self, examined: Examined | None, place: int) -> None:
        """Take over another part's."""
        if examined is None or place >= len(examined.letter.parts):
            self.show_rows(())
            return
        letter = examined.letter
        rows = [
            (header.name, header_text(letter, header), hidden(unfold(letter.raw(header)[:MAX_CELL])), header)
            for header in letter.parts[place].headers[:1000]
        ]
        self.show_rows(rows)

    def cell(self, row, column: int) -> str:
        return visible(row[column][:MAX_CELL])


class FindingsModel(TableModel):
    """What is not as it should be, what HTML would load, and links whose words mislead."""

    columns = (
        Column("What", "What was found"),
        Column("Why, or what was done", "How it was read all the same, or why it is left out"),
        Column("Where", "The part, and the first octet"),
    )

    def show_findings(self, examined: Examined | None, content: Content | None) -> None:
        """Take over another letter's."""
        rows: list[tuple[str, str, str, int, int]] = []
        if examined is not None:
            for defect in examined.defects:
                where = f"part {defect.part + 1}, octet {defect.start:,}"
                done = f"{defect.done}; {defect.source}" if defect.source else defect.done
                rows.append((defect.what, done, where, defect.start, defect.stop))
        if content is not None and content.drawn is not None:
            where = f"part {content.part + 1}"
            for link in content.drawn.links:
                if link.warning:
                    rows.append((f"misleading link: {link.warning}", link.target, where, -1, -1))
            for each in content.drawn.left_out:
                times = f", {each.times} times" if each.times > 1 else ""
                target = f": {each.target}" if each.target else ""
                rows.append((f"left out: {each.kind}{target}{times}", each.why, where, -1, -1))
        self.show_rows(rows)

    def cell(self, row, column: int) -> str:
        return visible(hidden(row[column]))


class FilesModel(TableModel):
    """The files that go along with a letter."""

    columns = (
        Column("File", "The name that the recipient sees"),
        Column("Type", "By the ending of its name"),
        Column("Size", "Octets; base64 makes them a third more", is_number=True),
    )

    def cell(self, row: AttachedFile, column: int) -> str:
        return (visible(row.name), row.media_type, octets(row.size))[column]

    def tip(self, row: AttachedFile, column: int) -> str:
        return f"{row.size:,} octets" if column == 2 else row.path


class ResultsModel(TableModel):
    """What the server said of each recipient."""

    columns = (
        Column("Recipient", "As the envelope has it, Bcc too"),
        Column("Result", "Whether the server takes the letter for them"),
        Column("Answer", "The server's own words"),
    )

    def cell(self, row: Sent, column: int) -> str:
        return (visible(row.address), "accepted" if row.accepted else "refused", visible(row.reply))[column]
