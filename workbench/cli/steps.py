"""The events of a transcript as JSON lists them and as people read them while they happen."""

import asyncio
from collections.abc import Iterator

from workbench.cli.octets import ScreenText
from workbench.cli.output import Output
from workbench.cli.session_explain import explain
from workbench.formats.quantity import octets
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event
from workbench.transcript.render import Explainer, line

FIRST, LAST = 800, 200
"""Events that a document lists from the beginning and from the end: how it began and how it ended."""


def listed_events(transcript: Transcript, explainer: Explainer = explain) -> dict[str, object]:
    """{"events": [...]}: facts with their explanation, octets with their number; and how many were left out."""
    count = len(transcript)
    if count <= FIRST + LAST:
        return {"events": [_listed(transcript, event, explainer) for event in transcript.events()]}
    return {
        "events": [_listed(transcript, event, explainer) for event in bounded_events(transcript)],
        "events_left_out": count - FIRST - LAST,
    }


def bounded_events(transcript: Transcript) -> Iterator[Event]:
    """The first and the last events, where there are very many."""
    count = len(transcript)
    yield from transcript.events(0, FIRST)
    yield from transcript.events(max(FIRST, count - LAST), count)


def _listed(transcript: Transcript, event: Event, explainer: Explainer) -> dict[str, object]:
    listed: dict[str, object] = {"t_ms": round(event.time_ns / 1e6, 3), "channel": event.channel}
    if event.kind == "bytes":
        # Under TLS the same octets pass twice: as records, and as what is in them.
        # What was said to a proxy is apart from what passed through it.
        layer = {"layer": event.layer} if event.layer in ("tls", "proxy") else {}
        return {**listed, "event": event.direction.value, "octets": event.size, **layer}
    told = line(transcript, event, explainer)
    listed |= {"event": event.name, "what": told.what, "text": told.text, "source": told.source}
    return {**listed, "values": dict(event.values)}


class LiveView:
    """Shows a conversation as it goes: received octets on standard output, steps and what was sent as notes.

    It follows the transcript between two turns of the loop. When nobody takes our output this process waits for that,
    and so does the peer: nothing piles up but in the transcript.

    Args:
        encoding: in which a terminal shows what arrives.
        datagrams: note each arrival: the boundaries between datagrams mean something.
        several: say to which channel a note belongs.
        takes_octets: received octets go to standard output; False: they go elsewhere.
        tells_sent: note what was sent; False: a file's many pieces would only fill the screen.
        explainer: a protocol's own; with it each datagram is told by what it says.
    """

    def __init__(
        self,
        transcript: Transcript,
        output: Output,
        *,
        encoding: str = "utf-8",
        datagrams: bool = False,
        several: bool = False,
        takes_octets: bool = True,
        tells_sent: bool = True,
        explainer: Explainer = explain,
    ) -> None:
        self._explain = explainer
        self._transcript = transcript
        self._output = output
        self._takes_octets = takes_octets
        self._tells_sent = tells_sent
        self._datagrams = datagrams
        self._several = several
        self._screen = ScreenText(encoding) if output.is_terminal else None
        self._next = 0
        self._asked = False
        self._is_closed = False
        self._unsaid: Event | None = None
        self._under_tls: set[int] = set()
        self._cut = transcript.observe(self._on_more)

    def close(self) -> None:
        """Show what is left, and follow no more."""
        self._cut()
        self._show()
        self._is_closed = True
        if self._screen is not None:
            self._output.octets(self._screen.finish().encode())

    def _on_more(self, _transcript: Transcript) -> None:
        if not self._asked:
            self._asked = True
            asyncio.get_running_loop().call_soon(self._show)

    def _show(self) -> None:
        self._asked = False
        if self._is_closed or self._output.is_closed:
            return
        start, self._next = self._next, len(self._transcript)
        for event in self._transcript.events(start, self._next):
            if event.name == "tls.started":
                self._under_tls.add(event.channel)
            if event.kind == "bytes" and event.channel in self._under_tls and event.layer != "tls":
                # Records: people read what is in them.
                continue
            if event.kind == "bytes" and event.layer == "proxy":
                self._note(event, f"{octets(event.size)} of the dialogue with the proxy")
                continue
            if event.direction is Direction.SENT and not self._datagrams:
                # A large payload is sent in many pieces; one note stands for those in a row.
                self._unsaid = event._replace(size=event.size + (self._unsaid.size if self._unsaid else 0))
                continue
            self._say_sent()
            if event.kind == "fact":
                told = line(self._transcript, event, self._explain)
                meaning = "; ".join(filter(None, (told.text, told.source)))
                self._note(event, told.what + (f"  ({meaning})" if meaning else ""))
                continue
            if self._datagrams:
                self._note(event, self._sized(event))
            if event.direction is Direction.RECEIVED:
                self._received(event)
        self._say_sent()

    def _sized(self, event: Event) -> str:
        if self._explain is explain:
            return octets(event.size)
        return f"{octets(event.size)}  {line(self._transcript, event, self._explain).what}"

    def _say_sent(self) -> None:
        if self._unsaid is not None and self._tells_sent:
            self._note(self._unsaid, octets(self._unsaid.size))
        self._unsaid = None

    def _note(self, event: Event, text: str) -> None:
        channel = f" [{event.channel}]" if self._several else ""
        self._output.note(f"{event.time_ns / 1e9:9.3f}{channel} {event.direction.arrow or ' '} {text}")

    def _received(self, event: Event) -> None:
        if not self._takes_octets:
            return
        data = self._transcript.data(event)
        self._output.octets(data if self._screen is None else self._screen.feed(data).encode())
