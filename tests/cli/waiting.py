"""Waiting for what another process does, of which nothing tells us."""

import threading
import time
from collections.abc import Callable


def wait_for(is_so: Callable[[], bool], limit_s: float = 10.0) -> None:
    """Return once it is so: it is asked again and again.

    Raises:
        AssertionError: it did not become so in time.
    """
    deadline = time.monotonic() + limit_s
    while not is_so():
        assert time.monotonic() < deadline, f"it did not become so within {limit_s} s"
        threading.Event().wait(0.005)
