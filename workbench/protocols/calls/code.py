"""The calls that were made, as a script of the standard library, in the order in which they ended."""

from collections.abc import Sequence

from workbench.errors import LocalMisuse
from workbench.protocols.calls.values import Outcome

_QUIET = frozenset(
    {
        *("socket", "adopt", "bind", "listen", "accept", "connect", "sendall", "shutdown", "close", "detach"),
        *("dup", "setblocking", "settimeout", "setsockopt", "makefile", "flush", "file_close"),
    }
)
"""Calls whose result is nothing, or a thing that has a name: nothing is printed of them."""
_POLL = '''
def poll(sock):
    """What the socket is ready for, without waiting."""
    asked = select.poll()
    asked.register(sock, select.POLLIN | select.POLLPRI | select.POLLOUT)
    return [name for name in ("POLLIN", "POLLPRI", "POLLOUT", "POLLERR", "POLLHUP")
            if any(mask & getattr(select, name) for _, mask in asked.poll(0))]

'''

_SPIN = '''
def spin(sock, seconds):
    """Ask without waiting, again and again, whether anything came."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            sock.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
            return True
        except BlockingIOError:
            pass
    return False

'''


def python(outcomes: Sequence[Outcome]) -> str:
    """The script. It prints what each call gave, and which exception it met.

    Raises: LocalMisuse: no call was made yet.
    """
    if not outcomes:
        raise LocalMisuse("no call was made yet", stage="copy", advice="make one; the script repeats it")
    lines: list[str] = []
    for outcome in outcomes:
        lines += _lines(outcome)
    body = "\n".join(lines)
    modules = ["socket"]
    modules += [
        name
        for name in ("io", "os", "select")
        if f"{name}." in body or (name == "select" and "poll(" in body)
    ]
    defined = _POLL * ("poll(" in body) + _SPIN * ("spin(" in body)
    modules += ["time"] * ("spin(" in body)
    imports = "\n".join(f"import {name}" for name in sorted(modules))
    return f'"""Socket calls, copied from Network Workbench."""\n\n{imports}\n{defined}\n{body}\n'


def _lines(outcome: Outcome) -> list[str]:
    if outcome.is_cancelled:
        return [f"# {outcome.text} waited, and was cancelled"]
    if outcome.call == "unplug":
        return [f"# here the cable of {outcome.on} was pulled, which no call of Python does"]
    if outcome.raised:
        return [
            "try:",
            f"    {outcome.text}",
            f"except {outcome.raised} as error:",
            f'    print({outcome.raised!r}, "at", {outcome.text!r})',
        ]
    if outcome.call in _QUIET:
        return [outcome.text]
    return [f"print(repr({outcome.text}))"]
