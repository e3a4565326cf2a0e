"""Four octets of time, up to 2104."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.formats.rfc868 import EARLIEST, LATEST, decode_time, encode_time, is_past_wrap


@pytest.mark.parametrize(
    ("octets", "date"),
    [
        ("83 AA 7E 80", "1970-01-01 00:00:00"),
        ("FF FF FF FF", "2036-02-07 06:28:15"),
        ("00 00 00 00", "2036-02-07 06:28:16"),
        ("80 00 00 00", "1968-01-20 03:14:08"),
        ("7F FF FF FF", "2104-02-26 09:42:23"),
        ("98 96 10 C0", "1981-02-14 07:12:00"),
    ],
)
def test_octets_are_a_date(octets: str, date: str) -> None:
    data = bytes.fromhex(octets)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=decode_time(data))
    assert f"{moment:%Y-%m-%d %H:%M:%S}" == date
    assert encode_time(decode_time(data)) == data
    assert is_past_wrap(data) == (moment.year > 2036 or date == "2036-02-07 06:28:16")


def test_the_examples_of_the_rfc() -> None:
    assert encode_time(0) == (2_208_988_800).to_bytes(4, "big")
    assert encode_time(-(2**31) + 2**31) == encode_time(0)
    assert decode_time((2_398_291_200).to_bytes(4, "big")) == int(
        datetime(1976, 1, 1, tzinfo=UTC).timestamp()
    )
    assert decode_time((2_524_521_600).to_bytes(4, "big")) == int(
        datetime(1980, 1, 1, tzinfo=UTC).timestamp()
    )
    assert decode_time((2_629_584_000).to_bytes(4, "big")) == int(
        datetime(1983, 5, 1, tzinfo=UTC).timestamp()
    )


@given(st.integers(EARLIEST, LATEST))
def test_every_time_comes_back(unix_s: int) -> None:
    assert decode_time(encode_time(unix_s)) == unix_s
    assert encode_time(unix_s + 0.25) == encode_time(unix_s)


@pytest.mark.parametrize("unix_s", [EARLIEST - 1, LATEST + 1, -(2**40), 2**40, float("nan"), float("inf")])
def test_a_time_that_would_be_read_as_another_is_refused(unix_s: float) -> None:
    with pytest.raises(LocalMisuse, match="four octets"):
        encode_time(unix_s)


@pytest.mark.parametrize(
    ("data", "said"), [(b"", "0 octets"), (b"a", "1 octet,"), (b"abc", "3 octets"), (b"abcde", "5 octets")]
)
def test_an_answer_of_another_size_is_the_peers_fault(data: bytes, said: str) -> None:
    with pytest.raises(PeerMisbehaved, match=said) as caught:
        decode_time(data)
    assert caught.value.data == data
    assert caught.value.source == "RFC 868"
    assert not is_past_wrap(data)
