"""`workbench sql run`: open, run statement after statement, tell what came of each."""

import sys
from collections.abc import Coroutine, Mapping
from typing import Any

from workbench.cli.arguments import Parsed
from workbench.cli.conversation import Conversation
from workbench.cli.output import Output
from workbench.cli.relayed import relayed, require_straight
from workbench.cli.sql import Place
from workbench.cli.steps import listed_events
from workbench.cli.transcript_file import TranscriptFile, transcript_file
from workbench.cli.way import read_password
from workbench.errors import LocalFault, LocalMisuse, WorkbenchError
from workbench.formats.charset import visible
from workbench.protocols.sql.cells import json_of, text_of
from workbench.protocols.sql.explain import explain
from workbench.protocols.sql.failures import Rejected
from workbench.protocols.sql.masks import masked
from workbench.protocols.sql.opening import open_sql
from workbench.protocols.sql.parameters import Parameters
from workbench.protocols.sql.rows import Rows
from workbench.protocols.sql.session import Session
from workbench.protocols.sql.split import split
from workbench.protocols.sql.values import Column, Dialect, Outcome, Statement
from workbench.transcript.recorder import Transcript

DEFAULT_LIMIT = 1000
MAX_INPUT = 16 * 1024 * 1024
"""Octets of statements from standard input."""
MAX_CELL = 60
"""Characters of a value in the table for people; --json has all of it."""


def run_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """The coroutine that runs. Raises: LocalMisuse, LocalFault; the coroutine what the engine raises."""
    return _Run(parsed, output).run()


class _Run:
    def __init__(self, parsed: Parsed, output: Output) -> None:
        place: Place = parsed["TARGET"]
        self._output = output
        self._target = place.target
        self._dialect: Dialect = "sqlite" if place.target.scheme in ("lab", "sqlite") else "postgresql"
        file = parsed["--password-file"]
        self._password = read_password(file) if file is not None else place.password
        self._user: str = parsed["--user"] or ""
        self._tls: str = parsed["--tls"] or ""
        self._ca: str = parsed["--ca"] or ""
        self._limit: int = parsed["--limit"] or DEFAULT_LIMIT
        self._timeout_s: float = parsed["--timeout"]
        self._relayed = relayed(parsed)
        if self._dialect == "sqlite":
            require_straight(self._relayed)
        self._statements = _statements(parsed["SQL"], self._dialect)
        self._parameters = Parameters(parsed["--param"], self._statements, self._dialect)
        self._bound = [self._parameters.bind(one) for one in self._statements]
        self._parameters.check_used()
        self._session: Session | None = None
        self._results: list[dict[str, object]] = []
        self._code = ""
        self._transaction = ""
        self._file: TranscriptFile | None = transcript_file(parsed)

    async def run(self) -> int:
        conversation = Conversation(
            self._output, self._file, self._summary, takes_octets=False, tells_sent=False, explainer=explain
        )
        async with conversation:
            session = self._session = await open_sql(
                self._target,
                conversation.transcript,
                password=self._password,
                user=self._user,
                tls=self._tls,
                authorities=self._ca,
                lab=conversation.resolve,
                through=None if self._relayed.is_straight else self._relayed.resolver(conversation),
                timeout_s=self._timeout_s,
            )
            try:
                for statement, bound in zip(self._statements, self._bound, strict=True):
                    rows: list[Rows] = []

                    def make(columns: tuple[Column, ...], made: list[Rows] = rows) -> Rows:
                        made.append(Rows(columns, keep=self._limit))
                        return made[-1]

                    try:
                        outcome = await session.run(statement, bound, make, timeout_s=self._timeout_s)
                        self._told(statement, outcome, rows[0] if rows else None)
                    finally:
                        for one in rows:
                            one.close()
                self._transaction = session.status.transaction
            except WorkbenchError as failure:
                self._code = failure.code if isinstance(failure, Rejected) else ""
                self._transaction = session.status.transaction
                raise
            finally:
                await session.aclose()
        if self._output.as_json:
            self._output.document(self._output.so_far, ok=True)
        return 0

    def _told(self, statement: Statement, outcome: Outcome, rows: Rows | None) -> None:
        kept = list(rows.read()) if rows is not None else []
        columns = outcome.columns
        result: dict[str, object] = {
            "text": masked(statement.text),
            "tag": outcome.tag,
            "affected": outcome.affected,
            "columns": [{"name": column.name, "type": column.type} for column in columns],
            "rows": [
                [json_of(value, column) for value, column in zip(row, columns, strict=True)] for row in kept
            ],
            "rows_left_out": rows.left_out if rows is not None else 0,
            "elapsed_ms": round(outcome.elapsed_ns / 1e6, 3),
            "notices": [
                {"severity": one.severity, "text": one.text, "code": one.code} for one in outcome.notices
            ],
        }
        self._results.append(result)
        if not self._output.as_json:
            self._show(outcome, kept, rows)

    def _show(self, outcome: Outcome, kept: list[Any], rows: Rows | None) -> None:
        for line in _table(outcome.columns, kept):
            self._output.line(line)
        for notice in outcome.notices:
            self._output.note(f"{notice.severity}: {visible(notice.text)}")
        if rows is not None and rows.left_out:
            self._output.note(f"{rows.left_out:,} rows more were counted and left out: --limit")

    def _summary(self, transcript: Transcript) -> Mapping[str, object]:
        session = self._session
        last = next((one for one in reversed(self._results) if one["columns"]), None)
        ended = self._results[-1] if self._results else None
        return {
            "target": str(self._target),
            "database": session.peer.version if session is not None else None,
            "columns": last["columns"] if last else [],
            "rows": last["rows"] if last else [],
            "rows_left_out": last["rows_left_out"] if last else 0,
            "affected": ended["affected"] if ended else None,
            "transaction": self._transaction or None,
            "statements": self._results,
            **({"code": self._code} if self._code else {}),
            **self._relayed.document(),
            **listed_events(transcript, explain),
        }


def _statements(text: str, dialect: Dialect) -> tuple[Statement, ...]:
    if text == "-":
        data = sys.stdin.buffer.read(MAX_INPUT + 1)
        if len(data) > MAX_INPUT:
            raise LocalFault(
                f"standard input holds more than {MAX_INPUT} octets of statements", stage="input"
            )
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise LocalFault("the statements on standard input are no UTF-8", stage="input") from error
    found = split(text, dialect)
    if not found:
        raise LocalMisuse("there is no statement in it", text=text[:200], start=0, end=min(len(text), 200))
    return found


def _table(columns: tuple[Column, ...], rows: list[Any]) -> list[str]:
    """A result for people: as wide as what is in it, NULL as a word, long values cut."""
    if not columns:
        return []
    cells = [[_cell(value, column) for value, column in zip(row, columns, strict=True)] for row in rows]
    names = [visible(column.name)[:MAX_CELL] for column in columns]
    widths = [
        max(len(name), *(len(row[at]) for row in cells)) if cells else len(name)
        for at, name in enumerate(names)
    ]
    lines = ["  ".join(name.ljust(width) for name, width in zip(names, widths, strict=True))]
    lines.append("  ".join("-" * width for width in widths))
    lines += ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
    return [line.rstrip() for line in lines]


def _cell(value: object, column: Column) -> str:
    if value is None:
        return "NULL"
    text = visible(text_of(value, column)[: 4 * MAX_CELL])
    return text if len(text) <= MAX_CELL else text[: MAX_CELL - 1] + "…"
