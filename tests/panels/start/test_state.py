"""What the start page shows follows from its state alone."""

from dataclasses import replace

from workbench.experiments.card import all_cards
from workbench.panels.start.state import Experiment, Page, StartState

CARDS = all_cards()
STATE = StartState(cards=CARDS)


def test_every_word_of_a_search_must_be_there_in_any_order_and_case():
    assert replace(STATE, search="").found_cards == CARDS
    found = replace(STATE, search="HALF other").found_cards
    assert [card.id for card in found if card.id == "half-close"] == ["half-close"]
    assert replace(STATE, search="half zebra").found_cards == ()
    assert [info.name for info in replace(STATE, search="udp-time").found_services] == ["udp-time"]


def test_a_service_is_shown_only_on_its_page():
    assert STATE.service is None
    assert replace(STATE, page=Page("service", "no such")).service is None
    shown = replace(STATE, page=Page("service", "echo")).service
    assert shown is not None
    assert shown.name == "echo"


def test_playing_waits_for_a_prediction_and_for_its_turn():
    fresh = Experiment(CARDS[0])
    assert fresh.why_not_play == "say first what you expect"
    assert not fresh.has_begun
    predicted = replace(fresh, prediction=0)
    assert predicted.why_not_play == ""
    assert replace(predicted, is_busy=True).why_not_play == "a step is being played"
    assert not predicted.is_done
