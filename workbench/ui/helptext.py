"""A page of the help: Markdown laid out for reading, in the colours worn at present.

Nothing is ever fetched or opened: QTextBrowser asks `loadResource` for pictures and style sheets wherever they are, and
gets none; links are announced, and followed by whoever listens.
"""

from collections.abc import Iterable, Iterator, Sequence

from PySide6.QtCore import QByteArray, QRegularExpression, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)
from PySide6.QtWidgets import QTextBrowser, QTextEdit, QWidget

from workbench.ui import theme
from workbench.ui.helptopics import anchor_of, pattern_of

MEASURE = 720
"""Width of a column of text at scale 1: some 95 letters a line, as far as the eye follows."""

MARGIN = 20
LINE_PERCENT = 130
TITLE_SIZES = {1: 1.6, 2: 1.22, 3: 1.05}
"""Letters of a title by its level, in letters of the text."""

SPACE_ABOVE = {1: 0, 2: 22, 3: 12}
SECTION_LEVEL = 2
UNBROKEN = 45
"""Characters that the short columns of a table may have together to stay on one line."""

NATURAL = QTextLength(QTextLength.Type.VariableLength, 0)
REST = QTextLength(QTextLength.Type.PercentageLength, 100)
MAX_MARKS = 500
"""Places of the searched words that are marked: more is a word like "a"."""

_ANY_CASE = (
    QRegularExpression.PatternOption.CaseInsensitiveOption
    | QRegularExpression.PatternOption.UseUnicodePropertiesOption
)
_DIALECT = QTextDocument.MarkdownFeature.MarkdownDialectGitHub


class HelpText(QTextBrowser):
    """Shows one page.

    Signals:
        link_asked: a link was pressed, as it stands in the page.
        back_asked: Alt+Left.
    """

    link_asked = Signal(str)
    back_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._markdown = ""
        self._page: QTextDocument | None = None
        self._words: tuple[str, ...] = ()
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        self.anchorClicked.connect(self._on_anchor_clicked)

    # What it shows

    def show_markdown(self, markdown: str) -> None:
        """Show a page from its beginning."""
        self._markdown = markdown
        self._render()

    def refresh(self, markdown: str = "") -> None:
        """Lay the page out anew, in other words, colours or letters; the reader stays at their place."""
        self._markdown = markdown or self._markdown
        bar = self.verticalScrollBar()
        share = bar.value() / bar.maximum() if bar.maximum() else 0.0
        self._render()
        bar.setValue(round(share * bar.maximum()))

    def mark_words(self, words: Sequence[str]) -> None:
        """Mark every place of these words; none for no marks."""
        self._words = tuple(words)
        self._mark()

    def go_to_section(self, anchor: str, *, mark: bool = False) -> None:
        """Bring a section to the top of the view; with `mark` rather the first marked word of it into sight."""
        start = next((b for b in _sections(self.document()) if anchor_of(b.text()) == anchor), None)
        block = self.document().begin() if start is None else start
        cursor = QTextCursor(block)
        self.setTextCursor(cursor)
        top = self.document().documentLayout().blockBoundingRect(block).top() if start is not None else 0
        self.verticalScrollBar().setValue(round(top) - theme.metric(MARGIN) // 2)
        if mark:
            first = min(self._marks_from(cursor), key=QTextCursor.selectionStart, default=cursor)
            first.setPosition(first.selectionStart())
            self.setTextCursor(first)

    # Inside

    def _render(self) -> None:
        # Made whole before it is put into the view, which would lay it out anew after every change: 30 ms became 120.
        document = QTextDocument(self)
        document.setUndoRedoEnabled(False)
        document.setDefaultFont(self.font())
        document.setIndentWidth(theme.metric(20))
        document.setMarkdown(self._markdown, _DIALECT)
        _dress(document)
        _set_margins(document, self.viewport().width())
        former, self._page = self._page, document
        self.setDocument(document)
        if former is not None:
            former.deleteLater()
        self._mark()

    def _mark(self) -> None:
        colour = QColor(theme.tokens().tint("warning", 0.35))
        marks = []
        for cursor in self._marks_from(QTextCursor(self.document())):
            mark = QTextEdit.ExtraSelection()
            mark.cursor = cursor
            mark.format.setBackground(colour)
            marks.append(mark)
            if len(marks) == MAX_MARKS:
                break
        self.setExtraSelections(marks)

    def _marks_from(self, start: QTextCursor) -> Iterator[QTextCursor]:
        for word in self._words:
            pattern = QRegularExpression(pattern_of(word), _ANY_CASE)
            cursor = self.document().find(pattern, start)
            while not cursor.isNull():
                yield QTextCursor(cursor)
                cursor = self.document().find(pattern, cursor)

    def _on_anchor_clicked(self, link: QUrl) -> None:
        self.link_asked.emit(link.toString())

    # Qt

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        # Empty, not null: for null Qt itself would look for a file of that name.
        return QByteArray(b"")

    def backward(self) -> None:
        self.back_asked.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        _set_margins(self.document(), self.viewport().width())


def texts_of_sections(markdown: str) -> list[tuple[str, str]]:
    """What the sections of a page say, each with its title; the first has none."""
    document = QTextDocument()
    document.setMarkdown(markdown, _DIALECT)
    found: list[tuple[str, list[str]]] = [("", [])]
    for block in _blocks(document):
        if block.blockFormat().headingLevel() == SECTION_LEVEL:
            found.append((block.text(), []))
        found[-1][1].append(block.text())
    return [(title, "\n".join(lines)) for title, lines in found]


def _sections(document: QTextDocument) -> Iterator[QTextBlock]:
    """The titles of its sections."""
    return (block for block in _blocks(document) if block.blockFormat().headingLevel() == SECTION_LEVEL)


def _set_margins(document: QTextDocument, width: int) -> None:
    """Keep lines short in a view of that width."""
    margin = theme.metric(MARGIN)
    right = max(margin, width - margin - theme.metric(MEASURE))
    shape = document.rootFrame().frameFormat()
    if (margin, right) != (shape.leftMargin(), shape.rightMargin()):
        shape.setMargin(margin)
        shape.setRightMargin(right)
        document.rootFrame().setFrameFormat(shape)


def _blocks(document: QTextDocument) -> Iterator[QTextBlock]:
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


# Dressing: what Markdown means, in our sizes and colours. ---------------------------------------------------------


def _dress(document: QTextDocument) -> None:
    _frame_code(document)
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    for block in _blocks(document):
        _dress_block(block)
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            _dress_table(frame)
    cursor.endEditBlock()


def _dress_block(block: QTextBlock) -> None:
    cursor = QTextCursor(block)
    shape = QTextBlockFormat()
    level = block.blockFormat().headingLevel()
    if level:
        shape.setTopMargin(theme.metric(SPACE_ABOVE.get(level, 12)))
        shape.setBottomMargin(theme.metric(6))
        cursor.mergeBlockFormat(shape)
        cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
        # Not merged: what Markdown gives a title, a step of Qt's own sizes, would win over ours.
        cursor.setCharFormat(_title_letters(level))
        return
    is_inside = cursor.currentFrame() != block.document().rootFrame()
    if not block.text() and not is_inside:
        # A frame or a table cannot stand beside another without a block between them.
        shape.setLineHeight(theme.metric(2), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        shape.setTopMargin(0)
        shape.setBottomMargin(0)
        cursor.mergeBlockFormat(shape)
    elif is_inside and cursor.currentTable() is None:
        # Lines of code, of which the first has lost the property that says so. Broken rather than scrolled.
        shape.setTopMargin(0)
        shape.setBottomMargin(0)
        shape.setNonBreakableLines(False)
        cursor.mergeBlockFormat(shape)
    else:
        shape.setLineHeight(LINE_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        if block.textList() is not None:
            shape.setTopMargin(theme.metric(1))
            shape.setBottomMargin(theme.metric(3))
        cursor.mergeBlockFormat(shape)
    for start, length in list(_code_fragments(block)):
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        cursor.mergeCharFormat(_code_letters())


def _title_letters(level: int) -> QTextCharFormat:
    letters = QTextCharFormat()
    font = QFont()
    size = font.pointSizeF() if font.pointSizeF() > 0 else font.pixelSize() * 0.75
    letters.setFontPointSize(size * TITLE_SIZES.get(level, 1.0))
    letters.setFontWeight(QFont.Weight.Bold)
    return letters


def _code_letters() -> QTextCharFormat:
    letters = QTextCharFormat()
    letters.setFontFamilies(theme.fixed_font().families())
    letters.setFontFixedPitch(True)
    return letters


def _code_fragments(block: QTextBlock) -> Iterator[tuple[int, int]]:
    walk = block.begin()
    while not walk.atEnd():
        fragment = walk.fragment()
        if fragment.charFormat().fontFixedPitch():
            yield fragment.position(), fragment.length()
        walk += 1


def _is_code(block: QTextBlock) -> bool:
    return block.blockFormat().hasProperty(QTextFormat.Property.BlockCodeFence)


def _frame_code(document: QTextDocument) -> None:
    """Put every block of code into a frame of its own, from the last one on: framing renumbers what follows."""
    for first, last in reversed(list(_runs(filter(_is_code, _blocks(document))))):
        cursor = QTextCursor(document)
        cursor.setPosition(first.position())
        cursor.setPosition(last.position() + last.length() - 1, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertFrame(_code_frame())


def _runs(blocks: Iterable[QTextBlock]) -> Iterator[tuple[QTextBlock, QTextBlock]]:
    """First and last of blocks that follow each other."""
    first: QTextBlock | None = None
    last: QTextBlock | None = None
    for block in blocks:
        if first is None or last is None:
            first = block
        elif block.blockNumber() != last.blockNumber() + 1:
            yield first, last
            first = block
        last = block
    if first is not None and last is not None:
        yield first, last


def _code_frame() -> QTextFrameFormat:
    shape = QTextFrameFormat()
    shape.setBackground(QColor(theme.tokens().alternate))
    shape.setBorder(1)
    shape.setBorderBrush(QColor(theme.tokens().border))
    shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    shape.setPadding(theme.metric(8))
    shape.setTopMargin(theme.metric(4))
    shape.setBottomMargin(theme.metric(8))
    return shape


def _dress_table(table: QTextTable) -> None:
    shape = table.format()
    shape.setBorder(0)
    shape.setCellSpacing(0)
    shape.setCellPadding(theme.metric(5))
    shape.setBorderCollapse(True)
    shape.setTopMargin(theme.metric(4))
    shape.setBottomMargin(theme.metric(10))
    shape.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    unbroken = _unbroken_columns(table)
    if unbroken:
        shape.setColumnWidthConstraints(
            [NATURAL if column in unbroken else REST for column in range(table.columns())]
        )
    table.setFormat(shape)
    worn = theme.tokens()
    for row in range(table.rows()):
        for column in range(table.columns()):
            cell = table.cellAt(row, column)
            if column in unbroken:
                whole = QTextBlockFormat()
                whole.setNonBreakableLines(True)
                cell.firstCursorPosition().mergeBlockFormat(whole)
            look = cell.format().toTableCellFormat()
            look.setBottomBorder(1)
            look.setBottomBorderBrush(QColor(worn.border))
            look.setBottomBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
            look.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignTop)
            if row == 0:
                look.setBackground(QColor(worn.alternate))
            cell.setFormat(look)
            if row == 0:
                _mute(cell.firstCursorPosition(), cell.lastCursorPosition())


def _unbroken_columns(table: QTextTable) -> set[int]:
    """The columns of short cells, beside which the wordiest one takes what is left; none where they are not short."""
    lengths = [
        max(
            len(table.cellAt(row, column).firstCursorPosition().block().text()) for row in range(table.rows())
        )
        for column in range(table.columns())
    ]
    wordiest = lengths.index(max(lengths))
    if sum(lengths) - lengths[wordiest] > UNBROKEN:
        return set()
    return set(range(table.columns())) - {wordiest}


def _mute(first: QTextCursor, last: QTextCursor) -> None:
    letters = QTextCharFormat()
    letters.setForeground(theme.colour("muted"))
    letters.setFontWeight(QFont.Weight.Normal)
    first.setPosition(last.position(), QTextCursor.MoveMode.KeepAnchor)
    first.mergeCharFormat(letters)
