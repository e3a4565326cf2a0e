"""What the host of a virtual machine took from it: seconds in which nothing here could run, whoever is measured."""

import os
import time

COLUMN = 8
"""Where a processor's line in /proc/stat has the time that the host gave to others (proc(5): "steal")."""
NS_PER_S = 1_000_000_000


class Stolen:
    """Reads it; open until close()."""

    def __init__(self) -> None:
        try:
            self._file: int | None = os.open("/proc/stat", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            self._file = None

    def read(self) -> tuple[int, ...]:
        """Nanoseconds since the start of the machine, for each processor; empty where the system doesn't tell."""
        if self._file is None:
            return ()
        # One line for all of them, then one for each, then other things.
        lines = os.pread(self._file, 1 << 16, 0).split(b"\n")[1:]
        each = [line.split() for line in lines if line.startswith(b"cpu")]
        return tuple(int(line[COLUMN]) * NS_PER_S // os.sysconf("SC_CLK_TCK") for line in each)

    def close(self) -> None:
        """End for good."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def between(before: tuple[int, ...], after: tuple[int, ...]) -> int:
    """The most that any processor lost, in nanoseconds."""
    return max((now - then for now, then in zip(after, before, strict=True)), default=0)


class Stopwatch:
    """Runs from when it is made, and stands still while the host runs others."""

    def __init__(self) -> None:
        self._began_s, self._before = time.monotonic(), _read()

    @property
    def elapsed_s(self) -> float:
        """Seconds so far."""
        return time.monotonic() - self._began_s - between(self._before, _read()) / NS_PER_S


def _read() -> tuple[int, ...]:
    stolen = Stolen()
    try:
        return stolen.read()
    finally:
        stolen.close()
