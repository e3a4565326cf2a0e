"""The transaction, as the database itself says it, and what ends it. Decides nothing."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from workbench.panels.sql.models import transaction_words
from workbench.panels.sql.state import SqlState
from workbench.ui import theme
from workbench.ui.pieces import allow, button

TIPS = {
    "begin": "BEGIN: from here on nothing is seen by others until you commit (Ctrl+Alt+B)",
    "commit": "COMMIT: make all of it true for everybody (Ctrl+Alt+K)",
    "rollback": "ROLLBACK: as if nothing of it had been said (Ctrl+Alt+U)",
}


class TransactionStrip(QWidget):
    """Always to be seen: how it stands, Begin, Commit, Roll back."""

    def __init__(self) -> None:
        super().__init__()
        self.word = QLabel()
        theme.qualify(self.word, strong=True)
        self.words = QLabel()
        theme.qualify(self.words, role="muted")
        self.begin = button("Begin", "play", TIPS["begin"])
        self.commit = button("Commit", "good", TIPS["commit"])
        self.rollback = button("Roll back", "cancel", TIPS["rollback"], "danger")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.metric(8))
        row.addWidget(self.word)
        row.addWidget(self.words, 1)
        for one in (self.begin, self.commit, self.rollback):
            row.addWidget(one)
        self.words.setMinimumWidth(theme.metric(40))

    def show_state(self, state: SqlState) -> None:
        """Show how the transaction stands."""
        role, word, sentence = transaction_words(state)
        self.word.setText(word)
        self.word.setToolTip(sentence)
        theme.qualify(self.word, role=role)
        self.words.setText(sentence)
        self.words.setToolTip(sentence)
        for widget, name, why in (
            (self.begin, "begin", state.why_not_begin),
            (self.commit, "commit", state.why_not_commit),
            (self.rollback, "rollback", state.why_not_rollback),
        ):
            allow(widget, why, TIPS[name])
