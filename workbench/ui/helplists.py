"""The parts of the help that are made at run time: keys, services, switches ..., so that no page can fall behind.

Each list is Markdown. A page asks for one by a link on a line of its own: `[The services](list:services)`.
"""

from collections.abc import Callable, Iterable, Mapping

from workbench.errors import WorkbenchError
from workbench.experiments.card import heads
from workbench.formats.charset import ENCODINGS
from workbench.formats.ports import SCHEME_PORTS
from workbench.lab.catalogue import SERVICES
from workbench.lab.switches import Switch
from workbench.settings import places
from workbench.ui.actions import Action, ActionRegistry, shown_keys
from workbench.ui.conversation.copying import FORMATS
from workbench.ui.conversation.leaving import EXPORTS

_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>|#~"})


def services() -> str:
    """The Lab's services: how to reach each, and what it teaches."""
    rows = [
        (
            f"`lab:{info.name}`",
            info.transport.upper() + (f" {info.book_port}" if info.book_port is not None else ""),
            plain(info.teaches) + (f" ({_unbroken(info.source)})" if info.source else ""),
        )
        for info in SERVICES
    ]
    return table(("Target", "Port by the book", "What it shows"), rows)


def switches() -> str:
    """Every switch once, with the services that have it."""
    owners: dict[Switch, list[str]] = {}
    for info in SERVICES:
        for switch in info.switches:
            owners.setdefault(switch, []).append(info.name)
    rows = [
        (f"`{switch.name}`", _whose(names), _usual(switch), _meaning(switch))
        for switch, names in owners.items()
    ]
    return table(("Switch", "Of", "Usually", "What it does"), rows)


def _whose(names: list[str]) -> str:
    for title, transports in (
        ("all", ("tcp", "udp", "unix")),
        ("all TCP", ("tcp", "unix")),
        ("all UDP", ("udp",)),
    ):
        those = [info.name for info in SERVICES if info.transport in transports]
        if names == those:
            return title
        missing = [name for name in those if name not in names]
        if len(missing) == 1 and len(those) > 2:
            # The FTP server's connections are not the Lab's own.
            others = [name for name in names if name not in those]
            return ", ".join((f"{title} but {missing[0]}", *others))
        if set(names) > set(those):
            # A name server is bound to UDP, and to the same port of TCP besides.
            return ", ".join((title, *(name for name in names if name not in those)))
    return ", ".join(names)


def _usual(switch: Switch) -> str:
    if switch.kind == "text":
        return "a text"
    if switch.kind == "flag":
        return "yes" if switch.default else "no"
    return "off" if switch.default is None else str(switch.default)


def _meaning(switch: Switch) -> str:
    choices = f": {', '.join(switch.choices)}" if switch.choices else ""
    return plain(switch.what + choices)


def experiments() -> str:
    """Titles and questions of the experiments."""
    return table(("Experiment", "Question"), [(plain(head.title), plain(head.question)) for head in heads()])


def ports() -> str:
    """The schemes of URLs with the port that each means."""
    return ", ".join(f"`{scheme}` {port}" for scheme, port in sorted(SCHEME_PORTS.items())) + "."


def encodings() -> str:
    """The encodings that are offered."""
    return ", ".join(f"`{name}`" for name in ENCODINGS) + "."


def copies() -> str:
    """The ways to copy from the Conversation."""
    return "\n".join(f"- **{plain(way.title)}**: {plain(_small(way.tip))}." for way in FORMATS)


def exports() -> str:
    """The formats of an export."""
    return "\n".join(
        f"- **{plain(title.rstrip('…'))}**: {plain(_small(tip))}." for _, title, tip, _ in EXPORTS
    )


def folders() -> str:
    """The folders as they are for this user."""
    try:
        where = places()
    except WorkbenchError as failure:
        return plain(f"They can't be found: {failure.what}.")
    return table(("Folder", "Here"), [(name, f"`{path}`") for name, path in where._asdict().items()])


LISTS: Mapping[str, Callable[[], str]] = {
    "services": services,
    "switches": switches,
    "experiments": experiments,
    "ports": ports,
    "encodings": encodings,
    "copies": copies,
    "exports": exports,
    "folders": folders,
}
"""By name; the list of keys, which depends on the window, stands beside them."""


def keys(registry: ActionRegistry) -> str:
    """All keys of a registry, those of the whole window first, and what has none."""
    parts: list[str] = []
    keyless: list[str] = []
    for context in dict.fromkeys(("", *(action.context for action in registry.actions))):
        rows = []
        for action in registry.actions:
            if action.context != context:
                continue
            shown = shown_keys(registry.shortcut_of(action.id))
            if shown:
                rows.append((plain(shown), plain(_told(action))))
            else:
                keyless.append(plain(_title(action)))
        if rows:
            where = context.split("/")[0].capitalize() or "Everywhere"
            parts.append(f"### {where}\n\n" + table(("Key", "Command"), rows))
    if keyless:
        parts.append(f"Without a key, so reached through the menus and the palette: {', '.join(keyless)}.")
    return "\n\n".join(parts)


def key(registry: ActionRegistry, action_id: str, usual: str) -> str:
    """The key of an action as Markdown; while its panel is not open, the one it usually has."""
    action = registry.find(action_id)
    if action is None:
        return f"**{plain(shown_keys(usual))}**"
    shown = shown_keys(registry.shortcut_of(action_id))
    return f"**{plain(shown)}**" if shown else f"no key: *{plain(_title(action))}* in the palette"


def _title(action: Action) -> str:
    return f"Go to {action.text}" if action.id.startswith("go.") else action.text


def _told(action: Action) -> str:
    title = _title(action)
    return title if action.tip in ("", action.text, title) else f"{title}: {_small(action.tip)}"


def _unbroken(text: str) -> str:
    return plain(text).replace(" ", "\u00a0")


def _small(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:] if sentence[1:2].islower() else sentence


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table of Markdown."""
    names = tuple(heads)
    lines = [names, ("---",) * len(names), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def plain(text: str) -> str:
    """Text as Markdown shows it unchanged."""
    return text.translate(_MARKS)
