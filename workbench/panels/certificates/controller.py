"""What a person does with certificates: look at a server, open a file, paste, choose whom to believe. No Qt here."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from workbench.errors import LocalFault, LocalMisuse, WorkbenchError
from workbench.formats.target import parse_target
from workbench.jobs.job import current_job
from workbench.jobs.offload import in_process, in_thread
from workbench.jobs.verdict import Verdict
from workbench.panels.certificates.routes import ROUTES
from workbench.panels.certificates.state import CertificatesState, Entry, Form
from workbench.panels.observed import Observed
from workbench.panels.routes import RelayStarter, resolver_by
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import TargetResolver

if TYPE_CHECKING:
    from workbench.formats.x509.paper import Paper
    from workbench.formats.x509.values import Certificate
    from workbench.protocols.certificates.code import Recipe
    from workbench.protocols.certificates.values import Inspection, Judgement, Store

SLICE_S = 0.006
"""Reading goes on so long without giving the window its turn."""
LARGE_PIECE = 64 * 1024
"""Octets of one certificate: above that another process reads it, for it would hold the window up."""
UNRECORDED = "this panel's conversation ended when its disk failed: nothing more can be recorded in it"

LabCertificate = Callable[[], Awaitable[bytes]]


class CertificatesController(Observed[CertificatesState]):
    """The panel's one look at a time.

    Args:
        transcript: where looks at servers are recorded.
        resolver: knows the Lab's names.
        lab_certificate: gives the root of the Lab's authority as PEM.
        relay: starts a relay of the Lab; without one every route is straight.

    What reads and judges certificates is imported at the first use: the libraries behind it cost 60 ms.
    """

    def __init__(
        self,
        transcript: Transcript,
        resolver: TargetResolver,
        lab_certificate: LabCertificate,
        *,
        relay: RelayStarter | None = None,
    ) -> None:
        self.transcript = transcript
        super().__init__(CertificatesState())
        self._resolver = resolver
        self._lab_certificate = lab_certificate
        self._relay = relay
        self._inspection: Inspection | None = None
        self._shown: tuple[Certificate, ...] = ()
        self._store: Store | None = None

    # ---- what a person composes

    def compose(self, **fields: object) -> None:
        """Replace fields of the form."""
        self.replace(form=replace(self.state.form, **fields))  # type: ignore[arg-type]  # names checked by replace

    def select(self, key: str) -> None:
        """Choose what the right side shows."""
        if key != self.state.selected:
            self.replace(selected=key)

    def dismiss(self) -> None:
        """Forget the failure that is shown."""
        self.replace(problem=None)

    def complain(self, failure: WorkbenchError) -> None:
        """Show a failure of something beside the work itself."""
        self.replace(problem=failure)

    # ---- what a person does

    async def look(self) -> None:
        """Look at the server that the form names, and judge it.

        Raises: WorkbenchError, which is also the state's problem.
        """
        form = self.state.form
        await self._work(form.target, "looking", partial(self._look, form))

    async def open_file(self, path: str) -> None:
        """Open a file of certificates. Raises: as look()."""
        await self._work(path, "reading", partial(self._open_file, path))

    async def open_octets(self, data: bytes, title: str) -> None:
        """Open what was pasted or dropped. Raises: as look()."""
        await self._work(title, "reading", partial(self._read, data, title))

    async def _work(self, source: str, word: str, work: Callable[[], Awaitable[None]]) -> None:
        self._inspection, self._shown, self._store = None, (), None
        self.replace(
            phase="running",
            stage="",
            source=source,
            entries=(),
            selected="",
            problem=None,
            verdict=Verdict("running", word, source),
        )
        try:
            # In a thread: the libraries behind it take 0.1 s at the first use.
            await in_thread(_load)
            await work()
        except WorkbenchError as failure:
            self.replace(
                phase="failed",
                problem=failure,
                verdict=Verdict("bad", failure.stage or "failed", str(failure)),
            )
            raise
        finally:
            if self.state.phase == "running":
                self.replace(phase="cancelled", verdict=Verdict("info", "cancelled", f"{source}: stopped"))

    async def _look(self, form: Form) -> None:
        from workbench.protocols.certificates.client import inspect

        if self.transcript.fault is not None:
            raise LocalFault(UNRECORDED, stage="transcript", advice="restart the workbench")
        target = parse_target(form.target)
        store = await self._open_store(is_lab=target.is_lab)
        name = self._expected() or target.server_name
        resolver = resolver_by(ROUTES, form.route, self._resolver, self._relay)
        inspection = await inspect(
            target, self.transcript, store, name=name, resolver=resolver, report=self._tell
        )
        self._inspection, self._shown, self._store = inspection, inspection.sent, store
        from workbench.panels.certificates.entries import server_entries

        self._done(server_entries(inspection), inspection.judgement, inspection.handshake.version)

    async def _open_file(self, path: str) -> None:
        from workbench.protocols.certificates.trust import read_file

        data = await in_thread(read_file, path)
        await self._read(data, path.rpartition("/")[2] or path)

    async def _read(self, data: bytes, title: str) -> None:
        from workbench.panels.certificates.entries import file_entries, first_shown
        from workbench.protocols.certificates.chain import ordered
        from workbench.protocols.certificates.judge import judge_chain

        papers = await self._papers(data, title)
        found = [paper.certificate for paper in papers if paper.certificate is not None]
        if not found:
            entries = file_entries(papers, title, None, ())
            self.replace(entries=entries, selected=first_shown(entries))
            first = papers[0]
            raise LocalMisuse(
                f"there is no certificate in {title}: it holds {first.title}",
                stage="open",
                advice=first.advice,
            )
        chain = ordered(found)
        store = await self._open_store(is_lab=False)
        judgement = await in_thread(judge_chain, chain, store, self._expected(), datetime.now(UTC))
        self._shown, self._store = tuple(found), store
        held = f"{len(found):,} certificate" + ("" if len(found) == 1 else "s")
        self._done(file_entries(papers, title, judgement, chain), judgement, held)

    async def _papers(self, data: bytes, title: str) -> "list[Paper]":
        """All that the octets hold, read in slices: a store of a thousand certificates takes a second."""
        from workbench.formats.x509.paper import pieces_of, read_piece

        papers: list[Paper] = []
        pieces = pieces_of(data, title)
        began = time.monotonic()
        for at, piece in enumerate(pieces):
            if len(piece.data) > LARGE_PIECE:
                papers += await in_process(read_piece, piece)
            else:
                papers += read_piece(piece)
            if time.monotonic() - began > SLICE_S:
                self._progress(at + 1, len(pieces))
                await asyncio.sleep(0)
                began = time.monotonic()
        return papers

    async def _open_store(self, *, is_lab: bool) -> "Store":
        from workbench.protocols.certificates.trust import open_store

        form = self.state.form
        choice = form.trust
        if choice == "auto":
            choice = "lab" if is_lab else "system"
        if choice != "file":
            return await open_store(choice, self._lab_certificate)
        if not form.trust_file:
            raise LocalMisuse(
                "no file was chosen to trust",
                stage="open",
                advice="choose one beside the target, or another store",
            )
        return await open_store(form.trust_file, self._lab_certificate)

    # ---- what leaves as code

    def copy_as_python(self) -> str:
        """What was done as a script. Raises: LocalMisuse when there is nothing yet."""
        from workbench.protocols.certificates import code

        return (
            code.python(self._recipe()) if self._inspection is not None else code.python_of_file(self._pem())
        )

    def copy_as_openssl(self) -> str:
        """What was done by the program openssl. Raises: LocalMisuse when there is nothing yet."""
        from workbench.protocols.certificates import code

        if self._inspection is not None:
            return code.openssl(self._recipe())
        return code.openssl_of_file(self._pem())

    def copy_as_pem(self) -> str:
        """The certificates that are shown, as PEM. Raises: LocalMisuse when there are none."""
        return self._pem().decode("ascii")

    def _pem(self) -> bytes:
        from workbench.protocols.certificates.trust import pem

        if not self._shown:
            raise LocalMisuse("nothing was opened yet: there is no certificate to copy", stage="copy")
        return b"".join(pem(certificate.der) for certificate in self._shown)

    def _recipe(self) -> "Recipe":
        from workbench.protocols.certificates.code import Recipe

        inspection, store = self._inspection, self._store
        if inspection is None or store is None:
            raise LocalMisuse("no server was looked at yet", stage="copy")
        place = parse_target(inspection.address)
        if place.port is None:
            raise LocalMisuse("a Unix socket can't be reached by these programs", stage="copy")
        note = f"Look at the certificate of {inspection.target}, copied from Network Workbench."
        return Recipe(place.host, place.port, inspection.name, store.trust, store.path, note)

    # ----

    def _expected(self) -> str:
        """The name that a person wrote. Raises: LocalMisuse with the place."""
        name = self.state.form.name.strip()
        if name:
            from workbench.wire.tls.names import dns_form, is_address

            if not is_address(name):
                dns_form(name)
        return name

    def _done(self, entries: "Sequence[Entry]", judgement: "Judgement", first_chip: str) -> None:
        from workbench.panels.certificates.entries import first_shown

        self.replace(
            phase="done",
            entries=tuple(entries),
            selected="verdict" if not judgement.trusted else first_shown(entries),
            verdict=_verdict(judgement, first_chip, self._shown),
        )

    def _tell(self, stage: str) -> None:
        job = current_job()
        if job is not None:
            job.progress(stage=stage)
        self.replace(stage=stage)

    def _progress(self, done: int, total: int) -> None:
        job = current_job()
        if job is not None:
            job.progress(done=done, total=total, stage="read")


def _load() -> None:
    """Import what looks and judges, so that the coroutines find it there."""
    import importlib

    for module in ("workbench.panels.certificates.entries", "workbench.protocols.certificates.client"):
        importlib.import_module(module)


def _verdict(judgement: "Judgement", first_chip: str, shown: "Sequence[Certificate]") -> Verdict:
    chips = [first_chip]
    if shown and shown[0].not_after is not None:
        left = shown[0].not_after - datetime.now(UTC)
        days = abs(left) // timedelta(days=1)
        chips.append(f"{days:,} d left" if left >= timedelta(0) else f"{days:,} d too late")
    if shown and shown[0].key:
        chips.append(shown[0].key)
    word = "accepted" if judgement.trusted else "refused"
    return Verdict("good" if judgement.trusted else "bad", word, judgement.sentence, tuple(chips))
