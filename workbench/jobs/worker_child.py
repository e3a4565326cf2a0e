"""The process of a Worker: reads calls from its input, writes what came of each, ends when its input does.

One call at a time; each is pickled and preceded by its length in eight octets. Nothing but the frames goes to standard
output. It is spawned by `workbench.jobs.worker`, which kills it when a call takes too long.
"""

import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

LENGTH = 8
MEMORY_WORDS = "the work needs more memory than it is given"


def write_frame(stream: BinaryIO, value: object) -> None:
    """Write one frame. Raises: what pickling and writing raise; nothing is written when pickling does."""
    data = pickle.dumps(value, protocol=5)
    stream.write(len(data).to_bytes(LENGTH, "big"))
    stream.write(data)
    stream.flush()


def read_frame(stream: BinaryIO) -> object:
    """Read one frame. Raises: EOFError when the other side has ended, also in the middle of a frame."""
    head = _exactly(stream, LENGTH)
    return pickle.loads(_exactly(stream, int.from_bytes(head, "big")))


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError("the other process has ended")
    return data


def main(memory_octets: int) -> None:
    """Serve calls until the input ends."""
    # Ctrl-C in a terminal reaches this process too; whoever started it decides what that means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory_octets:
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (memory_octets, most))
    calls = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    # What a library prints must not become a frame.
    os.dup2(2, 1)
    while True:
        try:
            call: Any = read_frame(calls)
        except EOFError:
            return
        function, args, seconds = call
        _limit_time(seconds)
        write_frame(answers, _outcome(function, args))


def _limit_time(seconds: float) -> None:
    """Should the owner die in the middle of a call, the system ends this process all the same."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime + seconds) + 2, most))


def _outcome(function: Callable[..., object], args: tuple[object, ...]) -> tuple[bool, object]:
    from workbench.errors import LocalFault

    try:
        return True, function(*args)
    except MemoryError:
        return False, LocalFault(MEMORY_WORDS, stage="worker", advice="try with less at once")
    except Exception as error:  # noqa: BLE001 - whatever it is, the caller must hear of it
        return False, error


if __name__ == "__main__":
    main(int(sys.argv[1]))
