"""The Time Protocol's four octets: seconds since 1900-01-01 00:00 UTC, most significant octet first (RFC
868).

The number has 32 bits and wraps on 2036-02-07 at 06:28:16 UTC. The era rule is that of SNTP, whose seconds
are the same (RFC 4330 section 3): a number with the highest bit set is counted from 1900 and lies between
1968 and 2036, one without it is counted from the wrap and lies between 2036 and 2104. Nothing before 1968 can
be said.
"""

from typing import Final

from workbench.errors import LocalMisuse, PeerMisbehaved

UNIX_EPOCH: Final = 2_208_988_800
"""Seconds from 1900 to 1970 (RFC 868: "the time 2,208,988,800 corresponds to 00:00  1 Jan 1970 GMT")."""

SIZE: Final = 4
"""Octets of an answer."""

ERA: Final = 2**32
EARLIEST: Final = 2**31 - UNIX_EPOCH
"""Unix seconds of 1968-01-20 03:14:08 UTC, the first time that can be sent."""
LATEST: Final = EARLIEST + ERA - 1
"""Unix seconds of 2104-02-26 09:42:23 UTC, the last time that can be sent."""


def encode_time(unix_s: int | float) -> bytes:
    """Unix seconds as four octets; fractions are cut off.

    Raises:
        LocalMisuse: the time is before EARLIEST or after LATEST, and would be read as another.
    """
    if not EARLIEST <= unix_s < LATEST + 1:
        raise LocalMisuse(
            f"{unix_s} is no time that four octets can hold",
            advice=f"choose one between {EARLIEST} (1968) and {LATEST} (2104) seconds since 1970",
            source="RFC 868",
        )
    # Floor, not truncation towards zero: half a second before 1970 is in the last second of 1969.
    return ((int(unix_s // 1) + UNIX_EPOCH) % ERA).to_bytes(SIZE, "big")


def decode_time(data: bytes) -> int:
    """The Unix seconds that a server's answer means.

    Raises:
        PeerMisbehaved: the answer has not four octets.
    """
    if len(data) != SIZE:
        octets = "octet" if len(data) == 1 else "octets"
        raise PeerMisbehaved(
            f"the answer has {len(data)} {octets}, a time has {SIZE}",
            stage="body",
            data=data,
            source="RFC 868",
        )
    number = int.from_bytes(data, "big")
    return number - UNIX_EPOCH + (0 if number >= 2**31 else ERA)


def is_past_wrap(data: bytes) -> bool:
    """Whether the number counts from 2036 and not from 1900: worth a word beside the date."""
    return len(data) == SIZE and data[0] < 0x80
