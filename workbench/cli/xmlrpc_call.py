"""`workbench xmlrpc call`: one call, its value or its fault."""

import json
from collections.abc import Coroutine
from typing import Any

from workbench.cli.arguments import Parsed, reading
from workbench.cli.output import Output
from workbench.cli.xmlrpc_session import XmlRpcVerb
from workbench.protocols.xmlrpc.client import FaultRaised
from workbench.protocols.xmlrpc.encode import write_call
from workbench.protocols.xmlrpc.typed import read_argument
from workbench.protocols.xmlrpc.values import Call, Value


def call_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """The coroutine that calls. Raises: LocalMisuse, LocalFault; the coroutine what the client raises."""
    return _Call(parsed, output).run()


class _Call(XmlRpcVerb):
    def __init__(self, parsed: Parsed, output: Output) -> None:
        super().__init__(parsed, output)
        params = tuple(reading("VALUE", word, read_argument) for word in parsed["VALUE"])
        self._call = Call(parsed["METHOD"], params)
        write_call(self._call)
        self.told = {
            "method": self._call.method,
            "params": [{"type": value.type, "value": value.plain()} for value in params],
        }

    async def run(self) -> int:
        async with self.server() as client:
            try:
                answer = await client.call(self._call)
            except FaultRaised as raised:
                self.told["fault"] = {"code": raised.fault.code, "text": raised.fault.text}
                raise
            assert answer.value is not None
            value: Value = answer.value
            self.told |= {
                "type": value.type,
                "value": value.plain(),
                "warnings": [
                    {"what": warned.what, "at": {"start": warned.start, "end": warned.stop}}
                    for warned in answer.warnings
                ],
            }
        if not self.output.as_json:
            self.output.line(json.dumps(value.plain(), ensure_ascii=True))
            for warned in answer.warnings:
                self.output.note(f"read all the same: {warned.what}")
        return self.done()
