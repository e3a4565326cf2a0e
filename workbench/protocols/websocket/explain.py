"""What each frame of a WebSocket conversation means, and its handshake."""

from collections.abc import Callable, Mapping
from typing import Final

from workbench.errors import PeerMisbehaved
from workbench.formats.quantity import octets
from workbench.protocols.websocket.client import TITLE
from workbench.protocols.websocket.codec import FrameReader
from workbench.protocols.websocket.values import CLOSE, OPCODES, TEXT, Frame, Role, close_meaning
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event
from workbench.transcript.render import PREVIEW_OCTETS, Explanation, as_text
from workbench.wire import explain as wire

Values = Mapping[str, object]


def of_frame(frame: Frame) -> Explanation:
    """What a frame says, and what is wrong with it."""
    known = OPCODES.get(frame.opcode)
    begun = "" if frame.fin else ", and more of it follows"
    source = known.source if known else "RFC 6455 5.2"
    text = (known.text if known else "an opcode that is reserved") + begun
    if frame.opcode == CLOSE:
        text = f"{frame.close_code}: {close_meaning(frame.close_code or 1005)}"
    if frame.faults:
        text = f"against the rules: {'; '.join(frame.faults)}"
    return Explanation(shown(frame), text, source)


def shown(frame: Frame) -> str:
    """A frame in one line: FIN, opcode, mask, size, and the payload's beginning."""
    marks = [*(["FIN"] if frame.fin else []), frame.name, *(["masked"] if frame.key else [])]
    head = f"{' '.join(marks)}, {octets(frame.size)}"
    if frame.opcode == CLOSE and frame.payload:
        return f"{head}: {frame.close_code} {as_text(frame.close_reason.encode())}".rstrip()
    if not frame.payload:
        return head
    part = frame.payload[:PREVIEW_OCTETS]
    return f"{head}: {as_text(part) if frame.opcode in (0, TEXT, 9, 10) else part[:32].hex(' ')}"


def explain(transcript: Transcript, event: Event) -> Explanation | None:
    """What an event means; for what lies below WebSocket as the wire explains it."""
    if event.kind == "fact":
        known = FACTS.get(event.name)
        return known(event.values) if known is not None else wire.explain(transcript, event)
    if not transcript.channels[event.channel].title.startswith(TITLE):
        return wire.explain(transcript, event)
    data = transcript.data(event, 0, PREVIEW_OCTETS)
    if data.startswith((b"GET ", b"HTTP/1.")):
        return _head(data)
    sender: Role = "client" if event.direction is Direction.SENT else "server"
    try:
        frames = FrameReader(sender).feed(transcript.data(event, 0, 64 * 1024))
    except PeerMisbehaved as failure:
        return Explanation(data[:16].hex(" "), str(failure), failure.source)
    if not frames:
        return Explanation(data[:32].hex(" "), f"a part of a frame: {octets(event.size)}", "RFC 6455 5.2")
    told = of_frame(frames[0])
    more = f" (and {len(frames) - 1} more)" if len(frames) > 1 else ""
    return told._replace(what=told.what + more)


def _head(data: bytes) -> Explanation:
    line = data.partition(b"\r\n")[0]
    if line.startswith(b"GET "):
        return Explanation(as_text(line), "asks by HTTP to go on in WebSocket", "RFC 6455 4.1")
    agrees = line.split(b" ")[1:2] == [b"101"]
    what = "agrees: what follows are frames" if agrees else "does not change to WebSocket"
    return Explanation(as_text(line), what, "RFC 6455 4.2.2")


def _open(v: Values) -> Explanation:
    agreed = f", subprotocol {v['subprotocol']}" if v["subprotocol"] else ""
    return Explanation(
        "the handshake is done" + agreed, f"the proof {v['accept']} fits our key", "RFC 6455 4.2.2"
    )


FACTS: Final[dict[str, Callable[[Values], Explanation]]] = {"websocket.open": _open}
"""Every fact that we record; a test walks the code for names that are missing here."""
