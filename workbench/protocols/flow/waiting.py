"""The helper process that waits for callers: asleep in accept(), or asking again and again. Nobody calls.

Says its port. It ends with its parent.
"""

import sys
from contextlib import suppress

from workbench.jobs.puppet import end_with_parent
from workbench.wire.blocking import listening_socket


def main() -> None:
    """Wait until killed."""
    end_with_parent()
    listener = listening_socket()
    listener.setblocking(sys.argv[1] != "busy")
    print(listener.getsockname()[1], flush=True)
    while True:
        with suppress(BlockingIOError):
            listener.accept()[0].close()


if __name__ == "__main__":
    main()
