"""Cards: the experiments in resources/experiments, one TOML file each, read strictly.

A mistake in a card is a LocalMisuse that names the file, the key and what to do; nothing is guessed and no key is
ignored. The parts of a card are documented where they are read: steps in verbs.py, [lab] and [broken] in plan.py,
[[expect]] in expectation.py. The rest:

    id = "half-close"                  the name of the file
    title = "The other half stays open"
    panel = "sockets"                  where the window shows it
    rows = ["C5.1"]                    the capabilities that its checks show; may be empty
    rfc = ["RFC 9293 3.6"]             the documents that decide; may be empty
    needs = ["ipv6"]                   what not every machine has (needs.NEEDS); may be left out
    instead = "two-families"           the card that shows the same on such a machine; may be left out
    question = "..."                   what a person is asked before anything is played
    [predict]
    choices = ["nothing more", "the rest still comes"]      two to four
    right = 1                                               counted from 0
    [explain]
    text = "..."                       why it is so
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from workbench import assets
from workbench.errors import LocalMisuse
from workbench.experiments.expectation import Kinds, read_expectation
from workbench.experiments.needs import NEEDS
from workbench.experiments.plan import NAME, read_broken, read_plan
from workbench.experiments.table import Table, misuse, shown
from workbench.experiments.values import Card, Expectation, Plan, Service, Step
from workbench.experiments.verbs import kinds_of

__all__ = [
    "Card",
    "Expectation",
    "Head",
    "Plan",
    "Service",
    "Step",
    "all_cards",
    "card_from_table",
    "card_ids",
    "find_card",
    "heads",
    "load_card",
]

FOLDER = "experiments"
PANELS = ("start", "sockets", "dns", "web", "mail", "files", "sql", "certificates", "servers")
MAX_CARD = 65_536
"""Characters of a file: ten times the longest card of ours."""
_ROW = re.compile(r"[A-Z]+[0-9]*\.[0-9]+[a-z]?", re.ASCII)
_RFC = re.compile(
    # What no RFC decides is named by its maker's document and the title of the page.
    r"RFC [1-9][0-9]{0,4}( [0-9A-Z]{1,3}(\.[0-9]{1,3}){0,5})?|(SQLite|PostgreSQL docs): [A-Z][A-Za-z0-9 .]{2,60}",
    re.ASCII,
)
_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def card_ids() -> tuple[str, ...]:
    """The ids of the built-in cards, in order."""
    names = (name.rpartition("/")[2] for name in assets.names(FOLDER, ".toml"))
    return tuple(sorted(name.removesuffix(".toml") for name in names))


class Head(NamedTuple):
    """What a list of experiments tells of one."""

    id: str
    title: str
    question: str


def heads() -> tuple[Head, ...]:
    """The built-in cards in order, of each only what a list tells: read in a tenth of the time of all_cards()."""
    return tuple(_head(card_id) for card_id in card_ids())


def _head(card_id: str) -> Head:
    # What stands before the first table. A card that is not in order is told by whoever reads all of it.
    values = tomllib.loads(assets.read_text(f"{FOLDER}/{card_id}.toml").partition("\n[")[0])
    return Head(card_id, str(values.get("title", "")), str(values.get("question", "")))


def all_cards() -> tuple[Card, ...]:
    """Every built-in card, in order of their ids. Raises: LocalMisuse for the first one that is not in order."""
    return tuple(_read_asset(f"{card_id}.toml") for card_id in card_ids())


def find_card(card_id: str) -> Card:
    """The built-in card of this id.

    Raises: LocalMisuse: there is none; the advice names what may have been meant.
    """
    from difflib import get_close_matches

    known = card_ids()
    if card_id not in known:
        close = get_close_matches(card_id[:60], known, n=3, cutoff=0.55)
        raise LocalMisuse(
            f"there is no experiment {shown(card_id)}",
            text=card_id,
            start=0,
            end=len(card_id),
            stage="experiment",
            advice=f"did you mean {' or '.join(close)}?"
            if close
            else "`workbench experiment list` names them all",
        )
    return _read_asset(f"{card_id}.toml")


def _read_asset(name: str) -> Card:
    card = load_card(assets.read_text(f"{FOLDER}/{name}"), name)
    if f"{card.id}.toml" != name:
        raise misuse(name, f"the id {shown(card.id)} is not the name of the file", "make them the same")
    return card


def load_card(text: str, source: str, *, panels: Sequence[str] = PANELS) -> Card:
    """Read a card.

    Args:
        text: TOML.
        source: the file's name, for the sentences about mistakes.
        panels: the panels that there are.

    Raises: LocalMisuse, with the place in the text where it is no TOML.
    """
    if len(text) > MAX_CARD:
        raise misuse(source, f"has {len(text)} characters; {MAX_CARD} are the most")
    try:
        values = tomllib.loads(text)
    except RecursionError as error:
        raise misuse(source, "is nested too deep") from error
    except ValueError as error:
        raise _no_toml(text, source, error) from error
    return card_from_table(values, source, panels=panels)


def card_from_table(values: Mapping[str, object], source: str, *, panels: Sequence[str] = PANELS) -> Card:
    """Read a card from what its TOML says. As load_card()."""
    table = Table(values, source)
    card_id = table.text("id", 'the name of the file: id = "half-close"')
    if not NAME.fullmatch(card_id):
        raise table.wrong(
            "id", f"{shown(card_id)} is no name", 'small letters, digits and hyphens: "half-close"'
        )
    panel = table.text("panel", f"one of {', '.join(panels)}")
    if panel not in panels:
        raise table.wrong("panel", f"there is no panel {shown(panel)}", f"there are {', '.join(panels)}")
    choices, right = _prediction(table.table("predict", "ask for a prediction: choices = [...], right = 0"))
    written = read_plan(table)
    broken = read_broken(table)
    if broken == written:
        raise table.wrong("broken", "changes nothing", "say what would make the experiment fail")
    expectations = _expectations(table, kinds_of(written))
    explanation = _explanation(table.table("explain", 'say why: text = "..."'))
    card = Card(
        card_id,
        table.text("title"),
        panel,
        _ids(table, "rows", _ROW, '"C5.1"'),
        _ids(table, "rfc", _RFC, '"RFC 9293 3.6"'),
        table.text("question", "what should a person think about before it is played?"),
        choices,
        right,
        explanation,
        written,
        broken,
        expectations,
        source,
        _needs(table),
        _instead(table),
    )
    table.done()
    return card


def _prediction(table: Table) -> tuple[tuple[str, ...], int]:
    choices = table.texts("choices", "two to four answers to choose from")
    if not 2 <= len(choices) <= 4:
        raise table.wrong("choices", f"has {len(choices)} answers", "give two, three or four")
    if len(set(choices)) < len(choices):
        raise table.wrong("choices", "has the same answer twice")
    right = table.whole("right", 0, len(choices) - 1)
    table.done()
    return choices, right


def _explanation(table: Table) -> str:
    text = table.text("text").strip()
    table.done()
    return text


def _expectations(card: Table, kinds: Kinds) -> tuple[Expectation, ...]:
    entries = card.items("expect", "say what must be seen: [[expect]] tables")
    return tuple(
        read_expectation(Table(entry, f"{card.where}: expectation {number}"), kinds)
        for number, entry in enumerate(entries, start=1)
    )


def _ids(table: Table, key: str, form: re.Pattern[str], example: str) -> tuple[str, ...]:
    found = table.texts(key, f"{key} = [{example}], or [] if there are none", needed=False)
    for number, text in enumerate(found, start=1):
        if not form.fullmatch(text):
            raise table.wrong(
                f"{key} {number}", f"{shown(text)} has not the right form", f"write it like {example}"
            )
    if len(set(found)) < len(found):
        raise table.wrong(key, "names the same one twice")
    return found


def _needs(table: Table) -> tuple[str, ...]:
    asked = table.texts("needs", 'needs = ["ipv6"]', needed=False)
    for need in asked:
        if need not in NEEDS:
            raise table.wrong("needs", f"there is no need {shown(need)}", f"there are {', '.join(NEEDS)}")
    return asked


def _instead(table: Table) -> str:
    other = table.text("instead", default="")
    if other and not NAME.fullmatch(other):
        raise table.wrong("instead", f"{shown(other)} is no name of a card")
    return other


def _no_toml(text: str, source: str, error: ValueError) -> LocalMisuse:
    """tomllib tells the place of a mistake in words only."""
    what = str(error)
    start = end = None
    found = _TOML_PLACE.search(what)
    if found is not None:
        what = what[: found.start()]
        start = end = len(text)
        if found[1] is not None:
            lines = text.split("\n")
            line = int(found[1])
            start = sum(len(before) + 1 for before in lines[: line - 1]) + int(found[2]) - 1
            end = start + 1
            what = f"line {line}: {what}"
    return LocalMisuse(
        f"{source}: no TOML: {what}",
        text=text,
        start=start,
        end=end,
        stage="experiment",
        advice="https://toml.io/en/v1.0.0 has the language on one page",
    )
