"""Options of EDNS: their names and what they say (RFC 6891 section 6.1.2, and the documents of each)."""

from workbench.formats.charset import visible

OPTIONS: dict[int, tuple[str, str]] = {
    3: ("NSID", "RFC 5001"),
    5: ("DAU", "RFC 6975"),
    6: ("DHU", "RFC 6975"),
    7: ("N3U", "RFC 6975"),
    8: ("ECS", "RFC 7871"),
    9: ("EXPIRE", "RFC 7314"),
    10: ("COOKIE", "RFC 7873"),
    11: ("KEEPALIVE", "RFC 7828"),
    12: ("PADDING", "RFC 7830"),
    13: ("CHAIN", "RFC 7901"),
    14: ("KEY-TAG", "RFC 8145"),
    15: ("EDE", "RFC 8914"),
    18: ("REPORT-CHANNEL", "RFC 9567"),
    19: ("ZONEVERSION", "RFC 9660"),
}
"""Number: name, document. Others are shown by their number and octets, never dropped."""

EXTENDED_ERRORS: dict[int, str] = {
    0: "another error",
    1: "an unsupported algorithm of keys",
    2: "an unsupported digest of DS",
    3: "a stale answer",
    4: "a forged answer, by policy",
    5: "DNSSEC says neither yes nor no",
    6: "DNSSEC says: bogus",
    7: "a signature has expired",
    8: "a signature is not valid yet",
    9: "the keys are missing",
    10: "the signatures are missing",
    11: "no key of the zone",
    12: "the proof of absence is missing",
    13: "an error from the cache",
    14: "the server is not ready",
    15: "blocked",
    16: "censored",
    17: "filtered",
    18: "prohibited",
    19: "a stale answer that there is no such name",
    20: "not authoritative",
    21: "not supported",
    22: "no authority could be reached",
    23: "an error of the network",
    24: "invalid data",
    25: "a signature that expires before it is valid",
    26: "too early: it could be a repeated request",
    27: "too many rounds of NSEC3",
    28: "the policy does not allow it",
    29: "made up by the server from what it knows",
    30: "a type that can't be asked for",
    31: "too many queries",
    32: "over the quota",
}
"""INFO-CODE of RFC 8914 section 4, and those registered since."""


def option_named(code: int) -> str:
    """The option's name, or its number as text."""
    return OPTIONS[code][0] if code in OPTIONS else str(code)


def option_source(code: int) -> str:
    """The document of an option."""
    return OPTIONS[code][1] if code in OPTIONS else "RFC 6891 section 6.1.2"


def option_said(code: int, data: bytes) -> str:
    """What an option says, in one line; what a stranger wrote is made visible."""
    if code == 15 and len(data) >= 2:
        number = int.from_bytes(data[:2], "big")
        text = visible(data[2:].decode("utf-8", "backslashreplace"))
        meaning = EXTENDED_ERRORS.get(number, "an unknown error")
        return f"{number}: {meaning}" + (f" ({text})" if text else "")
    if code == 3:
        return visible(data.decode("utf-8", "backslashreplace"))
    if code == 12:
        return f"{len(data)} octets"
    return data.hex(" ")
