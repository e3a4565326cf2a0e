"""Every call and every fact of a desk is explained, with its source."""

import re
from pathlib import Path

import pytest

import workbench.protocols.calls as calls
from tests.protocols.calls.desks import PAIR, desk_with
from workbench.protocols.calls.explain import FACTS, explain
from workbench.protocols.calls.spec import CALLS
from workbench.transcript.render import line

CODE = "\n".join(path.read_text() for path in Path(str(calls.__file__)).parent.glob("*.py"))


def test_every_fact_that_is_recorded_is_explained():
    recorded = set(re.findall(r'"(call\.\w+)"', CODE))
    assert recorded == set(FACTS)


@pytest.mark.parametrize("spec", CALLS.values(), ids=lambda spec: spec.name)
def test_every_call_says_what_it_does_and_where_that_is_written(spec):
    assert spec.what
    assert re.search(r"\(\d\)|RFC \d+|Python", spec.source)
    assert all(param.what for param in spec.params)


async def test_calls_are_read_as_sentences():
    async with desk_with(*PAIR, 'b.send "hi"', "c.recv", "b.shutdown WR") as desk:
        await desk.type('b.send "x"')
        await desk.type("c.setsockopt SOL_SOCKET SO_RCVBUF 10000")
        shown = [line(desk.transcript, event, explain) for event in desk.transcript.events()]
    by_what = {each.what: each for each in shown}
    assert "2  a.bind(('127.0.0.1', 0))" in by_what
    failed = next(each for each in shown if "BrokenPipeError EPIPE" in each.what)
    assert "has finished sending" in failed.text
    assert failed.source == "send(2)"
    assert any("waits" in each.what and "the window does not wait" in each.text for each in shown)
    assert any("2 B of 2 B taken" in each.text for each in shown)
    assert [each.what for each in shown if each.size] == ["hi", "hi"]
