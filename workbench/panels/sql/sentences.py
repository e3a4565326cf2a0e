"""The one sentence that stands above everything, for runs and failures. No Qt."""

from collections.abc import Sequence

from workbench.errors import WorkbenchError
from workbench.formats.quantity import duration
from workbench.jobs.verdict import Verdict
from workbench.panels.sql.state import Result
from workbench.protocols.sql.values import Outcome


def count_of(rows: int) -> str:
    """A number of rows in words."""
    return "one row" if rows == 1 else f"{rows:,} rows"


def after_run(outcomes: Sequence[Outcome], results: Sequence[Result]) -> Verdict:
    """All statements were carried out."""
    took = duration(sum(one.elapsed_ns for one in outcomes))
    last = outcomes[-1]
    if len(outcomes) > 1:
        return Verdict("good", "done", f"{len(outcomes)} statements in {took}; the last: {what_came(last)}")
    left = results[-1].left_out if results else 0
    if left:
        return Verdict("warning", "done", f"{what_came(last)} in {took}; {left:,} of them were not kept")
    return Verdict("good", "done", f"{what_came(last)} in {took}")


def what_came(outcome: Outcome) -> str:
    """What one statement did."""
    if outcome.columns:
        return count_of(outcome.rows)
    if outcome.affected is not None:
        return f"{outcome.tag}: {count_of(outcome.affected)} changed"
    return outcome.tag or "nothing"


def failed(failure: WorkbenchError) -> Verdict:
    """A failure in one line, with the database's own words."""
    reply = f" ({failure.reply})" if failure.reply and failure.reply not in failure.what else ""
    if failure.committed == "maybe" and failure.stage == "commit":
        return Verdict("bad", "unknown", f"{failure.what}; whether it was committed is unknown")
    return Verdict(
        "bad", "refused" if failure.kind == "Refused" else failure.stage or "failed", failure.what + reply
    )
