"""What the Inspector does: open documents, have them read, marked and searched by a worker, keep what is selected.

No Qt. The worker is a process of its own that is killed when a document or an expression takes too long; the next call
has a fresh one, which reads the document again by itself.
"""

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.errors import LocalFault, LocalMisuse, Refused, WorkbenchError
from workbench.formats.errno_words import symbol_of
from workbench.formats.quantity import count, octets
from workbench.jobs.job import current_job
from workbench.jobs.offload import in_thread
from workbench.jobs.verdict import Verdict
from workbench.jobs.worker import Worker
from workbench.panels.observed import Observed
from workbench.panels.routes import RelayStarter, resolver_by
from workbench.panels.web.inspector.places import hit_ranges, node_at, selection_of
from workbench.panels.web.inspector.state import InspectorState, Looked, Selection
from workbench.panels.web.routes import ROUTES
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import TargetResolver

if TYPE_CHECKING:
    from workbench.formats.markup.query import Answer, Hit
    from workbench.formats.markup.service import Source
    from workbench.protocols.http.security import LabCertificate
    from workbench.protocols.http.values import Request

READ_WITHIN_S = 20.0
"""A page of 16 MB takes half of it."""
SEARCH_WITHIN_S = 10.0
"""An expression that takes longer is one that never ends."""


class InspectorController(Observed[InspectorState]):
    """One document at a time.

    Args:
        new_transcript: makes the one that pages are fetched in.
        resolver: knows the Lab's names; authority: what makes the Lab's TLS trusted.
    """

    def __init__(
        self,
        new_transcript: Callable[[], Transcript],
        resolver: TargetResolver,
        *,
        authority: "LabCertificate | None" = None,
        relay: RelayStarter | None = None,
    ) -> None:
        self.transcript = new_transcript()
        super().__init__(InspectorState())
        self.timeout_s = 30.0
        self.search_within_s = SEARCH_WITHIN_S
        self.request: Request | None = None
        self.worker = Worker("the search")
        self._resolver = resolver
        self._authority = authority
        self._relay = relay
        self._source: Source | None = None
        self._numbers = 0

    def retire(self) -> None:
        """Give process and transcript back."""
        self.worker.close()
        self.transcript.close()

    # ---- what a person composes

    def compose(self, **fields: object) -> None:
        """Replace fields of the form."""
        self.replace(form=replace(self.state.form, **fields))  # type: ignore[arg-type]  # names checked by replace

    def dismiss(self) -> None:
        """Take the failure away."""
        self.replace(problem=None)

    def complain(self, failure: WorkbenchError) -> None:
        """Show a failure that came before anything was done."""
        self.replace(problem=failure)

    # ---- opening

    async def open_target(self) -> None:
        """Open what the form names: a page of the web, or a file. Raises: WorkbenchError, shown too."""
        target = self.state.form.target
        self.replace(phase="opening", problem=None, verdict=Verdict("running", "opening", target), stage="")
        await self._shown_to_end(self._open_target(target))

    async def open_file(self, path: str) -> None:
        """Open a file. Raises: WorkbenchError, shown too."""
        self.replace(phase="opening", problem=None, verdict=Verdict("running", "opening", path), stage="")
        await self._shown_to_end(self._open_file(path))

    async def take(self, data: bytes, title: str, media_type: str = "", origin: str = "") -> None:
        """Read octets. Raises: WorkbenchError, shown too."""
        await self._shown_to_end(self._read(data, title, media_type, origin))

    async def read_again(self) -> None:
        """Read the same octets as the form says now. Raises: WorkbenchError, shown too."""
        source, looked = self._source, self.state.looked
        if source is not None and looked is not None:
            await self._shown_to_end(self._read(source.data, looked.title, source.media_type, looked.origin))

    async def _open_target(self, target: str) -> None:
        if is_page(target):
            await self._fetch(target)
        else:
            await self._open_file(target)

    async def _open_file(self, path: str) -> None:
        self.request = None
        data = await in_thread(read_file, path)
        await self._read(data, os.path.basename(path), "", path)

    async def _fetch(self, url: str) -> None:
        await in_thread(_load)
        from workbench.formats.markup.reading import MAX_OCTETS
        from workbench.protocols.http.client import fetch
        from workbench.protocols.http.security import Security
        from workbench.protocols.http.sink import Memory
        from workbench.protocols.http.values import Request

        self.request = Request(url)
        exchange = await fetch(
            self.request,
            self.transcript,
            resolver=resolver_by(ROUTES, self.state.form.route, self._resolver, self._relay),
            security=Security(lab=self._authority),
            sink=Memory(MAX_OCTETS + 1),
            timeout_s=self.timeout_s,
            report=self._tell,
        )
        exchange.require_whole()
        if exchange.status >= 400:
            said = f"{exchange.status} {exchange.head.reason}".rstrip()
            raise Refused(
                f"the server answers {said}", stage="answer", reply=said, source="RFC 9110 section 15"
            )
        where = exchange.last.url.text
        await self._read(exchange.body.data, where, exchange.head.first("content-type") or "", where)

    async def _shown_to_end(self, work: "asyncio.Future[None] | object") -> None:
        try:
            await work  # type: ignore[misc]  # a coroutine
        except asyncio.CancelledError:
            self.replace(
                phase="ready" if self.state.looked is not None else "empty",
                verdict=Verdict("info", "cancelled", "nothing more is read"),
            )
            raise
        except WorkbenchError as failure:
            phase = "ready" if self.state.looked is not None else "failed"
            self.replace(
                phase=phase, problem=failure, verdict=Verdict("bad", failure.stage or "failed", str(failure))
            )
            raise

    async def _read(self, data: bytes, title: str, media_type: str, origin: str) -> None:
        form = self.state.form
        self.replace(
            phase="reading",
            problem=None,
            verdict=Verdict("running", "reading", f"{title}, {octets(len(data))}"),
            looked=None,
            answer=None,
            ranges=(),
            hit=-1,
            selection=Selection(),
        )
        await in_thread(_load)
        from workbench.formats.markup import service
        from workbench.formats.markup.service import Source

        self._numbers += 1
        source = self._source = Source(self._numbers, data, form.kind, media_type, form.encoding)
        page, marks, lines = await self.worker.call(service.read, source, timeout_s=READ_WITHIN_S)
        looked = Looked(title, origin, page, lines, marks, page.problems, page.kind == "xml")
        self.replace(phase="ready", looked=looked, verdict=_verdict(looked))
        if not looked.is_marked:
            marks, problems = await self.worker.call(service.mark, source, timeout_s=READ_WITHIN_S)
            looked = replace(looked, marks=marks, problems=problems, is_marked=True)
        # Whatever was selected before its place was known has one now.
        selection = self.state.selection
        if selection.node >= 0:
            selection = selection_of(selection.node, looked)
        self.replace(looked=looked, verdict=_verdict(looked), selection=selection)
        await self._mark_hits()

    # ---- searching

    async def search(self) -> None:
        """Search as the form says. Raises: WorkbenchError, shown too."""
        source, form = self._source, self.state.form
        if source is None or self.state.looked is None:
            return
        self.replace(is_searching=True, answer=None, ranges=(), hit=-1, problem=None)
        try:
            from workbench.formats.markup import service
            from workbench.formats.markup.query import check_expression

            check_expression(form.expression)
            namespaces = read_namespaces(form.namespaces)
            answer = await self.worker.call(
                service.find,
                source,
                form.language,
                form.expression,
                namespaces,
                timeout_s=self.search_within_s,
            )
            self.replace(is_searching=False, answer=answer, verdict=_found(answer))
            if answer.hits:
                self.show_hit(0)
            await self._mark_hits()
        except asyncio.CancelledError:
            self.replace(is_searching=False, verdict=Verdict("info", "cancelled", "the search was stopped"))
            raise
        except WorkbenchError as failure:
            self.replace(
                is_searching=False,
                problem=failure,
                verdict=Verdict("bad", failure.stage or "failed", str(failure)),
            )
            raise

    async def _mark_hits(self) -> None:
        answer, looked = self.state.answer, self.state.looked
        if answer is not None and looked is not None:
            ranges = await hit_ranges(answer, looked)
            if answer is self.state.answer:
                self.replace(ranges=ranges)

    def show_hit(self, number: int) -> None:
        """Select one of the hits."""
        answer, looked = self.state.answer, self.state.looked
        if answer is None or looked is None or not 0 <= number < len(answer.hits):
            return
        hit: Hit = answer.hits[number]
        self.replace(hit=number, selection=selection_of(hit.node, looked, hit.attribute))

    def next_hit(self, step: int) -> None:
        """Select the next hit, or the one before; round and round."""
        answer = self.state.answer
        if answer is not None and answer.hits:
            self.show_hit((self.state.hit + step) % len(answer.hits))

    # ---- selecting

    def select_node(self, node: int) -> None:
        """Select a node of the tree."""
        looked = self.state.looked
        if looked is not None and 0 <= node < len(looked.page.tree) and node != self.state.selection.node:
            self.replace(selection=selection_of(node, looked))

    def select_place(self, at: int) -> None:
        """Select the innermost node that stands at a character of the source."""
        looked = self.state.looked
        if looked is not None:
            self.select_node(node_at(looked, at))

    def show_problem(self, number: int) -> None:
        """Select the place of a problem."""
        looked = self.state.looked
        if looked is None or not 0 <= number < len(looked.problems):
            return
        found = looked.problems[number]
        place = looked.lines.place(found.start)
        self.replace(
            selection=Selection(-1, found.start, found.stop, f"line {place.line}, column {place.column}", "")
        )

    # ----

    def _tell(self, stage: str) -> None:
        job = current_job()
        if job is not None:
            job.progress(stage=stage)
        self.replace(stage=stage)


def is_page(target: str) -> bool:
    """Whether it is an address of the web; what exists as a file, or has no colon, is a file, but for lab:NAME."""
    return ":" in target and (target.startswith("lab:") or not os.path.exists(target))


def check_target(target: str) -> object:
    """Raises: LocalMisuse with the place: it is neither a page nor the name of a file."""
    if not target.strip():
        raise LocalMisuse(
            "there is nothing to open", text=target, start=0, end=0, advice="type lab:http/page, or a file"
        )
    if "\0" in target:
        at = target.index("\0")
        raise LocalMisuse("this character can't stand here", text=target, start=at, end=at + 1)
    if is_page(target):
        from workbench.protocols.http.url import read_url

        return read_url(target)
    return target


def read_namespaces(text: str) -> dict[str, str]:
    """`p=name q=name` as typed. Raises: LocalMisuse with the place."""
    from workbench.formats.markup.query import read_namespace

    found: dict[str, str] = {}
    at = 0
    for word in text.split():
        at = text.index(word, at)
        try:
            prefix, uri = read_namespace(word)
        except LocalMisuse as mistake:
            start = at + (mistake.start or 0)
            end = at + (mistake.end or 0)
            raise LocalMisuse(
                mistake.what, text=text, start=start, end=end, advice=mistake.advice
            ) from mistake
        found[prefix] = uri
        at += len(word)
    return found


def read_file(path: str) -> bytes:
    """A file, bounded. Raises: LocalFault."""
    from workbench.formats.markup.reading import MAX_OCTETS

    try:
        with open(path, "rb") as file:
            return file.read(MAX_OCTETS + 1)
    except OSError as error:
        raise LocalFault(
            f"{path} can't be read: {error.strerror}",
            stage="open",
            errno_name=symbol_of(error),
            advice="type the name of a file, or a page like lab:http/page",
        ) from error


def _load() -> None:
    # In a thread: what the worker gives back is made of these.
    import workbench.formats.markup.service
    import workbench.protocols.http.client  # noqa: F401 - loaded for others


def _verdict(looked: Looked) -> Verdict:
    page = looked.page
    errors = sum(problem.level == "error" for problem in looked.problems)
    chips = (
        (page.kind.upper(), f"Read as {page.kind.upper()}: {page.why}"),
        (page.encoding.name, page.encoding.why),
        (count(len(page.tree) - 1, "node"), "Nodes of the tree"),
        (count(len(looked.lines), "line"), "Lines of the source"),
    )
    if page.standing:
        return Verdict("bad", "broken", page.standing, chips)
    if not looked.is_marked:
        return Verdict("running", "read", f"{looked.title}; places and mistakes are being looked for", chips)
    if errors:
        return Verdict("warning", "read", f"{looked.title}: {count(errors, 'mistake')}", chips)
    return Verdict("good", "read", f"{looked.title}: no mistake was found", chips)


def _found(answer: "Answer") -> Verdict:
    if answer.kind != "nodes":
        return Verdict("info", answer.kind, answer.value or "(an empty text)")
    if not answer.total:
        return Verdict("warning", "nothing", answer.hint or "Nothing matches.")
    listed = f"; the first {len(answer.hits):,} are listed" if answer.total > len(answer.hits) else ""
    return Verdict("good", "found", f"{count(answer.total, 'hit')}{listed}")
