"""A call while it is made: what it is given, how Python writes it, and what it gives."""

import time
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.protocols.calls.arguments import Argument
from workbench.protocols.calls.held import Held, HeldFile
from workbench.protocols.calls.spec import Spec, python_name

if TYPE_CHECKING:
    from workbench.protocols.calls.desk import Desk


class Result(NamedTuple):
    """What a call gave. text: as Python shows it; the others as in Outcome. code: the call,
    where only now it is known.
    """

    text: str = "None"
    data: bytes = b""
    accepted: int | None = None
    offered: int | None = None
    made: tuple[str, ...] = ()
    remark: str = ""
    code: str = ""


class Making:
    """A call as it is made.

    Attributes:
        number: of the call. made: what its result is to be called, "" for the next free name.
        held, file: what it is made on. args: its arguments by name.
    """

    def __init__(
        self,
        desk: "Desk",
        number: int,
        spec: Spec,
        args: dict[str, Argument],
        made: str,
        held: Held | None,
        file: HeldFile | None,
    ) -> None:
        self.desk = desk
        self.number = number
        self.spec = spec
        self.args = args
        self.made = made
        self.held = held
        self.file = file

    @property
    def on(self) -> Held:
        """The socket."""
        assert self.held is not None
        return self.held

    @property
    def over(self) -> HeldFile:
        """The file."""
        assert self.file is not None
        return self.file

    def __getitem__(self, name: str) -> Any:
        """An argument's value."""
        return self.args[name].value


def code_of(making: Making, on: str) -> str:
    """The call as Python writes it."""
    spec, args = making.spec, making.args
    match spec.name:
        case "socket":
            given = [args["family"].code, args["type"].code]
            given += [args["protocol"].code] if making["protocol"] else []
            return f"socket.socket({', '.join(given)})"
        case "adopt":
            return f"socket.socket(fileno=fd{args['descriptor'].code})"
        case "read":
            return f"os.read({on}.fileno(), {args['size'].code})"
        case "write":
            return f"os.write({on}.fileno(), {args['data'].code})"
        case "poll":
            return f"poll({on})"
        case "spin":
            return f"spin({on}, {args['seconds'].code})"
        case "makefile":
            buffering = "" if making["buffering"] == -1 else f", buffering={args['buffering'].code}"
            return f"{on}.makefile({args['mode'].code}{buffering})"
        case "file_write" if making.file is not None and making.file.is_text:
            return f"{on}.write({making['data'].decode('utf-8', 'replace')!r})"
    shown = {name: each.code for name, each in args.items()}
    times = shown.pop("times", "1")
    if times != "1":
        shown["data"] += f" * {times}"
    if shown.get("limit") == "-1":
        del shown["limit"]
    if spec.name == "getsockopt" and shown["buflen"] == "0":
        del shown["buflen"]
    if spec.name == "sendto" and shown["flags"]:
        shown = {"data": shown["data"], "flags": shown["flags"], "address": shown["address"]}
    return f"{on}.{python_name(spec.name)}({', '.join(filter(None, shown.values()))})"


def wall_time() -> str:
    """The time of day, with milliseconds."""
    now = time.time()
    return time.strftime("%H:%M:%S", time.localtime(now)) + f".{int(now * 1000) % 1000:03d}"
