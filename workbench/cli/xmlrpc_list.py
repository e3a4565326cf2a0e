"""`workbench xmlrpc list`: what a server tells of its methods."""

from collections.abc import Coroutine
from typing import Any

from workbench.cli.arguments import Parsed
from workbench.cli.output import Output
from workbench.cli.xmlrpc_session import XmlRpcVerb
from workbench.formats.charset import visible
from workbench.protocols.xmlrpc.values import Method


def list_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """The coroutine that lists. Raises: LocalMisuse, LocalFault; the coroutine what the client raises."""
    return _List(parsed, output).run()


class _List(XmlRpcVerb):
    async def run(self) -> int:
        async with self.server() as client:
            methods = await client.list_methods()
            self.told = {
                "names": [method.name for method in methods],
                "methods": [_document(method) for method in methods],
            }
        if not self.output.as_json:
            for method in methods:
                self._print(method)
        return self.done()

    def _print(self, method: Method) -> None:
        for line in list(method.lines()) or [f"{method.name}    ({method.said})"]:
            self.output.line(visible(line))
        for line in method.help.splitlines():
            self.output.line(f"    {visible(line)}")


def _document(method: Method) -> dict[str, object]:
    return {
        "name": method.name,
        "signatures": [list(each) for each in method.signatures],
        "lines": list(method.lines()),
        "said": method.said,
        "help": method.help,
    }
