"""`workbench lab start|list`: the Lab's servers from the terminal."""

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from workbench.cli.arguments import Argument, Parsed, Verb
from workbench.cli.options import JSON
from workbench.cli.output import Output

if TYPE_CHECKING:
    from workbench.lab.catalogue import ServiceInfo


def _service(text: str) -> "ServiceInfo":
    from workbench.lab.catalogue import find_service

    return find_service(text)


def _switches(text: str) -> dict[str, str]:
    from workbench.lab.switches import parse_switches

    return parse_switches(text)


def _start(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.lab_start import start_verb

    return start_verb(parsed, output)


def _list(_parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.lab_list import list_verb

    return list_verb(output)


VERBS = (
    Verb(
        "start",
        "start services, print their addresses, and keep them running",
        "lab.start/1",
        (
            Argument(
                "NAME", "services; all of them when none is named", read=_service, many=True, needed=False
            ),
            Argument(
                "--switch", "make them misbehave: delay_ms=50,reset", "NAME=VALUE", read=_switches, many=True
            ),
            Argument(
                "--book-ports", "use the ports of the standards (7, 9, 13 ...), which may need privileges"
            ),
            Argument("--keep", "end at Ctrl-C only, and not when the input ends"),
            JSON,
        ),
        _start,
        "Runs until its input ends (Ctrl-D) or Ctrl-C. Other verbs and the window then use these services as "
        "lab:NAME. With --json every service is a document on a line of its own.\n"
        "\n"
        "  workbench lab start echo --switch delay_ms=500,one_byte\n"
        "  workbench lab start --keep --json",
    ),
    Verb("list", "what there is, what each teaches, what runs now", "lab.list/1", (JSON,), _list),
)
