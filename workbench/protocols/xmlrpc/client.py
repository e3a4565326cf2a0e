"""Calling: a call as a POST, its answer as a value; and asking a server which methods it has.

    client = XmlRpcClient("lab:xmlrpc", transcript, resolver=resolve)
    answer = await client.call(Call("pow", (Value("int", 2), Value("int", 10))))

Contract. A fault is raised as Refused with its code and text, an error of HTTP as Refused too, but with HTTP's words:
the two say no at different places. An answer that makes no sense is PeerMisbehaved with its place.
"""

from collections.abc import Sequence

from workbench.errors import PeerMisbehaved, Refused, WorkbenchError
from workbench.jobs.offload import in_thread
from workbench.protocols.http.client import fetch
from workbench.protocols.http.security import Security
from workbench.protocols.http.sink import Memory
from workbench.protocols.http.values import Exchange, Login, Request
from workbench.protocols.xmlrpc.codec import MAX_OCTETS, read_answer
from workbench.protocols.xmlrpc.encode import write_call
from workbench.protocols.xmlrpc.sentences import SPEC, fault_words
from workbench.protocols.xmlrpc.values import Answer, Call, Fault, Method, Value
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import Report, TargetResolver

MEDIA_TYPE = "text/xml"
MAX_METHODS = 500
"""Methods of one server that are asked about; ours."""
LONG = 16 * 1024
"""Octets of an answer that is read in a thread."""
MAX_HELP = 20_000  # characters, ours
LIST, SIGNATURE, HELP, MULTICALL = (
    "system.listMethods",
    "system.methodSignature",
    "system.methodHelp",
    "system.multicall",
)


class FaultRaised(Refused):
    """The server understood the call and said no."""

    def __init__(self, fault: Fault, what: str, advice: str = "") -> None:
        super().__init__(
            what,
            stage="fault",
            reply=f"{fault.code}: {fault.text}",
            committed="maybe",
            advice=advice,
            source=f"{SPEC}, Fault example",
        )
        self.fault = fault

    @property
    def kind(self) -> str:
        """As JSON shows it: a fault is a refusal."""
        return "Refused"


class XmlRpcClient:
    """One server; each call is a request of its own.

    Args:
        url: an address of the web, or lab:xmlrpc.
        resolver, security, timeout_s, report: as fetch has them.

    Attributes:
        exchange: the newest one, with its octets. requests: how many were made.
    """

    def __init__(
        self,
        url: str,
        transcript: Transcript,
        *,
        resolver: TargetResolver | None = None,
        security: Security | None = None,
        login: Login | None = None,
        timeout_s: float = 30.0,
        report: Report | None = None,
    ) -> None:
        self.url = url
        self.exchange: Exchange | None = None
        self.requests = 0
        self._transcript = transcript
        self._resolver = resolver
        self._security = security
        self._login = login
        self._timeout_s = timeout_s
        self._report = report

    async def call(self, call: Call) -> Answer:
        """Make a call.

        Raises: LocalMisuse: it can't be said; FaultRaised: the server's fault; Refused: HTTP's no; PeerMisbehaved: an
            answer that makes no sense; what fetch raises.
        """
        body = write_call(call)
        self.requests += 1
        self.exchange = exchange = await fetch(
            self._request(body),
            self._transcript,
            resolver=self._resolver,
            security=self._security,
            sink=Memory(MAX_OCTETS + 1),
            max_redirects=0,
            timeout_s=self._timeout_s,
            limit_decoded=MAX_OCTETS,
            report=self._report,
        )
        if exchange.status != 200:
            raise _http_error(exchange)
        exchange.require_whole()
        # A long answer takes a while to read; other tasks get their turn meanwhile.
        is_long = exchange.body.octets > LONG
        answer = await in_thread(_read, exchange) if is_long else _read(exchange)
        if answer.fault is not None:
            raise raised(answer.fault)
        return answer

    async def list_methods(self) -> tuple[Method, ...]:
        """What the server tells of its methods: names, signatures, help; in its own order.

        Raises: as call; FaultRaised where it does not tell its methods at all.
        """
        names = _names(await self.call(Call(LIST)))
        asked = [
            Call(question, (Value("string", name),))
            for name in names[:MAX_METHODS]
            for question in (SIGNATURE, HELP)
        ]
        if MULTICALL in names and asked:
            answers = await self._all_at_once(asked)
        else:
            answers = [await self._or_failure(call) for call in asked]
        told = tuple(
            _method(name, *answers[2 * at : 2 * at + 2]) for at, name in enumerate(names[:MAX_METHODS])
        )
        return told + tuple(
            Method(name, said="not asked: there are too many") for name in names[MAX_METHODS:]
        )

    async def all_at_once(self, calls: Sequence[Call]) -> list[Value | WorkbenchError]:
        """Several calls in one request (system.multicall), each with its own value or fault.

        Raises: as call; PeerMisbehaved: the answers are not as many as the calls.
        """
        params = tuple(
            Value(
                "struct",
                (
                    ("methodName", Value("string", call.method)),
                    ("params", Value("array", call.params)),
                ),
            )
            for call in calls
        )
        answer = await self.call(Call(MULTICALL, (Value("array", params),)))
        items = answer.value.items() if answer.value is not None else ()
        if len(items) != len(calls):
            raise PeerMisbehaved(
                f"{len(calls)} calls were made at once, and {len(items)} answers came",
                stage="answer",
                source="system.multicall",
            )
        return [_one_of_many(item) for item in items]

    async def _all_at_once(self, calls: Sequence[Call]) -> list[Value | WorkbenchError]:
        try:
            return await self.all_at_once(calls)
        except (Refused, PeerMisbehaved):
            # It lists the method and does not have it, or differently: then one by one.
            return [await self._or_failure(call) for call in calls]

    async def _or_failure(self, call: Call) -> Value | WorkbenchError:
        try:
            answer = await self.call(call)
        except (Refused, PeerMisbehaved) as failure:
            return failure
        assert answer.value is not None
        return answer.value

    def _request(self, body: bytes) -> Request:
        return Request(
            self.url,
            "POST",
            headers=(("Content-Type", MEDIA_TYPE),),
            body=body,
            login=self._login,
        )


def raised(fault: Fault) -> FaultRaised:
    """A fault as a failure."""
    words, advice = fault_words(fault.code)
    known = f" ({words})" if words else ""
    return FaultRaised(
        fault, f"the server answers with fault {fault.code}{known}: {fault.text[:300]}", advice
    )


def _http_error(exchange: Exchange) -> Refused:
    status = f"{exchange.status} {exchange.head.reason}".rstrip()
    return Refused(
        f"no XML-RPC was spoken: HTTP itself answers {status}",
        stage="http",
        reply=status,
        committed="maybe",
        advice="a fault would come with status 200: look at the path, and at who may ask",
        source=f"{SPEC}, Response format",
    )


def _read(exchange: Exchange) -> Answer:
    try:
        return read_answer(exchange.body.data)
    except PeerMisbehaved as broken:
        type_ = exchange.head.first("content-type") or ""
        if "html" in type_.lower():
            broken.advice = "it is a page for people (Content-Type says HTML): the path may be wrong"
        raise


def _names(answer: Answer) -> tuple[str, ...]:
    value = answer.value
    if value is None or value.type != "array" or any(item.type != "string" for item in value.items()):
        raise PeerMisbehaved(
            "the list of methods is no array of strings", stage="answer", source="system.listMethods"
        )
    return tuple(dict.fromkeys(str(item.data) for item in value.items()))


def _one_of_many(item: Value) -> Value | WorkbenchError:
    if item.type == "array" and len(item.items()) == 1:
        return item.items()[0]
    members = dict(item.members())
    code, text = members.get("faultCode"), members.get("faultString")
    if code is not None and text is not None and isinstance(code.data, int):
        return raised(Fault(code.data, str(text.data)))
    return PeerMisbehaved(
        "one of the answers is neither a value nor a fault", stage="answer", source="system.multicall"
    )


def _method(name: str, signature: Value | WorkbenchError, words: Value | WorkbenchError) -> Method:
    signatures: tuple[tuple[str, ...], ...] = ()
    said = ""
    if isinstance(signature, WorkbenchError):
        said = f"the server does not tell: {signature.reply or signature.what}"
    elif signature.type != "array":
        # Python's own server answers with the words "signatures not supported".
        said = f"the server does not tell: {str(signature.plain())[:200]}"
    else:
        signatures = tuple(
            tuple(str(type_.data) for type_ in each.items()) for each in signature.items() if each.items()
        )
        said = "" if signatures else "the server does not tell"
    text = str(words.data) if isinstance(words, Value) and words.type == "string" else ""
    return Method(name, signatures, said, text[:MAX_HELP])
