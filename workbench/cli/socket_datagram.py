"""`workbench socket datagram`: what becomes of a datagram of a size, and one that is really sent."""

from collections.abc import Coroutine, Mapping
from typing import Any

from workbench.cli.arguments import Parsed
from workbench.cli.conversation import Conversation
from workbench.cli.output import Output
from workbench.cli.session_explain import explain
from workbench.cli.steps import listed_events
from workbench.cli.transcript_file import TranscriptFile, transcript_file
from workbench.errors import Refused
from workbench.protocols.raw.datagram_size import Family, fate, marks
from workbench.protocols.raw.datagram_try import Tried, try_size
from workbench.transcript.recorder import Transcript


def datagram_verb(parsed: Parsed, output: Output) -> int | Coroutine[Any, Any, int]:
    """Tell; with --try send it. The coroutine raises Refused unless it came back whole, and what the engine raises."""
    telling = _Telling(parsed, output)
    if parsed.flag("--try"):
        return telling.send(transcript_file(parsed))
    output.so_far = telling.document()
    telling.tell()
    if output.as_json:
        output.document(output.so_far, ok=True)
    return 0


class _Telling:
    def __init__(self, parsed: Parsed, output: Output) -> None:
        family: Family = "IPv6" if parsed.flag("--ipv6") else "IPv4"
        self._fate = fate(parsed["OCTETS"], family)
        self._target = parsed["--to"]
        self._wait_s = float(parsed["--timeout"])
        self._output = output
        self._tried: Tried | None = None

    def document(self) -> dict[str, object]:
        told = self._fate
        found: dict[str, object] = {
            **told._asdict(),
            "marks": [{**mark._asdict(), "is_within": told.size <= mark.size} for mark in marks(told.family)],
        }
        return {**found, "tried": self._tried._asdict()} if self._tried is not None else found

    def tell(self) -> None:
        if self._output.as_json:
            return
        for mark in marks(self._fate.family):
            within = self._fate.size <= mark.size
            words = mark.what if within else mark.beyond
            place = f"{mark.size:>6,}  {'within' if within else 'beyond'}"
            self._output.line(f"{place}  {mark.name}: {words} ({mark.source})")
        self._output.note(self._fate.sentence)

    async def send(self, file: TranscriptFile | None) -> int:
        conversation = Conversation(self._output, file, self._summary, datagrams=True, takes_octets=False)
        self.tell()
        async with conversation:
            tried = self._tried = await try_size(
                self._fate.size,
                conversation.transcript,
                self._fate.family,
                target=self._target,
                resolver=conversation.resolve,
                wait_s=self._wait_s,
            )
            if tried.outcome != "whole":
                stage = "send" if tried.outcome == "refused" else "receive"
                raise Refused(tried.sentence, stage=stage, errno_name=tried.errno, source="RFC 768")
            self._output.note(tried.sentence)
        if self._output.as_json:
            self._output.document(self._output.so_far, ok=True)
        return 0

    def _summary(self, transcript: Transcript) -> Mapping[str, object]:
        return {**self.document(), **listed_events(transcript, explain)}
