"""The letters that lie in the Lab's mailboxes from the beginning: files of ours, and any number of generated ones."""

import functools
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from workbench import assets

FOLDER = "lab/letters"
DATE = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
"""When the first one came: a list that changes from day to day can't be compared."""
_BETWEEN = timedelta(minutes=7)
_WORDS = (
    "harbour",
    "lantern",
    "orchard",
    "compass",
    "meadow",
    "granite",
    "whistle",
    "ferry",
    "candle",
    "ledger",
)
_FLAGS = {"text.eml": ("\\Seen",), "attachments.eml": ("\\Flagged",), "answer.eml": ("\\Seen", "\\Answered")}
AS_IT_IS = "mixed-line-ends"
"""The file whose line ends stay as they are; all others are kept with LF and go out with CRLF."""


class Sample(NamedTuple):
    """One letter: its octets, flags, and when it came."""

    raw: bytes
    flags: tuple[str, ...]
    arrived: datetime


@functools.cache
def samples() -> tuple[Sample, ...]:
    """All letters of the folder, by name."""
    found = []
    for at, name in enumerate(assets.names(FOLDER, ".eml")):
        raw = assets.read_bytes(name)
        short = name.rpartition("/")[2].partition("-")[2]
        if AS_IT_IS in name:
            raw = _mixed(raw)
        else:
            raw = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        found.append(Sample(raw, _FLAGS.get(short, ()), DATE + at * _BETWEEN))
    return tuple(found)


def _mixed(raw: bytes) -> bytes:
    """Header with CRLF, in the body in turn LF, CR LF and CR alone: what no file of a checkout keeps."""
    header, _, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    ends = (b"\n", b"\r\n", b"\r")
    lines = body.splitlines()
    mixed = b"".join(line + ends[at % 3] for at, line in enumerate(lines))
    return header.replace(b"\n", b"\r\n") + b"\r\n\r\n" + mixed


def generated(number: int) -> bytes:
    """A small letter that is the same whenever it is asked for."""
    date = DATE - timedelta(hours=number % 9000)
    word, other = _WORDS[number % 10], _WORDS[(number // 10) % 10]
    return (
        f"From: {word.title()} <{word}@lab.test>\r\n"
        f"To: anna@lab.test\r\n"
        f"Subject: {other} number {number}\r\n"
        f"Date: {date:%a, %d %b %Y %H:%M:%S} +0000\r\n"
        f"Message-ID: <{number}.many@lab.test>\r\n"
        "\r\n"
        f"The {word} and the {other} met for the {number}. time.\r\n"
    ).encode()
