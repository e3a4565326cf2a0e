"""`workbench dns query`: one question, one server, what it answered."""

import time
from collections.abc import Coroutine, Mapping
from typing import Any, NamedTuple

from workbench.cli.arguments import Parsed, reading
from workbench.cli.conversation import Conversation
from workbench.cli.dns_request import (
    Way,
    fields_document,
    message_document,
    packets_document,
    read_way,
    system_document,
    unicode_document,
)
from workbench.cli.output import Output
from workbench.cli.steps import listed_events
from workbench.cli.transcript_file import TranscriptFile, transcript_file
from workbench.errors import LocalMisuse, Refused
from workbench.formats.quantity import count, duration
from workbench.formats.target import Target
from workbench.protocols.dns.codec import read_type
from workbench.protocols.dns.explain import explain
from workbench.protocols.dns.names import is_address, parse_address, parse_name, parse_server, reverse_name
from workbench.protocols.dns.outcome import Judged, negative_ttl, told
from workbench.protocols.dns.sentences import Told
from workbench.protocols.dns.system import TYPES, SystemSays, ask_system, ask_system_reverse
from workbench.protocols.dns.values import Lookup, Question
from workbench.transcript.recorder import Transcript


class Request(NamedTuple):
    """One question to be asked."""

    question: Question
    way: Way


def query_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """Read the request, and return the coroutine that asks.

    Raises: LocalMisuse: what is wrong before anything is sent. The coroutine raises Refused when the answer is no; else
        what the engine raises.
    """
    return _Query(read_query(parsed), output).run(transcript_file(parsed))


def read_query(parsed: Parsed) -> Request:
    """The question, the server and the way of a parsed command line. Raises: LocalMisuse."""
    type_, server = "", None
    for word in parsed["TYPE"]:
        if word.startswith("@"):
            server = _once("the server", server, word, reading("@SERVER", word, parse_server))
        else:
            type_ = _once("the type", type_, word, reading("TYPE", word, read_type))
    text = parsed["NAME"]
    if is_address(text) and type_ == "PTR":
        name = reverse_name(reading("NAME", text, parse_address))
    else:
        name = reading("NAME", text, parse_name).wire
    return Request(Question(name, type_ or "A"), read_way(parsed, server))


def _once(what: str, before: Any, word: str, value: Any) -> Any:
    if before:
        raise LocalMisuse(f"{what} is given twice", text=word, start=0, end=len(word))
    return value


class _Query:
    def __init__(self, request: Request, output: Output) -> None:
        self._request = request
        self._output = output
        self._found: Lookup | None = None
        self._system: SystemSays | None = None
        self._started_ns = time.monotonic_ns()

    async def run(self, file: TranscriptFile | None) -> int:
        output, (question, way) = self._output, self._request
        conversation = Conversation(
            output, file, self._summary, datagrams=True, several=True, takes_octets=False, explainer=explain
        )
        async with conversation:
            if way.asks_system and question.type in TYPES:
                self._system = await self._ask_system(conversation.transcript)
            self._found = found = await way.ask(question, conversation)
            words = _words(found)
            if not output.as_json:
                self._tell(found, words)
            if not words.is_yes:
                raise Refused(
                    words.sentence,
                    stage="answer",
                    reply=found.message.rcode if found.message.rcode != "NOERROR" else "",
                    source=words.source,
                )
        if output.as_json:
            output.document(output.so_far, ok=True)
        return 0

    async def _ask_system(self, transcript: Transcript) -> SystemSays:
        question = self._request.question
        if question.type == "PTR":
            from workbench.protocols.dns.names import address_of

            address = address_of(question.name)
            if address is not None:
                return await ask_system_reverse(address, transcript)
        return await ask_system(question.name, question.type, transcript)

    def _tell(self, found: Lookup, words: Told) -> None:
        output = self._output
        shown = found.message.answers if len(found.chain) > 1 else found.found
        for record in shown:
            output.line(f"{record.name}\t{record.ttl}\t{record.cls}\t{record.type}\t{record.data}")
        if self._system is not None:
            says = self._system
            system = ", ".join(says.found) or (says.failure.what if says.failure else "nothing")
            output.note(f"this system says: {system}")
        if words.is_yes:
            sent = count(found.sent, "query", "queries") + (", the last" if found.sent > 1 else "")
            output.note(
                f"{words.sentence}; {sent} by {found.transport.upper()}, {duration(found.elapsed_ns)}"
            )

    def _summary(self, transcript: Transcript) -> Mapping[str, object]:
        (question, way), found = self._request, self._found
        document: dict[str, object] = {
            **unicode_document(question.name),
            "type": question.type,
            "class": question.cls,
            "server": _target_text(way.server),
        }
        if found is not None:
            ttl = negative_ttl(found.message)
            document |= {
                "address": found.server,
                "transport": found.transport,
                "outcome": found.outcome.value,
                "sentence": _words(found).sentence,
                **message_document(found.message),
                "answers": _answers(found),
                "chain": list(found.chain),
                "truncated": found.truncated,
                "queries": found.sent,
                **({"negative_ttl": ttl} if ttl is not None and not found.found else {}),
                **packets_document(found),
                **fields_document(found.message),
            }
        return {
            **document,
            **system_document(self._system),
            **way.relayed.document(),
            "elapsed_ms": round((time.monotonic_ns() - self._started_ns) / 1e6, 3),
            **listed_events(transcript, explain),
        }


def _words(found: Lookup) -> Told:
    return told(found.question, Judged(found.outcome, found.chain, found.found), found.message)


def _answers(found: Lookup) -> list[dict[str, object]]:
    """The answer section; the records of a single owner in the order in which they are used."""
    from workbench.cli.dns_request import records_document

    whole = found.message.answers
    return records_document(found.found if len(found.found) == len(whole) else whole)


def _target_text(target: Target) -> str:
    return target.text.removeprefix("@") or str(target)
