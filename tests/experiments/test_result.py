"""Outcomes as JSON shows them; the whole document is checked against its schema in tests/cli."""

import json

from tests.experiments.samples import SAMPLE, card
from workbench.experiments.result import milliseconds, verdict_as_dict
from workbench.experiments.runner import run


async def test_a_step_that_worked_has_no_failure() -> None:
    result = await run(card(), lab=None)
    shown = result.steps[3].as_dict()
    assert shown["number"] == 4
    assert shown["do"] == "send"
    assert shown["sentence"] == "The server sends “hello\\r\\n”."
    assert shown["ok"] is True
    assert shown["events"] == [result.steps[3].first, result.steps[3].stop]
    assert "failure" not in shown
    assert json.loads(json.dumps(shown)) == shown
    result.transcript.close()


async def test_a_step_that_failed_has_one_meant_or_not() -> None:
    text = SAMPLE.replace('text = "hello\\r\\n"', 'text = "hello"', 1)
    text = text.replace('until = "\\n"', 'until = "\\n"\ntimeout_s = 0.01')
    result = await run(card(text), lab=None)
    shown = result.steps[-1].as_dict()
    assert shown["ok"] is False
    assert isinstance(shown["failure"], dict)
    assert shown["failure"]["kind"] == "TooSlow"
    judged = verdict_as_dict(result.expectations[0])
    assert (judged["that"], judged["seen"], judged["ok"], judged["event"]) == (
        "answer.text",
        None,
        False,
        None,
    )
    result.transcript.close()


def test_milliseconds_have_three_digits() -> None:
    assert milliseconds(1_234_567) == 1.235
