"""The library as the page uses it: open, save, rename, delete and have back, search, import. No Qt.

Disks may be slow: everything is done in a thread, and the state is replaced when it is done.
"""

from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Protocol

from workbench.errors import LocalMisuse, WorkbenchError
from workbench.formats.packetsender import Imported, read_packets
from workbench.formats.payload_file import SavedPayload, read_saved, write_saved
from workbench.formats.quantity import count
from workbench.jobs.offload import in_thread
from workbench.jobs.verdict import Verdict
from workbench.panels.sockets.scripts.state import ScriptsState, View
from workbench.protocols.raw.field import read_file
from workbench.protocols.raw.library import Entry, Kind, Library, safe_name
from workbench.protocols.raw.script_text import script_of
from workbench.transcript.recorder import Transcript

REMARKS_SHOWN = 8
IMPORTED = "Packet Sender"
_VIEWS: dict[Kind, View] = {"payload": "payload", "script": "script", "rules": "rules"}


class Holder(Protocol):
    """What the shelf needs of its controller."""

    state: ScriptsState
    transcript: Transcript

    def replace(self, **fields: object) -> None: ...
    def compose(self, **fields: object) -> None: ...


class Shelf:
    """All that is done with the library."""

    def __init__(self, library: Library, holder: Holder) -> None:
        self.library = library
        self._holder = holder

    async def load(self) -> None:
        """Look what is there. Raises: WorkbenchError, shown too."""
        await self._guarded(self._load())

    async def open(self, kind: Kind, name: str) -> None:
        """Put an entry into its view. Raises: WorkbenchError, shown too."""
        await self._guarded(self._open(kind, name))

    async def save(self, name: str = "") -> None:
        """Save the view's text under its name, or a new one. Raises: WorkbenchError, shown too."""
        await self._guarded(self._save(name))

    async def rename(self, entry: Entry, new_name: str) -> None:
        """Rename or move an entry. Raises: WorkbenchError, shown too."""
        await self._guarded(self._rename(entry, new_name))

    async def make_folder(self, name: str) -> None:
        """Make a folder. Raises: WorkbenchError, shown too."""
        await self._guarded(self._folder(name))

    async def delete(self, entry: Entry) -> None:
        """Put an entry into the trash. Raises: WorkbenchError, shown too."""
        await self._guarded(self._delete(entry))

    async def undo(self) -> None:
        """Have back what was deleted last. Raises: WorkbenchError, shown too."""
        await self._guarded(self._undo())

    async def search(self, words: str) -> None:
        """List only what holds all the words. Raises: WorkbenchError, shown too."""
        await self._guarded(self._search(words))

    async def import_file(self, path: Path) -> None:
        """Take Packet Sender's packets over, into a folder of their own. Raises: WorkbenchError, shown too."""
        await self._guarded(self._import(path))

    def from_recording(self) -> None:
        """Write the newest conversation of the page as a script. Raises: LocalMisuse: nothing was said yet."""
        text = script_of(self._holder.transcript)
        self._holder.compose(view="script", script=text)
        self._forget("script")

    # ----

    async def _load(self) -> None:
        listing = await in_thread(self.library.listing)
        self._holder.replace(listing=listing, is_loaded=True)

    async def _open(self, kind: Kind, name: str) -> None:
        text = await in_thread(self.library.read, kind, name)
        fields: dict[str, object] = {"view": _VIEWS[kind]}
        if kind == "payload":
            saved = read_saved(text)
            fields["payload"] = saved
            if saved.target:
                fields |= {"target": saved.target, "transport": saved.transport}
        else:
            fields[kind] = text
        self._holder.compose(**fields)
        self._name(kind, name)

    async def _save(self, name: str) -> None:
        state = self._holder.state
        kind, name = state.kind, name or state.name
        if not name:
            raise LocalMisuse("this text has no name yet", stage="library")
        form = state.form
        if kind == "payload":
            payload = replace_saved(form.payload, form.target, form.transport)
            text = write_saved(payload)
        else:
            text = form.script if kind == "script" else form.rules
        is_new = name != state.name
        await in_thread(self.library.write, kind, name, text, is_new=is_new)
        self._name(kind, name)
        self._holder.replace(verdict=Verdict("info", "saved", name))
        await self._load()

    async def _rename(self, entry: Entry, new_name: str) -> None:
        await in_thread(self.library.move, entry.kind, entry.name, new_name)
        if (entry.kind, entry.name) in self._holder.state.opened:
            self._name(entry.kind, new_name)
        await self._load()

    async def _folder(self, name: str) -> None:
        await in_thread(self.library.make_folder, name)
        await self._load()

    async def _delete(self, entry: Entry) -> None:
        discarded = await in_thread(self.library.discard, entry.kind, entry.name)
        if (entry.kind, entry.name) in self._holder.state.opened:
            self._forget(entry.kind)
        self._holder.replace(
            discarded=discarded, verdict=Verdict("info", "deleted", f"{entry.name}; it can be had back")
        )
        await self._load()

    async def _undo(self) -> None:
        discarded = self._holder.state.discarded
        if discarded is None:
            return
        entry = await in_thread(self.library.restore, discarded)
        self._holder.replace(discarded=None, verdict=Verdict("info", "back again", entry.name))
        await self._load()

    async def _search(self, words: str) -> None:
        found = await in_thread(self.library.search, words) if words.strip() else None
        self._holder.replace(found=found)

    async def _import(self, path: Path) -> None:
        imported = await in_thread(self._taken_over, path)
        refused = sum(remark.is_refused for remark in imported.remarks)
        kept = len(imported.remarks) - refused
        chips = tuple(
            (f"! {remark.name[:30] or 'the file'}", remark.what)
            for remark in sorted(imported.remarks, key=lambda remark: not remark.is_refused)[:REMARKS_SHOWN]
        )
        sentence = f"{count(len(imported.payloads), 'payload')} in the folder {IMPORTED}"
        if refused:
            sentence += f"; {refused} not taken over"
        if kept:
            sentence += f"; {count(kept, 'detail')} kept in notes or written otherwise"
        kind = "warning" if refused else "good"
        report = "".join(f"{remark.name or path.name}: {remark.what}\n" for remark in imported.remarks)
        self._holder.replace(report=report, verdict=Verdict(kind, "imported", sentence, chips))  # type: ignore[arg-type]  # one of its kinds
        await self._load()

    def _taken_over(self, path: Path) -> Imported:
        imported = read_packets(read_file("import", str(path)))
        for payload in imported.payloads:
            name = self.library.free_name("payload", f"{IMPORTED}/{safe_name(payload.title)}")
            self.library.write("payload", name, write_saved(payload), is_new=True)
        return imported

    def _name(self, kind: Kind, name: str) -> None:
        others = [pair for pair in self._holder.state.opened if pair[0] != kind]
        self._holder.replace(opened=(*others, (kind, name)))

    def _forget(self, kind: Kind) -> None:
        self._holder.replace(opened=tuple(pair for pair in self._holder.state.opened if pair[0] != kind))

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except WorkbenchError as failure:
            self._holder.replace(problem=failure)
            raise


def replace_saved(payload: SavedPayload, target: str, transport: str) -> SavedPayload:
    """The payload with where it goes."""
    return payload._replace(target=target.strip(), transport=transport)
