"""Where the cursor of the Text form goes as a key asks: over cells, rows and screens."""

from collections.abc import Callable

from workbench.ui.conversation.lines import TextLines, TextRow
from workbench.ui.conversation.selection import Spot
from workbench.ui.conversation.textrow import DrawnRow
from workbench.ui.hexselect import Step

SIDEWAYS = (Step.LEFT, Step.RIGHT, Step.ROW_START, Step.ROW_END)


class TextCursor:
    """Finds the target of a step; up and down keep to the same x until something else moves the cursor.

    Args:
        draw: lays a row out.
    """

    def __init__(self, draw: Callable[[TextRow], DrawnRow]) -> None:
        self._draw = draw
        self._goal_x: float | None = None

    def forget_goal(self) -> None:
        """The cursor was put elsewhere by hand."""
        self._goal_x = None

    def target(self, step: Step, cursor: Spot, number: int, lines: TextLines, page: int) -> Spot | None:
        """Where a step leads from the cursor in row `number`; None where there is nothing."""
        here = self._draw(lines.read(number, 1)[0])
        if step in SIDEWAYS:
            self._goal_x = None
            return self._sideways(step, cursor, here, number, lines)
        if self._goal_x is None:
            self._goal_x = here.x_of_octet(here.octet_of(cursor))
        last = len(lines) - 1
        by = {
            Step.UP: -1,
            Step.DOWN: 1,
            Step.PAGE_UP: -page,
            Step.PAGE_DOWN: page,
            Step.FIRST: -last,
            Step.LAST: last,
        }
        found = lines.read(min(max(number + by[step], 0), last), 1)
        if not found:
            return None
        drawn = self._draw(found[0])
        spot = drawn.spot_at(self._goal_x)
        return spot if drawn.octet_of(spot) < len(found[0].data) else drawn.last_spot

    def _sideways(
        self, step: Step, cursor: Spot, here: DrawnRow, number: int, lines: TextLines
    ) -> Spot | None:
        if step is Step.ROW_START:
            return here.spot_of(0)
        if step is Step.ROW_END:
            return here.last_spot
        if step is Step.RIGHT:
            spot = here.neighbour(cursor, 1)
            if spot is not None and here.octet_of(spot) < len(here.row.data):
                return spot
            below = lines.read(number + 1, 1)
            return self._draw(below[0]).spot_of(0) if below else spot
        spot = here.neighbour(cursor, -1)
        if spot is not None or number == 0:
            return spot
        return self._draw(lines.read(number - 1, 1)[0]).last_spot
