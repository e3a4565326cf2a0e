"""`workbench socket scan-frames`: a recorded stream of octets, split into its messages by a framing."""

from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing, closing
from typing import Any

from workbench.cli.arguments import Parsed
from workbench.cli.octets import shown_octets
from workbench.cli.output import Output
from workbench.cli.saved_file import read_saved
from workbench.errors import LocalMisuse, PeerMisbehaved
from workbench.formats.charset import visible
from workbench.formats.framing.values import MAX_MESSAGE, Decodes, Ending, Framing, Message
from workbench.formats.quantity import count
from workbench.jobs.offload import in_thread
from workbench.protocols.raw.sent_file import PayloadFile
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction

MAX_LISTED = 1000
"""Messages of one document; people get all of them, one a line."""
MAX_DATA = 4096
"""Octets of a message that a document holds."""
MAX_LINE = 120
PIECE = 64 * 1024


def frames_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """The coroutine that reads and tells.

    Raises: LocalMisuse: no framing is named; LocalFault: the file can't be read.
    """
    if parsed["--framing"] is None:
        raise LocalMisuse("by which framing?", advice="add --framing lf, or another one; --help lists them")
    return _Scan(parsed, output).run()


class _Scan:
    def __init__(self, parsed: Parsed, output: Output) -> None:
        self._path: str = parsed["FILE"]
        self._output = output
        self._framing: Framing = parsed["--framing"]
        self._limit: int = parsed["--limit"] or MAX_MESSAGE
        self._channel: int | None = parsed["--channel"]
        self._direction: str | None = parsed["--direction"]
        self._decoder: Decodes = self._framing.decoder(self._limit)
        self._listed: list[dict[str, object]] = []
        self._total = 0
        self._octets = 0

    @property
    def _is_conversation(self) -> bool:
        asked = self._channel is not None or self._direction is not None
        return asked or self._path.lower().endswith(".jsonl")

    async def run(self) -> int:
        pieces = self._said() if self._is_conversation else self._raw()
        # What is told of a failure before the first octet too.
        self._so_far(None)
        async with aclosing(pieces) as each:
            async for piece in each:
                self._octets += len(piece)
                self._tell(self._decoder.feed(piece))
                if self._decoder.broken is not None or self._output.is_closed:
                    break
        return self._finish()

    async def _raw(self) -> AsyncGenerator[bytes, None]:
        with closing(PayloadFile(self._path)) as file:
            async for piece in file.pieces():
                yield piece

    async def _said(self) -> AsyncGenerator[bytes, None]:
        # In a thread: standard input may take its time, and Ctrl-C must be heard meanwhile.
        with closing(await in_thread(read_saved, self._path, self._output.note)) as transcript:
            number, way = self._channel or 0, Direction(self._direction or "received")
            octets = transcript.stream(number, way, _layer(transcript, number))
            for start in range(0, len(octets), PIECE):
                yield octets.read(start, start + PIECE)

    # ---- telling

    def _tell(self, messages: list[Message]) -> None:
        for message in messages:
            self._total += 1
            if self._output.as_json:
                if len(self._listed) < MAX_LISTED:
                    self._listed.append(_listed(self._total, message))
            else:
                self._output.line(_line(self._total, message))

    def _finish(self) -> int:
        state = self._decoder.state
        ending = self._decoder.finish()
        self._tell(list(ending.messages))
        self._output.so_far = self._so_far(
            ending, {"name": state.name, "held": state.held, "awaited": state.awaited}
        )
        broken = self._decoder.broken
        if broken is not None:
            raise broken.error()
        if ending.word == "incomplete":
            raise PeerMisbehaved(
                f"the last message is incomplete: {ending.sentence}",
                stage="framing",
                advice="what was whole is listed; the rest was never sent, or not recorded",
            )
        if self._output.as_json:
            self._output.document(self._output.so_far, ok=True)
        else:
            for remark in self._decoder.remarks:
                self._output.note(f"octet {remark.at:,}: {remark.what}")
            self._output.note(
                f"{count(self._total, 'message')} in {count(self._octets, 'octet')}: {ending.sentence}"
            )
        return 0

    def _so_far(self, ending: Ending | None, state: dict[str, object] | None = None) -> dict[str, object]:
        said: dict[str, object] = {
            "file": self._path,
            "source": "conversation" if self._is_conversation else "file",
            "framing": self._framing.title,
            "limit": self._limit,
        }
        if self._is_conversation:
            said |= {"channel": self._channel or 0, "direction": self._direction or "received"}
        if ending is not None:
            remarks = [
                {"code": each.code, "what": each.what, "at": each.at} for each in self._decoder.remarks
            ]
            broken = self._decoder.broken
            said |= {
                "octets": self._octets,
                "found": self._total,
                "messages": self._listed,
                "remarks": remarks,
                "state": state,
                "end": {"word": ending.word, "sentence": ending.sentence},
                "broken_at": broken.at if broken is not None else None,
            }
        self._output.so_far = said
        return said


def _layer(transcript: Transcript, number: int) -> str:
    """The layer of a channel whose octets are the conversation: plaintext where there is TLS."""
    if number >= len(transcript.channels):
        channels = count(len(transcript.channels), "channel")
        raise LocalMisuse(
            f"there is no channel {number}: the conversation has {channels}, counted from 0",
            advice="`workbench transcript show` lists them",
        )
    layers = [
        layer
        for layer in transcript.layers
        if any(len(transcript.stream(number, way, layer)) for way in (Direction.SENT, Direction.RECEIVED))
    ]
    return "tls" if "tls" in layers else transcript.channels[number].layer


def _listed(number: int, message: Message) -> dict[str, object]:
    data = message.data[:MAX_DATA]
    whole = len(data) == len(message.data)
    listed: dict[str, object] = {
        "number": number,
        "start": message.start,
        "stop": message.stop,
        "octets": len(message.data),
        **shown_octets(data, whole=whole),
    }
    return listed if whole else {**listed, "cut": True}


def _line(number: int, message: Message) -> str:
    shown = visible(message.data[:MAX_LINE].decode("utf-8", "backslashreplace"))
    more = "…" if len(message.data) > MAX_LINE else ""
    return f"{number:6d}  {message.start:8d}-{message.stop:<8d} {len(message.data):8d}  {shown}{more}"
