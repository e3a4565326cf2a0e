"""The Lab's XML-RPC server: one call a connection, and every wrong answer that a client should notice.

It is Python's own dispatcher that reads calls and writes answers, not our codec: what both agree on is no accident.
"""

from collections.abc import Callable
from inspect import signature
from typing import Any
from xmlrpc.client import Fault, dumps
from xmlrpc.server import SimpleXMLRPCDispatcher

from workbench.clock import SYSTEM, Clock
from workbench.lab.guest import Guest
from workbench.lab.service import TcpService
from workbench.lab.services.http.answer import Answer, head, plain
from workbench.lab.services.http.request import NotAsked, read_request
from workbench.lab.services.xmlrpc.methods import MAX_CALLS_AT_ONCE, METHODS, kind
from workbench.lab.services.xmlrpc.wrong import WRONG
from workbench.lab.switches import Turned

PATHS = ("/", "/RPC2")
TOLD = {
    "system.listMethods": [["array"]],
    "system.methodSignature": [["array", "string"]],
    "system.methodHelp": [["string", "string"]],
    "system.multicall": [["array", "array"]],
}
"""The signatures of the methods that every server may have."""


class Dispatcher(SimpleXMLRPCDispatcher):
    """Python's, with our methods; whether it tells of them is a switch.

    Args:
        tells: "all", "no-signatures" as Python's own does by itself, or "nothing".
    """

    def __init__(self, tells: str, *, has_multicall: bool) -> None:
        super().__init__(allow_none=True, encoding="utf-8")
        self.funcs: dict[str, Any]
        for name, told in METHODS.items():
            self.funcs[name] = told.call
        if tells != "nothing":
            self.register_introspection_functions()
            self.funcs["system.methodHelp"] = self._help
            if tells == "all":
                self.funcs["system.methodSignature"] = self._signature
        if has_multicall:
            self.funcs["system.multicall"] = self._multicall

    def answer(self, body: bytes) -> bytes:
        """The answer to a call."""
        try:
            return bytes(self._marshaled_dispatch(body))  # type: ignore[arg-type]  # it takes octets too
        except Exception as error:  # noqa: BLE001 - whatever a stranger sent, the answer is a fault
            fault = Fault(-32700, f"this is no call: {type(error).__name__}")
            return dumps(fault, methodresponse=True, encoding="utf-8").encode()

    def _dispatch(self, method: str, params: Any) -> Any:
        known = self.funcs.get(method)
        if known is None:
            raise Fault(-32601, f"there is no method {method}")
        _check_number(method, known, len(params))
        try:
            return known(*params)
        except TypeError as error:
            came = ", ".join(kind(value) for value in params)
            raise Fault(-32602, f"{method} takes other types than {came}; system.methodHelp tells") from error
        except Fault:
            raise
        except Exception as error:
            raise Fault(-32602, f"{method} can't be carried out with what came") from error

    def _signature(self, name: str) -> object:
        if name not in METHODS:
            return TOLD.get(name, "undef")
        signatures = [list(each) for each in METHODS[name].signatures]
        return signatures or "undef"

    def _help(self, name: str) -> str:
        return METHODS[name].help if name in METHODS else ""

    def _multicall(self, calls: list[dict[str, object]]) -> object:
        if len(calls) > MAX_CALLS_AT_ONCE:
            raise Fault(-32602, f"at most {MAX_CALLS_AT_ONCE} calls at once")
        return self.system_multicall(calls)  # type: ignore[arg-type]  # what it is given, it checks


def _check_number(method: str, call: Callable[..., object], came: int) -> None:
    """Raises: Fault: the method takes more parameters, or fewer."""
    taken = signature(call).parameters.values()
    least = sum(each.default is each.empty for each in taken)
    if not least <= came <= len(taken):
        wanted = f"{least}" if least == len(taken) else f"{least} to {len(taken)}"
        s = "" if wanted == "1" else "s"
        raise Fault(-32602, f"{method} takes {wanted} parameter{s}, and {came} came")


class XmlRpc(TcpService):
    """In clear."""

    def __init__(self, turned: Turned, *, clock: Clock = SYSTEM) -> None:
        super().__init__(turned, clock=clock)
        self._dispatcher = Dispatcher(turned.text("tells"), has_multicall=turned.flag("multicall"))

    async def converse(self, guest: Guest) -> None:
        try:
            asked = await read_request(guest)
        except NotAsked as why:
            if why.status:
                await guest.answer(head(plain("", why.status)))
            return
        says = self.turned.text("says")
        if asked.method != "POST":
            answer = plain("XML-RPC is spoken here, by POST to / or /RPC2.\n", 405)
            answer = answer._replace(fields=(*answer.fields, ("Allow", "POST")))
        elif says in WRONG:
            answer = WRONG[says]
        elif asked.path not in PATHS:
            answer = plain(f"There is nothing at {asked.path}; the calls go to / or /RPC2.\n", 404)
        else:
            answer = spoken(self._dispatcher.answer(asked.body))
        assert isinstance(answer.body, bytes)
        await guest.answer(head(answer) + answer.body)


def spoken(data: bytes) -> Answer:
    """XML as an answer of HTTP."""
    return Answer(200, (("Content-Type", "text/xml; charset=utf-8"),), data)
