"""The rows of a result, packed: in memory first, then in an unlinked file, read back by number.

A million rows as Python objects take half a gigabyte; here a row costs its octets in a file and nothing in memory.
Rows come and leave in packs of some dozens. A pack is Python's own marshal format: written and read by this process
alone, in a file without a name, and quicker than anything else that keeps None, numbers, text and octets apart.
"""

import marshal
import threading
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

from workbench.errors import LocalFault
from workbench.protocols.sql.values import Column, Row
from workbench.transcript.spool import Store

KEEP_IN_MEMORY = 4 * 1024 * 1024
"""Octets of a result that stay in memory before its file is made, as of a conversation."""
KEEP_ROWS = 50_000_000
KEEP_OCTETS = 16 * 1024**3
"""What is kept of one result; more is counted and left out. A disk that is full before that is told as such."""
PACK_ROWS = 256
PACK_OCTETS = 1024 * 1024
"""A pack that came out larger is made anew as two: reading one row must not read a hundred megabytes."""
SMALL_FILE = 8 * 1024 * 1024
"""Giving a file of a hundred megabytes back takes the system 50 ms: that happens beside."""
CACHED = 6
"""Packs kept as objects: a screen of rows is in one or two of them."""


class Rows:
    """The rows of one result.

    Args:
        columns: theirs.
        keep: at most so many rows are kept; the others are counted.
        on_more: called whenever rows came; it must be cheap.

    Attributes: total: rows that came. fault: why no more are kept, if the disk failed.
    """

    def __init__(
        self,
        columns: Sequence[Column] = (),
        *,
        keep: int = KEEP_ROWS,
        folder: str | None = None,
        on_more: Callable[[], object] | None = None,
    ) -> None:
        self.columns = tuple(columns)
        self.total = 0
        self.fault: LocalFault | None = None
        self._keep = keep
        self._on_more = on_more
        self._store = Store(KEEP_IN_MEMORY, folder)
        self._spool = self._store.spool()
        self._firsts = array("Q")
        self._places = array("Q")
        self._kept = 0
        self._end = 0
        self._cache: dict[int, list[Row]] = {}
        self._closed = False

    def __len__(self) -> int:
        return self._kept

    @property
    def left_out(self) -> int:
        """Rows that came and are not kept."""
        return self.total - self._kept

    @property
    def octets(self) -> int:
        """What the kept ones take."""
        return self._end

    @property
    def is_behind(self) -> bool:
        """Whether so much waits for a slow disk that no more should be brought."""
        return self._store.is_behind

    def when_written(self, wake: Callable[[], None]) -> Callable[[], None]:
        """As transcript.spool.Store.when_written."""
        return self._store.when_written(wake)

    def add(self, rows: Sequence[Sequence[object]]) -> None:
        """Rows came. Raises: LocalFault: the disk is full; what was kept stays readable."""
        count = len(rows)
        self.total += count
        if self._closed or self.fault is not None or self._end >= KEEP_OCTETS:
            return
        if self._kept + count > self._keep:
            rows = rows[: self._keep - self._kept]
        if rows:
            self._pack(rows)
        if self._on_more is not None:
            self._on_more()

    def _pack(self, rows: Sequence[Sequence[object]]) -> None:
        if len(rows) > PACK_ROWS:
            for start in range(0, len(rows), PACK_ROWS):
                self._pack(rows[start : start + PACK_ROWS])
            return
        data = marshal.dumps(rows)  # type: ignore[arg-type]  # None, numbers, text, octets: see Value
        if len(data) > PACK_OCTETS and len(rows) > 1:
            half = len(rows) // 2
            self._pack(rows[:half])
            self._pack(rows[half:])
            return
        # Rows of an unfinished pack would be read as the wrong ones: it counts once it is written, wherever that was.
        try:
            self._spool.append(data)
        except LocalFault as fault:
            self.fault = LocalFault(
                "the result can't be kept any further: " + fault.what.partition(": ")[2],
                stage="rows",
                errno_name=fault.errno_name,
                committed="maybe",
                advice="what came so far is kept; free some space, or ask for less",
            )
            raise self.fault from fault
        self._firsts.append(self._kept)
        self._places.append(self._end)
        self._kept += len(rows)
        self._end += len(data)

    def row(self, number: int) -> Row:
        """One row, from 0. Raises: IndexError."""
        if not 0 <= number < self._kept:
            raise IndexError(number)
        at = bisect_right(self._firsts, number) - 1
        return self._pack_at(at)[number - self._firsts[at]]

    def read(self, start: int = 0, stop: int | None = None) -> Iterator[Row]:
        """Rows from start to stop, pack by pack."""
        stop = self._kept if stop is None else min(stop, self._kept)
        while start < stop:
            at = bisect_right(self._firsts, start) - 1
            pack = self._pack_at(at)
            first = self._firsts[at]
            last = min(stop, first + len(pack))
            yield from pack[start - first : last - first]
            start = last

    def close(self) -> None:
        """Give memory and file back. Idempotent."""
        if not self._closed:
            self._closed = True
            self._kept = 0
            self._cache.clear()
            if self._store.in_file < SMALL_FILE:
                self._store.close()
            else:
                threading.Thread(target=self._store.close, name="rows are given back", daemon=True).start()

    def _pack_at(self, at: int) -> list[Row]:
        pack = self._cache.pop(at, None)
        if pack is None:
            stop = self._places[at + 1] if at + 1 < len(self._places) else self._end
            pack = marshal.loads(self._spool.read(self._places[at], stop))
        # The youngest stands last; the oldest goes.
        self._cache[at] = pack
        if len(self._cache) > CACHED:
            del self._cache[next(iter(self._cache))]
        return pack
