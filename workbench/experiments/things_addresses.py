"""What can be seen of look-ups, notations and routes. Joined in things.py."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, cast

from workbench.experiments.thing import Field, Look, Made, Seen, Value
from workbench.transcript.recorder import Transcript

if TYPE_CHECKING:
    from workbench.formats.notation import Inspection
    from workbench.formats.services import Service
    from workbench.formats.subnet import Comparison
    from workbench.protocols.route.values import Trace
    from workbench.wire.lookup import Result
    from workbench.wire.nobody import Attempt

T = TypeVar("T")


def _of(value: Callable[[T], Value]) -> Look:
    """A look at the thing; where the step recorded something, its last fact shows it."""

    def look(made: Made, transcript: Transcript) -> Seen:
        facts = [event.index for event in transcript.events(made.first, made.stop) if event.kind != "bytes"]
        return Seen(value(cast(T, made.thing)), facts[-1] if facts else None)

    return look


def _port(service: "Service") -> Value:
    return service.port


def _count(results: "tuple[Result, ...]") -> Value:
    return len(results)


def _families(results: "tuple[Result, ...]") -> Value:
    return ", ".join(sorted({one.family for one in results}))


def _types(results: "tuple[Result, ...]") -> Value:
    return ", ".join(sorted({one.kind for one in results}))


def _protocols(results: "tuple[Result, ...]") -> Value:
    return ", ".join(sorted({one.protocol for one in results}))


def _first(results: "tuple[Result, ...]") -> Value:
    return repr(results[0].place)


def _parts(results: "tuple[Result, ...]") -> Value:
    return len(results[0].place)


def _hosts(results: "tuple[Result, ...]") -> Value:
    return len({one.place[0] for one in results})


def _canonical(found: "Inspection") -> Value:
    return found.canonical


def _kind(found: "Inspection") -> Value:
    return found.kind.word


def _ambiguous(found: "Inspection") -> Value:
    return found.is_ambiguous


def _others(found: "Inspection") -> Value:
    return "; ".join(found.others)


def _direct(found: "Comparison") -> Value:
    return found.is_direct


def _equal(found: "Comparison") -> Value:
    return found.equal


def _hops(trace: "Trace") -> Value:
    return len(trace.hops)


def _reached(trace: "Trace") -> Value:
    return trace.reached is not None


def _answer(trace: "Trace") -> Value:
    return trace.hops[-1].word if trace.hops else ""


def _type(trace: "Trace") -> Value:
    return trace.hops[-1].kind if trace.hops else -1


def _code(trace: "Trace") -> Value:
    return trace.hops[-1].code if trace.hops else -1


def _listens(tried: "Attempt") -> Value:
    return tried.listens


def _refusal(tried: "Attempt") -> Value:
    return tried.symbol


def _privileged(tried: "Attempt") -> Value:
    return tried.port < tried.threshold


SERVICE_FIELDS: dict[str, Field] = {"port": Field("number", "the port of {}", _of(_port))}
CANDIDATES_FIELDS: dict[str, Field] = {
    "count": Field("number", "how many results {} has", _of(_count)),
    "hosts": Field("number", "how many addresses {} has", _of(_hosts)),
    "families": Field("text", "the families in {}", _of(_families)),
    "types": Field("text", "the types in {}", _of(_types)),
    "protocols": Field("text", "the protocols in {}", _of(_protocols)),
    "first": Field("text", "the first address in {}", _of(_first)),
    "parts": Field("number", "how many parts the first address of {} has", _of(_parts)),
}
INSPECTED_FIELDS: dict[str, Field] = {
    "canonical": Field("text", "the canonical form of {}", _of(_canonical)),
    "kind": Field("text", "what {} is for", _of(_kind)),
    "ambiguous": Field("flag", "whether others may read {} otherwise", _of(_ambiguous)),
    "others": Field("text", "what others read in {}", _of(_others)),
}
JUDGED_FIELDS: dict[str, Field] = {
    "direct": Field("flag", "whether {} is on the link", _of(_direct)),
    "equal": Field("number", "how many leading bits are equal at {}", _of(_equal)),
}
TRACED_FIELDS: dict[str, Field] = {
    "hops": Field("number", "how many hops {} has", _of(_hops)),
    "reached": Field("flag", "whether {} ends at the host", _of(_reached)),
    "answer": Field("text", "the answer at the end of {}", _of(_answer)),
    "type": Field("number", "the ICMP type at the end of {}", _of(_type)),
    "code": Field("number", "the ICMP code at the end of {}", _of(_code)),
}
ATTEMPT_FIELDS: dict[str, Field] = {
    "listens": Field("flag", "whether {} listened", _of(_listens)),
    "refusal": Field("text", "the system's word to {}", _of(_refusal)),
    "privileged": Field("flag", "whether the port of {} is below the threshold", _of(_privileged)),
}
