"""What the page of calls does: list a server's methods, call one, keep what came. No Qt."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from workbench.errors import LocalMisuse, WorkbenchError
from workbench.formats.quantity import count, duration, octets
from workbench.jobs.job import current_job
from workbench.jobs.verdict import Verdict
from workbench.panels.observed import Observed
from workbench.panels.routes import RelayStarter, resolver_by
from workbench.panels.web.calls.state import Argument, CallsState, Came
from workbench.panels.web.routes import ROUTES
from workbench.protocols.http.security import LabCertificate, Security
from workbench.protocols.xmlrpc import code
from workbench.protocols.xmlrpc.client import FaultRaised, XmlRpcClient
from workbench.protocols.xmlrpc.encode import checked_method, write_call
from workbench.protocols.xmlrpc.typed import read_argument
from workbench.protocols.xmlrpc.values import TYPES, Call, Method, Value
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import TargetResolver

MAX_ARGUMENTS = 200
MAX_SENTENCE = 200
"""Characters of a value in the verdict."""


class CallsController(Observed[CallsState]):
    """One server at a time.

    Args:
        new_transcript: makes the one that calls are recorded in.
        resolver: knows the Lab's names; authority: what makes the Lab's TLS trusted.
    """

    def __init__(
        self,
        new_transcript: Callable[[], Transcript],
        resolver: TargetResolver,
        *,
        authority: LabCertificate | None = None,
        relay: RelayStarter | None = None,
    ) -> None:
        self.transcript = new_transcript()
        super().__init__(CallsState())
        self.timeout_s = 30.0
        self._new_transcript = new_transcript
        self._resolver = resolver
        self._authority = authority
        self._relay = relay
        self._made: code.Recipe | None = None
        self._certificates = ""

    # ---- what a person composes

    def compose(self, **fields: object) -> None:
        """Replace fields of the form."""
        self.replace(form=replace(self.state.form, **fields), wrong_argument=-1)  # type: ignore[arg-type]  # names checked by replace

    def choose(self, name: str, signature: int = 0) -> None:
        """Compose a call of a method that the server told of, with an argument for each of a signature's types."""
        method = next((method for method in self.state.methods if method.name == name), None)
        if method is not None:
            self.compose(method=name, arguments=arguments_for(method, signature))

    def dismiss(self) -> None:
        """Take the failure away."""
        self.replace(problem=None)

    # ---- what a person does

    async def list_methods(self) -> None:
        """Ask the server which methods it has. Raises: WorkbenchError, shown too."""
        target = self.state.form.target
        self.replace(methods=(), server=target)
        await self._to_end("listing", f"the methods of {target}", self._list(target))

    async def call(self) -> None:
        """Make the call that is composed. Raises: WorkbenchError, shown too."""
        form = self.state.form
        await self._to_end("calling", form.method, self._call(form.target, form.method, form.arguments))

    async def _list(self, target: str) -> None:
        client = self._client(target)
        methods = await client.list_methods()
        told = sum(bool(method.signatures) for method in methods)
        requests = count(client.requests, "request")
        self.replace(
            phase="done",
            methods=methods,
            verdict=Verdict(
                "good",
                "listed",
                f"{count(len(methods), 'method')}, {told} with their types",
                ((requests, "Made for names, types and help"),),
            ),
        )

    async def _call(self, target: str, method: str, arguments: tuple[Argument, ...]) -> None:
        call = Call(checked_method(method.strip()), self._params(arguments))
        sent = write_call(call)
        client = self._client(target)
        self._made = code.Recipe(target, "", call)
        loop = asyncio.get_running_loop()
        begun = loop.time()
        answer = None
        try:
            answer = await client.call(call)
        finally:
            exchange = client.exchange
            if exchange is not None:
                self._made = code.Recipe(target, exchange.last.address, call, None, self._certificates)
                self.replace(came=Came(call.method, answer, sent, exchange.body.data))
        spent = duration(int((loop.time() - begun) * 1e9))
        assert answer.value is not None
        received = exchange.body.octets if exchange is not None else 0
        chips = (
            (answer.value.type, "The type of what came back"),
            (f"{octets(len(sent))} sent", "The XML of the call, without HTTP around it"),
            (f"{octets(received)} back", "The XML of the answer, without HTTP around it"),
            (spent, "From the first to the last octet"),
        )
        warned = tuple((f"! {warning.what[:60]}", warning.what) for warning in answer.warnings[:3])
        kind = "warning" if warned else "good"
        self.replace(phase="done", verdict=Verdict(kind, "value", shortly(answer.value), chips + warned))  # type: ignore[arg-type]  # one of its kinds

    def _params(self, arguments: tuple[Argument, ...]) -> tuple[Value, ...]:
        values = []
        for at, argument in enumerate(arguments[:MAX_ARGUMENTS]):
            try:
                values.append(read_argument(argument.text, argument.type))
            except LocalMisuse:
                self.replace(wrong_argument=at)
                raise
        return tuple(values)

    def _client(self, target: str) -> XmlRpcClient:
        if self.transcript.fault is not None:
            self.transcript.close()
            self.transcript = self._new_transcript()
        return XmlRpcClient(
            target,
            self.transcript,
            resolver=resolver_by(ROUTES, self.state.form.route, self._resolver, self._relay),
            security=Security(lab=self._lab_certificate),
            timeout_s=self.timeout_s,
            report=self._tell,
        )

    async def _lab_certificate(self) -> bytes:
        if self._authority is None:
            raise LocalMisuse("there is no Lab here whose authority could be believed", stage="tls")
        found = await self._authority()
        self._certificates = found.decode("ascii")
        return found

    async def _to_end(self, phase: str, what: str, work: Coroutine[Any, Any, None]) -> None:
        self.replace(
            phase=phase, problem=None, came=None, stage="", verdict=Verdict("running", phase, f"{what} …")
        )
        try:
            await work
        except asyncio.CancelledError:
            verdict = Verdict("info", "cancelled", "whether the server did it nobody knows")
            self.replace(phase="idle", verdict=verdict)
            raise
        except FaultRaised as raised:
            sentence = f"{raised.fault.code}: {raised.fault.text[:MAX_SENTENCE]}"
            chips = (("HTTP 200", "HTTP knows nothing of the fault: the answer came in good order"),)
            self.replace(phase="failed", problem=raised, verdict=Verdict("bad", "fault", sentence, chips))
            raise
        except WorkbenchError as failure:
            word = failure.stage or "failed"
            self.replace(phase="failed", problem=failure, verdict=Verdict("bad", word, str(failure)))
            raise

    # ---- leaving as code

    def copy_as_python(self) -> str:
        """The newest call as a script. Raises: LocalMisuse: nothing was called yet, or Python can't say it."""
        return code.python(self._recipe())

    def copy_as_curl(self) -> str:
        """The newest call as a command line. Raises: LocalMisuse: nothing was called yet."""
        return code.curl(self._recipe())

    def _recipe(self) -> code.Recipe:
        if self._made is None or not self._made.address:
            raise LocalMisuse(
                "nothing was called yet", stage="copy", advice="call something first; the script repeats it"
            )
        return self._made

    # ----

    def _tell(self, stage: str) -> None:
        job = current_job()
        if job is not None:
            job.progress(stage=stage)
        self.replace(stage=stage)


def arguments_for(method: Method, signature: int = 0) -> tuple[Argument, ...]:
    """An empty argument for each type of a signature; of types that are none of ours, by itself."""
    if not 0 <= signature < len(method.signatures):
        return ()
    names = {"i4": "int"}
    types = [names.get(type_, type_) for type_ in method.signatures[signature][1:MAX_ARGUMENTS]]
    return tuple(Argument(type_ if type_ in TYPES else "") for type_ in types)


def shortly(value: Value) -> str:
    """A value in one line, cut."""
    if value.type in ("array", "struct"):
        number = len(value.items() or value.members())
        kind = "value" if value.type == "array" else "member"
        return f"{value.type} of {count(number, kind)}"
    text = json.dumps(value.plain(), ensure_ascii=False)
    return text if len(text) <= MAX_SENTENCE else f"{text[:MAX_SENTENCE]}…"
