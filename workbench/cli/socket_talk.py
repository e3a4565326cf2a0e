"""`workbench socket talk`: one conversation by hand."""

import time
from collections.abc import Coroutine, Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any

from workbench.cli.arguments import Parsed
from workbench.cli.conversation import Conversation
from workbench.cli.output import Output
from workbench.cli.talk_document import talk_document
from workbench.cli.talk_progress import progress
from workbench.cli.talk_request import Request, read_request
from workbench.cli.transcript_file import TranscriptFile, transcript_file
from workbench.cli.way import way_document
from workbench.errors import Refused, WorkbenchError
from workbench.formats.quantity import duration, octets
from workbench.protocols.raw.received_file import cut_off
from workbench.protocols.raw.talk import Secure, exchange_datagrams, talk
from workbench.protocols.raw.tally import Tally
from workbench.protocols.raw.values import Outcome
from workbench.transcript.recorder import Transcript
from workbench.wire.stream import Stream

if TYPE_CHECKING:
    from workbench.cli.talk_broadcast import Search


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
        sink = request.received.write if request.received is not None else None
        self._tally = Tally(request.expect, sink)
        self._search = self._searching() if request.broadcast else None
        self._started_ns = time.monotonic_ns()
        for note in request.notes:
            output.note(note)

    def _searching(self) -> "Search":
        from workbench.cli.talk_broadcast import Search

        return Search(self._output, self._tally)

    async def run(self, file: TranscriptFile | None) -> int:
        request, output = self._request, self._output
        is_udp = request.transport == "udp"
        conversation = Conversation(
            output,
            file,
            self._summary,
            encoding=request.encoding,
            datagrams=is_udp,
            takes_octets=request.received is None,
            tells_sent=not request.has_files,
        )
        with closing(request):
            async with conversation:
                try:
                    self._outcome = outcome = await self._watched(conversation)
                    self._judge(outcome)
                except WorkbenchError as failure:
                    if failure.stage in ("tls", "proxy"):
                        from workbench.cli.fields import name_options

                        name_options(failure)
                    raise
                finally:
                    request.close()
                    self._name_partial()
        if output.as_json:
            output.document(output.so_far, ok=True)
        else:
            took = duration(time.monotonic_ns() - self._started_ns)
            output.note(f"sent {octets(outcome.sent)}, received {octets(outcome.received)} in {took}")
        return 0

    async def _watched(self, conversation: Conversation) -> Outcome:
        """Have the conversation; a person who waits for a file sees how far it is."""
        request, output = self._request, self._output
        is_file = request.has_files or request.received is not None
        # On a screen that shows what arrives there is no place for another line that moves.
        is_free = output.as_json or request.received is not None or not output.is_terminal
        if not is_file or not is_free:
            return await self._exchange(conversation)
        async with progress(output, self._tally, request.total):
            return await self._exchange(conversation)

    def _judge(self, outcome: Outcome) -> None:
        """Give a received file its name, if this was all. Raises: Refused, LinkLost, PeerMisbehaved, LocalFault."""
        if outcome.matched is False:
            raise Refused(
                f"what was expected is not in the {octets(outcome.received)} that came before the end",
                stage="expect",
                committed="maybe",
            )
        if (received := self._request.received) is None:
            return
        if not outcome.matched and (failure := cut_off(outcome.end)) is not None:
            raise failure
        received.complete()

    def _name_partial(self) -> None:
        received = self._request.received
        if received is not None and not received.is_whole and (where := received.where) is not None:
            self._output.note(f"{octets(received.octets)} arrived and stand in {where}")

    async def _exchange(self, conversation: Conversation) -> Outcome:
        request = self._request
        if self._search is not None:
            return await self._search.run(
                request.target,
                conversation.transcript,
                await request.datagrams(),
                resolver=self._request.relayed.resolver(conversation, self._request.way.proxy),
                way=request.way,
                timeout_s=request.timeout_s,
                quiet_s=request.quiet_s,
            )
        if request.transport == "udp":
            return await exchange_datagrams(
                request.target,
                conversation.transcript,
                sends=await request.datagrams(),
                expect=request.expect,
                answers=request.answers,
                resolver=self._request.relayed.resolver(conversation, self._request.way.proxy),
                timeout_s=request.timeout_s,
                way=request.way,
                tally=self._tally,
            )
        return await talk(
            request.target,
            conversation.transcript,
            sends=request.pieces(),
            expect=request.expect,
            finish=request.finish,
            resolver=self._request.relayed.resolver(conversation, self._request.way.proxy),
            timeout_s=request.timeout_s,
            secure=self._secure(conversation),
            way=request.way,
            tally=self._tally,
            idle=request.has_files or request.received is not None,
            once=request.once,
        )

    def _secure(self, conversation: Conversation) -> Secure | None:
        if (asked := self._request.tls) is None:
            return None

        async def secure(stream: Stream, timeout_s: float) -> Stream:
            protection = await asked.protection(conversation.lab_authority)
            if (protocol := self._request.starttls) is None:
                return await protection.secure(stream, timeout_s)
            from workbench.protocols.starttls.client import upgrade
            from workbench.protocols.starttls.machine import dialogue

            asking = dialogue(protocol, self._request.target.host)
            return await upgrade(stream, asking, protection.secure, timeout_s)

        return secure

    def _summary(self, transcript: Transcript) -> Mapping[str, object]:
        request, outcome = self._request, self._outcome
        matched = outcome.matched if outcome is not None else None if request.expect is None else False
        return {
            "target": str(request.target),
            "transport": "unix" if _is_unix(transcript) else request.transport,
            **talk_document(
                transcript, encoding=request.encoding, tally=self._tally, received_file=request.received
            ),
            **way_document(transcript, request.way),
            **request.relayed.document(),
            **(self._search.as_dict(request.encoding, self._tally) if self._search is not None else {}),
            **({"offered": {"octets": request.total}} if request.once else {}),
            "matched": matched,
            "elapsed_ms": round((time.monotonic_ns() - self._started_ns) / 1e6, 3),
        }


def _is_unix(transcript: Transcript) -> bool:
    return any(channel.layer == "unix" for channel in transcript.channels[:1])
