"""`workbench web get`: one request, its hops, and the body."""

import time
from collections.abc import Coroutine, Mapping
from typing import Any

from workbench.cli.arguments import Parsed
from workbench.cli.conversation import Conversation
from workbench.cli.octets import ScreenText
from workbench.cli.output import Output
from workbench.cli.relayed import relayed
from workbench.cli.steps import listed_events
from workbench.cli.transcript_file import TranscriptFile, transcript_file
from workbench.cli.web_document import exchange_document, hop_document
from workbench.cli.web_download import wish_of
from workbench.cli.web_request import read_request, read_trust, security_of, with_login
from workbench.errors import LocalMisuse, Refused, Untrusted
from workbench.formats.charset import visible
from workbench.formats.quantity import duration, octets
from workbench.jobs.partial_file import check_folder
from workbench.protocols.http.client import fetch
from workbench.protocols.http.download import Ways
from workbench.protocols.http.explain import explain
from workbench.protocols.http.redirects import MAX_REDIRECTS
from workbench.protocols.http.sentences import of_status, status_words
from workbench.protocols.http.sink import File, Memory, Sink
from workbench.protocols.http.values import Exchange, Hop
from workbench.transcript.recorder import Transcript

EVERY_NS = 200_000_000
"""Between two looks at the line of progress."""


def get_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """The coroutine that fetches.

    Raises: LocalMisuse, LocalFault. The coroutine raises Refused for an answer that says no, else what the engine
        raises or has in the exchange.
    """
    return _Get(parsed, output).run()


class _Screen(Memory):
    """Writes the body to standard output as it comes."""

    def __init__(self, output: Output) -> None:
        super().__init__(0)
        self._output = output
        self._screen = ScreenText("utf-8") if output.is_terminal else None

    def write(self, data: bytes) -> None:
        super().write(data)
        self._output.octets(data if self._screen is None else self._screen.feed(data).encode())

    def close(self) -> None:
        if self._screen is not None:
            self._output.octets(self._screen.finish().encode())
            self._screen = None


class _Get:
    def __init__(self, parsed: Parsed, output: Output) -> None:
        self._parsed = parsed
        self._output = output
        self._request = read_request(parsed)
        self._trust = read_trust(parsed, self._request.url)
        self._relayed = relayed(parsed)
        self._max_redirects = _max_redirects(parsed)
        self._wish = wish_of(parsed, self._request, output)
        path = parsed["--output"]
        self._sink: Sink = Memory() if output.as_json else _Screen(output)
        if path:
            check_folder(path)
            if self._wish is None:
                self._sink = File(path)
        self._file: TranscriptFile | None = transcript_file(parsed)
        self._hops: list[Hop] = []
        self._exchange: Exchange | None = None
        self._started_ns = self._next_ns = time.monotonic_ns()

    async def run(self) -> int:
        output = self._output
        conversation = Conversation(
            output,
            self._file,
            self._summary,
            several=True,
            takes_octets=False,
            tells_sent=False,
            explainer=explain,
        )
        try:
            async with conversation:
                try:
                    exchange = await self._fetched(conversation)
                except Untrusted as failure:
                    # The options are named where they are needed alone: their module takes its time.
                    from workbench.cli.fields import name_options

                    name_options(failure)
                    raise
                finally:
                    output.status("")
                exchange.require_whole()
                if exchange.status >= 400 and not self._is_whole:
                    raise said_no(exchange)
        finally:
            # Behind the conversation's last lines.
            if self._wish is not None:
                self._wish.tell_rest()
            elif isinstance(self._sink, File) and self._sink.file == self._sink.partial:
                output.note(
                    f"what came stands in {self._sink.partial}; a download with --resume can be gone on with"
                )
            if self._exchange is not None and not output.as_json:
                self._tell(self._exchange)
        if output.as_json:
            output.document(output.so_far, ok=True)
        return 0

    async def _fetched(self, conversation: Conversation) -> Exchange:
        request = await with_login(self._request, conversation)
        resolver = self._relayed.resolver(conversation)
        security = await security_of(self._parsed, self._trust, conversation)
        if (wish := self._wish) is not None:
            ways = Ways(
                resolver=resolver,
                security=security,
                max_redirects=self._max_redirects,
                timeout_s=self._parsed["--timeout"],
                on_hop=self._hops.append,
                on_attempts=wish.heard,
                progress=self._progress,
            )
            self._exchange = (await wish.fetched(request, conversation.transcript, ways)).exchange
            return self._exchange
        self._exchange = await fetch(
            request,
            conversation.transcript,
            resolver=resolver,
            security=security,
            sink=self._sink,
            max_redirects=self._max_redirects,
            timeout_s=self._parsed["--timeout"],
            on_hop=self._hops.append,
            progress=self._progress,
        )
        return self._exchange

    @property
    def _is_whole(self) -> bool:
        """Whether a file has its name: 416 is what a server says to who has all of it already."""
        return self._wish is not None and self._wish.file.is_whole

    def _progress(self, done: int, total: int | None) -> None:
        if (now := time.monotonic_ns()) < self._next_ns:
            return
        self._next_ns = now + EVERY_NS
        self._output.status(f"{octets(done)}" + (f" of {octets(total)}" if total is not None else ""))

    def _tell(self, exchange: Exchange) -> None:
        head, body = exchange.head, exchange.body
        for field in head.fields:
            self._output.note(f"  {visible(field.name)}: {visible(field.value)}")
        for fault in head.faults:
            self._output.note(f"  odd: {fault.what} ({fault.source})")
        where = f" in {body.file}" if body.file else ""
        took = duration(time.monotonic_ns() - self._started_ns)
        self._output.note(
            f"{exchange.completeness.kind}: {exchange.completeness.sentence}; {octets(body.octets)}{where}, {took}"
        )

    def _summary(self, transcript: Transcript) -> Mapping[str, object]:
        exchange = self._exchange
        hops = exchange.hops if exchange is not None else tuple(self._hops)
        return {
            "url": self._request.url,
            "method": self._request.method,
            "hops": [hop_document(hop) for hop in hops],
            **exchange_document(exchange),
            **(self._wish.document() if self._wish is not None else {}),
            **self._relayed.document(),
            "elapsed_ms": round((time.monotonic_ns() - self._started_ns) / 1e6, 3),
            **listed_events(transcript, explain),
        }


def said_no(exchange: Exchange) -> Refused:
    """The failure of an answer 4xx or 5xx."""
    status = exchange.status
    return Refused(
        f"the server says no: {of_status(status).text}",
        stage="answer",
        reply=visible(f"{status} {exchange.head.reason or status_words(status)}"),
        source=of_status(status).source,
    )


def _max_redirects(parsed: Parsed) -> int:
    limit: int | None = parsed["--max-redirects"]
    if parsed.flag("--no-follow"):
        if limit is not None:
            raise LocalMisuse("--no-follow and --max-redirects contradict", advice="leave one of them out")
        return 0
    return limit or MAX_REDIRECTS
