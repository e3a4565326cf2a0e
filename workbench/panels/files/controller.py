"""What a person does with a server's files. No Qt here.

One job is the session from dialling to its end, so that the status bar lists it, Esc cancels it and closing the panel
ends it. Everything else is a job of its own; as the protocol has one thing at a time, they wait for their turn.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

from workbench.errors import LocalMisuse, Refused, TooSlow, WorkbenchError
from workbench.formats.target import LAB_HOST
from workbench.jobs.job import current_job
from workbench.jobs.verdict import CLOSED, OUR_FAULT, Verdict
from workbench.panels.files.entrance import LabOffers, enter
from workbench.panels.files.state import FilesState, Form, Phase
from workbench.panels.files.transfers import Transfers, sentence
from workbench.panels.observed import Observed
from workbench.panels.routes import RelayStarter
from workbench.protocols.ftp.client import FtpClient
from workbench.protocols.ftp.code import Deed, Recipe, curl, lftp, python
from workbench.protocols.ftp.names import joined, split
from workbench.protocols.ftp.opening import PORT
from workbench.protocols.ftp.values import ANONYMOUS, Entry, Reply, text_of
from workbench.transcript.recorder import Transcript

GOODBYE_WITHIN_S = 0.3
"""When a person closes the session or the panel, the server gets this long to answer QUIT."""
MAX_DEEDS = 200
"""Of one session, for a copied script: a longer one nobody reads."""


class FilesController(Observed[FilesState]):
    """The panel's session.

    Args:
        new_transcript: makes what a session records into.
        lab: knows the Lab's names, accounts and authority.
        relay: starts a relay; without one every route is straight.

    Attributes:
        password: what was typed. Not part of the form: it is kept nowhere, and goes with this object.
        transcript: of the last session.
    """

    def __init__(
        self, new_transcript: Callable[[], Transcript], lab: LabOffers, *, relay: RelayStarter | None = None
    ) -> None:
        self._new_transcript = new_transcript
        self._lab = lab
        self._relay = relay
        super().__init__(FilesState())
        self.transcript = new_transcript()
        self.password = ""
        self.timeout_s = 30.0
        self._client: FtpClient | None = None
        self._turn = asyncio.Lock()
        self._lost: asyncio.Future[WorkbenchError] | None = None
        self._deeds: list[Deed] = []
        self._certificates = ""
        self._transfers = Transfers(self)

    # ---- what a person composes

    def compose(self, **fields: object) -> None:
        """Replace fields of the form."""
        self.replace(form=replace(self.state.form, **fields))  # type: ignore[arg-type]  # names checked by replace

    def select(self, at: int | None) -> None:
        """Choose the entry that downloading, renaming and deleting concern."""
        self.replace(selected=at)

    def dismiss(self) -> None:
        """Forget the failure that is shown."""
        self.replace(problem=None)

    def complain(self, failure: WorkbenchError) -> None:
        """Show a failure that no operation raised."""
        self.replace(problem=failure)

    # ---- the session

    async def open(self) -> None:
        """Connect, log in, list, and stay until the session has ended.

        Raises: WorkbenchError, which is also the state's problem.
        """
        form = self.state.form
        self._begin(form)
        self._lost = asyncio.get_running_loop().create_future()
        over: tuple[Phase, Verdict] = ("failed", OUR_FAULT)
        try:
            if (fault := self.transcript.fault) is not None:
                raise fault
            entered = await enter(
                form,
                self.password,
                self.transcript,
                self._lab,
                self._relay,
                timeout_s=self.timeout_s,
                report=self.tell,
            )
            client = self._client = entered.client
            self._certificates = entered.certificates
            self.replace(
                phase="open",
                address=client.control.peer,
                user=entered.user,
                is_secure=client.is_secure,
                folder=entered.folder,
            )
            self.tell("open")
            with suppress(Refused):
                # No reason to hang up: another folder may be open to us. The state has the failure.
                await self.refresh()
            raise await self._lost
        except WorkbenchError as failure:
            over = ("failed", Verdict("bad", failure.stage or "failed", sentence(failure)))
            self.replace(problem=failure, busy="", verdict=over[1])
            raise
        except asyncio.CancelledError:
            over = ("ended", CLOSED)
            raise
        finally:
            try:
                await self._leave()
            finally:
                # Not before: what says that it is over has to take the next target at once.
                self.replace(phase=over[0], busy="", verdict=over[1])

    def _begin(self, form: Form) -> None:
        if len(self.transcript):
            self.transcript.close()
            self.transcript = self._new_transcript()
        self._deeds.clear()
        self._certificates = ""
        self.replace(
            phase="opening",
            stage="",
            address="",
            user="",
            is_secure=False,
            reused=(0, 0),
            folder=b"/",
            entries=(),
            unread=(),
            listing="",
            selected=None,
            busy="",
            transfers=(),
            problem=None,
            verdict=Verdict("running", "opening", f"{form.target} …"),
        )

    async def _leave(self) -> None:
        client, self._client = self._client, None
        self._lost = None
        if client is None:
            return
        try:
            # Whoever is in the middle of something is cancelled by the view; a goodbye then would be out of turn.
            if not self._turn.locked():
                async with asyncio.timeout(GOODBYE_WITHIN_S):
                    await client.quit()
        except TimeoutError:
            pass
        finally:
            await client.aclose()

    # ---- folders

    async def refresh(self) -> None:
        """List the folder anew."""
        await self.enter(self.state.folder)

    async def enter(self, folder: bytes) -> None:
        """List another folder; where that fails we stay in this one. Raises: as open()."""
        async with self.acting("listing") as client:
            found: list[Entry] = []

            def on_more(entries: tuple[Entry, ...]) -> None:
                found.extend(entries)
                self.progress(len(found), None)

            listing = await client.list(folder, on_more=on_more)
            entries = tuple(sorted(listing.entries, key=_folders_first))
            self.done(Deed("list", folder))
            count = f"{len(entries):,} entries" if len(entries) != 1 else "one entry"
            odd = f", and {len(listing.unread)} lines that no grammar reads" if listing.unread else ""
            self.replace(
                folder=folder,
                entries=entries,
                unread=listing.unread,
                listing=listing.command,
                selected=None,
                verdict=Verdict(
                    "warning" if odd else "good", "listed", f"{text_of(folder)} holds {count}{odd}"
                ),
            )

    async def up(self) -> None:
        """The folder above."""
        await self.enter(split(self.state.folder.rstrip(b"/"))[0] or b"/")

    async def enter_selected(self) -> None:
        """The selected folder; a link is tried as one."""
        entry = self.state.entry
        if entry is not None and entry.kind in ("folder", "link", "unknown"):
            await self.enter(joined(self.state.folder, entry.name))

    # ---- changing

    async def make_folder(self, name: str) -> None:
        """Make a folder here, and show it."""
        path = joined(self.state.folder, name.encode())
        await self._change(lambda client: client.make_folder(path), Deed("mkdir", path), f"{name} was made")

    async def rename(self, name: str) -> None:
        """Give the selected entry another name; a path moves it."""
        entry = self.chosen()
        old, new = joined(self.state.folder, entry.name), joined(self.state.folder, name.encode())
        if name.startswith("/"):
            new = name.encode()
        await self._change(
            lambda client: client.rename(old, new),
            Deed("rename", old, text_of(new)),
            f"{entry.text} is called {name} now",
        )

    async def delete(self) -> None:
        """Delete the selected file, or the selected folder, which must be empty."""
        entry = self.chosen()
        path = joined(self.state.folder, entry.name)
        is_folder = entry.kind == "folder"
        await self._change(
            lambda client: client.remove_folder(path) if is_folder else client.delete(path),
            Deed("rmdir" if is_folder else "delete", path),
            f"{entry.text} is gone",
        )

    async def _change(self, act: Callable[[FtpClient], Awaitable[Reply]], deed: Deed, sentence: str) -> None:
        async with self.acting(deed.verb) as client:
            await act(client)
            self.done(deed)
        await self.refresh()
        self.replace(verdict=Verdict("good", "done", sentence))

    # ---- transfers

    async def download(self) -> None:
        """Download the selected entry, a folder with all below it, into the form's folder. Raises: as open()."""
        await self._transfers.download()

    async def upload(self, local: str) -> None:
        """Send a file into the folder that is shown. Raises: as open()."""
        await self._transfers.upload(local)

    # ---- leaving as code

    def copy_as_python(self) -> str:
        """The session as a script. Raises: LocalMisuse: nothing was done yet."""
        return python(self._recipe())

    def copy_as_curl(self) -> str:
        """As copy_as_python()."""
        return curl(self._recipe())

    def copy_as_lftp(self) -> str:
        """As copy_as_python()."""
        return lftp(self._recipe())

    def _recipe(self) -> Recipe:
        state = self.state
        host, _, port = state.address.rpartition(":")
        return Recipe(
            host.strip("[]"),
            int(port or PORT),
            state.user or ANONYMOUS,
            tuple(self._deeds),
            state.is_secure,
            LAB_HOST if self._certificates else "",
            self._certificates,
        )

    # ---- for the transfers

    @asynccontextmanager
    async def acting(self, what: str) -> AsyncIterator[FtpClient]:
        """One thing at a time; a failure is the state's problem, and a lost connection ends the session."""
        self.replace(problem=None)
        async with self._turn:
            client = self._client
            if client is None:
                raise LocalMisuse("not connected", stage="request")
            self.replace(busy=what)
            try:
                yield client
            except WorkbenchError as failure:
                self.replace(
                    problem=failure, verdict=Verdict("bad", failure.stage or "failed", sentence(failure))
                )
                fault = self.transcript.fault
                if fault is not None or not client.is_open or isinstance(failure, TooSlow):
                    self._end(fault or failure)
                raise
            finally:
                self.replace(busy="")

    def _end(self, failure: WorkbenchError) -> None:
        if self._lost is not None and not self._lost.done():
            self._lost.set_result(failure)

    def chosen(self) -> Entry:
        """The selected entry. Raises: LocalMisuse: there is none."""
        entry = self.state.entry
        if entry is None:
            raise LocalMisuse(self.state.why_not_entry or "nothing is selected", stage="request")
        return entry

    def done(self, deed: Deed) -> None:
        """Something was done that a copied script should repeat."""
        if deed not in self._deeds and len(self._deeds) < MAX_DEEDS:
            self._deeds.append(deed)

    def tell(self, stage: str) -> None:
        """A stage was reached: the job and the state say so."""
        if (job := current_job()) is not None:
            job.progress(stage=stage)
        self.replace(stage=stage)

    def progress(self, done: int, total: int | None) -> None:
        """How far the job is."""
        if (job := current_job()) is not None:
            job.progress(done, total=total)


def _folders_first(entry: Entry) -> tuple[bool, bytes]:
    return entry.kind != "folder", entry.name.lower()
