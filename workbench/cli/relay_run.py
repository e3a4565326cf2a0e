"""The run of `workbench relay`: the relay, and its documents, one for each thing that happens."""

import asyncio
import time
from collections.abc import Coroutine, Mapping
from functools import partial
from typing import Any

from workbench.cli.arguments import Parsed, reading
from workbench.cli.conversation import Conversation
from workbench.cli.lab_access import named_service
from workbench.cli.output import Output, told
from workbench.cli.relay import OPTIONS, TCP_OPTIONS, UDP_OPTIONS
from workbench.cli.transcript_file import TranscriptFile, transcript_file
from workbench.errors import LocalMisuse, WorkbenchError
from workbench.formats.target import Target
from workbench.lab.relay.engine import Relay
from workbench.lab.relay.fates import Chance
from workbench.lab.relay.link import Link, sentence
from workbench.lab.relay.pieces import Act
from workbench.lab.relay.running import relay_switches
from workbench.lab.relay.switches import Way
from workbench.lab.relay.udp_engine import UdpRelay
from workbench.lab.switches import Switch, Turned, turn
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.wire.datagram import open_datagram
from workbench.wire.listen import listen
from workbench.wire.stream import Stream


def relay_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """Read the switches, and return the coroutine that relays.

    Raises: LocalMisuse, LocalFault. The coroutine raises what binding raises.
    """
    turned = read_switches(parsed)
    target: Target = parsed["TARGET"]
    if target.is_lab:
        # Else every client would be told, and nobody here.
        named_service(target)
    return _Run(parsed, turned, output).run(transcript_file(parsed))


def read_switches(parsed: Parsed) -> Turned:
    """The options as switches, checked as the Lab checks them. Raises: LocalMisuse with the option's name."""
    is_udp = parsed.flag("--udp")
    switches = relay_switches("udp" if is_udp else "tcp")
    known = {switch.name: switch for switch in switches}
    given: dict[str, object] = {}
    for option, name in OPTIONS.items():
        text = parsed[option]
        if text is None:
            continue
        if option in (TCP_OPTIONS if is_udp else UDP_OPTIONS):
            raise LocalMisuse(
                f"{option} means nothing to {'datagrams' if is_udp else 'a stream'}",
                text=option,
                start=0,
                end=len(option),
                advice="leave out --udp" if is_udp else "it needs --udp",
            )
        given[name] = reading(option, text, partial(_value, known[name]))
    return turn(switches, given, service="the relay")


def _value(switch: Switch, text: str) -> object:
    """The value of one switch. Raises: LocalMisuse with the place in the text."""
    return turn((switch,), {switch.name: text}, service="the relay").changed.get(switch.name, switch.default)


class _Run:
    """One run of the verb; the watcher of its relay."""

    def __init__(self, parsed: Parsed, turned: Turned, output: Output) -> None:
        self._listen: Target = parsed["LISTEN"]
        self._target: Target = parsed["TARGET"]
        self._is_udp = parsed.flag("--udp")
        self._timeout_s: float | None = parsed["--timeout"]
        self._turned = turned
        self._output = output
        self._passed = dict.fromkeys(Way, 0)
        self._seen = 0
        self._started_ns = time.monotonic_ns()

    async def run(self, file: TranscriptFile | None) -> int:
        conversation = Conversation(self._output, file, self._summary, datagrams=self._is_udp, several=True)
        try:
            async with conversation:
                await self._limited(conversation)
        except asyncio.CancelledError:
            self._say_closed()
            raise
        self._say_closed()
        return 0

    async def _limited(self, conversation: Conversation) -> None:
        serve = self._serve_udp if self._is_udp else self._serve_tcp
        try:
            async with asyncio.timeout(self._timeout_s) as limit:
                await serve(conversation)
        except TimeoutError:
            if not limit.expired():
                raise

    async def _serve_tcp(self, conversation: Conversation) -> None:
        transcript = conversation.transcript
        relay = Relay(self._target, self._turned, transcript, resolver=conversation.resolve, watcher=self)
        async with await listen(self._listen, transcript) as listener:
            self._say_listening(listener.address)
            await relay.serve([listener])

    async def _serve_udp(self, conversation: Conversation) -> None:
        transcript = conversation.transcript
        watcher = _Datagrams(self)
        relay = UdpRelay(
            self._target, self._turned, transcript, resolver=conversation.resolve, watcher=watcher
        )
        async with await open_datagram(transcript, local=self._listen) as datagram:
            self._say_listening(datagram.address)
            await relay.serve([datagram])

    # ---- told by the relay

    def accepted(self, link: Link) -> None:
        """A client is there."""
        self._seen += 1
        self._say("accepted", connection=link.number, peer=link.client.peer)

    def connected(self, link: Link) -> None:
        """The server took the connection."""
        server = link.server.peer if link.server is not None else ""
        self._say("connected", connection=link.number, server=server)

    def refused(self, link: Link, failure: WorkbenchError) -> None:
        """The server did not; the client was reset."""
        if not self._output.as_json:
            self._output.note(told(failure))
        self._say("refused", connection=link.number, failure=failure.as_dict())

    def acted(self, link: Link, way: Way, act: Act) -> None:
        """The relay interfered."""
        what = sentence(way, act)
        self._say(
            "acted", connection=link.number, direction=way.value, did=act.deed, offset=act.offset, what=what
        )

    def ended(self, link: Link) -> None:
        """Both connections are closed."""
        figures = {}
        for way in Way:
            flow = link.flows.get(way)
            read, sent = (flow.read, flow.sent) if flow is not None else (0, 0)
            self._passed[way] += sent
            figures[_key(way)] = {"octets_in": read, "octets_out": sent}
        self._say(
            "ended",
            connection=link.number,
            client=_ending(link.client),
            server=_ending(link.server) if link.server is not None else None,
            **figures,
        )

    def passed(self, peer: str, way: Way, data: bytes, acts: tuple[Chance, ...]) -> None:
        """A datagram met its fate."""
        self._passed[way] += 1
        self._say("datagram", peer=peer, direction=way.value, octets=len(data), did=list(acts))

    def lost(self, peer: str, failure: WorkbenchError) -> None:
        """The server can't be reached for this client."""
        self._say("refused", peer=peer, failure=failure.as_dict())

    # ---- told by us

    def _say_listening(self, address: str) -> None:
        self._say(
            "listening",
            address=address,
            target=str(self._target),
            transport="udp" if self._is_udp else "tcp",
            switches=dict(self._turned.changed),
        )

    def _say_closed(self) -> None:
        self._say("closed", **self._output.so_far)
        self._output.is_complete = True

    def _say(self, event: str, **values: object) -> None:
        if self._output.as_json:
            t_ms = round((time.monotonic_ns() - self._started_ns) / 1e6, 3)
            self._output.document({"event": event, "t_ms": t_ms, **values})

    def _summary(self, _transcript: Transcript) -> Mapping[str, object]:
        if self._is_udp:
            return {_key(way): {"datagrams": self._passed[way]} for way in Way}
        passed = {_key(way): {"octets": self._passed[way]} for way in Way}
        return {"connections": self._seen, **passed}


class _Datagrams:
    """The run as the watcher of a relay for datagrams."""

    def __init__(self, run: _Run) -> None:
        self._run = run

    def passed(self, peer: str, way: Way, data: bytes, acts: tuple[Chance, ...]) -> None:
        """A datagram met its fate."""
        self._run.passed(peer, way, data, acts)

    def refused(self, peer: str, failure: WorkbenchError) -> None:
        """The server can't be reached."""
        self._run.lost(peer, failure)


def _key(way: Way) -> str:
    return way.value.replace("-", "_")


def _ending(stream: Stream) -> dict[str, object]:
    """How one side's connection ended, and what passed on it."""
    end, channel = stream.end, stream.channel
    return {
        "end": end.kind if end is not None else None,
        "end_by": end.by if end is not None else None,
        "received": {"octets": len(channel.stream(Direction.RECEIVED))},
        "sent": {"octets": len(channel.stream(Direction.SENT))},
    }
