"""`workbench socket talk`: one conversation by hand."""

import time
from collections.abc import Coroutine, Mapping
from contextlib import closing
from typing import Any

from workbench.cli.arguments import Parsed
from workbench.cli.conversation import Conversation
from workbench.cli.output import Output
from workbench.cli.talk_document import talk_document
from workbench.cli.talk_request import Request, read_request
from workbench.cli.transcript_file import TranscriptFile, transcript_file
from workbench.cli.way import way_document
from workbench.errors import Refused
from workbench.formats.quantity import duration, octets
from workbench.protocols.raw.talk import Secure, exchange_datagrams, talk
from workbench.protocols.raw.values import Outcome
from workbench.transcript.recorder import Transcript
from workbench.wire.stream import Stream


def talk_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """Read the request, and return the coroutine that has the conversation.

    Raises: LocalMisuse, LocalFault: what is wrong before anything is sent. The coroutine raises Refused when the peer
        ended and what was expected had not come; else what the engine raises.
    """
    request = read_request(parsed)
    try:
        return _Talk(request, output).run(transcript_file(parsed))
    except BaseException:
        request.close()
        raise


class _Talk:
    def __init__(self, request: Request, output: Output) -> None:
        self._request = request
        self._output = output
        self._outcome: Outcome | None = None
        self._started_ns = time.monotonic_ns()

    async def run(self, file: TranscriptFile | None) -> int:
        request, output = self._request, self._output
        is_udp = request.transport == "udp"
        conversation = Conversation(output, file, self._summary, encoding=request.encoding, datagrams=is_udp)
        with closing(request):
            async with conversation:
                self._outcome = outcome = await self._exchange(conversation)
                if outcome.matched is False:
                    raise Refused(
                        f"what was expected is not in the {octets(outcome.received)} that came before the end",
                        stage="expect",
                        committed="maybe",
                    )
        if output.as_json:
            output.document(output.so_far, ok=True)
        else:
            took = duration(time.monotonic_ns() - self._started_ns)
            output.note(f"sent {octets(outcome.sent)}, received {octets(outcome.received)} in {took}")
        return 0

    async def _exchange(self, conversation: Conversation) -> Outcome:
        request = self._request
        if request.transport == "udp":
            return await exchange_datagrams(
                request.target,
                conversation.transcript,
                sends=await request.datagrams(),
                expect=request.expect,
                answers=request.answers,
                resolver=conversation.resolve,
                timeout_s=request.timeout_s,
                way=request.way,
            )
        return await talk(
            request.target,
            conversation.transcript,
            sends=request.pieces(),
            expect=request.expect,
            finish=request.finish,
            resolver=conversation.resolve,
            timeout_s=request.timeout_s,
            secure=self._secure(conversation),
            way=request.way,
        )

    def _secure(self, conversation: Conversation) -> Secure | None:
        if (wish := self._request.tls) is None:
            return None

        async def secure(stream: Stream, timeout_s: float) -> Stream:
            return await wish.secured(stream, conversation, timeout_s)

        return secure

    def _summary(self, transcript: Transcript) -> Mapping[str, object]:
        request, outcome = self._request, self._outcome
        matched = outcome.matched if outcome is not None else None if request.expect is None else False
        return {
            "target": str(request.target),
            "transport": "unix" if _is_unix(transcript) else request.transport,
            **talk_document(
                transcript, encoding=request.encoding, sha256=outcome.sha256 if outcome is not None else ""
            ),
            **way_document(transcript, request.way),
            "matched": matched,
            "elapsed_ms": round((time.monotonic_ns() - self._started_ns) / 1e6, 3),
        }


def _is_unix(transcript: Transcript) -> bool:
    return any(channel.layer == "unix" for channel in transcript.channels[:1])
