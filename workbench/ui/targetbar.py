"""The target bar: whom to talk to, in the same place with the same keys in every panel.

Ctrl+L puts the focus into the target, Enter carries out the main action, Esc cancels it. What a panel does not have
(TLS, relay, more options) has no place until the panel gives one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from workbench.errors import LocalMisuse
from workbench.formats.target import parse_target
from workbench.ui import icons, pieces, theme
from workbench.ui.actions import Action
from workbench.ui.mistakemark import MistakeMark
from workbench.ui.targetbox import LabName, TargetBox
from workbench.ui.words import with_advice

__all__ = ["LabName", "TargetBar"]

REST_MS = 400
"""Judging waits until the typing rests: nobody is helped by being told that half an address is no address."""


class TargetBar(QWidget):
    """The bar.

    Args:
        action: what the main button says ("Connect").
        parse: judges the text; raises LocalMisuse with the place.
        hint: the forms a target has, shown in the empty field.

    Signals:
        submitted: the text, which `parse` accepted.
        cancelled: the main button while it says Cancel, or Esc.
        edited: the text, or the kind, is another one.
    """

    submitted = Signal(str)
    cancelled = Signal()
    edited = Signal()

    def __init__(
        self,
        action: str = "Connect",
        *,
        parse: Callable[[str], object] = parse_target,
        hint: str = "lab:echo, host:port, [IPv6]:port",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._action = action
        self._parse = parse
        self._busy = False
        self._end_word = "Cancel"
        self._places: tuple[QWidget, ...] = ()
        self._is_leading = False
        self.kind_box = QComboBox(self)
        self.kind_box.setAccessibleName("Kind")
        self.kind_box.setToolTip("What to speak")
        self.kind_box.hide()
        self.target_box = TargetBox(hint, self)
        self.field = self.target_box.field
        self.mark = MistakeMark(self.field)
        self.button = QPushButton(self)
        theme.qualify(self.button, kind="primary")
        self.sign = QLabel(self)
        self.problem = QLabel(self)
        self.problem.setWordWrap(True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._over = QTimer(self)
        self._over.setSingleShot(True)
        self._over.setInterval(0)
        self._options = QHBoxLayout()
        self._stands_back = False
        self._held: tuple[QWidget, ...] = ()
        self._lay_out()
        self._show_busy()
        self._show_problem(None)
        self.target_box.entered.connect(self.submit)
        self.field.textChanged.connect(self._on_text_changed)
        self.kind_box.currentIndexChanged.connect(self._on_kind_changed)
        self.button.clicked.connect(self._on_button_clicked)
        self._rest.timeout.connect(self._on_typing_rested)
        self._over.timeout.connect(self._on_over)

    def _lay_out(self) -> None:
        gap = theme.metric(8)
        row = QHBoxLayout()
        row.setSpacing(gap)
        row.addWidget(self.kind_box)
        row.addWidget(self.target_box, 1)
        self._options.setSpacing(gap)
        row.addLayout(self._options)
        row.addWidget(self.button)
        below = QHBoxLayout()
        below.setSpacing(theme.metric(6))
        below.addWidget(self.sign)
        below.addWidget(self.problem, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.metric(4))
        layout.addLayout(row)
        layout.addLayout(below)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        # No focus proxy: it would lead the Tab key past the box with the kinds.

    # What a panel gives

    def set_kinds(self, kinds: Sequence[tuple[str, str]]) -> None:
        """Offer kinds (id, title); without any the box is not there."""
        self.kind_box.blockSignals(True)
        self.kind_box.clear()
        for kind_id, title in kinds:
            self.kind_box.addItem(title, kind_id)
        self.kind_box.blockSignals(False)
        self.kind_box.setVisible(bool(kinds))

    def add_option(self, widget: QWidget, *, held: bool = True) -> None:
        """Put a widget between the target and the main button; if `held`, it is left alone while busy."""
        self._options.addWidget(widget)
        if held:
            self.hold(widget)

    def hold(self, *widgets: QWidget) -> None:
        """What can't be changed while the main action goes on, as target and kind can't; their tips say why."""
        self._held += widgets

    def set_action(self, action: str) -> None:
        """Let the main button say something else ("Listen")."""
        if action != self._action:
            self._action = action
            self._show_busy()

    def stand_back(self, back: bool) -> None:
        """Whether another button of the view is its primary one now."""
        if back != self._stands_back:
            self._stands_back = back
            self._show_busy()

    def set_busy(self, busy: bool, word: str = "Cancel") -> None:
        """While busy the main button ends what goes on; `word` is what it says then ("Close" for what is open)."""
        for widget in (self.target_box, self.kind_box, *self._held):
            pieces.allow(widget, f"{word.lower()} what goes on first (Esc)" if busy else "")
        if (busy, word) != (self._busy, self._end_word):
            self._busy = busy
            self._end_word = word
            self._show_busy()
            if not busy and self._is_leading:
                # Whoever says so is still showing what came.
                self._over.start()

    def lead_to(self, *places: QWidget) -> None:
        """Where a person goes on after Enter: the focus goes to the first of them that is to be seen, or comes up."""
        for place in places:
            place.installEventFilter(self)
        self._places = places

    def set_lab_names(self, names: Iterable[LabName]) -> None:
        """The services that can be reached as lab:NAME."""
        self.target_box.set_lab_names(names)

    @property
    def history(self) -> tuple[str, ...]:
        """Targets used before, newest first."""
        return self.target_box.history

    def set_history(self, targets: Iterable[str]) -> None:
        """Take over the targets of an earlier session."""
        self.target_box.set_history(targets)

    def actions_for(self, context: str) -> tuple[Action, ...]:
        """What the bar can do, for the registry of the panel's context."""
        return (
            Action(
                f"{context}.focus_target",
                "Go to the target",
                self.focus_target,
                tip="Put the focus into the target field",
                shortcut="Ctrl+L",
                context=context,
                icon="search",
            ),
            Action(
                f"{context}.start",
                self._action,
                self.submit,
                tip=f"{self._action}: the same as Enter in the target field",
                shortcut="F5",
                context=context,
                icon="connect",
                why_disabled=self._why_no_start,
            ),
            Action(
                f"{context}.cancel",
                "Cancel",
                self.cancel,
                tip="Stop what is going on here",
                shortcut="Esc",
                context=context,
                icon="cancel",
                why_disabled=self._why_no_cancel,
            ),
        )

    # What it holds

    def text(self) -> str:
        """The target as typed."""
        return self.field.text()

    def set_text(self, text: str) -> None:
        """Put a target in; it is judged when it is submitted."""
        self.field.setText(text)
        self._rest.stop()
        self._show_problem(None)

    def kind(self) -> str:
        """The id of the chosen kind; "" when there are none."""
        return str(self.kind_box.currentData() or "")

    def set_kind(self, kind_id: str) -> None:
        """Choose a kind; one that is not offered changes nothing."""
        at = self.kind_box.findData(kind_id)
        if at >= 0:
            self.kind_box.setCurrentIndex(at)

    def target(self) -> object:
        """What `parse` makes of the text. Raises LocalMisuse with the place of the mistake."""
        return self._parse(self.text())

    def draft(self) -> dict[str, object]:
        """Text, kind and history for the session."""
        return {"target": self.text(), "kind": self.kind(), "history": list(self.history)}

    def restore(self, draft: Mapping[str, object]) -> None:
        """Take a draft of an earlier session; what is unknown in it stays as it is."""
        history = draft.get("history")
        if isinstance(history, list):
            self.set_history(each for each in history if isinstance(each, str))
        self.set_kind(str(draft.get("kind", "")))
        text = draft.get("target")
        if isinstance(text, str):
            self.set_text(text)

    # What a person does

    def focus_target(self) -> None:
        """Put the focus into the target, all of it selected."""
        self.target_box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def submit(self) -> None:
        """Hand the target over if it is right, else show the mistake."""
        if self._busy:
            return
        self._rest.stop()
        try:
            self.target()
        except LocalMisuse as mistake:
            self.show_mistake(mistake)
            self.focus_target_at(mistake)
            return
        self._show_problem(None)
        self.target_box.remember(self.text())
        self._over.stop()
        self._is_leading = bool(self._places)
        before = self.window().focusWidget()
        self.submitted.emit(self.text())
        if self.window().focusWidget() is not before:
            # The panel leads elsewhere: to a mistake in another field.
            self._is_leading = False
        self._lead()

    def cancel(self) -> None:
        """Ask for the end of what is going on."""
        if self._busy:
            self.cancelled.emit()

    def show_mistake(self, mistake: LocalMisuse) -> None:
        """Underline a mistake and say it below the field."""
        self._show_problem(mistake)

    def focus_target_at(self, mistake: LocalMisuse) -> None:
        """Put the cursor where the mistake begins."""
        self.target_box.setFocus(Qt.FocusReason.OtherFocusReason)
        if mistake.start is not None:
            self.field.setCursorPosition(mistake.start)

    # Inside

    def _lead(self) -> bool:
        """Put the focus where one goes on, if that can be seen; returns whether it could."""
        place = next((each for each in self._places if each.isVisible()), None)
        if not self._is_leading or place is None:
            return False
        place.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _may_lead(self) -> bool:
        """Whether nobody has gone elsewhere meanwhile: to another page, or to a field where they may be typing."""
        # The stubs say that there is always one.
        focus: QWidget | None = self.window().focusWidget()
        page = self.parentWidget()
        if focus is None or self.isAncestorOf(focus):
            return True
        is_typing = focus.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        return page is not None and page.isAncestorOf(focus) and not is_typing

    def _on_over(self) -> None:
        """It has ended. Where nothing came of it, one goes on with the target."""
        if self._is_leading and not self._busy and self._may_lead() and not self._lead():
            self.focus_target()
        self._is_leading = False

    def _show_busy(self) -> None:
        self.button.setText(self._end_word if self._busy else self._action)
        self.button.setToolTip("Stop (Esc)" if self._busy else f"{self._action} (Enter in the target field)")
        icons.dress(self.button, "cancel" if self._busy else "")
        theme.qualify(self.button, kind="" if self._busy or self._stands_back else "primary")
        # The same width for both words, so that nothing beside it moves.
        metrics = self.button.fontMetrics()
        widest = max(metrics.horizontalAdvance(word) for word in ("Cancel", "Connect", self._action))
        self.button.setMinimumWidth(widest + theme.metric(16 + 36))

    def _show_problem(self, mistake: LocalMisuse | None, *, hard: bool = True) -> None:
        theme.qualify(self.target_box, wrong=mistake is not None and hard)
        visible = mistake is not None
        self.sign.setVisible(visible)
        self.problem.setVisible(visible)
        self.mark.hide()
        if mistake is None:
            self.problem.clear()
            self.field.setAccessibleDescription("")
            return
        role = "error" if hard else "muted"
        icons.sign(self.sign, "bad" if hard else "info", role)
        theme.qualify(self.problem, role=role)
        words = with_advice(mistake)
        self.problem.setText(words)
        self.field.setAccessibleDescription(words)
        if hard and mistake.start is not None and mistake.end is not None:
            self.mark.mark(mistake.start, mistake.end)

    def _why_no_start(self) -> str:
        return "it is going on already" if self._busy else ""

    def _why_no_cancel(self) -> str:
        return "" if self._busy else "nothing is going on here"

    def _on_button_clicked(self) -> None:
        if self._busy:
            self.cancel()
        else:
            self.submit()

    def _on_text_changed(self) -> None:
        self._show_problem(None)
        self._rest.start()
        self.edited.emit()

    def _on_kind_changed(self) -> None:
        self.edited.emit()

    def _on_typing_rested(self) -> None:
        if not self.text():
            return
        try:
            self.target()
        except LocalMisuse as mistake:
            # Something missing at the end is no mistake yet: the person is still on the way.
            missing = mistake.start is not None and mistake.start >= len(self.text())
            self._show_problem(mistake, hard=not (missing and self.field.hasFocus()))

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # An answer that hides while the next one is on its way takes the focus along: it gets it back.
        if event.type() == QEvent.Type.Show and self._is_leading and self._may_lead():
            self._lead()
        return False
