"""A card as a program of its own: the same steps in plain Python, judged alike, without the workbench.

Each verb has a writer of lines (scripts_*.py, joined in WRITERS); what those lines call stands in resources/script, and
a program gets the pieces that it needs. A service of the Lab is a server that the program is told: NAME=HOST:PORT. Its
exit code is 0 where everything was seen as the card says, 1 where not, 2 where it was not told enough.
"""

import sys
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import LocalMisuse
from workbench.experiments.script_parts import with_parts
from workbench.experiments.script_words import RELAY, WIDTH, Writer, folded, variable
from workbench.experiments.scripts_queues import WRITE_QUEUES, WRITE_READY, WRITE_SECURE, WRITE_SERVERS
from workbench.experiments.scripts_streams import WRITE_STREAMS
from workbench.experiments.scripts_subjects import (
    WRITE_FILES,
    WRITE_FLOW,
    WRITE_FRAMES,
    WRITE_GROUPS,
    WRITE_LETTERS,
    WRITE_NAMES,
    WRITE_PAGES,
)
from workbench.experiments.scripts_talks import WRITE_TALKS
from workbench.experiments.things import FIELDS, described, fields_of
from workbench.experiments.values import Card, Expectation, Plan, Service, Step
from workbench.experiments.verbs import kinds_of
from workbench.lab.catalogue import find_service

if TYPE_CHECKING:
    from workbench.lab.supervisor import LabAuthority

WRITERS: Mapping[str, Writer] = {
    **WRITE_STREAMS,
    **WRITE_QUEUES,
    **WRITE_READY,
    **WRITE_SERVERS,
    **WRITE_SECURE,
    **WRITE_FRAMES,
    **WRITE_NAMES,
    **WRITE_GROUPS,
    **WRITE_FILES,
    **WRITE_LETTERS,
    **WRITE_PAGES,
    **WRITE_FLOW,
    **WRITE_TALKS,
}
"""The writer of every verb; a test compares it with verbs.VERBS."""
OWN_VALUES: Mapping[str, frozenset[str]] = {
    "send-until-lost": frozenset({"errno"}),
    "call": frozenset({"errno"}),
}
"""By verb: values that every step has, and that here the thing itself tells."""
_WORDS = "the words are the workbench's, and are not judged here"
UNSAID: Mapping[tuple[str, str], str] = {
    ("start-tls", "why"): _WORDS,
    ("discover", "odd"): _WORDS,
    ("discover", "faults"): _WORDS,
    ("call", "remark"): _WORDS,
    ("call", "blames"): "only the workbench keeps such a list",
}
"""By verb and value: what the workbench alone says, and why."""
OWN_SERVERS = ("echo", "discard")
"""Services that a program brings itself where it is not told of one: their whole behaviour is a few lines."""
PACKAGES: Mapping[str, str] = {"dns": "dnspython"}
"""Modules that come in a package of another name."""
PARAGRAPH = 100
"""Columns of a paragraph for people."""


class Need(NamedTuple):
    """Something that the program is told on its command line. what: for whom it is not given."""

    name: str
    what: str


CERTIFICATES = ("authority", "identity")
"""The needs that a Lab can write in."""
_ASKED = "`workbench experiment script --authority` writes it in"
OTHER_NEEDS = (
    Need("authority", f"the file of the Lab's certificate, as PEM; {_ASKED}"),
    Need("identity", f"the file of the Lab's certificate for a client and of its key, as PEM; {_ASKED}"),
    Need("ben", "the password of Ben that `workbench lab start smtp` tells"),
    Need("anna", "the password of Anna that `workbench lab start imap` tells"),
)


class Script(NamedTuple):
    """A program. needs: what it must be told; packages: those that it needs beside Python's library."""

    text: str
    needs: tuple[Need, ...]
    packages: tuple[str, ...]


def script_of(card: Card, known: Mapping[str, str] | None = None, *, broken: bool = False) -> Script:
    """The program.

    Args:
        known: needs that are written in, by name: certificates as PEM.
        broken: with the card's [broken] part; then it fails, as it must.

    Raises: LocalMisuse: a step has no form in a program of its own.
    """
    plan = card.plan(broken=broken)
    _check(card, plan)
    steps = "\n".join(_step(step) for step in plan.steps)
    needs = needs_of(card, broken=broken)
    relay = _relay(plan)
    expected = "".join(_expectation(card, plan, each) for each in card.expectations)
    body = f"{_given(plan, needs, known or {})}{relay}{steps}\n\n{expected}judged()\n"
    imports, pieces = with_parts(body)
    packages = _packages(imports)
    head = _head(card, plan, needs, packages)
    return Script(f'"""{head}"""\n\n{imports}\n\n\n{pieces}\n\n\n{body}', needs, packages)


def needs_of(card: Card, *, broken: bool = False) -> tuple[Need, ...]:
    """What the card's program must be told. Raises: as script_of()."""
    plan = card.plan(broken=broken)
    _check(card, plan)
    said = _relay(plan) + "".join(_step(step) for step in plan.steps)
    servers = (Need(service.called, _whence(service)) for service in plan.services)
    # A card may start a service for its [broken] part alone.
    return tuple(need for need in (*servers, *OTHER_NEEDS) if f"GIVEN[{need.name!r}]" in said)


def written_in(authority: "LabAuthority") -> dict[str, str]:
    """What script_of() may know of a Lab: its certificates, as PEM."""
    return {
        "authority": authority.certificate.decode(),
        "identity": (authority.client_certificate + authority.client_key).decode(),
    }


def _check(card: Card, plan: Plan) -> None:
    strange = dict.fromkeys(step.verb for step in plan.steps if step.verb not in WRITERS)
    if strange:
        raise LocalMisuse(
            f"{card.id} can't leave as a script: {', '.join(strange)} has no form in a program of its own",
            stage="script",
            advice="`workbench experiment run` plays it",
        )


# What it is told ------------------------------------------------------------------------------------------------------


def _whence(service: Service) -> str:
    switches = "".join(f" --switch {name}={_switch(value)}" for name, value in service.switches.items())
    what = "the file" if find_service(service.name).transport == "file" else "HOST:PORT"
    own = ", or none: it brings its own" if _is_own(service) else ""
    return f"{what} that `workbench lab start {service.name}{switches}` tells{own}"


def _switch(value: object) -> str:
    return ("off", "on")[value] if isinstance(value, bool) else str(value)


def _is_own(service: Service) -> bool:
    return service.name in OWN_SERVERS and not service.switches


def _given(plan: Plan, needs: Sequence[Need], known: Mapping[str, str]) -> str:
    if not needs:
        return ""
    told = ["{", *(f"        {need.name!r}: {need.what!r}," for need in needs), "    },"]
    written = [need for need in needs if need.name in known]
    if written:
        told += [
            "    known={",
            *(f'        {each.name!r}: """{known[each.name]}""",' for each in written),
            "    },",
        ]
    names = [need.name for need in needs]
    own = [
        f"{each.called!r}: {each.name}" for each in plan.services if _is_own(each) and each.called in names
    ]
    if own:
        told.append(f"    own={{{', '.join(own)}}},")
    return "\n".join(("GIVEN = arguments(", f"    {told[0]}", *told[1:], ")")) + "\n"


def _relay(plan: Plan) -> str:
    if plan.relay is None:
        return ""
    given = "".join(f", {name}={value!r}" for name, value in plan.relay.switches.items())
    return f"{RELAY} = Relay(place(GIVEN[{plan.relay.to!r}]){given})\n"


def _packages(imports: str) -> tuple[str, ...]:
    modules = {line.split()[1].partition(".")[0] for line in imports.splitlines()}
    return tuple(sorted(PACKAGES.get(each, each) for each in modules - sys.stdlib_module_names))


def _head(card: Card, plan: Plan, needs: Sequence[Need], packages: Sequence[str]) -> str:
    paragraphs = [card.title, card.question]
    needed = f", and the package{'s' * (len(packages) > 1)} {' and '.join(packages)}" if packages else ""
    paragraphs.append(
        f"Needs Python 3.11 or later{needed}. Its exit code is 0 when all was seen as expected, else 1."
    )
    unsaid = [each.that for each in card.expectations if _unsaid(plan, each)]
    if unsaid:
        paragraphs.append(f"Not judged here, but by the workbench: {', '.join(unsaid)}.")
    text = "\n\n".join(textwrap.fill(each, PARAGRAPH) for each in paragraphs) + "\n"
    if needs:
        lines = "".join(f"    {need.name}=  {need.what}\n" for need in needs)
        text += f"\nIt is told on its command line:\n\n{lines}"
    return text.replace("\\", "\\\\").replace('"""', "'''")


# What is done ---------------------------------------------------------------------------------------------------------


def _step(step: Step) -> str:
    given = [repr(step.sentence)]
    given += [repr(step.name)] if step.name else []
    given += [f"fails={step.fails!r}"] if step.fails else []
    head = "\n".join(folded(f"step({', '.join(given)})", WIDTH - len("with :")))
    lines = (piece for line in WRITERS[step.verb](step) for piece in folded(line))
    return "\n".join((f"with {head}:", *(f"    {line}" for line in lines)))


# What was expected ----------------------------------------------------------------------------------------------------


def _expectation(card: Card, plan: Plan, each: Expectation) -> str:
    what = described(each.name, fields_of(kinds_of(card.as_written)[each.name])[each.field])
    if why := _unsaid(plan, each):
        return f"print({f'- {what}: {why}'!r})\n"
    seen = _seen(plan, each.name, each.field)
    tests = [_test(plan, test, value) for test, value in each.tests]
    if not seen or not all(tests):
        return f"unseen({what!r})\n"
    return "\n".join(folded(f"expect({what!r}, {seen}, {', '.join(tests)})", WIDTH)) + "\n"


def _unsaid(plan: Plan, each: Expectation) -> str:
    return UNSAID.get((_verbs(plan).get(each.name, ""), each.field), "")


def _verbs(plan: Plan) -> dict[str, str]:
    return {step.name: step.verb for step in plan.steps if step.name}


def _seen(plan: Plan, name: str, field: str) -> str:
    """A value as an expression; "" where this plan's step makes nothing that has it."""
    kind = kinds_of(plan).get(name)
    if kind is None or field not in fields_of(kind):
        return ""
    if field in FIELDS[kind] or field in OWN_VALUES.get(_verbs(plan)[name], ()):
        return f"{variable(name)}.{field}"
    return f"outcomes[{name!r}].{field}"


def _test(plan: Plan, test: str, value: object) -> str:
    if test not in ("same_as", "differs_from"):
        return f"{test}={value!r}"
    assert isinstance(value, tuple)
    other = _seen(plan, *value)
    return f"{'equals' if test == 'same_as' else test}={other}" if other else ""
