"""`workbench socket listen`: a server by hand, and its documents, one for each thing that happens."""

import asyncio
import time
from collections.abc import Coroutine, Mapping
from typing import TYPE_CHECKING, Any

from workbench.cli.arguments import Parsed
from workbench.cli.conversation import Conversation
from workbench.cli.octets import shown_octets
from workbench.cli.output import Output, told
from workbench.cli.socket_listen_rules import read_rules
from workbench.cli.socket_listen_tls import HANDSHAKE_WITHIN_S, listening_tls, read_listen_tls
from workbench.cli.talk_request import payload
from workbench.cli.transcript_file import TranscriptFile, transcript_file
from workbench.cli.way import read_way, way_document
from workbench.errors import LocalFault, LocalMisuse, TooSlow, WorkbenchError
from workbench.formats.quantity import duration_s
from workbench.formats.target import Target
from workbench.protocols.raw.limits import Limits
from workbench.protocols.raw.serve import NO_REPLY, Reply, Server, serve_datagrams
from workbench.protocols.raw.tls_report import read_handshake
from workbench.protocols.raw.values import Way
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.wire.datagram import Received, open_datagram
from workbench.wire.listen import listen
from workbench.wire.port_offer import offered
from workbench.wire.stream import Stream

if TYPE_CHECKING:
    from workbench.protocols.raw.protection import Protection

MAX_PREVIEW = 4 * 1024
"""Octets of one piece that its document holds: many clients may send much, and a reader must keep up."""


def listen_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """Read the rule, and return the coroutine that serves.

    Raises: LocalMisuse, LocalFault. The coroutine raises TooSlow when the time was up before the count was reached,
        and what binding raises.
    """
    return _Listen(parsed, output).run(transcript_file(parsed))


def read_reply(parsed: Parsed) -> Reply:
    """The rule: one of two words, or a text that is sent for every piece that arrives."""
    text: str = parsed["--reply"]
    if text == "echo":
        return Reply("echo")
    return NO_REPLY if text == "discard" else Reply("text", payload("--reply", text, parsed))


class _Listen:
    """One run of the verb; the watcher of its connections and datagrams."""

    def __init__(self, parsed: Parsed, output: Output) -> None:
        self._target: Target = parsed["ADDRESS"]
        self._is_udp = parsed.flag("--udp")
        self._preset: str | None = parsed["--preset"]
        self._rule: str = "rules" if parsed["--rules"] is not None else self._preset or parsed["--reply"]
        self._is_sequential = parsed.flag("--one-at-a-time")
        self._limits = Limits(idle_s=parsed["--idle"])
        self._reply = read_reply(parsed)
        self._rules = read_rules(parsed, is_udp=self._is_udp)
        self._count: int | None = parsed["--count"]
        self._timeout_s: float | None = parsed["--timeout"]
        self._encoding: str = parsed["--encoding"]
        self._settings = read_way(parsed, role="listener").settings
        self._groups: tuple[tuple[str, str], ...] = parsed["--join"]
        if self._is_udp and (self._preset or self._is_sequential or self._limits.idle_s is not None):
            raise LocalMisuse(
                "--preset, --one-at-a-time and --idle are about connections", advice="leave --udp out"
            )
        if self._groups and not self._is_udp:
            raise LocalMisuse("--join is for datagrams", advice="add --udp")
        self._tls = read_listen_tls(parsed, is_udp=self._is_udp)
        self._protection: Protection | None = None
        self._output = output
        self._numbers: dict[int, int] = {}
        self._first_events: dict[int, int] = {}
        self._seen = 0
        self._started_ns = time.monotonic_ns()

    async def run(self, file: TranscriptFile | None) -> int:
        output = self._output
        conversation = Conversation(
            output, file, self._summary, encoding=self._encoding, datagrams=self._is_udp, several=True
        )
        try:
            async with conversation:
                if self._tls is not None:
                    self._protection = await self._tls.protection(conversation.lab_authority)
                await self._limited(conversation.transcript)
        except asyncio.CancelledError:
            self._say_closed()
            raise
        self._say_closed()
        return 0

    async def _limited(self, transcript: Transcript) -> None:
        serve = self._serve_udp if self._is_udp else self._serve_tcp
        try:
            async with asyncio.timeout(self._timeout_s) as limit:
                await serve(transcript)
        except LocalFault as fault:
            await offered(fault, self._target)
            raise
        except TimeoutError as error:
            if not limit.expired():
                raise
            if self._count is not None:
                what = "datagrams" if self._is_udp else "connections"
                raise TooSlow(
                    f"{self._seen} of {self._count} {what} came within {duration_s(self._timeout_s or 0.0)}",
                    stage="listen",
                ) from error

    async def _serve_tcp(self, transcript: Transcript) -> None:
        async with await listen(self._target, transcript, settings=self._settings) as listener:
            self._say_listening(listener.address, transcript)
            secure = self._secured if self._protection is not None else None
            failed = self._failed if self._protection is not None else None
            reply = self._rules or self._reply._replace(preset=self._preset or "")
            server = Server(
                listener,
                reply,
                self,
                limit=self._count,
                secure=secure,
                on_failure=failed,
                limits=self._limits,
            )
            server.one_at_a_time = self._is_sequential
            await server.serve()

    async def _serve_udp(self, transcript: Transcript) -> None:
        opened = await open_datagram(transcript, local=self._target, settings=self._settings)
        async with opened as socket_:
            for group, interface in self._groups:
                socket_.membership.join(group, interface)
            self._say_listening(socket_.address, transcript)
            if self._rules is None:
                await serve_datagrams(socket_, self._reply, self, limit=self._count)
                return
            from workbench.protocols.raw.rules import serve_rules

            await serve_rules(socket_, self._rules, self, limit=self._count)

    # ---- told by the server

    def accepted(self, stream: Stream) -> None:
        """A connection is there."""
        self._seen += 1
        self._numbers[stream.channel.number] = self._seen
        self._first_events[self._seen] = len(stream.channel.transcript)
        self._say("accepted", connection=self._seen, peer=stream.peer, local=stream.local)

    def received(self, stream: Stream, data: bytes) -> None:
        """Octets arrived on a connection."""
        if data:
            self._say(
                "received",
                connection=self._numbers[stream.channel.number],
                peer=stream.peer,
                **self._preview(data),
            )

    def answered(self, _stream: Stream) -> None:
        """The rule was followed; what was sent in all stands in the document of the end."""

    def closed(self, stream: Stream) -> None:
        """The connection was given back."""
        channel, end = stream.channel, stream.end
        layer = self._layer
        number = self._numbers.pop(channel.number)
        del self._first_events[number]
        self._say(
            "ended",
            connection=number,
            peer=stream.peer,
            end=end.kind if end is not None else None,
            end_by=end.by if end is not None else None,
            received={"octets": len(channel.stream(Direction.RECEIVED, layer))},
            sent={"octets": len(channel.stream(Direction.SENT, layer))},
        )

    def heard(self, received: Received) -> None:
        """A datagram arrived."""
        self._seen += 1
        self._say("datagram", peer=received.source, **self._preview(received.data))

    def replied(self, _received: Received) -> None:
        """The rule was followed; what was sent in all stands in the last document."""

    # ---- under TLS

    async def _secured(self, stream: Stream, timeout_s: float) -> Stream:
        """The stream under TLS; what was agreed is told. Raises: as start_tls."""
        assert self._protection is not None
        protected = await self._protection.secure(stream, min(timeout_s, HANDSHAKE_WITHIN_S))
        number = self._numbers[stream.channel.number]
        self._say("secured", connection=number, peer=stream.peer, tls=self._tls_of(stream, number))
        return protected

    def _failed(self, stream: Stream, failure: WorkbenchError) -> None:
        """A client is not as it should be: that is told, and the listener goes on."""
        from workbench.cli.fields import name_options

        name_options(failure, "--client-ca")
        number = self._numbers[stream.channel.number]
        if not self._output.as_json:
            self._output.note(f"[{number}] {told(failure)}")
        values = {"failure": failure.as_dict(), "tls": self._tls_of(stream, number)}
        self._say("failed", connection=number, peer=stream.peer, **values)

    # ---- told by us

    def _preview(self, data: bytes) -> dict[str, object]:
        whole = len(data) <= MAX_PREVIEW
        shown = shown_octets(data[:MAX_PREVIEW], self._encoding, whole=whole)
        return {"octets": len(data), **shown, "truncated": not whole}

    def _say_listening(self, address: str, transcript: Transcript) -> None:
        granted = way_document(transcript, Way(settings=self._settings))
        tls = {"tls": listening_tls(self._protection)} if self._protection is not None else {}
        groups = {"groups": [group for group, _ in self._groups]} if self._groups else {}
        rules = {"rules": len(self._rules.rules)} if self._rules is not None else {}
        transport = self._transport
        shown = {**granted, **groups, **rules, **tls}
        self._say("listening", address=address, transport=transport, reply=self._rule, **shown)

    def _tls_of(self, stream: Stream, number: int) -> dict[str, object]:
        channel = stream.channel
        events = channel.transcript.events(self._first_events[number], len(channel.transcript))
        report = read_handshake(
            event for event in events if event.channel == channel.number and event.kind == "fact"
        )
        return report.as_dict() if report is not None else {}

    @property
    def _transport(self) -> str:
        return "udp" if self._is_udp else "unix" if self._target.scheme == "unix" else "tcp"

    @property
    def _layer(self) -> str:
        """What people mean by the octets of a connection: under TLS what is in the records."""
        return "tls" if self._tls is not None else self._transport

    def _say_closed(self) -> None:
        self._say("closed", **self._output.so_far)
        self._output.is_complete = True

    def _say(self, event: str, **values: object) -> None:
        if self._output.as_json:
            t_ms = round((time.monotonic_ns() - self._started_ns) / 1e6, 3)
            self._output.document({"event": event, "t_ms": t_ms, **values})

    def _summary(self, transcript: Transcript) -> Mapping[str, object]:
        layer = self._layer
        numbers = range(len(transcript.channels))
        received = sum(len(transcript.stream(number, Direction.RECEIVED, layer)) for number in numbers)
        sent = sum(len(transcript.stream(number, Direction.SENT, layer)) for number in numbers)
        counted = "datagrams" if self._is_udp else "connections"
        return {counted: self._seen, "received": {"octets": received}, "sent": {"octets": sent}}
