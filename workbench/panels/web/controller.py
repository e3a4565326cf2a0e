"""What a person does with requests. No Qt here."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Protocol

from workbench.errors import LocalFault, LocalMisuse, WorkbenchError
from workbench.formats.quantity import octets
from workbench.formats.target import Target
from workbench.jobs.job import current_job
from workbench.jobs.offload import in_thread
from workbench.jobs.verdict import Verdict
from workbench.panels.observed import Observed
from workbench.panels.routes import RelayStarter, resolver_by
from workbench.panels.web.composed import added_to, composed, content_of
from workbench.panels.web.downloads import Saver
from workbench.panels.web.routes import ROUTES
from workbench.panels.web.state import Form, Preview, WebState
from workbench.panels.web.unpacked import NOTHING_SEEN
from workbench.protocols.http.client import fetch
from workbench.protocols.http.code import Recipe, curl, python
from workbench.protocols.http.download import Ways
from workbench.protocols.http.encode import encode
from workbench.protocols.http.redirects import MAX_REDIRECTS
from workbench.protocols.http.security import Security
from workbench.protocols.http.sentences import status_words
from workbench.protocols.http.sink import File, Memory, Sink
from workbench.protocols.http.url import read_url
from workbench.protocols.http.values import Exchange, Hop, Login, Request
from workbench.transcript.recorder import Transcript
from workbench.wire.tls.values import UNTRUSTED_ADVICE

MAX_HEADERS_TYPED = 500


class HasAccounts(Protocol):
    """Part of lab.address.ServiceAddress."""

    @property
    def accounts(self) -> tuple[tuple[str, str], ...]: ...


class HasCertificate(Protocol):
    """Part of lab.supervisor.LabAuthority."""

    @property
    def certificate(self) -> bytes: ...


class LabOffers(Protocol):
    """What the Lab is asked for."""

    async def resolve(self, target: Target) -> Target: ...
    async def start(self, name: str) -> HasAccounts: ...
    async def authority(self) -> HasCertificate: ...


class WebController(Observed[WebState]):
    """The page of requests.

    Args:
        new_transcript: makes what a request records into.
        lab: knows the Lab's names, accounts and authority.
        relay: starts a relay; without one every route is straight.

    Attributes:
        password, raw: what was typed: the password is kept nowhere, the octets of a raw body by the editor.
        transcript: of the last request.
    """

    def __init__(
        self, new_transcript: Callable[[], Transcript], lab: LabOffers, *, relay: RelayStarter | None = None
    ) -> None:
        self._new_transcript = new_transcript
        self._lab = lab
        self._relay = relay
        super().__init__(WebState())
        self.transcript = new_transcript()
        self.password = ""
        self.raw = b""
        self.timeout_s = 30.0
        self._sent: Request | None = None
        self._certificates = ""
        self.saver = Saver(self)

    # ---- what a person composes

    def compose(self, **fields: object) -> None:
        """Replace fields of the form; what will go is known at once."""
        form = replace(self.state.form, **fields)  # type: ignore[arg-type]  # names checked by replace
        self.replace(form=form, preview=self._previewed(form))

    def renew_preview(self) -> None:
        """The password or the raw body is another one now."""
        self.replace(preview=self._previewed(self.state.form))

    def show_hop(self, at: int | None) -> None:
        """Show the fields of this hop; None: of the last one."""
        self.replace(at=at)

    def dismiss(self) -> None:
        """Forget the failure that is shown."""
        self.replace(problem=None)

    def _previewed(self, form: Form) -> Preview:
        if not form.url:
            return Preview()
        try:
            request = composed(form, self.password, self.raw, content_of(form, self.raw))
            return Preview(encode(request), None, added_to(request))
        except LocalMisuse as mistake:
            return Preview(None, mistake, self.state.preview.added)

    # ---- the request

    async def send(self, file: str = "", *, resume: bool = False) -> None:
        """Send what is composed; with a file's name the body goes there, partial until it is whole.

        Args:
            resume: go on with the part of it that an earlier download left.

        Raises: WorkbenchError, which is also the state's problem.
        """
        form = self.state.form
        self._begin(form, file, resume=resume)
        sink: Sink | None = None
        try:
            if (fault := self.transcript.fault) is not None:
                raise fault
            content = await in_thread(content_of, form, self.raw, all_of_it=True)
            request = await self._with_lab_login(composed(form, self.password, self.raw, content))
            if file and request.method == "GET":
                self._sent, self._certificates = request, ""
                ways = self._ways(form)
                exchange = await self.saver.save(request, self.transcript, file, form, ways, resume=resume)
            else:
                sink = File(file) if file else Memory()
                exchange = await self._fetch(form, request, sink)
            await self._came(exchange, file)
        except WorkbenchError as failure:
            if failure.advice == UNTRUSTED_ADVICE:
                failure.advice = "go on and show the verdict: Options has a tick for it"
            self.replace(
                phase="failed",
                problem=failure,
                verdict=Verdict("bad", failure.stage or "failed", _sentence(failure)),
            )
            raise
        finally:
            if self.state.is_running:
                kept = (
                    f"{octets(self.state.received)} had come" if self.state.received else "nothing had come"
                )
                name = sink.file if sink is not None else self.state.saved
                where = f"; they stand in {name}" if name else ""
                self.replace(phase="cancelled", verdict=Verdict("info", "cancelled", kept + where))
        if exchange.failure is not None:
            raise exchange.failure

    async def _fetch(self, form: Form, request: Request, sink: Sink) -> Exchange:
        self._sent = request
        self._certificates = ""
        ways = self._ways(form)
        return await fetch(
            request,
            self.transcript,
            resolver=ways.resolver,
            security=ways.security,
            sink=sink,
            max_redirects=ways.max_redirects,
            timeout_s=ways.timeout_s,
            report=ways.report,
            on_hop=self._hopped,
            progress=self._progress,
        )

    def _ways(self, form: Form) -> Ways:
        return Ways(
            resolver=resolver_by(ROUTES, form.route, self._lab.resolve, self._relay),
            security=Security(untrusted="show" if form.show_untrusted else "stop", lab=self._lab_certificate),
            max_redirects=MAX_REDIRECTS if form.follow else 0,
            timeout_s=self.timeout_s,
            report=self._tell,
        )

    def _begin(self, form: Form, file: str, *, resume: bool) -> None:
        continues = resume and file == self.state.file and not self.state.why_not_go_on
        if len(self.transcript):
            self.transcript.close()
            self.transcript = self._new_transcript()
        self._sent = None
        self.replace(
            phase="running",
            stage="",
            hops=(),
            at=None,
            received=0,
            total=None,
            speed=None,
            left_ns=None,
            exchange=None,
            seen=NOTHING_SEEN,
            steps=None,
            encoding="",
            file=file if form.method == "GET" else "",
            attempts=self.state.attempts if continues else (),
            sha256="",
            is_paused=False,
            saved="",
            problem=None,
            verdict=Verdict("running", "asking", f"{form.method} {form.url}"),
        )

    async def _came(self, exchange: Exchange, file: str) -> None:
        body, is_saved = exchange.body, bool(self.state.attempts)
        self.replace(
            hops=exchange.hops,
            exchange=exchange,
            saved=body.file,
            received=body.octets if is_saved else exchange.completeness.received,
        )
        try:
            await self.saver.look(body.file if file and body.file else body.data)
        finally:
            # Not before: what says that it is done has to take the next request at once. Who cancels now cancels the
            # look; the answer is there.
            failed = exchange.failure is not None or (is_saved and exchange.status >= 400)
            self.replace(
                phase="failed" if failed else "done",
                is_paused=False,
                problem=exchange.failure,
                verdict=self.state.verdict if is_saved else _verdict(exchange),
            )

    async def look(self, steps: tuple[str, ...] | None, encoding: str) -> None:
        """Look at the body unpacked by these steps, None for those it asks for, and read by this encoding."""
        self.replace(steps=steps, encoding=encoding)
        state = self.state
        source = state.saved if state.file and state.saved else state.body
        if source and not state.is_running:
            await self.saver.look(source)

    async def _with_lab_login(self, request: Request) -> Request:
        """For the Lab's own user the Lab itself tells the password."""
        target = read_url(request.url).target
        if request.login is None or request.login.password or not target.is_lab:
            return request
        accounts = dict((await self._lab.start(target.host)).accounts)
        return replace(request, login=Login(request.login.user, accounts.get(request.login.user, "")))

    async def _lab_certificate(self) -> bytes:
        certificate = (await self._lab.authority()).certificate
        self._certificates = certificate.decode("ascii")
        return certificate

    # ---- the body

    async def save(self, path: str) -> None:
        """Save the body that is kept. Raises: LocalFault, LocalMisuse; the state has it too."""
        exchange = self.state.exchange
        if exchange is None or self.state.why_not_body:
            raise LocalMisuse(self.state.why_not_body or "there is nothing to save", stage="save")
        try:
            if not exchange.body.is_kept:
                raise LocalFault(
                    f"of {octets(exchange.body.octets)} only the first {octets(len(exchange.body.data))} are kept",
                    stage="save",
                    advice="download it to a file: then all of it goes there",
                )
            await in_thread(_write, File(path), exchange.body.data)
        except WorkbenchError as failure:
            self.replace(problem=failure)
            raise
        self.replace(saved=path, problem=None)

    # ---- leaving as code

    def copy_as_python(self) -> str:
        """The request as a script. Raises: LocalMisuse: nothing was sent yet."""
        return python(self._recipe())

    def copy_as_curl(self) -> str:
        """As copy_as_python()."""
        return curl(self._recipe())

    def _recipe(self) -> Recipe:
        if self._sent is None or not self.state.hops:
            raise LocalMisuse("no request was answered yet", stage="copy", advice="send one first")
        return Recipe(
            self._sent,
            self.state.hops[0].address,
            self.state.form.follow,
            self._certificates,
        )

    # ---- told by the engine

    def _tell(self, stage: str) -> None:
        if (job := current_job()) is not None:
            job.progress(stage=stage)
        self.replace(stage=stage)

    def _hopped(self, hop: Hop) -> None:
        self.replace(hops=(*self.state.hops, hop))

    def _progress(self, done: int, total: int | None) -> None:
        if (job := current_job()) is not None:
            job.progress(done, total=total)
        self.replace(received=done, total=total)


def _verdict(exchange: Exchange) -> Verdict:
    status, found = exchange.status, exchange.completeness
    word = f"{status} {status_words(status)}".strip()
    if exchange.failure is not None:
        return Verdict("bad", found.kind if found.kind != "complete" else word, exchange.failure.what)
    if found.kind == "unverifiable":
        return Verdict(
            "warning", word, f"{found.sentence}; {exchange.hint}" if exchange.hint else found.sentence
        )
    return Verdict("good" if status < 400 else "warning", word, found.sentence)


def _sentence(failure: WorkbenchError) -> str:
    return f"{failure.what}: {failure.reply}" if failure.reply else failure.what


def _write(file: File, data: bytes) -> None:
    file.begin()
    try:
        file.write(data)
        file.complete()
    finally:
        file.close()
        if not file.is_whole:
            # A copy of what stands here anyway: half of it is worth nothing.
            with suppress(OSError):
                os.unlink(file.partial)
