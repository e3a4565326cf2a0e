"""From the tables of a card to the two plans that are played: as it is written, and with its [broken] table applied.

The services that a card wants stand in [lab]:

    [lab]
    start = ["echo", {name = "time", as = "liar", lie_by_s = -86400}]

and, where the conversation shall pass through one, a relay; steps connect to it by the name "relay":

    relay = {to = "lab:echo", delay_ms = 50}

What [broken] changes is named like the card names it: a service by what the steps call it, a step by its `as`. Values
replace or join those that are written; a step that is given another `do` is replaced as a whole, but for its name.

    [broken]
    liar = {lie_by_s = 0}
    relay = {cut_after = 2}
    step.greeting = {text = "good bye\\r\\n"}
    step.ending = {do = "abort", on = "client"}
"""

import re
from collections.abc import Mapping

from workbench.errors import LinkLost, LocalFault, LocalMisuse, PeerMisbehaved, Refused, TooSlow, Untrusted
from workbench.experiments.params import join_data, plain_value
from workbench.experiments.table import Table, misuse, shown
from workbench.experiments.values import Given, Plan, Relaying, Service, Step
from workbench.experiments.verbs import VERBS, Makes, Param, Verb, made_by
from workbench.lab.catalogue import find_service
from workbench.lab.relay.running import checked_switches
from workbench.lab.switches import near, turn

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)
MAX_NAME = 40
FAILURES = tuple(
    kind.__name__ for kind in (LinkLost, TooSlow, Refused, LocalMisuse, PeerMisbehaved, Untrusted, LocalFault)
)
_NAME_ADVICE = 'small letters, digits and single hyphens, like "first-client"'
_STEP = "step"
_RELAY = "relay"
_RESERVED = (_STEP, _RELAY)


def read_plan(card: Table) -> Plan:
    """The plan as the card is written.

    Args:
        card: the whole card; its keys `lab` and `step` are read.

    Raises: LocalMisuse with the file, the key and what to do.
    """
    steps = card.items("step", "an experiment needs [[step]] tables")
    return _read(_services(card), _relay(card), steps, card.where)


def read_broken(card: Table) -> Plan:
    """The plan with the [broken] table applied.

    Raises: LocalMisuse: it is missing, names what there is not, changes nothing, or what it makes is no plan.
    """
    broken = card.table(
        "broken",
        "every card must say what would make it fail: else nobody knows whether it can",
        may_be_empty=False,
    )
    services = _services(card)
    relay = _relay(card)
    called = {_called(service): place for place, service in enumerate(services)}
    steps = card.items("step")
    for key in broken.names:
        if key == _RELAY and relay is not None:
            relay = {**relay, **dict(broken.table(key).values)}
        elif key == _STEP:
            steps = _changed_steps(steps, broken.table(key))
        elif key in called:
            changes = broken.table(key)
            for name in ("name", "as"):
                if changes.has(name):
                    raise changes.wrong(
                        name, "can't be changed", "[broken] turns the switches of the service"
                    )
            services[called[key]] = {**services[called[key]], **dict(changes.values)}
        else:
            raise broken.wrong(
                key,
                "is no service of this card",
                "name one that [lab] starts, or write step.NAME for a step",
            )
    return _read(services, relay, steps, f"{card.where}, with [broken]")


# Services -----------------------------------------------------------------------------------------------------------


def _services(card: Table) -> list[dict[str, object]]:
    """The entries of [lab] start, each as a table."""
    if not card.has("lab"):
        return []
    lab = card.table("lab")
    entries = lab.items("start", 'list the services: start = ["echo"]')
    if lab.has(_RELAY):
        lab.table(_RELAY)  # read by _relay()
    lab.done()
    services: list[dict[str, object]] = []
    for number, entry in enumerate(entries, start=1):
        if isinstance(entry, str):
            services.append({"name": entry})
        elif isinstance(entry, Mapping):
            services.append(dict(entry))
        else:
            where = f"{lab.place('start')} {number}"
            raise misuse(where, "must be a name or a table", '"echo", or {name = "echo", delay_ms = 50}')
    return services


def _relay(card: Table) -> dict[str, object] | None:
    """The relay of [lab] as a table; None where there is none."""
    if not card.has("lab"):
        return None
    lab = card.table("lab")
    return dict(lab.table(_RELAY).values) if lab.has(_RELAY) else None


def _called(service: Mapping[str, object]) -> object:
    return service.get("as", service.get("name"))


def _read_service(entry: Mapping[str, object], where: str) -> Service:
    table = Table(entry, where)
    name = table.text("name", 'like {name = "echo", delay_ms = 50}')
    called = _name(table, "as") if table.has("as") else name
    switches = {key: value for key, value in table.values.items() if key not in ("name", "as")}
    try:
        turned = turn(find_service(name).switches, switches, service=name)
    except LocalMisuse as error:
        raise misuse(where, error.what, error.advice) from error
    if called in _RESERVED:
        raise misuse(where, f'a service can\'t be called "{called}"', 'give it another name: as = "..."')
    return Service(name, called, dict(turned.changed))


# Steps --------------------------------------------------------------------------------------------------------------


def _changed_steps(steps: list[object], changes: Table) -> list[object]:
    changed = list(steps)
    places = {
        step["as"]: place
        for place, step in enumerate(steps)
        if isinstance(step, Mapping) and isinstance(step.get("as"), str)
    }
    for name in changes.names:
        change = changes.table(name)
        if name not in places:
            raise changes.wrong(name, "is the name of no step", 'give the step a name: as = "..."')
        if change.has("as"):
            raise change.wrong("as", "can't be changed", "other lines refer to the step by it")
        step = changed[places[name]]
        kept = {"as": name} if change.has("do") else dict(step) if isinstance(step, Mapping) else {}
        changed[places[name]] = {**kept, **dict(change.values)}
    return changed


def _read(
    services: list[dict[str, object]], relay: Mapping[str, object] | None, steps: list[object], where: str
) -> Plan:
    reading = _Reading()
    for number, entry in enumerate(services, start=1):
        reading.service(entry, f"{where}: [lab] start {number}")
    if relay is not None:
        reading.relayed(relay, f"{where}: [lab] relay")
    for number, values in enumerate(steps, start=1):
        reading.step(Table(values, f"{where}: step {number}"), number)
    return Plan(tuple(reading.services), tuple(reading.steps), reading.relay)


class _Reading:
    """Reads services and steps in order, so that a step can only refer to what is there by then."""

    def __init__(self) -> None:
        self.services: list[Service] = []
        self.steps: list[Step] = []
        self.relay: Relaying | None = None
        self.kinds: dict[str, Makes] = {}
        self._transports: dict[str, str] = {}

    def service(self, entry: Mapping[str, object], where: str) -> None:
        service = _read_service(entry, where)
        if service.called in self._transports:
            raise misuse(where, f"{service.called} is started twice", 'give one another name: as = "..."')
        self._transports[service.called] = find_service(service.name).transport
        self.services.append(service)

    def relayed(self, entry: Mapping[str, object], where: str) -> None:
        """Read the relay, which leads to a service that is started."""
        table = Table(entry, where)
        to = table.text("to", 'the service behind it: relay = {to = "lab:echo"}')
        called = to.removeprefix("lab:")
        if called not in self._transports:
            raise table.wrong(
                "to", f"[lab] starts no {shown(called)}", f"it starts {', '.join(self._transports)}"
            )
        switches = {key: value for key, value in table.values.items() if key != "to"}
        transport = self._transports[called]
        try:
            changed = checked_switches(transport, switches)
        except LocalMisuse as error:
            raise misuse(where, error.what, error.advice) from error
        self.relay = Relaying(called, dict(changed))
        self._transports[_RELAY] = transport

    def step(self, table: Table, number: int) -> None:
        verb = self._verb(table)
        table.where += f" ({verb.name})"
        given = self._given(table, verb)
        name = self._new_name(table, verb)
        fails = table.text("fails", default="")
        if fails and fails not in FAILURES:
            raise table.wrong(
                "fails", f"there is no failure {shown(fails)}", f"there are {', '.join(FAILURES)}"
            )
        sentence = table.text("say", default="") or verb.sentence(given, name)
        table.done(lambda: ["do", *(param.name for param in verb.params), "as", "fails", "say"])
        step = Step(number, verb.name, given, name, fails, sentence)
        self.steps.append(step)
        if name:
            self.kinds[name] = made_by(step)

    def _verb(self, table: Table) -> Verb:
        name = table.text("do", f"a step needs a verb: {', '.join(VERBS)}")
        verb = VERBS.get(name)
        if verb is None:
            raise table.wrong("do", f"there is no verb {shown(name)}", near(name[:40], VERBS))
        return verb

    def _new_name(self, table: Table, verb: Verb) -> str:
        if not table.has("as"):
            if verb.needs_name:
                raise table.wrong("as", "is missing", "later steps need a name for what this one makes")
            return ""
        name = _name(table, "as")
        if name in self.kinds or name in self._transports:
            raise table.wrong("as", f"{name} is the name of something else already", "choose another name")
        return name

    def _given(self, table: Table, verb: Verb) -> Given:
        given = {
            param.name: self._value(table, param)
            for param in verb.params
            if param.needed or table.has(param.name)
        }
        self._check_groups(table, verb, given)
        if verb.one_of:
            join_data(table, given)
        return given

    def _check_groups(self, table: Table, verb: Verb, given: Mapping[str, object]) -> None:
        for group, needed in ((verb.one_of, True), (verb.at_most_one, False)):
            found = [name for name in group if name in given]
            if len(found) > 1:
                raise misuse(table.where, f"{' and '.join(found)} exclude each other", "keep one of them")
            if group and needed and not found:
                raise misuse(table.where, f"needs {' or '.join(group)}")

    def _value(self, table: Table, param: Param) -> object:
        match param.kind:
            case "thing":
                return self._thing(table, param)
            case "place":
                return self._place(table, param)
            case _:
                return plain_value(table, param)

    def _thing(self, table: Table, param: Param) -> str:
        name = table.text(param.name, param.what)
        kind = self.kinds.get(name)
        if kind is None:
            raise table.wrong(
                param.name, f"no step before this one has the name {shown(name)}", self._names(param.of)
            )
        if kind not in param.of:
            raise table.wrong(
                param.name, f"{name} is a {kind}; this needs {param.what}", self._names(param.of)
            )
        return name

    def _place(self, table: Table, param: Param) -> str:
        name = table.text(param.name, param.what)
        called = name.removeprefix("lab:")
        if called in self._transports:
            wanted = "udp" if "datagram" in param.of else "file" if "session" in param.of else "tcp"
            if self._transports[called] != wanted:
                raise table.wrong(param.name, f"{called} does not speak {wanted.upper()}")
            return f"lab:{called}"
        if called != name or name not in self.kinds:
            services = (
                f"[lab] starts {', '.join(self._transports)}" if self._transports else "[lab] starts nothing"
            )
            what = f"neither a service that [lab] starts nor an earlier step has the name {shown(called)}"
            raise table.wrong(param.name, what, services)
        return self._thing(table, param)

    def _names(self, of: tuple[Makes, ...]) -> str:
        found = [name for name, kind in self.kinds.items() if kind in of]
        return f"there is {', '.join(found)}" if found else "an earlier step must make it"


def _name(table: Table, key: str) -> str:
    name = table.text(key, _NAME_ADVICE)
    if len(name) > MAX_NAME or not NAME.fullmatch(name):
        raise table.wrong(key, f"{shown(name)} is no name", _NAME_ADVICE)
    return name
