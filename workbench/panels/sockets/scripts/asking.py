"""What the page of scripts asks a person before the library is changed: names and files."""

from typing import TYPE_CHECKING

from workbench.bridge.ask import ask_open_file, ask_text
from workbench.protocols.raw.library import Entry, safe_name

if TYPE_CHECKING:
    from workbench.panels.sockets.scripts.view import ScriptsPage

FILTERS = ("Packets of Packet Sender (*.ini *.json)", "All files (*)")


async def save_as(page: "ScriptsPage") -> None:
    """Ask for a name, and save the view's text under it."""
    state = page.controller.state
    first = state.name or _below(page) + safe_name(state.form.payload.text.split("\n")[0][:40], state.kind)
    label = "Name; Folder/Name puts it into a folder"
    name = await ask_text(page, f"Save the {state.kind}", label, first, "Save")
    if name:
        await page.controller.shelf.save(name.strip())


async def rename(page: "ScriptsPage", entry: Entry) -> None:
    """Ask for another name, and give it to an entry."""
    label = "Name; Folder/Name moves it into a folder"
    name = await ask_text(page, f"Rename {entry.title}", label, entry.name, "Rename")
    if name and name.strip() != entry.name:
        await page.controller.shelf.rename(entry, name.strip())


async def make_folder(page: "ScriptsPage") -> None:
    """Ask for a name, and make a folder."""
    name = await ask_text(page, "New folder", "Name", _below(page), "Make")
    if name:
        await page.controller.shelf.make_folder(name.strip().strip("/"))


async def import_packets(page: "ScriptsPage") -> None:
    """Ask for a file, and take its packets over."""
    path = await ask_open_file(page, "Import from Packet Sender", FILTERS)
    if path is not None:
        page.views.turn_to(0)
        await page.controller.shelf.import_file(path)


def _below(page: "ScriptsPage") -> str:
    return f"{page.shelf.folder}/" if page.shelf.folder else ""
