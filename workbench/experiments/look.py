"""How values are found in a transcript: the octets and the facts of a thing's channels, from its step on."""

from collections.abc import Callable, Iterator

from workbench.experiments.thing import Look, Made, Seen, Value
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event

_TLS = "tls"


def last(made: Made) -> int | None:
    """The step's last event."""
    return made.stop - 1 if made.stop > made.first else None


# Octets on channels -------------------------------------------------------------------------------------------------


def _passed(made: Made, transcript: Transcript, direction: Direction) -> tuple[list[Event], bytes]:
    """The events of one direction, oldest first, and all their octets: of what the program said and heard."""
    found = []
    secured: set[int] = set()
    for event in events(made, transcript):
        if event.name == "tls.started":
            # From here on the connection carries records; what they hold is the plaintext's own layer.
            secured.add(event.channel)
        elif (
            event.kind == "bytes"
            and event.direction is direction
            and (event.channel not in secured or event.layer == _TLS)
        ):
            found.append(event)
    return found, b"".join(transcript.data(event) for event in found)


def events(made: Made, transcript: Transcript) -> Iterator[Event]:
    """All events of a thing's channels since the step that made it."""
    channels = made.channels()
    return (event for event in transcript.events(made.first) if event.channel in channels)


def octets_that(direction: Direction, value: Callable[[list[Event], bytes], Value]) -> Look:
    """A value of all octets of one direction, and of the events that carried them."""

    def look(made: Made, transcript: Transcript) -> Seen:
        found, data = _passed(made, transcript, direction)
        return Seen(value(found, data), found[-1].index if found else None)

    return look


def text_of(_found: list[Event], data: bytes) -> str:
    """Octets as text."""
    return as_text(data)


def hex_of(_found: list[Event], data: bytes) -> str:
    """Octets as hexadecimal."""
    return data.hex(" ")


def sizes_of(found: list[Event], _data: bytes) -> list[int]:
    """The size of each piece."""
    return [event.size for event in found]


def total_of(_found: list[Event], data: bytes) -> int:
    """The sum of the sizes."""
    return len(data)


def count_of(found: list[Event], _data: bytes) -> int:
    """How many pieces there were."""
    return len(found)


def as_text(data: bytes) -> str:
    """Octets as an expectation compares them: UTF-8 where they are, \\xHH where not."""
    return data.decode("utf-8", "backslashreplace")


# Facts on channels --------------------------------------------------------------------------------------------------


def fact(value: str, default: Value, *names: str) -> Look:
    """One value of the newest fact of these names."""

    def look(made: Made, transcript: Transcript) -> Seen:
        newest = Seen(default)
        for event in events(made, transcript):
            if event.name in names:
                found = event.values.get(value)
                newest = Seen(found if isinstance(found, str | int) else default, event.index)
        return newest

    return look
