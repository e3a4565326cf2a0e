"""`workbench experiment list|run|script`: the experiments from the terminal."""

from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from workbench.cli.arguments import Argument, Parsed, Verb
from workbench.cli.options import JSON, TIMEOUT, TRANSCRIPT, WITH_SECRETS
from workbench.cli.output import Output
from workbench.errors import LocalMisuse

if TYPE_CHECKING:
    from workbench.experiments.values import Card


def _card(text: str) -> "Card":
    from workbench.experiments.card import find_card

    return find_card(text)


def _list(_parsed: Parsed, output: Output) -> int:
    from workbench.experiments.card import all_cards

    cards = all_cards()
    if output.as_json:
        listed = [
            {
                "id": card.id,
                "title": card.title,
                "panel": card.panel,
                "rows": list(card.rows),
                "rfc": list(card.rfc),
                "question": card.question,
                "choices": list(card.choices),
            }
            for card in cards
        ]
        output.document({"experiments": listed}, ok=True)
        return 0
    width = max((len(card.id) for card in cards), default=0)
    for card in cards:
        output.line(f"{card.id:<{width}}  {card.title}")
    return 0


def _run(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    cards = _chosen(parsed)
    if any(card.as_written.services or card.broken.services for card in cards):
        # A Lab's process takes as long to start as our own imports: let both begin now.
        from workbench.cli.lab_access import begin_early

        begin_early()
    if parsed.flag("--broken"):
        modes: tuple[bool, ...] = (True,)
    else:
        modes = (False, True) if parsed.flag("--all") or parsed.flag("--both") else (False,)
    from workbench.cli.experiment_run import run_verb

    return run_verb(cards, modes, parsed, output)


def _chosen(parsed: Parsed) -> "Sequence[Card]":
    cards: Sequence[Card] = parsed["ID"]
    if not parsed.flag("--all"):
        if cards:
            return cards
        raise LocalMisuse(
            "which experiment?",
            advice="name one of `workbench experiment list`, or write --all for every one",
        )
    if cards:
        raise LocalMisuse("--all means every experiment", advice="leave the names out, or leave --all out")
    from workbench.experiments.card import all_cards

    return all_cards()


def _script(parsed: Parsed, output: Output) -> int | Coroutine[Any, Any, int]:
    from workbench.cli.experiment_script import script_verb

    return script_verb(parsed, output)


VERBS = (
    Verb(
        "list",
        "the experiments there are",
        "experiment.list/1",
        (JSON,),
        _list,
    ),
    Verb(
        "run",
        "play experiments to their end and compare what was seen with what was expected",
        "experiment.run/1",
        (
            Argument(
                "ID", "an experiment of `workbench experiment list`", read=_card, many=True, needed=False
            ),
            Argument("--all", "every experiment, as written and with its [broken] part"),
            Argument("--both", "as written, and with the [broken] part of the card, which must make it fail"),
            Argument("--broken", "only with the [broken] part"),
            TIMEOUT,
            TRANSCRIPT,
            WITH_SECRETS,
            JSON,
        ),
        _run,
        "Every experiment must pass as it is written, and fail when its card's [broken] part is applied: the exit\n"
        "code is 0 when all went as they should, else 1. --timeout holds for each playing.\n"
        "\n"
        "  workbench experiment run half-close\n"
        "  workbench experiment run half-close --broken\n"
        "  workbench experiment run --all --json",
    ),
    Verb(
        "script",
        "an experiment as a Python program of its own",
        "experiment.script/1",
        (
            Argument("ID", "an experiment of `workbench experiment list`", read=_card),
            Argument(
                "--authority", "write in the certificates of the Lab that is open, for experiments with TLS"
            ),
            Argument("--broken", "with the [broken] part of the card: then it must fail"),
            JSON,
        ),
        _script,
        "The program needs Python 3.11, and the packages that it names at its beginning.\n"
        "Where the experiment talks to services of the Lab, it is told servers on its\n"
        "command line, NAME=HOST:PORT, and says which. Its exit code is 0 when all was\n"
        "seen as the card says, 1 when not, 2 when it was not told enough.\n"
        "\n"
        "  workbench experiment script half-close > half_close.py\n"
        "  workbench experiment script half-close | python3 -\n"
        "  workbench experiment script nothing-there > nothing_there.py\n"
        "  python3 nothing_there.py dns=127.0.0.1:5353",
    ),
)
