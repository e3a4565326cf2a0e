"""`workbench socket transport` and `machine`: advice with its counting, and what this machine calls itself."""

from typing import cast

from workbench.cli.arguments import Parsed
from workbench.cli.output import Output
from workbench.errors import Refused
from workbench.protocols.raw.transport_table import NEEDS
from workbench.protocols.raw.transports import RULE, WORDS, Advice, Score, advise
from workbench.wire.own_names import own_names


def transport_verb(parsed: Parsed, output: Output) -> int:
    """Advise, or list the needs where none is given. Raises: Refused: no transport gives all of them."""
    needs = parsed["--need"]
    if not needs:
        if output.as_json:
            output.document({"needs": [], "known": [need._asdict() for need in NEEDS]}, ok=True)
            return 0
        for need in NEEDS:
            output.line(f"{need.id:<12}{need.title} ({need.what})")
        return 0
    advice = advise(needs)
    output.so_far = _document(advice)
    if not output.as_json:
        for place, score in enumerate(advice.scores, 1):
            output.line(f"{place}. {score.candidate.name}: {score.points} of {score.most} points")
            for each in score.judged:
                cell = each.cell
                output.line(
                    f"   {each.points}  {each.need.id}: {WORDS[cell.mark]}: {cell.why} ({cell.source})"
                )
        output.note(RULE)
    if not advice.is_whole:
        raise Refused(
            advice.sentence, stage="choice", advice="leave one need out, or divide the conversation"
        )
    if output.as_json:
        output.document(output.so_far, ok=True)
    else:
        output.note(advice.sentence)
    return 0


def _document(advice: Advice) -> dict[str, object]:
    return {
        "needs": [each.need.id for each in advice.scores[0].judged],
        "advice": advice.scores[0].candidate.id,
        "is_whole": advice.is_whole,
        "sentence": advice.sentence,
        "rule": RULE,
        "transports": [_score(score) for score in advice.scores],
    }


def _score(score: Score) -> dict[str, object]:
    return {
        "id": score.candidate.id,
        "name": score.candidate.name,
        "source": score.candidate.source,
        "points": score.points,
        "most": score.most,
        "lacking": [need.id for need in score.lacking],
        "judged": [
            {"need": each.need.id, "points": each.points, **each.cell._asdict()} for each in score.judged
        ],
    }


def machine_verb(parsed: Parsed, output: Output) -> int:
    """Derive the names and addresses of this machine."""
    found = own_names(cast("str | None", parsed["--name"]))
    if output.as_json:
        document: dict[str, object] = {
            "name": found.name,
            "full_name": found.full,
            "reach": found.reach,
            "steps": [step._asdict() for step in found.steps],
            "candidates": [{"address": address, "reach": reach} for address, reach in found.candidates],
            "warnings": list(found.warnings),
        }
        output.document(document, ok=True)
        return 0
    for step in found.steps:
        told = ", ".join(step.told) or step.errno or "nothing"
        output.line(f"{step.call}: {told}" + (f" ({step.reach})" if step.reach else ""))
        output.line(f"    {step.why} ({step.source})")
    for warning in found.warnings:
        output.note(f"warning: {warning}")
    return 0
