"""Panels that a stranger's package brings, through the entry-point group `workbench.plugins`.

An entry leads to one object; its `panels`, if it has any, are PanelInfo or tuples like it.
"""

from collections.abc import Callable, Iterator

from workbench.bridge import stacks
from workbench.panels import PanelInfo

GROUP = "workbench.plugins"


def stranger_panels(report: Callable[[str, str], object]) -> Iterator[tuple[str, PanelInfo]]:
    """The name of each plugin with each of its panels. One that can't be loaded is reported and left out."""
    from importlib.metadata import entry_points  # 20 ms, and only wanted after the first paint

    for entry in entry_points(group=GROUP):
        try:
            found = [PanelInfo(*info) for info in getattr(entry.load(), "panels", ())]
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a stranger's code, and its own fault
            report(f"plugin {entry.name}", stacks.of_exception(error))
            continue
        for info in found:
            yield entry.name, info
