"""Masked octets have the same length, at whatever place they are looked at."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.transcript.redact import MASK, MaskedBytes, masked, shown


@given(
    st.binary(max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=3),
    st.integers(0, 45),
    st.integers(0, 45),
)
def test_a_window_of_the_masked_is_the_mask_of_the_window(data, secrets, start, stop):
    whole = masked(data, secrets)
    assert len(whole) == len(data)
    for place, (old, new) in enumerate(zip(data, whole, strict=True)):
        hidden = any(a <= place < b for a, b in secrets)
        assert new == (MASK if hidden else old)
    assert masked(data[start:stop], secrets, start) == whole[start:stop]


def test_shown_masks_and_with_secrets_does_not():
    transcript = Transcript()
    channel = transcript.open("c", "tcp")
    channel.sent(b"hello ")
    channel.sent(b"PASS hush\r\n", secret=[(5, 9)])
    assert shown(transcript, transcript[1]) == b"PASS ****\r\n"
    assert shown(transcript, transcript[1], 6, 20) == b"***\r\n"
    assert shown(transcript, transcript[1], with_secrets=True) == b"PASS hush\r\n"
    stream = MaskedBytes(transcript, 0, Direction.SENT, "tcp")
    assert len(stream) == 17
    assert stream.read(0, 99) == b"hello PASS ****\r\n"
    assert stream.read(12, 14) == b"**"
    transcript.close()
