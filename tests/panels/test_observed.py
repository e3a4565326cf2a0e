"""A state that is replaced, and those who are told."""

from dataclasses import dataclass

import pytest

from workbench.panels.observed import Observed


@dataclass(frozen=True)
class State:
    number: int = 0


def test_all_who_watch_are_told_of_each_replacement_until_they_cut():
    controller, seen, others = Observed(State()), [], []
    cut = controller.observe(lambda told: seen.append(told.state.number))
    controller.observe(lambda told: others.append(told))
    controller.replace(number=1)
    controller.tell_all()
    cut()
    cut()
    controller.replace(number=2)
    assert seen == [1, 1]
    assert others == [controller] * 3
    controller.forget_all()
    controller.replace(number=3)
    assert len(others) == 3
    assert controller.state == State(3)


def test_whoever_is_told_may_end_its_watch():
    controller, seen = Observed(State()), []

    def once(told: Observed[State]) -> None:
        seen.append(told.state.number)
        cut()

    cut = controller.observe(once)
    controller.observe(lambda told: seen.append(-told.state.number))
    controller.replace(number=1)
    controller.replace(number=2)
    assert seen == [1, -1, -2]


def test_a_field_that_there_is_not_is_a_mistake_of_ours():
    with pytest.raises(TypeError):
        Observed(State()).replace(nothing=1)
