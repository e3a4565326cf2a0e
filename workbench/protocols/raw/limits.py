"""How long a session may take, be silent, or not be taken from; and what is told when one of these limits passes.

Contract. There is no limit unless a person asks for one: a connection of TCP may be silent for hours and be well. Read
idle counts from the last octet that arrived, write stall from the last that the system took; both say what waits in
the queues as evidence. Zero asks once and does not wait, as a socket that does not block.
"""

from typing import Final, Literal, NamedTuple

from workbench.errors import TooSlow
from workbench.formats.quantity import duration_s, octets
from workbench.protocols.raw.field import mistake_in
from workbench.wire.stream import Stream

Limit = Literal["connect", "idle", "stall", "total"]
CONNECT_WITHIN_S: Final = 30.0
"""As long as the wire waits by itself, for who asks for nothing."""
LONGEST_S: Final = 86_400.0


class LimitsForm(NamedTuple):
    """What was typed: seconds, or nothing for no limit."""

    connect: str = ""
    idle: str = ""
    stall: str = ""
    total: str = ""


class Limits(NamedTuple):
    """Seconds; None is for ever. Of idle and stall 0 means not to wait at all."""

    connect_s: float | None = None
    idle_s: float | None = None
    stall_s: float | None = None
    total_s: float | None = None


UNLIMITED: Final = Limits()
NAMES: Final[dict[Limit, str]] = {
    "connect": "connect",
    "idle": "read idle",
    "stall": "write stall",
    "total": "total",
}
KEEPALIVE: Final = (
    "a limit of ours ends a connection that is silent, whether the peer is alive or not; keep-alive (KEEPALIVE=1) asks "
    "a silent peer's system now and then, and ends it only where nobody answers"
)
"""The difference, for people."""


def read_limits(form: LimitsForm) -> Limits:
    """The limits that a form asks for. Raises: FieldMistake with the field and its place."""
    return Limits(
        _seconds("connect", form.connect),
        _seconds("idle", form.idle, may_be_zero=True),
        _seconds("stall", form.stall, may_be_zero=True),
        _seconds("total", form.total),
    )


def passed(limit: Limit, seconds: float, stream: Stream) -> TooSlow:
    """The failure to raise when a limit has passed; written down with what waits in the queues."""
    queues = stream.queues()
    unread = queues.unread if queues is not None else 0
    unsent = queues.unacknowledged if queues is not None else None
    index = stream.channel.fact("limit.passed", limit=limit, seconds=seconds, unread=unread, unsent=unsent)
    waits = _evidence(unread, unsent)
    if limit == "stall":
        what = f"the peer took nothing for {duration_s(seconds)} (write stall): {waits}"
        advice = "it reads too slowly or not at all, or the way there is cut"
    elif limit == "idle":
        what = f"the peer sent nothing for {duration_s(seconds)} (read idle): {waits}"
        advice = "it may be well and have nothing to say: silence alone does not tell"
    else:
        what = f"the session was not over after {duration_s(seconds)} (total): {waits}"
        advice = "give it more time, or find out what it waited for"
    return TooSlow(
        what,
        stage=NAMES[limit],
        # What a socket that does not block says instead of waiting.
        errno_name="" if seconds else "EAGAIN",
        committed="maybe",
        advice=advice,
        transcript_index=index,
    )


def _evidence(unread: int, unsent: int | None) -> str:
    if unsent is None:
        return f"{octets(unread)} wait to be read"
    if unsent:
        return f"{octets(unsent)} of ours wait to be taken"
    return "nothing of ours waits"


def _seconds(field: str, text: str, *, may_be_zero: bool = False) -> float | None:
    text = text.strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError as error:
        raise mistake_in(field, "this is no number of seconds", text) from error
    if not (0 <= seconds <= LONGEST_S):
        raise mistake_in(field, f"seconds go from 0 to {LONGEST_S:g}", text)
    if not seconds and not may_be_zero:
        raise mistake_in(field, "no time at all is too short", text, advice="leave it empty for no limit")
    return seconds
