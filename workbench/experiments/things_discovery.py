"""What can be seen of a search in a group. Joined in things.py."""

from typing import NamedTuple, cast

from workbench.experiments.thing import Field, Look, Made, Seen, Value
from workbench.transcript.recorder import Transcript


class DiscoveredSeen(NamedTuple):
    """Who was found.

    present, gone: names in alphabetical order, with commas between. found: how many, those that left too. addresses:
    of all of them. faults: what is wrong with them. odd: what was heard and may not be. sent: datagrams of ours.
    """

    present: str
    gone: str
    found: int
    addresses: str
    faults: str
    odd: str
    sent: int


def _of(name: str) -> Look:
    def look(made: Made, transcript: Transcript) -> Seen:
        facts = [
            event.index
            for event in transcript.events(made.first, made.stop)
            if event.name in ("discovery.found", "discovery.left", "discovery.odd")
        ]
        return Seen(cast(Value, getattr(made.thing, name)), facts[-1] if facts else None)

    return look


DISCOVERED_FIELDS: dict[str, Field] = {
    "present": Field("text", "who is there in {}", _of("present")),
    "gone": Field("text", "who left during {}", _of("gone")),
    "found": Field("number", "how many {} found", _of("found")),
    "addresses": Field("text", "the addresses of those that {} found", _of("addresses")),
    "faults": Field("text", "what is wrong with those that {} found", _of("faults")),
    "odd": Field("text", "what was odd in {}", _of("odd")),
    "sent": Field("number", "the datagrams that were sent for {}", _of("sent")),
}
