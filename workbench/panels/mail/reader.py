"""What a person does with letters that are there: in files, in mailboxes, on the clipboard. No Qt.

One job is the session with a mailbox from dialling to its end, so that the status bar lists it, Esc cancels it and
closing the panel ends it. Everything else is a job of its own; as a mailbox answers one question at a time, they take
turns.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from workbench.errors import LocalMisuse, TooSlow, WorkbenchError
from workbench.formats.mime.files import MAX_LETTER, FileOctets, too_large
from workbench.formats.mime.mbox import HeldOctets, indexing, letter_at, looks_like_mbox
from workbench.formats.mime.values import through
from workbench.formats.quantity import count, octets
from workbench.jobs.offload import in_thread
from workbench.jobs.verdict import CLOSED, OUR_FAULT, Verdict
from workbench.panels.mail.copying import ReadingDeeds
from workbench.panels.mail.entrance import LabOffers, Way, way_in
from workbench.panels.mail.reading import (
    about,
    content_of_part,
    document_of,
    first_choice,
    save_part,
    take_apart,
)
from workbench.panels.mail.shelves import ImapShelf, MboxShelf, PopShelf
from workbench.panels.mail.slices import in_slices
from workbench.panels.mail.state import Handed, Phase, ReaderState, Row
from workbench.panels.mail.talking import Talking, progress, sentence
from workbench.panels.routes import RelayStarter
from workbench.protocols.imap.client import ImapSession, open_imap
from workbench.protocols.pop.client import PopSession, open_pop
from workbench.transcript.recorder import Transcript

GOODBYE_WITHIN_S = 0.3
"""When a person closes the session or the panel, the server gets this long for its goodbye."""
INBOX = "INBOX"
HEAD = 4096
WINDOW = 100
"""Rows asked for at a time: two screens."""
GONE = Row(0, "", "(it is no longer there)", "", 0)


class ReaderController(Talking[ReaderState]):
    """The reader.

    Args:
        new_transcript: makes what a session records into.
        lab: knows the Lab's names, accounts and authority.
        relay: starts a relay; without one every route is straight.
    """

    def __init__(
        self, new_transcript: Callable[[], Transcript], lab: LabOffers, *, relay: RelayStarter | None = None
    ) -> None:
        super().__init__(ReaderState(), new_transcript)
        self._lab = lab
        self._relay = relay
        self._session: ImapSession | PopSession | None = None
        self._shelf: MboxShelf | ImapShelf | PopShelf | None = None
        self._rows: dict[int, Row] = {}
        self._turn = asyncio.Lock()
        self._lost: asyncio.Future[WorkbenchError | None] | None = None
        self._stay = asyncio.Lock()
        self._deeds = ReadingDeeds()

    # ---- what a person composes

    def compose(self, **fields: object) -> None:
        """Replace fields of the access."""
        self.replace(access=replace(self.state.access, **fields))  # type: ignore[arg-type]  # names checked by replace

    def choose_kind(self, kind: str) -> None:
        """IMAP or POP3."""
        if kind in ("imap", "pop"):
            self.replace(kind=kind)

    def row(self, place: int) -> Row | None:
        """A row of the list, None until it was loaded."""
        return self._rows.get(place)

    # ---- the session with a mailbox

    async def open(self) -> None:
        """Connect, log in, open the folder that the target names, and stay until the session has ended.

        Raises: WorkbenchError, which is also the state's problem.
        """
        self._close_shelf()
        self.replace(
            phase="opening",
            stage="",
            problem=None,
            secured="",
            address="",
            user="",
            folders=(),
            busy="",
            verdict=Verdict("running", "opening", f"{self.state.access.target} …"),
        )
        # Where a list from a file took the place of a session, that one may still say goodbye.
        try:
            await self._stay.acquire()
        except asyncio.CancelledError:
            self.replace(phase="ended", verdict=CLOSED)
            raise
        try:
            await self._open(self.state)
        finally:
            self._stay.release()

    async def _open(self, state: ReaderState) -> None:
        self._lost = asyncio.get_running_loop().create_future()
        over: tuple[Phase, Verdict] | None = ("failed", OUR_FAULT)
        try:
            self.new_talk()
            way = await way_in(state.access, state.kind, self.password, self._lab, self._relay)
            await self._enter(way)
            if (lost := await self._lost) is not None:
                raise lost
            # A list of letters from a file took its place, and tells of itself.
            over = None
        except WorkbenchError as failure:
            verdict = Verdict("bad", failure.stage or "failed", sentence(failure))
            over = ("failed", verdict)
            self.replace(problem=failure, busy="", verdict=verdict)
            raise
        except asyncio.CancelledError:
            over = ("ended", CLOSED)
            raise
        finally:
            try:
                await self._leave()
            finally:
                # Not before: what says that it is over has to take the next target at once.
                if over is not None:
                    self.replace(phase=over[0], busy="", verdict=over[1])

    async def _enter(self, way: Way) -> None:
        assert way.login is not None, "a mailbox is entered with a login"
        opener = open_imap if self.state.kind == "imap" else open_pop
        session = self._session = await opener(
            way.target,
            self.transcript,
            login=way.login,
            security=way.security,
            trust=way.trust,
            resolver=way.resolver,
            timeout_s=self.timeout_s,
            report=self.tell,
        )
        self._deeds.begin(way.certificates)
        peer = self.transcript.channels[session.channel].peer
        self.replace(
            phase="open",
            source=self.state.kind,
            name=self.state.access.target,
            address=peer,
            user=session.user,
            secured=session.secured,
        )
        self.tell("open")
        if isinstance(session, ImapSession):
            async with self._acting("folders"):
                folders = await session.folders()
            self.replace(folders=tuple(folder.name for folder in folders if folder.can_open))
            await self.open_folder(way.target.path.strip("/") or INBOX)
        else:
            async with self._acting("listing"):
                entries = await session.entries()
                await self._take_shelf(PopShelf(session, entries), "the mailbox")

    async def _leave(self) -> None:
        session, self._session = self._session, None
        self._lost = None
        if session is None:
            return
        try:
            # Whoever is in the middle of something is cancelled by the view; a goodbye then would be out of turn.
            if not self._turn.locked():
                async with asyncio.timeout(GOODBYE_WITHIN_S):
                    await (session.logout() if isinstance(session, ImapSession) else session.quit())
        except TimeoutError:
            pass
        finally:
            await session.aclose()
            if self.state.source != "mbox":
                self._shelf = None

    async def open_folder(self, name: str) -> None:
        """Open a folder for reading alone, and list it. Raises: as open()."""
        async with self._acting("opening the folder"):
            session = self._session
            if not isinstance(session, ImapSession):
                raise LocalMisuse("folders are IMAP's, and none is open", stage="request")
            mailbox = await session.examine(name)
            self.replace(folder=name)
            await self._take_shelf(ImapShelf(session, mailbox.exists), name)

    async def _take_shelf(self, shelf: MboxShelf | ImapShelf | PopShelf, what: str) -> None:
        """Show another list, its first rows with it."""
        self._shelf = shelf
        self._rows = await shelf.rows(0, WINDOW)
        self._deeds.listed(
            self.state.source, self.state.folder, max(1, shelf.count - WINDOW + 1), shelf.count
        )
        told = f"{what} holds {count(shelf.count, 'letter')}"
        self.replace(
            count=shelf.count,
            loads=self.state.loads + 1,
            selected=None,
            verdict=Verdict("good", "listed", f"{told}; reading changes nothing"),
        )

    async def load(self, first: int, stop: int) -> None:
        """Load rows that are to be seen. Raises: as open()."""
        shelf = self._shelf
        if shelf is None:
            return
        missing = [place for place in range(max(0, first), min(stop, shelf.count)) if place not in self._rows]
        if not missing:
            return
        asked = range(missing[0], min(missing[-1] + 1, missing[0] + shelf.window))
        async with self._acting("listing"):
            found = await shelf.rows(asked.start, asked.stop)
        if shelf is self._shelf:
            # What has vanished meanwhile is not asked for again and again.
            self._rows.update({place: found.get(place, GONE) for place in asked})
            self.replace(loads=self.state.loads + 1)

    # ---- letters

    async def open_letter(self, place: int) -> None:
        """Open the letter at a place of the list. Raises: as open()."""
        shelf = self._shelf
        if shelf is None or not 0 <= place < shelf.count:
            raise LocalMisuse(self.state.why_no_list or "there is no such letter", stage="request")
        self.replace(selected=place)
        async with self._acting("fetching"):
            data = await shelf.letter(place, progress)
        number = place + 1 if isinstance(shelf, MboxShelf) else shelf.count - place
        if not isinstance(shelf, MboxShelf):
            self._deeds.fetched(self.state.source, self.state.folder, shelf.name_of(place))
        await self.show_octets(data, f"letter {number:,} of {self.state.folder or self.state.name}")

    async def open_file(self, path: str) -> None:
        """Open a letter or a file of letters. Raises: LocalFault, LocalMisuse; which are also the state's problem."""
        try:
            source = await in_thread(FileOctets, path)
            if not looks_like_mbox(source.read(0, HEAD)):
                try:
                    if source.size > MAX_LETTER:
                        raise too_large(path)
                    data = await in_thread(source.read, 0, source.size)
                finally:
                    source.close()
                await self.show_octets(data, path)
                return
            mbox = await in_slices(indexing(source))
            if self.state.is_live:
                self._end(None)
            self._close_shelf()
            self.replace(
                phase="idle",
                source="mbox",
                name=path,
                folders=(),
                folder="",
                address="",
                user="",
                secured="",
                problem=None,
            )
            await self._take_shelf(MboxShelf(source, mbox), path)
        except WorkbenchError as failure:
            self._failed(failure)
            raise

    async def take(self, data: bytes, origin: str) -> None:
        """Show a letter of another panel, or of the clipboard. Raises: as open_file()."""
        try:
            if looks_like_mbox(data[:HEAD]):
                held = HeldOctets(data)
                mbox = through(indexing(held))
                if mbox.slots:
                    data = letter_at(held, mbox.slots[0])
            await self.show_octets(data, origin)
        except WorkbenchError as failure:
            self._failed(failure)
            raise

    async def show_octets(self, data: bytes, origin: str) -> None:
        """Take a letter apart and show it."""
        if len(data) > MAX_LETTER:
            raise too_large(origin)
        examined = await take_apart(data)
        letter = examined.letter
        wrong = examined.defect_count
        self.replace(
            examined=examined,
            origin=origin,
            content=None,
            problem=None,
            verdict=Verdict("warning" if wrong else "good", "read", about(examined, origin)),
        )
        await self.choose(first_choice(letter))

    async def choose(self, place: int, charset: str = "") -> None:
        """Show a part. charset: read its text as this one."""
        examined = self.state.examined
        if examined is None or not 0 <= place < len(examined.letter.parts):
            return
        self.replace(chosen=place)
        content = await content_of_part(examined.letter, examined.letter.parts[place], charset)
        if self.state.examined is examined and self.state.chosen == place:
            self.replace(content=content)

    async def save(self, folder: str) -> str:
        """Save the chosen part into a folder; returns the file. Raises: LocalFault, LocalMisuse."""
        examined, part = self.state.examined, self.state.part
        if examined is None or part is None or not part.is_leaf:
            raise LocalMisuse(self.state.why_not_part, stage="save")
        try:
            path, size = await save_part(examined.letter, part, folder)
        except WorkbenchError as failure:
            self.replace(problem=failure)
            raise
        self.replace(problem=None, verdict=Verdict("good", "saved", f"{path}, {octets(size)}"))
        return path

    async def document(self) -> Handed:
        """The chosen part for another panel. Raises: LocalMisuse: there is none."""
        examined, part = self.state.examined, self.state.part
        if examined is None or part is None:
            raise LocalMisuse(self.state.why_not_part, stage="open")
        return await document_of(examined.letter, part, f"part {part.place + 1} of {self.state.origin}")

    # ---- leaving as code

    def copy_as_python(self) -> str:
        """What was read, as a script. Raises: LocalMisuse: nothing was read yet."""
        return self._deeds.python(self.state)

    def copy_as_curl(self) -> str:
        """As copy_as_python()."""
        return self._deeds.curl(self.state)

    # ---- within

    @asynccontextmanager
    async def _acting(self, what: str) -> AsyncIterator[None]:
        """One question at a time; a failure is the state's problem, and a lost connection ends the session."""
        self.replace(problem=None)
        async with self._turn:
            self.replace(busy=what)
            try:
                yield
            except WorkbenchError as failure:
                self._failed(failure)
                session = self._session
                fault = self.transcript.fault
                if session is not None and (
                    fault is not None or not session.is_open or isinstance(failure, TooSlow)
                ):
                    self._end(fault or failure)
                raise
            finally:
                self.replace(busy="")

    def _failed(self, failure: WorkbenchError) -> None:
        self.replace(problem=failure, verdict=Verdict("bad", failure.stage or "failed", sentence(failure)))

    def _end(self, failure: WorkbenchError | None) -> None:
        if self._lost is not None and not self._lost.done():
            self._lost.set_result(failure)

    def _close_shelf(self) -> None:
        if isinstance(self._shelf, MboxShelf):
            self._shelf.close()
        self._shelf = None
        self._rows = {}
        self.replace(source="", name="", count=0, loads=self.state.loads + 1, selected=None)

    def close(self) -> None:
        """Give everything back."""
        self._close_shelf()
        self.transcript.close()
