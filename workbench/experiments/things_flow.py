"""What can be seen of a pipe that was filled, and of a call after a death. Joined in things.py."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, cast

from workbench.experiments.look import last
from workbench.experiments.thing import Field, Look, Made, Seen, Value
from workbench.transcript.recorder import Transcript

if TYPE_CHECKING:
    from workbench.protocols.deaths.values import Cell


class PipeSeen(NamedTuple):
    """How a pipe ended. frozen_at: octets that were handed over when nothing moved any more, 0 if that never came.

    stall: the detective's word for it. end: "equal", "cut", "different", or "frozen" where nobody freed it.
    """

    frozen_at: int
    stall: str
    end: str
    written: int
    echoed: int
    there: int


def _of_pipe(value: Callable[[PipeSeen], Value]) -> Look:
    def look(made: Made, _transcript: Transcript) -> Seen:
        return Seen(value(cast(PipeSeen, made.thing)), last(made))

    return look


def _of_cell(value: "Callable[[Cell], Value]") -> Look:
    def look(made: Made, _transcript: Transcript) -> Seen:
        return Seen(value(cast("Cell", made.thing)), last(made))

    return look


def _frozen_at(seen: PipeSeen) -> int:
    return seen.frozen_at


def _stall(seen: PipeSeen) -> str:
    return seen.stall


def _end(seen: PipeSeen) -> str:
    return seen.end


def _written(seen: PipeSeen) -> int:
    return seen.written


def _echoed(seen: PipeSeen) -> int:
    return seen.echoed


def _there(seen: PipeSeen) -> int:
    return seen.there


def _told(cell: "Cell") -> str:
    return cell.told


def _symbol(cell: "Cell") -> str:
    return cell.symbol


PIPE_FIELDS: dict[str, Field] = {
    "frozen_at": Field("number", "the octets handed over when {} froze", _of_pipe(_frozen_at)),
    "stall": Field("text", "what the detective said of {}", _of_pipe(_stall)),
    "end": Field("text", "how {} ended", _of_pipe(_end)),
    "written": Field("number", "the octets of {} that the client’s system took", _of_pipe(_written)),
    "echoed": Field("number", "the octets of {} that came back", _of_pipe(_echoed)),
    "there": Field("number", "the octets of {} that the server’s program has", _of_pipe(_there)),
}
NOTICED_FIELDS: dict[str, Field] = {
    "told": Field("text", "how {} was told", _of_cell(_told)),
    "symbol": Field("text", "what {} was told", _of_cell(_symbol)),
}
