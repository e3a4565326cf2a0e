"""The title row: whose conversation it is, the three forms, and what can be done with it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from workbench.formats.charset import ENCODINGS, visible
from workbench.ui import icons, theme
from workbench.ui.conversation.flow import FlowLayout

FORMS = (
    ("explained", "Explained", "One line for each event, with what it means"),
    ("text", "Text", "The octets of both directions as text"),
    ("hex", "Hex", "The octets of one stream in hex, beside the events"),
)
LONGEST_TITLE = 24
"""Characters of a conversation's title in the bar; the rest is in its tip."""


class TopBar(QWidget):
    """Title, filter, forms, encoding, and buttons: one line where there is room.

    Args:
        filter_bar: stands between the title and the forms.

    Signals:
        form_chosen: the id of a form.
        encoding_chosen: a name of charset.ENCODINGS.
        back_asked: away from an opened conversation, to the panel's own.
    """

    form_chosen = Signal(str)
    encoding_chosen = Signal(str)
    back_asked = Signal()

    def __init__(self, filter_bar: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = QLabel("Conversation", self)
        self.subject = QLabel(self)
        self.subject.setTextFormat(Qt.TextFormat.PlainText)
        theme.qualify(self.subject, strong=True)
        theme.qualify(self.title, role="muted")
        self.back = QPushButton("Back", self)
        self.back.setToolTip("Back to the panel's own conversation")
        self.back.hide()
        self.forms = QButtonGroup(self)
        self.encoding = _menu_button(ENCODINGS[0], "How octets are read as text", self)
        theme.qualify(self.encoding, kind="quiet")
        for name in ENCODINGS:
            self.encoding.menu().addAction(name)
        self.encoding.hide()
        self.export = _menu_button("Export", "Save the conversation to a file", self)
        self.copy_as = _menu_button("Copy as", "Copy what this panel does as a program or a command", self)
        self.more = QToolButton(self)
        icons.dress(self.more, "more")
        self.more.setAccessibleName("More")
        self.more.setToolTip("Open, compare, copy")
        self.more_menu = QMenu("More", self.more)
        theme.qualify(self.more, kind="quiet")
        self.switches: list[QToolButton] = []
        self._layout = FlowLayout(self)
        self._lay_out(filter_bar)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.forms.buttonClicked.connect(self._on_form_clicked)
        self.encoding.menu().triggered.connect(self._on_encoding_triggered)
        self.back.clicked.connect(self.back_asked)
        self.more.clicked.connect(self._on_more_clicked)

    def _lay_out(self, filter_bar: QWidget) -> None:
        words = QWidget(self)
        row = QHBoxLayout(words)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.metric(8))
        row.addWidget(self.title)
        row.addWidget(self.subject)
        row.addWidget(self.back)
        words.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._layout.addWidget(words)
        self._layout.setAlignment(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._layout.add_middle(filter_bar)
        self._layout.addWidget(self.encoding)
        self._layout.addWidget(self._form_buttons())
        self._tools = QWidget(self)
        tools = QHBoxLayout(self._tools)
        tools.setContentsMargins(0, 0, 0, 0)
        tools.setSpacing(theme.metric(4))
        for button in (self.export, self.copy_as, self.more):
            tools.addWidget(button)
        self._layout.addWidget(self._tools)

    def _form_buttons(self) -> QWidget:
        box = QWidget(self)
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for form, title, tip in FORMS:
            button = QPushButton(title, box)
            button.setCheckable(True)
            button.setToolTip(tip)
            button.setProperty("form", form)
            self.forms.addButton(button)
            row.addWidget(button)
        self.forms.buttons()[0].setChecked(True)
        return box

    def add_switch(self, action: QAction) -> None:
        """A small button for an action that is on or off, left of the menus."""
        button = QToolButton(self._tools)
        button.setDefaultAction(action)
        # Dressed as a button too, so that its size follows the letters.
        icons.dress(button, action.property("icon_name"))
        theme.qualify(button, kind="quiet")
        layout = self._tools.layout()
        if isinstance(layout, QHBoxLayout):
            layout.insertWidget(len(self.switches), button)
        self.switches.append(button)

    def show_subject(self, text: str, *, is_opened: bool) -> None:
        """Whose conversation it is; an opened one can be left again."""
        shown = visible(text)
        self.title.setVisible(not shown)
        self.subject.setToolTip(shown if len(shown) > LONGEST_TITLE else "")
        self.subject.setText(shown if len(shown) <= LONGEST_TITLE else shown[: LONGEST_TITLE - 1] + "…")
        self.back.setVisible(is_opened)

    def show_form(self, form: str) -> None:
        """Press the button of a form."""
        for button in self.forms.buttons():
            if button.property("form") == form:
                button.setChecked(True)
        self.encoding.setVisible(form == "text")

    def show_encoding(self, encoding: str) -> None:
        """How octets are read at present."""
        self.encoding.setText(encoding)
        self.encoding.setAccessibleName(f"Encoding {encoding}")

    def _on_encoding_triggered(self, action: QAction) -> None:
        self.encoding_chosen.emit(action.text())

    def _on_more_clicked(self) -> None:
        self.more_menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _on_form_clicked(self, button: QAbstractButton) -> None:
        self.form_chosen.emit(button.property("form"))


def _menu_button(text: str, tip: str, parent: QWidget) -> QPushButton:
    button = QPushButton(text, parent)
    button.setToolTip(tip)
    menu = QMenu(text, button)
    menu.setToolTipsVisible(True)
    button.setMenu(menu)
    theme.qualify(button, menu=True)
    return button
