"""`workbench dns reverse`: whether a name that an address claims leads back to it."""

import time
from collections.abc import Coroutine, Mapping
from typing import Any

from workbench.cli.arguments import Parsed
from workbench.cli.conversation import Conversation
from workbench.cli.dns_request import (
    Way,
    read_way,
    system_document,
    unicode_document,
)
from workbench.cli.output import Output
from workbench.cli.steps import listed_events
from workbench.cli.transcript_file import TranscriptFile, transcript_file
from workbench.errors import Refused
from workbench.protocols.dns.explain import explain
from workbench.protocols.dns.names import Address
from workbench.protocols.dns.reverse import IPREV, STATES, NameCheck, ReverseCheck, Verdict, check_reverse
from workbench.protocols.dns.system import SystemSays, ask_system_reverse
from workbench.protocols.dns.values import Lookup, Question
from workbench.transcript.recorder import Transcript


def reverse_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """Read the request, and return the coroutine that checks.

    Raises: LocalMisuse: what is wrong before anything is sent. The coroutine raises Refused unless a name leads back,
        and what the engine raises when nobody answers for the reverse name.
    """
    return _Reverse(parsed["ADDRESS"], read_way(parsed, parsed["@SERVER"]), output).run(
        transcript_file(parsed)
    )


class _Reverse:
    def __init__(self, address: Address, way: Way, output: Output) -> None:
        self._address = address
        self._way = way
        self._output = output
        self._check: ReverseCheck | None = None
        self._system: SystemSays | None = None
        self._started_ns = time.monotonic_ns()

    async def run(self, file: TranscriptFile | None) -> int:
        output, way = self._output, self._way
        conversation = Conversation(
            output, file, self._summary, datagrams=True, several=True, takes_octets=False, explainer=explain
        )

        async def ask(question: Question) -> Lookup:
            return await way.ask(question, conversation)

        async with conversation:
            if way.asks_system:
                self._system = await ask_system_reverse(self._address, conversation.transcript)
            check = await check_reverse(self._address, ask, conversation.transcript, self._on_progress)
            if check.failure is not None:
                # Nothing is known at all: that is no verdict about the address.
                raise check.failure
            if not output.as_json:
                self._tell(check)
            if check.verdict is not Verdict.MATCH:
                raise Refused(check.sentence, stage="answer", source="RFC 8601 section 2.7.3")
        if output.as_json:
            output.document(output.so_far, ok=True)
        return 0

    def _on_progress(self, check: ReverseCheck) -> None:
        self._check = check

    def _tell(self, check: ReverseCheck) -> None:
        output = self._output
        for name in check.names:
            has = ", ".join(found.text for found in name.addresses)
            output.line(f"{name.name}\t{has or '-'}\t{name.state}")
        if self._system is not None:
            says = self._system
            output.note(
                f"this system says: {', '.join(says.found) or (says.failure.what if says.failure else '')}"
            )
        if check.verdict is Verdict.MATCH:
            output.note(f"match: {check.sentence}")

    def _summary(self, transcript: Transcript) -> Mapping[str, object]:
        check, way = self._check, self._way
        document: dict[str, object] = {
            "address": str(self._address),
            "server": way.server.text.removeprefix("@"),
        }
        if not document["server"]:
            document["server"] = str(way.server)
        if check is not None:
            claims = check.claims
            last = claims.lookups[-1] if claims is not None and claims.lookups else None
            document |= {
                "reverse_name": check.asked,
                "status": last.message.rcode if last is not None else None,
                "chain": list(claims.chain) if claims is not None else [],
                "names": [_name(name) for name in check.names],
                "names_left_out": check.left_out,
                "queries": sum(found.sent for found in check.lookups),
                "verdict": check.verdict.value if check.verdict is not None else None,
                "iprev": IPREV[check.verdict] if check.verdict is not None else None,
                "sentence": check.sentence,
            }
        return {
            **document,
            **system_document(self._system),
            **way.relayed.document(),
            "elapsed_ms": round((time.monotonic_ns() - self._started_ns) / 1e6, 3),
            **listed_events(transcript, explain),
        }


def _name(name: NameCheck) -> dict[str, object]:
    return {
        **unicode_document(name.name),
        "state": name.state,
        "sentence": STATES[name.state],
        "addresses": [
            {"address": found.text, "type": found.type, "equal": found.is_equal} for found in name.addresses
        ],
        "chain": list(name.steps[0].chain),
    }
