"""Everything known of a failure as text, for who wants to see it raw: class, symbol, system's words, reasons, trace.

No Qt. The bar above a view says the same in two lines; this is what stands behind it.
"""

import os
import socket
import traceback
from collections.abc import Iterator

from workbench.errors import WorkbenchError
from workbench.formats.charset import visible

MAX_TRACE = 40
"""Lines of a traceback: where it began and where it broke."""
MAX_CAUSES = 8
_WIDTH = 10


def raw(failure: WorkbenchError) -> str:
    """What there is to know, a line for each thing."""
    lines = [_line("stage", failure.stage or "not said"), _line("class", chain(type(failure)))]
    for cause in causes(failure):
        lines.append(_line("caused by", chain(type(cause))))
        lines += [_line("", text) for text in (_system_words(cause) or str(cause)).splitlines()[:2]]
    if failure.errno_name:
        lines.append(_line("symbol", f"{failure.errno_name} ({_number(failure)})"))
    if failure.reply:
        lines.append(_line("reply", failure.reply.strip()))
    if failure.data:
        lines.append(_line("octets", failure.data.hex(" ")))
    lines.append(
        _line(
            "done?",
            {"no": "nothing took effect", "maybe": "it may have taken effect"}.get(
                failure.committed, "it took effect"
            ),
        )
    )
    if failure.advice:
        lines.append(_line("try", failure.advice))
    if failure.source:
        lines.append(_line("source", failure.source))
    lines.append(_line("exit code", f"{failure.exit_code} in the terminal"))
    trace = traced(failure)
    return "\n".join((*lines, "", *trace) if trace else lines)


def chain(kind: type) -> str:
    """A class and those it derives from, the nearest first: "gaierror ← OSError ← Exception"."""
    classes = [each for each in kind.__mro__ if issubclass(each, BaseException) and each is not BaseException]
    return " ← ".join(_named(each) for each in classes)


def _named(kind: type) -> str:
    ours = kind.__module__.partition(".")[0] in ("builtins", "workbench")
    return kind.__name__ if ours else f"{kind.__module__}.{kind.__name__}"


def causes(failure: BaseException) -> Iterator[BaseException]:
    """What it was raised from, the nearest first."""
    found: BaseException | None = failure.__cause__
    for _ in range(MAX_CAUSES):
        if found is None:
            return
        yield found
        found = found.__cause__


def _system_words(cause: BaseException) -> str:
    """The system's own text of an error; "" where it is none of the system."""
    if not isinstance(cause, OSError) or cause.errno is None:
        return ""
    return f"[Errno {cause.errno}] {cause.strerror or os.strerror(cause.errno)}"


def _number(failure: WorkbenchError) -> str:
    """The symbol's number on this system, which is another one elsewhere."""
    for cause in causes(failure):
        if isinstance(cause, socket.gaierror | OSError) and cause.errno is not None:
            return f"{cause.errno} on this system"
    return "no number was given"


def traced(failure: WorkbenchError) -> list[str]:
    """The traceback's lines, its middle left out where it is long; none where it was never raised."""
    if failure.__traceback__ is None:
        return []
    lines = "".join(traceback.format_exception(failure)).splitlines()
    if len(lines) > MAX_TRACE:
        half = MAX_TRACE // 2
        lines = [*lines[:half], f"    … {len(lines) - 2 * half} lines …", *lines[-half:]]
    return [visible(line) for line in lines]


def _line(name: str, text: str) -> str:
    return f"{name:<{_WIDTH}} {visible(text)}"
