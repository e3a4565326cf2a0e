"""What can be seen of a session with an FTP server. Joined in things.py."""

from collections.abc import Callable
from typing import NamedTuple, cast

from workbench.experiments.thing import Field, Look, Made, Seen, Value
from workbench.transcript.recorder import Transcript


class FtpSeen(NamedTuple):
    """What a session came to. connections: control and data; told: the address that the server named for data, dialled:
    the one that was called; size: octets of the file; reply: the server's last word about it.
    """

    connections: int
    told: str
    dialled: str
    size: int = 0
    reply: str = ""
    entries: int = 0
    names: str = ""
    command: str = ""


def _of(value: "Callable[[FtpSeen], Value]") -> Look:
    def look(made: Made, transcript: Transcript) -> Seen:
        facts = [
            event.index
            for event in transcript.events(made.first, made.stop)
            if event.name in ("ftp.passive", "ftp.passive.elsewhere")
        ]
        return Seen(value(cast(FtpSeen, made.thing)), facts[-1] if facts else None)

    return look


def _connections(seen: FtpSeen) -> int:
    return seen.connections


def _told(seen: FtpSeen) -> str:
    return seen.told


def _dialled(seen: FtpSeen) -> str:
    return seen.dialled


def _size(seen: FtpSeen) -> int:
    return seen.size


def _reply(seen: FtpSeen) -> str:
    return seen.reply


def _entries(seen: FtpSeen) -> int:
    return seen.entries


def _names(seen: FtpSeen) -> str:
    return seen.names


def _command(seen: FtpSeen) -> str:
    return seen.command


_BOTH: dict[str, Field] = {
    "connections": Field("number", "how many connections {} took", _of(_connections)),
    "told": Field("text", "the address that the server named for the data of {}", _of(_told)),
    "dialled": Field("text", "the address that was called for the data of {}", _of(_dialled)),
}
LISTING_FIELDS: dict[str, Field] = {
    **_BOTH,
    "entries": Field("number", "how many entries {} has", _of(_entries)),
    "names": Field("text", "the names in {}", _of(_names)),
    "command": Field("text", "the command that told {}", _of(_command)),
}
FETCHED_FIELDS: dict[str, Field] = {
    **_BOTH,
    "size": Field("number", "the octets of {}", _of(_size)),
    "reply": Field("text", "the server's last word about {}", _of(_reply)),
}
