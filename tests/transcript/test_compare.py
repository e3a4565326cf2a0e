"""Two conversations are equal, or the first differing octet of each stream is named."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.transcript.compare import compare
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction


def make(*said: tuple[str, bytes], failed_first: bool = False) -> Transcript:
    transcript = Transcript()
    if failed_first:
        transcript.open("refused", "tcp").fact("connect.failed")
    channel = transcript.open("c", "tcp")
    for way, data in said:
        (channel.sent if way == "sent" else channel.received)(data)
    return transcript


@given(st.binary(max_size=50), st.binary(max_size=50), st.integers(1, 7))
def test_the_first_difference_is_found_however_the_octets_were_cut(left, right, cut):
    a = make(*[("received", left[i : i + cut]) for i in range(0, len(left), cut)])
    b = make(("received", right))
    found = compare(a, b)
    if left == right:
        assert found == []
    else:
        (difference,) = found
        at = difference.offset
        assert left[:at] == right[:at]
        assert left[at : at + 1] != right[at : at + 1]
        assert (difference.left_size, difference.right_size) == (len(left), len(right))
        assert difference.sentence
    a.close()
    b.close()


def test_channels_without_octets_do_not_shift_the_others():
    a = make(("sent", b"x"), ("received", b"y"), failed_first=True)
    b = make(("sent", b"x"), ("received", b"z"))
    (difference,) = compare(a, b)
    assert (difference.direction, difference.left, difference.right) == (Direction.RECEIVED, b"y", b"z")
    a.close()
    b.close()


def test_a_conversation_that_only_one_side_had_is_a_difference():
    a, b = make(("sent", b"x")), make()
    assert [d.offset for d in compare(a, b)] == [0]
    a.close()
    b.close()


def test_a_difference_in_a_secret_is_named_but_not_told():
    a, b = Transcript(), Transcript()
    a.open("c", "tcp").sent(b"PASS hush", secret=[(5, 9)])
    b.open("c", "tcp").sent(b"PASS loud", secret=[(5, 9)])
    (difference,) = compare(a, b)
    assert difference.offset == 5
    assert (difference.left, difference.right) == (b"****", b"****")
    assert "secret" in difference.sentence
    assert "68" not in difference.sentence
    a.close()
    b.close()
