"""`workbench selfcheck`: what this machine offers, what is off and why, what is missing."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.cli.arguments import Parsed, Verb
from workbench.cli.options import JSON
from workbench.cli.output import Output
from workbench.errors import LocalFault

if TYPE_CHECKING:
    from workbench.cli.checks import Checked

SIGNS = {"ok": "✓", "off": "–", "missing": "✗"}


def _run(_parsed: Parsed, output: Output) -> int:
    from workbench.cli.checks import State, run_checks

    checked = run_checks()
    missing = [one.check.title for one in checked if one.state is State.MISSING]
    if output.as_json:
        output.so_far = {"checks": [one.as_dict() for one in checked]}
    else:
        _show(checked, output)
    if missing:
        raise LocalFault(f"needed, but not there: {', '.join(missing)}", stage="selfcheck")
    if output.as_json:
        output.document(output.so_far, ok=True)
    else:
        output.note("everything that is needed is there")
    return 0


def _show(checked: "Sequence[Checked]", output: Output) -> None:
    width = max(len(one.check.title) for one in checked)
    for one in checked:
        state = one.state.value
        output.line(f"{SIGNS[state]} {state:<7}  {one.check.title:<{width}}  {one.finding.found}")
        if one.finding.advice:
            output.line(f"{'':{width + 11}}  try: {one.finding.advice}")


VERBS = (
    Verb(
        "",
        "look at Python, Qt, packages and network of this machine",
        "selfcheck/1",
        (JSON,),
        _run,
        "Nothing leaves this machine. Exit code 5 when something that is needed is missing.",
    ),
)
