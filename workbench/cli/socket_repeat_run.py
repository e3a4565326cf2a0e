"""What `workbench socket repeat` does, and what it tells: the figures, while it runs and at the end."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any, Literal

from workbench.cli.arguments import Parsed, reading
from workbench.cli.conversation import Conversation
from workbench.cli.output import Output
from workbench.cli.relayed import relayed
from workbench.cli.socket_script_arguments import SCRIPT_TLS
from workbench.cli.talk_tls import read_stream_tls, securing
from workbench.cli.transcript_file import TranscriptFile, transcript_file
from workbench.cli.transport import checked_transport
from workbench.cli.way import read_way, way_document
from workbench.errors import LinkLost, LocalMisuse, TooSlow, WorkbenchError
from workbench.formats.macro import Template, parse_template
from workbench.formats.payload import parse_hex, parse_payload
from workbench.formats.quantity import count, duration_s, octets
from workbench.formats.target import Target
from workbench.protocols.raw.repeat import Counts, Plan, Repeat
from workbench.protocols.raw.script_explain import explain
from workbench.transcript.recorder import Transcript

NO_WAIT_S = 0.001
"""How long answers are waited for that nobody wants."""
STATUS_S, NOTE_S = 0.2, 2.0
"""Between two looks at the figures: on a terminal in a line that moves, elsewhere in a note each."""


def repeat_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """Read the plan, and return the coroutine that carries it out.

    Raises: LocalMisuse, LocalFault: what is wrong before anything is sent. The coroutine raises TooSlow where nobody
        answered, LinkLost where the peer ended before the last one; else what the engine raises.
    """
    return _Repeat(parsed, output).run(transcript_file(parsed))


class _Repeat:
    def __init__(self, parsed: Parsed, output: Output) -> None:
        self._output = output
        self._target: Target = parsed["TARGET"]
        self._transport, notes = checked_transport(self._target, parsed)
        is_udp = self._transport == "udp"
        template = _template(parsed)
        if not is_udp and not template.parts:
            raise LocalMisuse(
                "a stream carries no empty payload: nothing would be sent", advice="--send TEXT"
            )
        self._wants_answers = not parsed.flag("--no-answers")
        marker = reading("--answer-end", parsed["--answer-end"], _marker)
        self._tls = read_stream_tls(parsed, self._target, SCRIPT_TLS, is_udp=is_udp)
        is_unix = self._target.scheme == "unix"
        self._way = read_way(parsed, is_udp=is_udp, is_unix=is_unix)
        self._relayed = relayed(parsed, is_udp=is_udp, is_unix=is_unix)
        self._timeout_s: float = parsed["--timeout"]
        self._plan = Plan(
            template,
            parsed["--count"],
            parsed["--rate"],
            marker,
            parsed["--quiet"] if self._wants_answers else NO_WAIT_S,
            parsed.flag("--finish"),
        )
        self._repeat = Repeat(self._plan)
        self._is_stopped = False
        self._started_ns = time.monotonic_ns()
        for note in notes:
            output.note(note)

    async def run(self, file: TranscriptFile | None) -> int:
        conversation = Conversation(
            self._output, file, self._summary, takes_octets=False, tells_sent=False, explainer=explain
        )
        async with conversation:
            try:
                async with self._followed():
                    counts = await self._carried_out(conversation)
                self._judge(counts)
            except asyncio.CancelledError:
                self._is_stopped = True
                raise
            except WorkbenchError as failure:
                if failure.stage in ("tls", "proxy"):
                    from workbench.cli.fields import name_options

                    name_options(failure)
                raise
            finally:
                if not self._output.as_json and self._repeat.counts.sent:
                    self._output.line(self._told())
        if self._output.as_json:
            self._output.document(self._output.so_far, ok=True)
        return 0

    async def _carried_out(self, conversation: Conversation) -> Counts:
        return await self._repeat.run(
            self._target,
            conversation.transcript,
            transport=self._transport,
            resolver=self._relayed.resolver(conversation, self._way.proxy),
            timeout_s=self._timeout_s,
            secure=securing(self._tls, conversation.lab_authority) if self._tls is not None else None,
            way=self._way,
        )

    def _told(self) -> str:
        return told(self._repeat.counts, wants_answers=self._wants_answers)

    def _judge(self, counts: Counts) -> None:
        if counts.ended == "peer":
            raise LinkLost(
                f"the peer ended after {counts.sent} of {count(counts.planned, 'payload')}",
                stage="repeat",
                committed="maybe",
            )
        if self._wants_answers and not counts.answered:
            raise self._unanswered(counts)

    def _unanswered(self, counts: Counts) -> WorkbenchError:
        sent = f"{count(counts.sent, 'payload')} sent"
        if counts.errors:
            return LinkLost(
                f"{sent}, and the system was told that nobody is there",
                stage="repeat",
                errno_name="ECONNREFUSED",
                committed="maybe",
                advice="start the server, or check the port",
            )
        if counts.octets_received:
            what = f"{sent}; {octets(counts.octets_received)} came, and in them no end of an answer"
        else:
            what = f"{sent}, and nobody answered within {duration_s(self._plan.quiet_s)}"
        return TooSlow(
            what,
            stage="repeat",
            committed="maybe",
            advice="--answer-end says what ends an answer of a stream; --no-answers wants none",
        )

    @asynccontextmanager
    async def _followed(self) -> AsyncIterator[None]:
        """Say now and then how it stands: a slow rate is no reason for silence."""
        following = asyncio.create_task(self._follow(), name="repeat/follow")
        try:
            yield
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)
            self._output.status("")

    async def _follow(self) -> None:
        output = self._output
        while True:
            await asyncio.sleep(STATUS_S if output.shows_status else NOTE_S)
            line = f"{self._told()}; Ctrl-C stops it"
            (output.status if output.shows_status else output.note)(line)

    def _summary(self, transcript: Transcript) -> Mapping[str, object]:
        channels, counts = transcript.channels, self._repeat.counts
        ended: Literal["", "done", "stopped", "peer", "failed"] = counts.ended or "failed"
        return {
            "target": str(self._target),
            "transport": self._transport,
            "local": (channels[0].local if channels else "") or None,
            "peer": (channels[0].peer if channels else "") or None,
            "planned": counts.planned,
            "sent": {"count": counts.sent, "octets": counts.octets_sent},
            "answered": {"count": counts.answered, "octets": counts.octets_received},
            "lost": counts.lost if self._wants_answers else None,
            "icmp_errors": counts.errors,
            "rate": {"asked_per_s": self._plan.per_s, "reached_per_s": round(counts.per_s, 3)},
            "first_answer_ms": counts.first_answer_ms,
            "ended": "stopped" if self._is_stopped else ended,
            **way_document(transcript, self._way),
            **self._relayed.document(),
            "elapsed_ms": round((time.monotonic_ns() - self._started_ns) / 1e6, 3),
        }


def told(counts: Counts, *, wants_answers: bool = True) -> str:
    """The figures in a line: "sent 12 of 20, answered 11, 1 without an answer; 384 B out, 352 B in, 49.8/s"."""
    lost = f", {counts.lost:,} without an answer" if counts.lost and wants_answers else ""
    rate = f", {counts.per_s:,.1f}/s" if counts.per_s else ""
    return (
        f"sent {counts.sent:,} of {counts.planned:,}, answered {counts.answered:,}{lost}; "
        f"{octets(counts.octets_sent)} out, {octets(counts.octets_received)} in{rate}"
    )


def _template(parsed: Parsed) -> Template:
    text, hexes = parsed["--send"], parsed["--send-hex"]
    if text is None and hexes is None:
        raise LocalMisuse("what is to be sent?", advice="add --send TEXT")
    if text is not None and hexes is not None:
        raise LocalMisuse("--send and --send-hex can't be given together", advice="leave one of them out")
    if hexes is not None:
        octets_ = reading("--send-hex", hexes, parse_hex)
        return parse_template(f"\\{{{octets_.hex(' ')}}}" if octets_ else "")
    encoding, line_ending = parsed["--encoding"], parsed["--line-ending"]
    return reading(
        "--send", text, lambda text: parse_template(text, encoding=encoding, line_ending=line_ending)
    )


def _marker(text: str) -> bytes:
    marker = parse_payload(text)
    if not marker:
        raise LocalMisuse(
            "what ends an answer is missing", text=text, start=0, end=0, advice="a line end: \\n"
        )
    return marker
