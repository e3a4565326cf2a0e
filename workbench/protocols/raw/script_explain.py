"""What a script's own remarks in a conversation mean."""

from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Event
from workbench.transcript.render import Explanation
from workbench.wire.explain import explain as wire_explain


def explain(transcript: Transcript, event: Event) -> Explanation | None:
    """As wire.explain, and for the steps of scripts and rules as well."""
    values = event.values if event.kind == "fact" else {}
    match event.name if event.kind == "fact" else "":
        case "script.passed":
            note = f": {values['sentence']}" if values.get("sentence") else ""
            return Explanation(f"✓ {values['step']}", f"line {values['line']} of the script came true{note}")
        case "script.failed":
            sentence = f"line {values['line']} of the script failed: {values['sentence']}"
            return Explanation(f"✗ {values['step']}", sentence)
        case "rule.matched":
            then = "" if values["then"] == "keep" else f", then {values['then']}"
            sentence = f"rule {values['rule']} answers this after {values['delay_ms']} ms{then}"
            return Explanation(f"matched: {values['when']}", sentence)
        case "rule.off":
            sentence = f"{values['why']}: it is not asked again on this connection"
            return Explanation(f"rule {values['rule']} is off", sentence)
        case "repeat.started":
            what = f"send it {values['count']} times, {values['per_s']:g} a second"
            return Explanation(what, "the rate that a person chose, within the bounds that are shown")
        case "repeat.ended":
            what = f"{values['sent']} sent, {values['answered']} answered"
            return Explanation(what, f"{values['lost']} without an answer within the time that was given")
    return wire_explain(transcript, event)


FACTS = ("script.passed", "script.failed", "rule.matched", "rule.off", "repeat.started", "repeat.ended")
