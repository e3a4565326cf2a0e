"""What SQLite complains about, by its result codes. Source: SQLite "Result and Error Codes"."""

import os
from typing import TYPE_CHECKING, Any

from workbench.errors import LocalFault, PeerMisbehaved, WorkbenchError
from workbench.protocols.sql.failures import Rejected, word_at
from workbench.protocols.sql.parameters import Bound
from workbench.protocols.sql.values import Statement

if TYPE_CHECKING:
    import apsw

SOURCE = "SQLite: Result and Error Codes"
_ADVICE = {
    "SQLITE_BUSY": "somebody else holds a lock; wait until they commit or close, then try again",
    "SQLITE_LOCKED": "another statement of this connection still reads; end it first",
    "SQLITE_READONLY": "open a file that may be written, without ?mode=ro",
    "SQLITE_CONSTRAINT": "the rule that was broken stands in the words; the row was not changed",
    "SQLITE_TOOBIG": "ask for a part of it, with substr()",
    "SQLITE_NOMEM": "ask for less",
}
_MACHINE = {
    "SQLITE_FULL": "the disk is full, or the file may not grow",
    "SQLITE_IOERR": "the disk failed",
    "SQLITE_CANTOPEN": "the file can't be opened",
    "SQLITE_PERM": "the system does not allow it",
    "SQLITE_NOMEM": "there is not enough memory",
}
_BROKEN = {
    "SQLITE_NOTADB": "this file is no SQLite database",
    "SQLITE_CORRUPT": "the database file is damaged",
}


def translated(
    error: "apsw.Error | UnicodeDecodeError",
    statement: Statement | None,
    bound: Bound | None,
    path: str,
    stage: str,
) -> WorkbenchError:
    """SQLite's complaint as ours; a place in the statement where it names one."""
    if isinstance(error, UnicodeDecodeError):
        return PeerMisbehaved(
            "a text in the file is no UTF-8",
            stage="rows",
            data=error.object[max(0, error.start - 16) : error.end + 16],
            advice="ask for its octets: CAST(column AS BLOB)",
            source="SQLite: Database File Format, 1.3.13",
        )
    import apsw

    symbol = _symbol(apsw.mapping_result_codes, getattr(error, "result", 0))
    exact = _symbol(apsw.mapping_extended_result_codes, getattr(error, "extendedresult", 0)) or symbol
    words = str(error)
    if symbol in _BROKEN:
        return LocalFault(
            f"{_BROKEN[symbol]}: {os.path.basename(path)}",
            stage=stage,
            reply=f"{exact}: {words}",
            advice="a database begins with the words SQLite format 3; .recover of sqlite3 saves what can be saved",
            source="SQLite: Database File Format, 1.3.1",
        )
    if symbol in _MACHINE:
        return LocalFault(
            f"{_MACHINE[symbol]}: {os.path.basename(path)}",
            stage=stage,
            errno_name=_errno(symbol, path),
            reply=f"{exact}: {words}",
            advice=_missing_advice(path)
            if symbol == "SQLITE_CANTOPEN"
            else "what was committed before is safe",
            source=SOURCE,
        )
    text = statement.text if statement is not None else ""
    start = _place(error, bound)
    return Rejected(
        words,
        stage=stage,
        code=exact,
        reply=exact,
        text=text,
        start=start,
        end=word_at(text, start) if start is not None else None,
        advice=_ADVICE.get(symbol, ""),
        source=SOURCE,
    )


def cancelled_by_us(error: BaseException) -> None:
    """Look at what an interrupted call raised: an interruption is what was wanted, anything else of no use any more."""
    import apsw

    if not isinstance(error, apsw.Error | UnicodeDecodeError):
        raise error


def _place(error: Any, bound: Bound | None) -> int | None:
    octets = getattr(error, "error_offset", -1)
    if bound is None or octets < 0:
        return None
    return len(bound.text.encode("utf-8", "surrogateescape")[:octets].decode("utf-8", "ignore"))


def _missing_advice(path: str) -> str:
    if os.path.isdir(path):
        return "it is a folder"
    if os.path.exists(path):
        return "look at who may read the file"
    return f"there is none of that name; sqlite:{path}?mode=rwc makes one"


def _errno(symbol: str, path: str) -> str:
    if symbol == "SQLITE_CANTOPEN" and not os.path.exists(path):
        return "ENOENT"
    return {"SQLITE_FULL": "ENOSPC", "SQLITE_IOERR": "EIO", "SQLITE_NOMEM": "ENOMEM"}.get(symbol, "")


def _symbol(mapping: Any, number: int) -> str:
    try:
        return str(mapping[number])
    except KeyError:
        return ""
