"""What `workbench socket ws` does, and what it tells."""

import time
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any

from workbench.cli.arguments import Parsed
from workbench.cli.conversation import Conversation
from workbench.cli.octets import MAX_SHOWN, shown_octets
from workbench.cli.output import Output
from workbench.cli.relayed import relayed
from workbench.cli.steps import listed_events
from workbench.cli.transcript_file import TranscriptFile, transcript_file
from workbench.errors import LocalMisuse
from workbench.formats.charset import visible
from workbench.formats.payload import parse_hex
from workbench.protocols.websocket.client import WebSocketClient, open_websocket
from workbench.protocols.websocket.codec import encode_close
from workbench.protocols.websocket.explain import explain
from workbench.protocols.websocket.frames import Passed, passed_frames
from workbench.protocols.websocket.values import Closed, Message, close_meaning
from workbench.transcript.recorder import Transcript

MAX_MESSAGES = 1000
MAX_FRAMES = 1000
_SHOWN = 256
"""Octets of a frame's payload that a document shows."""


def ws_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """The coroutine that talks. Raises: LocalMisuse, LocalFault: what is wrong before anything is sent."""
    return _Ws(parsed, output).run()


def _payload(kind: str, text: str) -> bytes:
    """What a message or a ping carries. Raises: LocalMisuse: a text that is no UTF-8 (RFC 6455 section 5.6)."""
    if kind == "--send-hex":
        return parse_hex(text)
    try:
        return text.encode("utf-8", "strict" if kind == "--send" else "surrogateescape")
    except UnicodeEncodeError as error:
        raise LocalMisuse(
            "the text of a message is UTF-8, and this octet is none",
            text=text,
            start=error.start,
            end=error.start + 1,
            advice="--send-hex sends any octets",
            source="RFC 6455 section 5.6",
        ) from error


class _Ws:
    def __init__(self, parsed: Parsed, output: Output) -> None:
        self._output = output
        self._target: str = parsed["TARGET"]
        self._sends = [(kind, _payload(kind, text)) for kind, text in parsed["--send"]]
        self._fragment: int = parsed["--fragment"] or 0
        self._subprotocols: Sequence[str] = parsed["--subprotocol"]
        self._fields = [_field(text) for text in parsed["--header"]]
        self._code: int = parsed["--code"] or 1000
        encode_close(self._code)
        sent = sum(kind != "--ping" for kind, _ in self._sends)
        self._wanted: int = parsed["--messages"] or sent
        self._timeout_s: float = parsed["--timeout"]
        self._relayed = relayed(parsed)
        self._file: TranscriptFile | None = transcript_file(parsed)
        self._client: WebSocketClient | None = None
        self._messages: list[Message] = []
        self._started_ns = time.monotonic_ns()

    async def run(self) -> int:
        output = self._output
        conversation = Conversation(
            output, self._file, self._summary, takes_octets=False, tells_sent=False, explainer=explain
        )
        async with conversation:
            client = self._client = await open_websocket(
                self._target,
                conversation.transcript,
                subprotocols=self._subprotocols,
                fields=self._fields,
                resolver=self._relayed.resolver(conversation),
                timeout_s=self._timeout_s,
            )
            try:
                await self._talk(client)
            finally:
                await client.aclose()
        if output.as_json:
            output.document(output.so_far, ok=True)
        elif client.closed is not None:
            output.note(f"closed by the server: {client.closed.code}, {close_meaning(client.closed.code)}")
        return 0

    async def _talk(self, client: WebSocketClient) -> None:
        for kind, data in self._sends:
            if kind == "--ping":
                await client.ping(data)
            else:
                await client.send(data, text=kind == "--send", fragment=self._fragment)
        while len(self._messages) < self._wanted:
            event = await client.receive()
            if isinstance(event, Closed):
                return
            self._heard(event)
        await client.close(self._code)

    def _heard(self, message: Message) -> None:
        self._messages.append(message)
        if self._output.as_json:
            return
        text = message.data.decode("utf-8") if message.is_text else message.data.hex(" ")
        self._output.line(visible(text))

    def _summary(self, transcript: Transcript) -> Mapping[str, object]:
        client = self._client
        peer = transcript.channels[0].peer if transcript.channels else ""
        closed = client.closed if client is not None else None
        return {
            "target": self._target,
            "address": peer or None,
            "handshake": _handshake(client) if client is not None else None,
            "frames": [_frame(each) for each in passed_frames(transcript, 0, MAX_FRAMES)],
            "messages": [_message(each) for each in self._messages[:MAX_MESSAGES]],
            "close": None
            if closed is None
            else {"code": closed.code, "reason": closed.reason, "meaning": close_meaning(closed.code)},
            **self._relayed.document(),
            "elapsed_ms": round((time.monotonic_ns() - self._started_ns) / 1e6, 3),
            **listed_events(transcript, explain),
        }


def _handshake(client: WebSocketClient) -> dict[str, object]:
    agreed = client.agreed
    return {
        "status": agreed.status,
        "subprotocol": agreed.subprotocol or None,
        "accept": agreed.accept,
        "request": agreed.request.decode("utf-8", "replace"),
        "answer": agreed.answer.decode("utf-8", "replace"),
    }


def _frame(passed: Passed) -> dict[str, object]:
    frame = passed.frame
    return {
        "direction": passed.direction.value,
        "opcode": frame.name,
        "fin": frame.fin,
        "masked": bool(frame.key),
        "octets": frame.size,
        "text": visible(frame.payload[:_SHOWN].decode("utf-8", "replace")),
        "code": frame.close_code,
    }


def _message(message: Message) -> dict[str, object]:
    shown = shown_octets(message.data[:MAX_SHOWN], "utf-8", whole=len(message.data) <= MAX_SHOWN)
    return {"kind": "text" if message.is_text else "binary", "octets": len(message.data), **shown}


def _field(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon:
        raise LocalMisuse(
            "a field has a colon", text=text, start=len(text), end=len(text), advice="write NAME: VALUE"
        )
    return name.strip(), value.strip()
