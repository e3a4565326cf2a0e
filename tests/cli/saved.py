"""A saved conversation for the verbs that read one."""

from pathlib import Path

from tests.kit.turned_clock import TurnedClock
from workbench.transcript.export import export
from workbench.transcript.recorder import Transcript


def save(
    path: Path,
    *,
    answer: bytes = b"HELLO\r\n",
    with_secrets: bool = False,
    channels: int = 1,
    pause_ns: int = 1_500_000,
) -> str:
    """A conversation as a file; returns its name. pause_ns: between connecting and what is sent."""
    clock = TurnedClock()
    transcript = Transcript(clock=clock)
    for _ in range(channels):
        channel = transcript.open("lab:echo", "tcp")
        channel.named(local="127.0.0.1:40000", peer="127.0.0.1:7")
        channel.fact("connect.complete", local="127.0.0.1:40000", address="127.0.0.1:7")
        clock.advance_ns(pause_ns)
        channel.sent(b"hello hush\r\n", secret=[(6, 10)])
        channel.received(answer)
        channel.fact("finish.sent")
        channel.fact("end", kind="FIN", by="peer", sentence="the peer finished")
    path.write_bytes(b"".join(export(transcript, "jsonl", with_secrets=with_secrets)))
    transcript.close()
    return str(path)
