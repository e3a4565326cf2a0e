import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.protocols.reliability.message import MAX_NUMBER, SIZE, Message, decode, encode


@given(st.integers(0, MAX_NUMBER))
def test_a_message_has_one_size_and_is_read_back(number: int):
    assert len(encode(number)) == SIZE
    assert decode(encode(number)) == Message(number, True)


@given(st.integers(0, MAX_NUMBER), st.integers(0, SIZE * 8 - 1))
def test_one_bit_changed_anywhere_is_noticed(number: int, bit: int):
    data = bytearray(encode(number))
    data[bit // 8] ^= 1 << bit % 8
    assert not decode(bytes(data)).is_whole


@given(st.binary(max_size=80))
def test_whatever_comes_is_judged(data: bytes):
    assert decode(data).is_whole == (data == encode(decode(data).number or 0))


@pytest.mark.parametrize("number", [-1, MAX_NUMBER + 1])
def test_a_number_that_does_not_fit_is_refused(number: int):
    with pytest.raises(ValueError, match="no number"):
        encode(number)
