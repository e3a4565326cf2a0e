"""Two conversations against each other: the findings of transcript.compare, in slices."""

from hypothesis import given
from hypothesis import strategies as st

from tests.ui.conversation.conversations import echo, happenings, recorded
from workbench.transcript.compare import compare
from workbench.transcript.recorder import Transcript
from workbench.ui.conversation.comparing import MAX_MARKS, PIECE, Comparison, differing


def finished(comparison: Comparison) -> Comparison:
    while comparison.step(0):
        pass
    return comparison


@given(happenings, happenings)
def test_the_findings_are_those_of_compare(ours, theirs):
    left, right = recorded(ours), recorded(theirs)
    comparison = finished(Comparison(left, right))
    assert [finding.difference for finding in comparison.findings] == compare(left, right)
    assert comparison.done <= comparison.total
    left.close()
    right.close()


def test_equal_conversations_are_called_equal():
    left, right = echo(), echo()
    comparison = finished(Comparison(left, right))
    assert comparison.sentence == "All octets are equal."
    assert comparison.equal == 2
    left.close()
    right.close()


def test_a_difference_deep_in_a_long_stream_is_found_at_its_place():
    left, right = Transcript(), Transcript()
    ours, theirs = left.open("a", "tcp"), right.open("b", "tcp")
    ours.received(bytes(3 * PIECE))
    theirs.received(bytes(2 * PIECE + 77) + b"x" + bytes(PIECE - 78))
    comparison = Comparison(left, right)
    slices = 1
    while comparison.step(0):
        slices += 1
    assert slices > 2
    assert comparison.findings[0].difference.offset == 2 * PIECE + 77
    assert comparison.sentence == "1 stream differs, 0 are equal."
    left.close()
    right.close()


def test_of_a_secret_only_the_place_is_told():
    left, right = Transcript(), Transcript()
    left.open("a", "tcp").sent(b"PASS aaa", secret=[(5, 8)])
    right.open("a", "tcp").sent(b"PASS bbb")
    (finding,) = finished(Comparison(left, right)).findings
    assert finding.sentence == "octet 5 differs, within a secret"
    left.close()
    right.close()


@given(st.binary(max_size=60), st.binary(max_size=60), st.integers(0, 9))
def test_marked_ranges_hold_exactly_what_differs(left, right, start):
    marked = {octet for first, last in differing(left, right, start) for octet in range(first, last)}
    longest = max(len(left), len(right))
    assert marked == {start + n for n in range(longest) if left[n : n + 1] != right[n : n + 1]}


def test_marks_are_bounded():
    assert len(differing(b"ab" * 5000, b"aa" * 5000)) <= MAX_MARKS + 1


def test_one_channel_is_compared_with_the_only_one_of_a_replay():
    left, right = Transcript(), Transcript()
    left.open("before", "tcp").sent(b"nobody asked")
    left.open("then", "tcp").received(b"abc")
    right.open("now", "tcp").received(b"abd")
    comparison = finished(Comparison(left, right, only=1))
    (finding,) = comparison.findings
    assert (finding.pair.left, finding.pair.right, finding.difference.offset) == (1, 0, 2)
    left.close()
    right.close()
