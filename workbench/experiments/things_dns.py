"""What can be seen of an answer of a name server, and of the check of a claimed name. Joined in things.py."""

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from workbench.experiments.thing import Field, Look, Made, Seen, Value
from workbench.transcript.recorder import Transcript

if TYPE_CHECKING:
    # Who reads a card alone needs no dnspython.
    from workbench.protocols.dns.reverse import ReverseCheck
    from workbench.protocols.dns.values import Lookup


def _newest(made: Made, transcript: Transcript, name: str) -> int | None:
    """The newest fact of this name that the step recorded."""
    found = [event.index for event in transcript.events(made.first, made.stop) if event.name == name]
    return found[-1] if found else None


def _of_lookup(value: "Callable[[Lookup], Value]", fact: str = "dns.answer") -> Look:
    def look(made: Made, transcript: Transcript) -> Seen:
        return Seen(value(cast("Lookup", made.thing)), _newest(made, transcript, fact))

    return look


def _of_check(value: "Callable[[ReverseCheck], Value]") -> Look:
    def look(made: Made, transcript: Transcript) -> Seen:
        return Seen(value(cast("ReverseCheck", made.thing)), _newest(made, transcript, "dns.verdict"))

    return look


def _outcome(found: "Lookup") -> str:
    return found.outcome.value


def _rcode(found: "Lookup") -> str:
    return found.message.rcode


def _data(found: "Lookup") -> str:
    return ", ".join(sorted(record.data for record in found.found))


def _records(found: "Lookup") -> int:
    return len(found.found)


def _transport(found: "Lookup") -> str:
    return found.transport


def _truncated(found: "Lookup") -> bool:
    return found.truncated


def _queries(found: "Lookup") -> int:
    return found.sent


def _ignored(found: "Lookup") -> int:
    return found.ignored_count


def _reason(found: "Lookup") -> str:
    return found.ignored[-1].reason if found.ignored else ""


def _verdict(check: "ReverseCheck") -> str:
    return check.verdict.value if check.verdict is not None else ""


def _names(check: "ReverseCheck") -> str:
    return ", ".join(sorted(name.name for name in check.names))


def _addresses(check: "ReverseCheck") -> str:
    return ", ".join(sorted({found.text for name in check.names for found in name.addresses}))


LOOKUP_FIELDS: dict[str, Field] = {
    "outcome": Field("text", "what {} says about the question", _of_lookup(_outcome)),
    "rcode": Field("text", "the result in the header of {}", _of_lookup(_rcode)),
    "data": Field("text", "the data of {}", _of_lookup(_data)),
    "records": Field("number", "how many records {} holds", _of_lookup(_records)),
    "transport": Field("text", "what brought {}", _of_lookup(_transport)),
    "truncated": Field(
        "flag", "whether {} was cut off by UDP before", _of_lookup(_truncated, "dns.truncated")
    ),
    "queries": Field("number", "how many queries were sent for {}", _of_lookup(_queries)),
    "ignored": Field(
        "number", "how many messages were not accepted before {}", _of_lookup(_ignored, "dns.ignored")
    ),
    "reason": Field(
        "text", "why the last of those was not accepted before {}", _of_lookup(_reason, "dns.ignored")
    ),
}
CHECK_FIELDS: dict[str, Field] = {
    "verdict": Field("text", "the verdict of {}", _of_check(_verdict)),
    "names": Field("text", "the names that were claimed at {}", _of_check(_names)),
    "addresses": Field("text", "the addresses that those names have at {}", _of_check(_addresses)),
}
