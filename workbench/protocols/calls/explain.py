"""One plain sentence for every call by hand, with the manual page or the RFC behind it."""

from collections.abc import Callable, Mapping

from workbench.formats.quantity import duration, octets
from workbench.protocols.calls.spec import CALLS
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Event
from workbench.transcript.render import Explanation
from workbench.wire.explain import explain as explain_wire

Values = Mapping[str, object]


def explain(transcript: Transcript, event: Event) -> Explanation | None:
    """What an event of a desk means; what the wire explains already is left to it."""
    known = FACTS.get(event.name) if event.kind == "fact" else None
    return known(event.values) if known is not None else explain_wire(transcript, event)


def _what(values: Values) -> str:
    spec = CALLS.get(str(values["call"]))
    return spec.what if spec is not None else ""


def _done(v: Values) -> Explanation:
    result = str(v["result"])
    shown = f"{v['text']} → {result}" if result not in ("None", "") else str(v["text"])
    accepted, offered = v["accepted"], v["offered"]
    parts = [] if v["remark"] else [_what(v)]
    if isinstance(accepted, int) and isinstance(offered, int) and offered:
        parts = [f"{octets(accepted)} of {octets(offered)} taken by the system"]
    if v["remark"]:
        parts.append(str(v["remark"]))
    return Explanation(f"{v['number']}  {shown}", "; ".join(parts), str(v["source"]))


def _failed(v: Values) -> Explanation:
    symbol = f" {v['errno']}" if v["errno"] else ""
    parts = [str(each) for each in (v["meaning"] or v["said"], v["remark"]) if each]
    return Explanation(
        f"{v['number']}  {v['text']} ✗ {v['raised']}{symbol}", "; ".join(parts), str(v["source"])
    )


def _cancelled(v: Values) -> Explanation:
    elapsed = v["elapsed_ns"]
    after = f" after {duration(elapsed)}" if isinstance(elapsed, int) and elapsed else ""
    return Explanation(f"{v['number']}  {v['text']} cancelled{after}", "nobody waits for it any more")


def _waits(v: Values) -> Explanation:
    spec = CALLS.get(str(v["call"]))
    return Explanation(
        f"{v['number']}  {v['call']} waits",
        f"the socket is {v['mode']}; the window does not wait with it",
        spec.source if spec is not None else "",
    )


def _option(v: Values) -> Explanation:
    differs = (
        f"{v['asked']} was asked for, and something else is in force" if v["differs"] else "as asked for"
    )
    return Explanation(f"{v['option']} reads {v['back']}", differs, "setsockopt(2)")


FACTS: dict[str, Callable[[Values], Explanation]] = {
    "call.done": _done,
    "call.failed": _failed,
    "call.cancelled": _cancelled,
    "call.waits": _waits,
    "call.option": _option,
}
"""Every fact that a desk records; a test walks the code for names that are missing here."""
