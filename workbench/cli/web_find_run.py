"""What `workbench web find` does: gets the document, has it read and searched in a worker, tells what was found."""

import asyncio
import os
from collections.abc import Coroutine, Mapping
from typing import Any, NamedTuple

from workbench.cli.arguments import Parsed
from workbench.cli.conversation import Conversation
from workbench.cli.output import Output
from workbench.cli.relayed import Relayed, relayed, require_straight
from workbench.cli.steps import listed_events
from workbench.cli.transcript_file import TranscriptFile, transcript_file
from workbench.errors import LocalFault, LocalMisuse, Refused
from workbench.formats.charset import visible
from workbench.formats.errno_words import symbol_of
from workbench.formats.markup import service
from workbench.formats.markup.describe import (
    hit_documents,
    page_document,
    problem_document,
    shown_hit,
)
from workbench.formats.markup.lines import Lines
from workbench.formats.markup.query import Answer, Language, check_expression
from workbench.formats.markup.reading import MAX_OCTETS
from workbench.formats.markup.service import Source
from workbench.formats.markup.values import Marks, Page, Problem, Ranks
from workbench.formats.quantity import count
from workbench.jobs.offload import in_thread
from workbench.jobs.worker import Worker
from workbench.transcript.recorder import Transcript

MAX_LISTED = 10_000
"""Hits of one document."""
MAX_PROBLEMS = 200
STDIN = "-"


class _Wish(NamedTuple):
    subject: str
    language: Language
    expression: str
    namespaces: dict[str, str]
    kind: str
    encoding: str
    timeout_s: float
    relayed: Relayed

    @property
    def is_file(self) -> bool:
        subject = self.subject
        return ":" not in subject or (not subject.startswith("lab:") and os.path.exists(subject))


class _Found(NamedTuple):
    page: Page
    marks: Marks
    problems: tuple[Problem, ...]
    answer: Answer
    lines: Lines


def find_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """The coroutine that searches.

    Raises: LocalMisuse: what is wrong before anything is read. The coroutine raises Refused when nothing matches; else
        what fetching, reading and searching raise.
    """
    wish = _read_wish(parsed)
    if wish.is_file:
        require_straight(wish.relayed)
    return _Find(wish, output).run(transcript_file(parsed))


def _read_wish(parsed: Parsed) -> _Wish:
    css, xpath = parsed["--css"], parsed["--xpath"]
    if (css is None) == (xpath is None):
        raise LocalMisuse(
            "one of --css and --xpath says what to find", advice="--css 'a[href]' or --xpath //a/@href"
        )
    kind = parsed["--as"] or ""
    if kind not in ("", "html", "xml"):
        raise LocalMisuse("--as is html or xml", text=kind, start=0, end=len(kind))
    expression = css if css is not None else xpath
    check_expression(expression)
    return _Wish(
        parsed["SUBJECT"],
        "css" if css is not None else "xpath",
        expression,
        dict(parsed["--namespace"]),
        kind,
        parsed["--encoding"] or "",
        parsed["--timeout"],
        relayed(parsed),
    )


class _Find:
    def __init__(self, wish: _Wish, output: Output) -> None:
        self._wish = wish
        self._output = output
        self._found: _Found | None = None
        self._fetched: dict[str, object] = {}
        self._ends_at = 0.0

    async def run(self, file: TranscriptFile | None) -> int:
        output, wish = self._output, self._wish
        self._ends_at = asyncio.get_running_loop().time() + wish.timeout_s
        if wish.is_file:
            output.so_far = self._document(None)
            data = await in_thread(_read_file, wish.subject)
            await self._search(data, "")
            output.so_far = self._document(None)
            self._tell()
        else:
            from workbench.protocols.http.explain import explain

            conversation = Conversation(
                output, file, self._document, several=True, takes_octets=False, explainer=explain
            )
            async with conversation:
                await self._search(*await self._fetch(conversation))
                self._tell()
        if output.as_json:
            output.document(output.so_far, ok=True)
        return 0

    async def _fetch(self, conversation: Conversation) -> tuple[bytes, str]:
        from workbench.protocols.http.client import fetch
        from workbench.protocols.http.security import Security
        from workbench.protocols.http.sink import Memory
        from workbench.protocols.http.values import Request

        async def root() -> bytes:
            return (await conversation.lab_authority()).certificate

        exchange = await fetch(
            Request(self._wish.subject),
            conversation.transcript,
            resolver=self._wish.relayed.resolver(conversation),
            security=Security(lab=root),
            sink=Memory(MAX_OCTETS + 1),
            timeout_s=self._left(),
        )
        self._fetched = {"url": exchange.last.url.text, "status": exchange.status}
        exchange.require_whole()
        if exchange.status >= 400:
            raise Refused(
                f"the server answers {exchange.status} {exchange.head.reason}".rstrip(),
                stage="answer",
                reply=f"{exchange.status} {exchange.head.reason}".rstrip(),
                source="RFC 9110 section 15",
            )
        return exchange.body.data, exchange.head.first("content-type") or ""

    async def _search(self, data: bytes, media_type: str) -> None:
        wish = self._wish
        source = Source(1, data, wish.kind, media_type, wish.encoding)
        worker = Worker("the search")
        try:
            page, marks, lines = await worker.call(service.read, source, timeout_s=self._left())
            answer = await worker.call(
                service.find,
                source,
                wish.language,
                wish.expression,
                wish.namespaces,
                timeout_s=self._left(),
            )
            marks, problems = await worker.call(service.mark, source, timeout_s=self._left())
        finally:
            worker.close()
        self._found = _Found(page, marks, problems, answer, lines)

    def _left(self) -> float:
        """Seconds that are left of all that were given, at least a moment."""
        return max(0.05, self._ends_at - asyncio.get_running_loop().time())

    def _tell(self) -> None:
        """Tell people what was found. Raises: Refused: nothing."""
        assert self._found is not None
        page, marks, problems, answer, lines = self._found
        output = self._output
        if not output.as_json:
            ranks: Ranks = {}
            for hit in answer.hits[:MAX_LISTED]:
                shown = shown_hit(hit, page, marks, ranks)
                where = str(lines.place(shown.start)) if shown.start >= 0 else "not in the source"
                said = (
                    shown.text
                    if hit.attribute or shown.kind != "element"
                    else shown.markup or f"<{shown.name}>"
                )
                output.line(f"{where}\t{shown.path}\t{visible(' '.join(said.split()))[:200]}")
            if answer.kind != "nodes":
                output.line(visible(answer.value, keep="\n\t"))
            if page.standing:
                output.note(page.standing)
            errors = sum(problem.level == "error" for problem in problems)
            if errors:
                output.note(f"{count(errors, 'mistake')} in the document; --json lists them")
        if answer.kind == "nodes" and not answer.total:
            raise Refused("nothing matches", stage="search", advice=answer.hint)
        if answer.kind == "boolean" and answer.value == "false":
            raise Refused("it is false", stage="search")

    def _document(self, transcript: Transcript | None) -> Mapping[str, object]:
        wish, found = self._wish, self._found
        document: dict[str, object] = {
            "subject": wish.subject,
            "source": "file" if wish.is_file else "url",
            "language": wish.language,
            "expression": wish.expression,
            **wish.relayed.document(),
            **self._fetched,
        }
        if found is not None:
            answer, lines = found.answer, found.lines
            listed = answer._replace(hits=answer.hits[:MAX_LISTED])
            document |= {
                **page_document(found.page),
                "namespaces": [{"prefix": prefix, "uri": uri} for prefix, uri in answer.namespaces],
                "result": answer.kind,
                "value": answer.value if answer.kind != "nodes" else None,
                "total": answer.total,
                "hits": list(hit_documents(listed, found.page, found.marks, lines)),
                "hint": answer.hint,
                "problems": [problem_document(each, lines) for each in found.problems[:MAX_PROBLEMS]],
            }
            if answer.total > len(listed.hits) and answer.kind == "nodes":
                document["hits_left_out"] = answer.total - len(listed.hits)
            if answer.translated:
                document["translated"] = answer.translated
        return {**document, **(listed_events(transcript) if transcript is not None else {})}


def _read_file(path: str) -> bytes:
    try:
        if path == STDIN:
            data = bytearray()
            while len(data) <= MAX_OCTETS and (piece := os.read(0, 65_536)):
                data += piece
            return bytes(data)
        with open(path, "rb") as file:
            return file.read(MAX_OCTETS + 1)
    except OSError as error:
        raise LocalFault(
            f"{path} can't be read: {error.strerror}", stage="open", errno_name=symbol_of(error)
        ) from error
