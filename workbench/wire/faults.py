"""The one border where the system's errors become ours."""

import errno
import os
from typing import Literal

from workbench.errors import LinkLost, LocalFault, LocalMisuse, Refused, TooSlow, WorkbenchError
from workbench.formats.errno_words import symbol_of, words

Doing = Literal["resolve", "connect", "bind", "listen", "accept", "send", "receive"]

_OURS = {
    "EMFILE",
    "ENFILE",
    "ENOBUFS",
    "ENOMEM",
    "EADDRINUSE",
    "EACCES",
    "EPERM",
    "EAFNOSUPPORT",
    "EADDRNOTAVAIL",
}
_NO_SUCH_NAME = {"EAI_NONAME", "EAI_NODATA"}


def first_open_port() -> int:
    """The first port that anybody may bind: Linux says it (ip(7)); elsewhere 1024 by tradition."""
    try:
        with open("/proc/sys/net/ipv4/ip_unprivileged_port_start", encoding="ascii") as file:
            return int(file.read())
    except (OSError, ValueError):
        return 1024


def _told(symbol: str, doing: Doing, port: int | None) -> tuple[str, str]:
    sentence, advice = words(symbol, doing, port=port, first_open_port=first_open_port())
    return sentence, advice


def translated(
    error: OSError, doing: Doing, *, where: str = "", port: int | None = None, committed: bool = False
) -> WorkbenchError:
    """The WorkbenchError for a system call that failed; raise it `from error`.

    Args:
        doing: which call; it is the failure's stage.
        where: the address concerned, for the sentence.
        port: the port that was to be bound, for the advice about privileged ones.
        committed: whether octets may have reached the peer.
    """
    symbol = symbol_of(error)
    sentence, advice = _told(symbol, doing, port) if symbol else (os.strerror(error.errno or errno.EIO), "")
    what = f"{where}: {sentence}" if where else sentence
    maybe: Literal["maybe", "no"] = "maybe" if committed else "no"
    if symbol in _NO_SUCH_NAME:
        return Refused(what, stage=doing, errno_name=symbol, advice=advice)
    if symbol == "EMSGSIZE":
        return LocalMisuse(what, stage=doing, advice=advice)
    if symbol in _OURS and (doing != "connect" or symbol not in {"EACCES", "EPERM"}):
        return LocalFault(what, stage=doing, errno_name=symbol, committed=maybe, advice=advice)
    if symbol == "ETIMEDOUT":
        return TooSlow(what, stage=doing, errno_name=symbol, committed=maybe, advice=advice)
    return LinkLost(what, stage=doing, errno_name=symbol, committed=maybe, advice=advice)
