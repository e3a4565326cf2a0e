"""The right half of the reader: the chosen part as text, as a page, its headers, its octets, what was found."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from workbench.formats.charset import ENCODINGS
from workbench.formats.mime.contents import Examined
from workbench.formats.mime.values import Part
from workbench.panels.mail.models import FindingsModel, HeadersModel
from workbench.panels.mail.parts.drawing import LetterPage, LetterText
from workbench.panels.mail.reading import picture
from workbench.panels.mail.state import Content, ReaderState
from workbench.ui import theme
from workbench.ui.empty import EmptyState
from workbench.ui.hexview import HeldOctets, HexView, Highlight
from workbench.ui.pieces import Tabbed, table_of

TEXT, PAGE, HEADERS, OCTETS, FINDINGS = range(5)
VIEWS = (
    ("Text", "The part as text (Ctrl+Alt+3)"),
    ("HTML", "The part as a page: nothing is loaded, nothing runs (Ctrl+Alt+4)"),
    ("Headers", "Its header fields, decoded and as written (Ctrl+Alt+5)"),
    ("Octets", "The letter's octets, those of the part marked (Ctrl+Alt+6)"),
    ("Findings", "Defects, and what the HTML would load (Ctrl+Alt+7)"),
)
NO_LETTER = "The text of the chosen part will stand here."
NO_TEXT = "This part is no text. Its octets stand behind the tab Octets, and Save makes a file of it."
NO_PAGE = "This part is no HTML."
NO_HEADERS = "The header fields of the chosen part will stand here."
NO_FINDINGS = "Nothing is wrong with this letter, and it would load nothing."
NO_LETTER_FOUND = "What is not as it should be will stand here, with its place."
HEX_HINT = "The octets of the letter will stand here, those of the chosen part marked."
CUT = "The view has the beginning of it; Save has all."


class Detail(QWidget):
    """The chosen part.

    Signals:
        charset_chosen: read the text as this one; "" as declared.
        link_chosen: where a link of the page leads.
    """

    charset_chosen = Signal(str)
    link_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.text = LetterText("Text of the part")
        self.page = LetterPage("Page of the part")
        self.headers = HeadersModel()
        self.headers_table = table_of(self.headers, "Header fields", (130, 300))
        self.hex = HexView("Octets of the letter")
        self.hex.set_hint(HEX_HINT)
        self.findings = FindingsModel()
        self.findings_table = table_of(self.findings, "Findings", (300, 240, 130), stretch=0)
        self.charset = QComboBox()
        self.charset.setAccessibleName("Charset")
        self.charset.addItem("as declared", "")
        for name in ENCODINGS:
            self.charset.addItem(name, name)
        self.charset.setToolTip("Read the text as this charset, whatever the letter says")
        self.read_as = QLabel()
        theme.qualify(self.read_as, role="muted")
        self.no_text = EmptyState(NO_LETTER, icon="mail")
        self.no_page = EmptyState(NO_PAGE, icon="web")
        self.no_headers = EmptyState(NO_HEADERS, icon="text")
        self.no_findings = EmptyState(NO_LETTER_FOUND, icon="good")
        self._stacks: list[QStackedLayout] = []
        pages = (
            self._text_page(),
            self._over(self.no_page, self.page),
            self._over(self.no_headers, self.headers_table),
            self.hex,
            self._over(self.no_findings, self.findings_table),
        )
        titled = [(title, tip, page) for (title, tip), page in zip(VIEWS, pages, strict=True)]
        self.tabbed = Tabbed("Views of the part", titled)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tabbed)
        self._examined: Examined | None = None
        self._content: Content | None = None
        self._place = -1
        self.charset.activated.connect(self._on_charset_activated)
        self.page.link_chosen.connect(self.link_chosen)
        self.headers_table.selectionModel().currentRowChanged.connect(self._on_header_chosen)
        self.findings_table.selectionModel().currentRowChanged.connect(self._on_finding_chosen)

    def _text_page(self) -> QWidget:
        inner = QWidget()
        gap = theme.metric(4)
        above = QHBoxLayout()
        above.setContentsMargins(gap, gap, gap, 0)
        above.addWidget(self.read_as, 1)
        label = QLabel("Read as")
        label.setBuddy(self.charset)
        theme.qualify(label, role="muted")
        above.addWidget(label)
        above.addWidget(self.charset)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(gap)
        column.addLayout(above)
        column.addWidget(self.text, 1)
        return self._over(self.no_text, inner)

    def _over(self, empty: QWidget, widget: QWidget) -> QWidget:
        """Two pages of which one is shown."""
        part = QWidget()
        pages = QStackedLayout(part)
        pages.setContentsMargins(0, 0, 0, 0)
        pages.addWidget(empty)
        pages.addWidget(widget)
        self._stacks.append(pages)
        return part

    # ---- showing

    def show_state(self, state: ReaderState) -> None:
        """Show the chosen part of the letter."""
        examined = state.examined
        if examined is not self._examined:
            self._examined = examined
            self.hex.set_provider(HeldOctets(examined.letter.data) if examined is not None else None)
            self.charset.setCurrentIndex(0)
            self._place = -1
        if state.chosen != self._place:
            self._place = state.chosen
            self.headers.show_part(examined, state.chosen)
            self._mark(state.part)
        if state.content is not self._content:
            self._content = state.content
            self._show_content(state)
        self.findings.show_findings(examined, state.content)
        self._show_stacks(state)

    def _show_content(self, state: ReaderState) -> None:
        content, examined = state.content, state.examined
        if content is None or examined is None:
            self.text.show_text("")
            self.page.show_pieces((), None)
            return
        self.text.show_text(content.text)
        told = f"read as {content.charset}" if content.charset else ""
        self.read_as.setText(f"{told}. {CUT}" if content.is_cut else told)
        drawn = content.drawn
        letter = examined.letter

        def give(name: str, at_most: int) -> bytes:
            return picture(letter, name, at_most)

        self.page.show_pieces(drawn.pieces if drawn is not None else (), give)
        # The tab that says something about this part is turned up, unless octets or headers are being compared.
        if self.tabbed.page in (TEXT, PAGE):
            self.tabbed.turn_to(PAGE if drawn is not None else TEXT)

    def _show_stacks(self, state: ReaderState) -> None:
        has_letter = state.examined is not None
        is_text = state.content is not None and bool(state.content.charset)
        self.no_text.set(NO_TEXT if has_letter else NO_LETTER, "", "mail")
        self.no_findings.set(NO_FINDINGS if has_letter else NO_LETTER_FOUND, "", "good")
        has_page = state.content is not None and state.content.drawn is not None
        shown = (is_text, has_page, bool(self.headers.rows), bool(self.findings.rows))
        for pages, there in zip(self._stacks, shown, strict=True):
            pages.setCurrentIndex(1 if there else 0)

    def _mark(self, part: Part | None) -> None:
        """Light the octets of a part: its headers, its body, its boundaries."""
        if part is None:
            self.hex.set_highlights(())
            return
        marks = [
            Highlight(part.start, part.body, "sent", "headers of the part"),
            Highlight(part.body, part.stop, "accent", "body of the part"),
        ]
        marks += [
            Highlight(each.start, each.stop, "warning", "a boundary") for each in part.delimiters[:1000]
        ]
        self.hex.set_highlights(marks)
        self.hex.go_to(part.start)

    def _on_charset_activated(self, _at: int) -> None:
        self.charset_chosen.emit(str(self.charset.currentData()))

    def _on_header_chosen(self, current: QModelIndex, _before: QModelIndex) -> None:
        row = self.headers.at(current.row())
        if row is not None:
            self.hex.select(row[3].start, row[3].stop)

    def _on_finding_chosen(self, current: QModelIndex, _before: QModelIndex) -> None:
        row = self.findings.at(current.row())
        if row is not None and row[3] >= 0:
            self.hex.select(row[3], max(row[4], row[3] + 1))

    def show_view(self, number: int) -> None:
        """Show one of the views and put the focus into it."""
        self.tabbed.focus_page(number)
        if number == OCTETS:
            self.hex.setFocus(Qt.FocusReason.ShortcutFocusReason)
