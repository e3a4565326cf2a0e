"""Two streams joined back to back inside this process: for tests, and for engines that talk to themselves."""

import socket

from workbench.transcript.recorder import Transcript
from workbench.wire.stream import Stream


def pair(transcript: Transcript, *, titles: tuple[str, str] = ("left", "right")) -> tuple[Stream, Stream]:
    """Two connected streams with real system buffers, halves and ends (a socket pair); each has its own channel."""
    left, right = socket.socketpair()
    for sock in (left, right):
        sock.setblocking(False)
    return (
        Stream(left, transcript.open(titles[0], "memory")),
        Stream(right, transcript.open(titles[1], "memory")),
    )
