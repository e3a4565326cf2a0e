"""What `workbench socket gopher` does, and what it tells."""

import hashlib
import time
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from typing import Any

from workbench.cli.arguments import Parsed
from workbench.cli.conversation import Conversation
from workbench.cli.octets import MAX_SHOWN, ScreenText, shown_octets
from workbench.cli.output import Output
from workbench.cli.relayed import relayed
from workbench.cli.steps import listed_events
from workbench.cli.transcript_file import TranscriptFile, transcript_file
from workbench.errors import WorkbenchError
from workbench.formats.charset import visible
from workbench.formats.quantity import count, octets
from workbench.protocols.gopher.address import read_address, written
from workbench.protocols.gopher.client import fetch, require_yes
from workbench.protocols.gopher.codec import encode
from workbench.protocols.gopher.explain import explain, of_type
from workbench.protocols.gopher.values import Answer, Item, Request
from workbench.transcript.recorder import Transcript
from workbench.wire.phases import phases

MAX_READS = 1000
"""Reads that a document lists."""


def ask_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """The coroutine that asks.

    Raises: LocalMisuse, LocalFault: what is wrong before anything is sent. The coroutine raises Refused for an answer
        that says no; else what the engine raises.
    """
    return _Ask(parsed, output).run()


def read_request(parsed: Parsed) -> Request:
    """What a command line asks for. Raises: LocalMisuse."""
    request = read_address(parsed["TARGET"], terminator=parsed["--terminator"], read_octets=parsed["--read"])
    if parsed["SELECTOR"] is not None:
        # Nobody said what it is: how it begins will.
        request = replace(request, selector=parsed["SELECTOR"], type="1" if not parsed["SELECTOR"] else "")
    if parsed["--search"] is not None:
        request = replace(request, search=parsed["--search"], type="7")
    if parsed["--type"] is not None:
        request = replace(request, type=parsed["--type"])
    encode(request)
    return request


class _Ask:
    def __init__(self, parsed: Parsed, output: Output) -> None:
        self._output = output
        self._request = read_request(parsed)
        self._timeout_s: float = parsed["--timeout"]
        self._relayed = relayed(parsed)
        self._file: TranscriptFile | None = transcript_file(parsed)
        self._answer: Answer | None = None
        self._failure: WorkbenchError | None = None
        self._started_ns = time.monotonic_ns()

    async def run(self) -> int:
        output = self._output
        conversation = Conversation(
            output, self._file, self._summary, takes_octets=False, tells_sent=False, explainer=explain
        )
        async with conversation:
            try:
                answer = self._answer = await fetch(
                    self._request,
                    conversation.transcript,
                    resolver=self._relayed.resolver(conversation),
                    timeout_s=self._timeout_s,
                )
                require_yes(answer)
            except WorkbenchError as failure:
                self._failure = failure
                raise
        if output.as_json:
            output.document(output.so_far, ok=True)
        else:
            self._print(answer)
        return 0

    def _print(self, answer: Answer) -> None:
        output = self._output
        if answer.kind == "menu":
            for item in answer.items:
                output.line(_line(item))
        elif output.is_terminal:
            screen = ScreenText("utf-8")
            output.octets((screen.feed(answer.body) + screen.finish()).encode())
        else:
            output.octets(answer.body)
        reads = count(len(answer.reads), "read")
        output.note(f"{answer.kind}: {octets(len(answer.body))} in {reads}; {answer.end.sentence}")

    def _summary(self, transcript: Transcript) -> Mapping[str, object]:
        answer = self._answer
        rungs = phases(transcript, failure=self._failure)
        return {
            "target": written(self._request),
            "address": answer.address if answer is not None else None,
            "sent": {"octets": len(encode(self._request)), "hex": encode(self._request).hex()},
            **answer_document(answer),
            "phases": [{"name": rung.name, "state": rung.state, "what": rung.sentence} for rung in rungs],
            **self._relayed.document(),
            "elapsed_ms": round((time.monotonic_ns() - self._started_ns) / 1e6, 3),
            **listed_events(transcript, explain),
        }


def answer_document(answer: Answer | None) -> dict[str, object]:
    """What came; every key is there, null where it did not come to that."""
    if answer is None:
        return dict.fromkeys(("kind", "complete", "reads", "read_count", "items", "body", "end"))
    reads = [
        {"octets": read.octets, "t_ms": round(read.time_ns / 1e6, 3)} for read in answer.reads[:MAX_READS]
    ]
    whole = len(answer.body) <= MAX_SHOWN
    return {
        "kind": answer.kind,
        "complete": answer.is_complete,
        "reads": reads,
        "read_count": len(answer.reads),
        "items": [_item(item) for item in answer.items],
        "body": {
            "octets": len(answer.body),
            "sha256": hashlib.sha256(answer.body).hexdigest(),
            **shown_octets(answer.body[:MAX_SHOWN], "utf-8", whole=whole),
            "truncated": not whole,
        },
        "end": {"kind": answer.end.kind, "by": answer.end.by, "sentence": answer.end.sentence},
    }


def _item(item: Item) -> dict[str, object]:
    return {
        "type": item.type,
        "type_word": of_type(item.type).word,
        "text": item.text,
        "selector": item.selector,
        "host": item.host,
        "port": item.port,
        "fault": item.fault or None,
    }


def _line(item: Item) -> str:
    if item.fault:
        return f"{'?':>10}  {visible(item.text)}  ({item.fault})"
    if not item.can_be_opened:
        return f"{'' if item.type == 'i' else of_type(item.type).word:>10}  {visible(item.text)}"
    return f"{of_type(item.type).word:>10}  {visible(item.text)}  {visible(item.selector)}"
