"""Which transport: every cell has its reason, the counting is the rule's, and each transport is somebody's best.

With the table, workbench.protocols.raw.transport_table.
"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse
from workbench.protocols.raw.transport_table import CANDIDATES, NEEDS
from workbench.protocols.raw.transports import FOUND, POINTS, RULE, advise, find_need


def asked(*names: str):
    return advise(find_need(name) for name in names)


def best(*names: str) -> str:
    return asked(*names).scores[0].candidate.id


@pytest.mark.parametrize("candidate", CANDIDATES, ids=[each.id for each in CANDIDATES])
def test_every_need_has_a_reason_and_a_document(candidate):
    assert list(candidate.cells) == [need.id for need in NEEDS]
    assert re.fullmatch(r"RFC \d+", candidate.source)
    for cell in candidate.cells.values():
        assert cell.mark in POINTS
        assert len(cell.why) > 10
        assert not cell.why.endswith(".")
        assert re.fullmatch(r"RFC \d+( [0-9A-Z]+(\.\d+)*)?", cell.source)
    assert {cell.mark for cell in candidate.cells.values()} == {"yes", "partly", "no"}


@pytest.mark.covers("C1.12")
@pytest.mark.parametrize(
    ("needs", "transport"),
    [
        (("integrity", "dialogue", "large"), "tcp"),
        (("ordered",), "tcp"),
        (("small", "quick", "fresh"), "udp"),
        (("small", "stateless"), "udp"),
        (("many",), "udp"),
        (("private", "streams", "moving"), "quic"),
        (("private", "fresh", "messages"), "dtls"),
        (("integrity", "messages", "streams"), "sctp"),
        (("browser", "dialogue"), "websocket"),
    ],
)
def test_each_has_needs_for_which_it_is_advised(needs, transport):
    advice = asked(*needs)
    assert advice.is_whole
    assert advice.scores[0].candidate.id == transport
    assert advice.sentence.startswith(advice.scores[0].candidate.name)


def test_the_points_are_those_of_the_rule():
    for mark, points in POINTS.items():
        assert str(points) in RULE, mark
    for score in asked("ordered", "small").scores:
        assert score.points == sum(POINTS[each.cell.mark] for each in score.judged)
        assert score.most == 4
        assert [each.need.id for each in score.judged] == ["ordered", "small"]


def test_who_leaves_a_need_out_stands_behind_who_does_not():
    ids = [score.candidate.id for score in asked("ordered", "small").scores]
    # UDP has more points for the second than TCP, and none for the first.
    assert ids.index("tcp") < ids.index("udp")
    assert ids[:3] == ["tcp", "quic", "sctp"]


def test_what_no_transport_gives_is_said_and_divided():
    advice = asked("integrity", "many", "fresh")
    assert not advice.is_whole
    assert advice.scores[0].candidate.id == "udp"
    assert "no transport gives all of it" in advice.sentence
    assert "divide them" in advice.sentence


def test_nothing_ticked_and_a_need_that_there_is_not_are_mistakes():
    with pytest.raises(LocalMisuse, match="nothing is needed"):
        advise(())
    with pytest.raises(LocalMisuse) as caught:
        find_need("speed")
    assert (caught.value.start, caught.value.end) == (0, 5)
    assert "quick" in caught.value.advice


@given(st.sets(st.sampled_from(sorted(FOUND)), min_size=1))
def test_the_order_is_the_rule_whatever_is_ticked(names):
    scores = asked(*names).scores
    assert len(scores) == len(CANDIDATES)
    keys = [(bool(score.lacking), -score.points) for score in scores]
    assert keys == sorted(keys)
