"""Nouns that a stranger's package brings: looked for only when a noun is none of ours."""

from collections.abc import Iterator

from workbench.cli.nouns import Noun
from workbench.cli.output import Output

GROUP = "workbench.plugins"


def plugin_nouns() -> Iterator[Noun]:
    """The nouns of all installed plugins: each plugin's object may have `verbs`, an iterable of Noun.

    A plugin that can't be loaded is named on standard error and left out: it must not take the others with it.
    """
    from importlib.metadata import entry_points

    for entry in entry_points(group=GROUP):
        try:
            found = [Noun(*noun) for noun in getattr(entry.load(), "verbs", ())]
        except Exception as error:  # noqa: BLE001 - a stranger's code: whatever it raises is its fault, not ours
            Output().note(
                f"workbench: the plugin {entry.name} can't be used: {type(error).__name__}: {error}"
            )
            continue
        yield from found
