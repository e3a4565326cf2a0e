"""`workbench transcript replay`: what was sent is sent again, and the answers are compared with those of then."""

import time
from collections.abc import Coroutine, Mapping
from contextlib import closing
from typing import Any

from workbench.cli.arguments import Parsed
from workbench.cli.conversation import Conversation
from workbench.cli.output import Output
from workbench.cli.saved_file import read_saved
from workbench.cli.transcript_file import TranscriptFile, transcript_file
from workbench.errors import LocalMisuse, Refused
from workbench.formats.quantity import octets
from workbench.protocols.raw.recorded import Recorded, measure
from workbench.protocols.raw.replay import Replayed, replay
from workbench.transcript.recorder import Transcript


def replay_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """Read the conversation, and return the coroutine that has it again.

    Raises: what read_saved and measure raise; LocalFault: the transcript file can't be written. The coroutine raises
        Refused when the answers differ; else what the engine raises.
    """
    target = parsed["TARGET"]
    if target.scheme not in ("lab", "tcp", "udp"):
        raise LocalMisuse(
            f"{target} is no address that a socket can connect to",
            text=target.text,
            start=0,
            end=len(target.text),
            advice="use HOST:PORT or lab:NAME",
        )
    saved = read_saved(parsed["FILE"], output.note)
    try:
        recorded = measure(saved, parsed["--channel"])
        return _Replay(parsed, saved, recorded, output).run(transcript_file(parsed))
    except BaseException:
        saved.close()
        raise


class _Replay:
    def __init__(self, parsed: Parsed, saved: Transcript, recorded: Recorded, output: Output) -> None:
        self._parsed = parsed
        self._saved = saved
        self._recorded = recorded
        self._output = output
        self._replayed: Replayed | None = None
        self._started_ns = time.monotonic_ns()

    async def run(self, file: TranscriptFile | None) -> int:
        parsed, output = self._parsed, self._output
        is_udp = self._recorded.transport == "udp"
        conversation = Conversation(output, file, self._summary, datagrams=is_udp)
        with closing(self._saved):
            async with conversation:
                self._replayed = replayed = await replay(
                    self._saved,
                    self._recorded,
                    parsed["TARGET"],
                    conversation.transcript,
                    speed=parsed["--speed"],
                    resolver=conversation.resolve,
                    timeout_s=parsed["--timeout"],
                )
        self._tell(replayed)
        return 0

    def _tell(self, replayed: Replayed) -> None:
        """Raises: Refused when the answers differ."""
        differences = replayed.differences
        if differences:
            if replayed.offset is not None and not self._output.as_json:
                self._output.note(f"then: {replayed.then.hex(' ') or 'nothing more'}")
                self._output.note(f"now:  {replayed.now.hex(' ') or 'nothing more'}")
            raise Refused("; ".join(differences), stage="replay", committed="yes")
        if self._output.as_json:
            self._output.document(self._output.so_far, ok=True)
        else:
            told = f"sent {octets(replayed.sent)}, received {octets(replayed.received)}"
            self._output.note(f"{told}: every octet as it was then")

    def _summary(self, transcript: Transcript) -> Mapping[str, object]:
        recorded, replayed, parsed = self._recorded, self._replayed, self._parsed
        summary: dict[str, object] = {
            "file": parsed["FILE"],
            "channel": recorded.channel,
            "target": str(parsed["TARGET"]),
            "transport": recorded.transport,
            "peer": (transcript.channels[0].peer if transcript.channels else "") or None,
            "speed": parsed["--speed"],
            "then": {"sent": recorded.sent, "received": recorded.received, "end": recorded.end or None},
            "elapsed_ms": round((time.monotonic_ns() - self._started_ns) / 1e6, 3),
        }
        if replayed is None:
            return summary
        difference = None
        if replayed.offset is not None:
            difference = {
                "offset": replayed.offset,
                "then_hex": replayed.then.hex(),
                "now_hex": replayed.now.hex(),
            }
        return {
            **summary,
            "now": {"sent": replayed.sent, "received": replayed.received, "end": replayed.end or None},
            "equal": not replayed.differences,
            "difference": difference,
            "differences": replayed.differences,
        }
