"""The stall detective: told what each end of a connection waits for, it says who waits for whom, and how to get out.

No socket and no clock: looks go in, a finding comes out. With both ends in sight the waits either close a circle (a
deadlock) or don't; with one end it says what is known there, and no more.
"""

from workbench.formats.quantity import count, octets
from workbench.protocols.flow.values import Arc, EndLook, Finding

PATIENCE_S = 1.0
"""Less is no stall: a round trip, a slow disk, a person's thought."""

_READ = ("send what the other waits for", "agree who speaks first", "give the reads a deadline")
_WRITE = (
    "start reading",
    "read after every write",
    "write and read at the same time, in two tasks",
    "give the writes a deadline",
)
MOVING = Finding("moving", "octets move, or have moved a moment ago")
_END_THE_LINE = "send the end of the line"


def judge(
    now_s: float, here: EndLook, there: EndLook | None = None, *, patience_s: float = PATIENCE_S
) -> Finding:
    """What stops this connection now, if anything.

    Args:
        now_s: by the same clock as the looks' times.
        here, there: both ends; None where the other one is not in sight.
    """
    if here.is_over and (there is None or there.is_over):
        return Finding("over", "both directions have ended" if there is not None else "the peer has finished")
    if there is None:
        return _one_end(now_s, here, patience_s)
    found = _both_ends(now_s, here, there)
    # The newest of its waits closed a circle: before that there was none.
    return found if found.for_s >= patience_s else MOVING


def _waited(now_s: float, end: EndLook, patience_s: float) -> bool:
    return any(
        since is not None and now_s - since >= patience_s
        for since in (end.reading_since_s, end.writing_since_s)
    )


def _both_ends(now_s: float, a: EndLook, b: EndLook) -> Finding:
    both_write = a.writing_since_s is not None and b.writing_since_s is not None
    if both_write and not (_reads(a) or _reads(b)):
        return _write_write(now_s, a, b)
    for writer, other in ((a, b), (b, a)):
        if writer.writing_since_s is not None and not _reads(other):
            return _not_reading(now_s, writer, other)
    for reader, other in ((a, b), (b, a)):
        if _hungry(reader) and not _reads(other) and other.writing_since_s is None and other.unread:
            return _neglected(now_s, reader, other)
    if _hungry(a) and _hungry(b):
        return _read_read(now_s, a, b)
    for reader, other in ((a, b), (b, a)):
        if _hungry(reader) and reader.reading_since_s is not None:
            return _idle(now_s, reader, other)
    return MOVING


def _reads(end: EndLook) -> bool:
    return end.reading_since_s is not None


def _hungry(end: EndLook) -> bool:
    """Waits to read while nothing is there that could be read."""
    return end.reading_since_s is not None and not end.unread and not end.is_over


def _write_write(now_s: float, a: EndLook, b: EndLook) -> Finding:
    for_s = _least(now_s, a.writing_since_s, b.writing_since_s)
    return Finding(
        "write/write",
        f"both write and neither reads: {a.name} waits for room that only {b.name}’s reading makes, and the other way "
        f"round; the queues are full ({_queues(a, b)})",
        for_s,
        (Arc(a.name, b.name, "room"), Arc(b.name, a.name, "room")),
        _WRITE,
        True,
    )


def _read_read(now_s: float, a: EndLook, b: EndLook) -> Finding:
    for_s = _least(now_s, a.reading_since_s, b.reading_since_s)
    unended = [end.name for end, other in ((a, b), (b, a)) if _unended(end, other)]
    why = f"; the last that {unended[0]} sent has no line end, and the other waits for one" if unended else ""
    return Finding(
        "read/read",
        f"both wait to read and nothing is under way: {a.name} waits for {b.name}, and {b.name} for {a.name}{why}",
        for_s,
        (Arc(a.name, b.name, "octets"), Arc(b.name, a.name, "octets")),
        (_END_THE_LINE, *_READ) if unended else _READ,
        True,
    )


def _not_reading(now_s: float, writer: EndLook, other: EndLook) -> Finding:
    waits = f"; {octets(other.unread)} wait in its system" if other.unread else ""
    return Finding(
        "not reading",
        f"{writer.name} waits for room, and {other.name} does not read{waits}",
        _least(now_s, writer.writing_since_s),
        (Arc(writer.name, other.name, "room"), Arc(other.name, writer.name, "nothing")),
        (
            f"let {other.name} read",
            f"give {writer.name}’s writes a deadline",
            "send less before an answer is read",
        ),
    )


def _neglected(now_s: float, reader: EndLook, other: EndLook) -> Finding:
    return Finding(
        "not reading",
        f"{reader.name} waits for an answer, and {other.name} has not read the question: {octets(other.unread or 0)} "
        "wait in its system",
        _least(now_s, reader.reading_since_s),
        (Arc(reader.name, other.name, "octets"), Arc(other.name, reader.name, "nothing")),
        (f"let {other.name} read", f"give {reader.name}’s reads a deadline"),
    )


def _idle(now_s: float, reader: EndLook, other: EndLook) -> Finding:
    return Finding(
        "idle",
        f"{reader.name} waits to read, and {other.name} does something else; it owes nothing that is seen here",
        _least(now_s, reader.reading_since_s),
        (Arc(reader.name, other.name, "octets"),),
        (f"give {reader.name}’s reads a deadline",),
    )


def _one_end(now_s: float, here: EndLook, patience_s: float) -> Finding:
    if here.reading_since_s is None and here.writing_since_s is None:
        return Finding("nothing", f"{here.name} waits for nothing")
    if not _waited(now_s, here, patience_s):
        return MOVING
    if here.writing_since_s is not None:
        stuck = f"; {octets(here.unsent)} are not confirmed" if here.unsent else ""
        neglects = f", and {octets(here.unread)} of the peer’s wait here unread" if here.unread else ""
        return Finding(
            "blocked",
            f"{here.name} waits for room: the peer takes no more{stuck}{neglects}",
            _least(now_s, here.writing_since_s),
            (Arc(here.name, "the peer", "room"),),
            _WRITE,
        )
    for_s = _least(now_s, here.reading_since_s)
    told, ways = _what_was_sent(here)
    return Finding(
        "silence",
        f"{here.name} waits to read; nothing came for {seconds(for_s)}{told}",
        for_s,
        (Arc(here.name, "the peer", "octets"),),
        (*ways, "give the read a deadline", "ask again, or end the connection"),
    )


def _what_was_sent(here: EndLook) -> tuple[str, tuple[str, ...]]:
    if here.unsent:
        return (
            f"; {octets(here.unsent)} of what was sent are not even confirmed by the peer’s system",
            ("find out whether the peer’s machine is still there",),
        )
    if not here.last_sent:
        return "; nothing was sent either: perhaps the peer waits too", ("say something",)
    if here.is_answered:
        return "; something came after what was sent last: perhaps that was all", ()
    if not here.last_sent.endswith(b"\n"):
        last = count(len(here.last_sent.rpartition(b"\n")[2]), "octet")
        return f"; the last that was sent has no line end ({last} after the last one)", (_END_THE_LINE,)
    if not here.last_sent.endswith(b"\r\n"):
        return "; the last line that was sent ends in LF alone, and many protocols want CR LF", (
            "send lines that end in CR LF",
        )
    return "; what was sent ended with a line end, and the peer’s system has confirmed it", ()


def _unended(end: EndLook, other: EndLook) -> bool:
    return other.awaits == "line" and bool(end.last_sent) and not end.last_sent.endswith(b"\n")


def _queues(a: EndLook, b: EndLook) -> str:
    parts = []
    for end in (a, b):
        if end.unsent is not None and end.unread is not None:
            parts.append(f"{end.name}: {octets(end.unsent)} to send, {octets(end.unread)} unread")
    return "; ".join(parts) or "as far as is known"


def _least(now_s: float, *since: float | None) -> float:
    return min((now_s - each for each in since if each is not None), default=0.0)


def seconds(span_s: float) -> str:
    """A wait as people say it: whole seconds from two on."""
    return f"{span_s:.0f} s" if span_s >= 2 else f"{span_s:.1f} s"
