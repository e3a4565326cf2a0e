"""The page of one experiment: question, prediction, steps, what was seen, explanation."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from workbench.panels.start.parts.pages import heading, page_layout, paragraph
from workbench.panels.start.state import Experiment
from workbench.ui import icons, theme
from workbench.ui.pieces import allow
from workbench.ui.verdict import VerdictLine

if TYPE_CHECKING:
    from workbench.experiments.expectation import Verdict as Judged
    from workbench.experiments.result import StepOutcome
    from workbench.experiments.values import Card, Step


SCRIPT = "Save it as a Python program of its own, which needs no workbench (Ctrl+S; Ctrl+Shift+C copies it)"


class ExperimentPage(QWidget):
    """Shows one Experiment.

    Signals:
        predicted: the index of the chosen answer.
        play_asked, variant_asked, step_asked, again_asked, script_asked: the buttons.
    """

    predicted = Signal(int)
    play_asked = Signal()
    step_asked = Signal()
    again_asked = Signal()
    variant_asked = Signal()
    script_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._card: Card | None = None
        self.title = heading("")
        self.facts = QLabel()
        theme.qualify(self.facts, role="muted")
        self.question = paragraph("")
        self.answers = QWidget()
        self._answers_layout = QVBoxLayout(self.answers)
        self._answers_layout.setContentsMargins(0, 0, 0, 0)
        self._answers_layout.setSpacing(theme.metric(4))
        self.group = QButtonGroup(self)
        self.play_button = _button("Play", "primary", "play", "Play all steps")
        self.step_button = _button("One step", "", "chevron-right", "Play the next step only")
        self.again_button = _button("Play again", "", "reload", "Forget this playing: predict and play anew")
        self.script_button = _button("Save as script", "", "code", SCRIPT)
        self.lacking = paragraph("")
        theme.qualify(self.lacking, role="warning")
        self._lacks = False
        self.verdict = VerdictLine()
        self.steps = _Rows("Steps")
        self.seen = _Rows("What was seen")
        self.explanation = paragraph("")
        self.explanation_title = heading("Why", small=True)
        row = QHBoxLayout()
        row.setSpacing(theme.metric(8))
        for button in (self.play_button, self.step_button, self.again_button, self.script_button):
            row.addWidget(button)
        row.addStretch(1)
        layout = page_layout(self)
        layout.addWidget(self.title)
        layout.addWidget(self.facts)
        layout.addWidget(self.question)
        layout.addWidget(self.lacking)
        layout.addWidget(self.answers)
        layout.addLayout(row)
        layout.addWidget(self.verdict)
        layout.addWidget(self.steps)
        layout.addWidget(self.seen)
        layout.addWidget(self.explanation_title)
        layout.addWidget(self.explanation)
        layout.addStretch(1)
        self.group.idClicked.connect(self.predicted)
        self.play_button.clicked.connect(self._on_play_clicked)
        self.script_button.clicked.connect(self.script_asked)
        self.step_button.clicked.connect(self.step_asked)
        self.again_button.clicked.connect(self.again_asked)

    def show_experiment(self, experiment: Experiment) -> None:
        """Take another experiment, or another state of the same."""
        if experiment.card is not self._card:
            self._show_card(experiment.card)
        self._show_answers(experiment)
        reason = experiment.why_not_play
        for button, tip in (
            (self.play_button, "Play all steps"),
            (self.step_button, "Play the next step only"),
        ):
            button.setEnabled(not reason)
            button.setToolTip(f"{tip}\nNot now: {reason}" if reason else tip)
        nothing = "" if experiment.has_begun else "nothing was played yet"
        allow(self.again_button, "a step is being played" if experiment.is_busy else nothing)
        self._show_lacking(experiment)
        self._show_verdict(experiment)
        self._show_steps(experiment)
        self._show_seen(experiment)
        self.explanation_title.setVisible(experiment.is_done)
        self.explanation.setVisible(experiment.is_done)

    def _show_lacking(self, experiment: Experiment) -> None:
        """Why it can't be played here, and what can; the button then plays that."""
        variant = experiment.variant
        self._lacks = variant is not None
        other = f" “{variant.title}” shows the same, and can be played." if variant is not None else ""
        self.lacking.setText(
            f"Not on this platform: {experiment.lacking}.{other}" if experiment.lacking else ""
        )
        self.lacking.setVisible(bool(experiment.lacking))
        self.play_button.setText("Play the variant" if variant is not None else "Play")
        if variant is not None:
            self.play_button.setEnabled(True)
            self.play_button.setToolTip(f"Play “{variant.title}” instead")

    def _on_play_clicked(self) -> None:
        (self.variant_asked if self._lacks else self.play_asked).emit()

    def _show_card(self, card: "Card") -> None:
        self._card = card
        self.title.setText(card.title)
        self.facts.setText(" · ".join((*card.rfc, *card.rows)))
        self.facts.setVisible(bool(card.rfc or card.rows))
        self.question.setText(card.question)
        self.explanation.setText(card.explanation)
        for button in self.group.buttons():
            self.group.removeButton(button)
            self._answers_layout.removeWidget(button)
            button.deleteLater()
        for number, choice in enumerate(card.choices):
            answer = QRadioButton(choice)
            self.group.addButton(answer, number)
            self._answers_layout.addWidget(answer)

    def _show_answers(self, experiment: Experiment) -> None:
        self.group.setExclusive(False)
        for number, answer in enumerate(self.group.buttons()):
            answer.setChecked(experiment.prediction == number)
            allow(
                answer,
                "the experiment has begun: play it again to predict anew" if experiment.has_begun else "",
            )
        self.group.setExclusive(True)

    def _show_verdict(self, experiment: Experiment) -> None:
        result = experiment.playing.result if experiment.playing is not None else None
        if result is None:
            if experiment.has_begun:
                done = len(experiment.playing.steps) if experiment.playing else 0
                self.verdict.set(
                    "running", "playing", f"{done} of {len(experiment.card.as_written.steps)} steps"
                )
            else:
                hint = (
                    "What do you expect? Choose, then play." if experiment.prediction is None else "Now play."
                )
                self.verdict.set("none", "", hint)
            return
        if not result.passed:
            self.verdict.set("bad", "otherwise", result.sentence)
            return
        right = experiment.card.choices[experiment.card.right]
        if experiment.prediction == experiment.card.right:
            self.verdict.set("good", "as you said", right)
        else:
            self.verdict.set("warning", "otherwise", f"what happened: {right}")

    def _show_steps(self, experiment: Experiment) -> None:
        playing = experiment.playing
        played: tuple[StepOutcome, ...] = playing.steps if playing is not None else ()
        upcoming: tuple[Step, ...] = (
            playing.upcoming if playing is not None else experiment.card.as_written.steps
        )
        rows = [("good" if s.ok else "bad", s.sentence, s.said) for s in played]
        rows += [("", step.sentence, "") for step in upcoming]
        self.steps.show_rows(rows)

    def _show_seen(self, experiment: Experiment) -> None:
        result = experiment.playing.result if experiment.playing is not None else None
        judged: tuple[Judged, ...] = result.expectations if result is not None else ()
        self.seen.show_rows([("good" if v.ok else "bad", v.what, _seen(v)) for v in judged])


def _seen(judged: "Judged") -> str:
    if judged.ok:
        return judged.seen
    return f"{judged.seen or 'it did not come to that'}; expected was {judged.expected}"


class _Rows(QWidget):
    """A titled list of sign, sentence and what was seen; hidden while it is empty."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = heading(title, small=True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.metric(10))
        self._grid.setVerticalSpacing(theme.metric(6))
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 1)
        self._rows: list[tuple[QLabel, QLabel, QLabel]] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, theme.metric(4), 0, 0)
        layout.setSpacing(theme.metric(6))
        layout.addWidget(self.title)
        layout.addLayout(self._grid)
        self.setAccessibleName(title)

    def show_rows(self, rows: list[tuple[str, str, str]]) -> None:
        """Take other rows: sign ("good", "bad", ""), what, seen."""
        self.setVisible(bool(rows))
        while len(self._rows) < len(rows):
            self._add_row()
        for number, labels in enumerate(self._rows):
            shown = number < len(rows)
            for label in labels:
                label.setVisible(shown)
            if not shown:
                continue
            mark, what, seen = rows[number]
            icons.sign(labels[0], mark, "good" if mark == "good" else "error")
            labels[0].setAccessibleName(
                {"good": "as expected", "bad": "otherwise"}.get(mark, "not played yet")
            )
            labels[1].setText(what)
            theme.qualify(labels[1], role="" if mark else "muted")
            labels[2].setText(seen)
            # An empty one would still take the focus by a click.
            labels[2].setVisible(bool(seen))

    def texts(self) -> list[str]:
        """What the rows say, for tests and for reading aloud."""
        return [
            f"{what.text()} {seen.text()}".strip() for _, what, seen in self._rows if what.isVisibleTo(self)
        ]

    def _add_row(self) -> None:
        at = len(self._rows)
        sign, what, seen = QLabel(), QLabel(), QLabel()
        sign.setFixedWidth(theme.metric(18))
        for label in (what, seen):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.qualify(seen, role="muted")
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(sign, at, 0, top)
        self._grid.addWidget(what, at, 1, top)
        self._grid.addWidget(seen, at, 2, top)
        self._rows.append((sign, what, seen))


def _button(text: str, kind: str, icon: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    theme.qualify(button, kind=kind)
    icons.dress(button, icon, "on_accent" if kind == "primary" else "text")
    return button
