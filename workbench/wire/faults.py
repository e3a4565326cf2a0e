"""The one border where the system's errors become ours."""

import errno
import os
import socket
from typing import Literal

from workbench.errors import LinkLost, LocalFault, LocalMisuse, Refused, TooSlow, WorkbenchError
from workbench.formats.errno_words import words

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
_EAI = {value: name for name, value in vars(socket).items() if name.startswith("EAI_")}


def errno_symbol(error: OSError) -> str:
    """The symbol of an error's number, "ECONNREFUSED" or "EAI_NONAME"; "" where it has none."""
    if isinstance(error, socket.gaierror):
        return _EAI.get(error.errno or 0, "")
    return errno.errorcode.get(error.errno or 0, "")


def translated(error: OSError, doing: Doing, *, where: str = "", committed: bool = False) -> WorkbenchError:
    """The WorkbenchError for a system call that failed; raise it `from error`.

    Args:
        doing: which call; it is the failure's stage.
        where: the address concerned, for the sentence.
        committed: whether octets may have reached the peer.
    """
    symbol = errno_symbol(error)
    sentence, advice = words(symbol, doing) if symbol else (os.strerror(error.errno or errno.EIO), "")
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
