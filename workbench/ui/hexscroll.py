"""Rows of a very long view on a scroll bar that counts to 2**31 only.

The row at the top is ours, a Python int; the bar shows it, scaled where there are more rows than it can count. Wheel,
keys and single steps move by rows exactly; only dragging the slider is as coarse as the bar.
"""

BAR_LIMIT = 1 << 30
"""Above this many positions the bar is scaled; half of what an int of Qt holds."""


class RowScroll:
    """Which rows are to be seen: `rows` in all, `page` on the screen, `top` the first one shown."""

    def __init__(self) -> None:
        self.rows = 0
        self.page = 1
        self.top = 0

    @property
    def last_top(self) -> int:
        """The top row when the view stands at its end."""
        return max(0, self.rows - self.page)

    @property
    def is_at_end(self) -> bool:
        """Whether the last row is to be seen."""
        return self.top >= self.last_top

    @property
    def bar_maximum(self) -> int:
        """What the bar counts to."""
        return min(self.last_top, BAR_LIMIT)

    @property
    def bar_value(self) -> int:
        """Where the bar stands for the present top row; at its ends only when the view is at its ends."""
        if self.last_top <= BAR_LIMIT:
            return self.top
        value = self.top * BAR_LIMIT // self.last_top
        if 0 < self.top < self.last_top:
            value = min(max(value, 1), BAR_LIMIT - 1)
        return value

    def resize(self, rows: int, page: int) -> None:
        """There are so many rows now, and room for so many; the top stays where it was if it can."""
        self.rows = rows
        self.page = max(1, page)
        self.top = min(self.top, self.last_top)

    def move_to(self, row: int) -> None:
        """Put that row at the top, as far as there are rows."""
        self.top = min(max(row, 0), self.last_top)

    def move_to_bar(self, value: int) -> None:
        """Follow the bar to where a person put it."""
        if self.last_top <= BAR_LIMIT:
            self.move_to(value)
        elif value != self.bar_value:
            self.move_to(value * self.last_top // BAR_LIMIT)

    def reveal(self, row: int) -> None:
        """Move no further than needed for that row to be seen; far away, it comes to stand in the upper third."""
        if self.top <= row < self.top + self.page:
            return
        if self.top - 1 == row or (row < self.top and row >= self.top - self.page // 2):
            self.move_to(row)
        elif self.top + self.page <= row < self.top + self.page + self.page // 2:
            self.move_to(row - self.page + 1)
        else:
            self.move_to(row - self.page // 3)
