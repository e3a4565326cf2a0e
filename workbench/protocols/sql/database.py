"""Which database an address means: a file with how it is opened, or a server with who logs in and under which TLS.

    sqlite:FILE[?mode=ro|rw|rwc]    sqlite::memory:    postgresql://USER@HOST[:PORT]/DATABASE[?sslmode=require]

Source: SQLite "Uniform Resource Identifiers"; PostgreSQL documentation, Connection URIs.
"""

import os
import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

from workbench.errors import LocalMisuse
from workbench.formats.target import Target, bracketed
from workbench.protocols.sql.values import Dialect

PORT = 5432
MEMORY = ":memory:"
Mode = Literal["ro", "rw", "rwc"]
TLS_MODES = ("disable", "prefer", "require", "verify-ca", "verify-full")
"""In libpq's words, from nothing to a certificate that is judged and belongs to the host."""
_MODE = re.compile(r"\?mode=([^&?]*)\Z")
_KNOWN = ("sslmode", "sslrootcert", "user", "dbname", "host")


@dataclass(frozen=True, slots=True)
class Database:
    """path, mode: of a file. The others: of a server; socket: a folder with a Unix socket instead of host and port."""

    dialect: Dialect
    path: str = ""
    mode: Mode = "rw"
    host: str = ""
    port: int = PORT
    user: str = ""
    name: str = ""
    tls: str = "prefer"
    authorities: str = ""
    socket: str = ""

    @property
    def title(self) -> str:
        """What people call it; never with a password, since none is in here."""
        if self.dialect == "sqlite":
            return f"sqlite:{self.path}"
        place = self.socket or f"{bracketed(self.host)}:{self.port}"
        return f"{self.user}@{place}/{self.name}"


def read_database(target: Target, *, user: str = "", tls: str = "", authorities: str = "") -> Database:
    """What a target means. `lab:sql` has to be resolved before.

    Args:
        user, tls, authorities: what was said beside the address; it wins.

    Raises: LocalMisuse: no address of a database, or a wrong word in it.
    """
    if target.scheme == "sqlite":
        return _read_file(target)
    if target.scheme in ("postgresql", "postgres", "tcp"):
        return _read_server(target, user, tls, authorities)
    raise LocalMisuse(
        f"{target.scheme}: is no address of a database",
        text=target.text,
        start=0,
        end=len(target.scheme),
        advice="write sqlite:FILE, postgresql://USER@HOST/DATABASE or lab:sql",
    )


def _read_file(target: Target) -> Database:
    bad = next((at for at, one in enumerate(target.text) if "\ud800" <= one <= "\udfff"), None)
    if bad is not None:
        raise LocalMisuse(
            "SQLite opens files by names in UTF-8, and this octet is none",
            text=target.text,
            start=bad,
            end=bad + 1,
            advice="rename the file, or make a link to it",
        )
    found = _MODE.search(target.path)
    if found is None:
        return Database("sqlite", target.path)
    path = target.path[: found.start()]
    for mode in ("ro", "rw", "rwc"):
        if found[1] == mode:
            return Database("sqlite", path, mode)
    start = len(target.text) - len(found[1])
    raise LocalMisuse(
        f"a file is opened with mode ro, rw or rwc, not {found[1][:20]!r}",
        text=target.text,
        start=start,
        end=len(target.text),
        advice="ro reads, rw also writes, rwc also makes the file",
        source="SQLite: Uniform Resource Identifiers",
    )


def _read_server(target: Target, user: str, tls: str, authorities: str) -> Database:
    path, _, query = target.path.partition("?")
    options = _options(target, query)
    user = user or unquote(target.user) or options.get("user", "") or _login()
    mode = tls or options.get("sslmode", "") or "prefer"
    if mode not in TLS_MODES:
        start = max(0, target.text.find(mode))
        raise LocalMisuse(
            f"sslmode is one of {', '.join(TLS_MODES)}",
            text=target.text,
            start=start,
            end=start + len(mode),
            advice="verify-full is the one that knows whom it talks to",
            source="PostgreSQL documentation, Protection Provided in Different Modes",
        )
    return Database(
        "postgresql",
        host=target.host,
        port=target.port or PORT,
        user=user,
        name=unquote(path.removeprefix("/")) or options.get("dbname", "") or user,
        tls=mode,
        authorities=authorities or options.get("sslrootcert", ""),
        socket=options.get("host", ""),
    )


def _options(target: Target, query: str) -> dict[str, str]:
    options: dict[str, str] = {}
    for part in query.split("&") if query else ():
        name, _, value = part.partition("=")
        if name not in _KNOWN:
            start = target.text.rfind(part)
            raise LocalMisuse(
                f"{name[:40]!r} is no option that is known here",
                text=target.text,
                start=max(start, 0),
                end=max(start, 0) + len(name),
                advice=f"known are {', '.join(_KNOWN)}",
            )
        options[name] = unquote(value)
    return options


def _login() -> str:
    """Who is logged in to this machine, as libpq takes it."""
    try:
        import pwd

        return pwd.getpwuid(os.geteuid()).pw_name
    except (ImportError, KeyError):
        return os.environ.get("USER", "postgres")
