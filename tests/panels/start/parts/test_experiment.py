"""The page of an experiment by itself: it shows a state, whatever happened before it."""

from dataclasses import replace

import pytest
from PySide6.QtTest import QSignalSpy

from workbench.experiments.card import find_card
from workbench.panels.start.parts.experiment import ExperimentPage
from workbench.panels.start.state import Experiment
from workbench.ui import theme


@pytest.fixture
def page(app):
    theme.apply(app, "light", 100)
    made = ExperimentPage()
    yield made
    made.deleteLater()


def test_an_untouched_one_asks_lists_what_is_to_come_and_keeps_the_reason_back(page: ExperimentPage):
    card = find_card("half-close")
    page.show_experiment(Experiment(card))
    assert page.title.text() == card.title
    assert page.question.text() == card.question
    assert [answer.text() for answer in page.group.buttons()] == list(card.choices)
    assert page.group.checkedId() == -1
    assert len(page.steps.texts()) == len(card.as_written.steps)
    assert page.seen.texts() == []
    assert page.explanation.isHidden()
    assert [button.isEnabled() for button in (page.play_button, page.step_button, page.again_button)] == [
        False
    ] * 3


def test_the_prediction_of_the_state_is_the_one_that_is_ticked(page: ExperimentPage):
    experiment = Experiment(find_card("half-close"))
    predicted = QSignalSpy(page.predicted)
    page.show_experiment(experiment)
    page.group.button(1).click()
    assert [predicted.at(0)[0], predicted.count()] == [1, 1]
    page.show_experiment(replace(experiment, prediction=2))
    assert page.group.checkedId() == 2
    assert page.play_button.isEnabled()
    page.show_experiment(experiment)
    assert page.group.checkedId() == -1
    assert predicted.count() == 1


def test_another_card_brings_its_own_answers(page: ExperimentPage):
    for card_id in ("half-close", "who-speaks-first", "half-close"):
        card = find_card(card_id)
        page.show_experiment(Experiment(card, prediction=0))
        assert [answer.text() for answer in page.group.buttons()] == list(card.choices)
        assert page.group.checkedId() == 0


def test_the_buttons_ask_and_do_nothing_themselves(page: ExperimentPage):
    asked = [QSignalSpy(signal) for signal in (page.play_asked, page.step_asked)]
    page.show_experiment(Experiment(find_card("half-close"), prediction=0))
    page.play_button.click()
    page.step_button.click()
    assert [spy.count() for spy in asked] == [1, 1]
    assert page.verdict.verdict.sentence == "Now play."
