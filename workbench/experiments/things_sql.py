"""What can be seen of a statement that was run. Joined in things.py."""

from collections.abc import Callable
from typing import NamedTuple, cast

from workbench.experiments.look import last
from workbench.experiments.thing import Field, Look, Made, Seen, Value
from workbench.transcript.recorder import Transcript


class SqlSeen(NamedTuple):
    """What the last statement of a step came to. first: the first value of its first row, as text; affected: rows that
    it changed; transaction: how it stands afterwards.
    """

    rows: int = 0
    first: str = ""
    affected: int = 0
    transaction: str = "idle"


def _of(value: "Callable[[SqlSeen], Value]") -> Look:
    def look(made: Made, _transcript: Transcript) -> Seen:
        return Seen(value(cast(SqlSeen, made.thing)), last(made))

    return look


def _rows(seen: SqlSeen) -> int:
    return seen.rows


def _first(seen: SqlSeen) -> str:
    return seen.first


def _affected(seen: SqlSeen) -> int:
    return seen.affected


def _transaction(seen: SqlSeen) -> str:
    return seen.transaction


RESULT_FIELDS: dict[str, Field] = {
    "rows": Field("number", "how many rows {} brought", _of(_rows)),
    "first": Field("text", "the first value of {}", _of(_first)),
    "affected": Field("number", "how many rows {} changed", _of(_affected)),
    "transaction": Field("text", "how the transaction stood after {}", _of(_transaction)),
}
