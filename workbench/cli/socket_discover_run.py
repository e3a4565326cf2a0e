"""What `workbench socket discover` does, and what it tells."""

import time
from collections.abc import Coroutine, Mapping
from typing import Any

from workbench.cli.arguments import Parsed
from workbench.cli.conversation import Conversation
from workbench.cli.output import Output
from workbench.cli.steps import listed_events
from workbench.cli.transcript_file import TranscriptFile, transcript_file
from workbench.formats.charset import visible
from workbench.formats.quantity import count
from workbench.protocols.discovery.client import carry_out, require_somebody
from workbench.protocols.discovery.explain import explain
from workbench.protocols.discovery.machine import finder_for
from workbench.protocols.discovery.values import DEFAULT_TIMES, Found, Identity, Oddity, Peer, Plan
from workbench.protocols.discovery.written import read_target
from workbench.transcript.recorder import Transcript


def discover_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """The coroutine that does it.

    Raises: LocalMisuse: what is wrong before anything is sent. The coroutine raises TooSlow where a search found
        nobody; else what the engine raises.
    """
    return _Discover(parsed, output).run()


def read_plan(parsed: Parsed) -> Plan:
    """What a command line asks for. Raises: LocalMisuse."""
    language = parsed["LANGUAGE"]
    told = {
        name: parsed[option]
        for name, option in (("name", "--name"), ("type", "--type"), ("port", "--port"), ("txt", "--txt"))
        if parsed[option]
    }
    plan = Plan(
        language,
        parsed["--preset"] or "search",
        read_target(parsed["TARGET"] or "", language),
        parsed["--interface"] or "",
        parsed["--what"] or "",
        parsed["--for"],
        parsed["--times"] or DEFAULT_TIMES,
        Identity(**told),
        not parsed.flag("--no-goodbye"),
        parsed.flag("--agree"),
    )
    if plan.preset != "announce":
        # A mistake in what is searched is told before the Lab starts.
        finder_for(plan, "", 0, 0)
    return plan


class _Discover:
    def __init__(self, parsed: Parsed, output: Output) -> None:
        self._output = output
        self._plan = read_plan(parsed)
        self._file: TranscriptFile | None = transcript_file(parsed)
        self._found = Found()
        self._started_ns = time.monotonic_ns()

    async def run(self) -> int:
        output, plan = self._output, self._plan
        conversation = Conversation(
            output, self._file, self._summary, takes_octets=False, tells_sent=False, explainer=explain
        )
        async with conversation:
            self._found = await carry_out(
                plan, conversation.transcript, resolver=conversation.resolve, tell=self._tell
            )
            self._print()
            require_somebody(self._found, plan)
        if output.as_json:
            output.document(output.so_far, ok=True)
        return 0

    def _tell(self, found: Found) -> None:
        self._found = found

    def _print(self) -> None:
        output, found = self._output, self._found
        if output.as_json:
            return
        for peer in found.peers:
            output.line(_line(peer))
        for odd in found.oddities:
            output.note(f"odd, from {odd.source}: {visible(odd.what)}")
        if self._plan.preset == "announce":
            output.note(f"said {count(found.sent, 'datagram')} to {found.group}")
        else:
            output.note(f"{count(len(found.present), 'peer')} in {found.group}; {len(found.gone)} gone")

    def _summary(self, transcript: Transcript) -> Mapping[str, object]:
        found, plan = self._found, self._plan
        return {
            "language": plan.language,
            "preset": plan.preset,
            "target": str(plan.target),
            "group": found.group or None,
            "address": found.address or None,
            "sent": found.sent,
            "heard": found.heard,
            "peers": [_peer(peer, found.now_s) for peer in found.peers],
            "oddities": [_oddity(odd) for odd in found.oddities],
            "elapsed_ms": round((time.monotonic_ns() - self._started_ns) / 1e6, 3),
            **listed_events(transcript, explain),
        }


def _peer(peer: Peer, now_s: float) -> dict[str, object]:
    return {
        "name": peer.name,
        "type": peer.kind,
        "host": peer.host,
        "addresses": list(peer.addresses),
        "port": peer.port,
        "source": peer.source,
        "how": peer.how,
        "state": peer.state,
        "age_ms": round(max(0.0, now_s - peer.heard_s) * 1000, 3),
        "lives_s": round(peer.lives_s, 3) if peer.lives_s is not None else None,
        "told": {one.name: one.value for one in peer.told},
        "faults": list(peer.faults),
    }


def _oddity(odd: Oddity) -> dict[str, object]:
    return {"source": odd.source, "what": odd.what, "rule": odd.rule or None, "hex": odd.data.hex()}


def _line(peer: Peer) -> str:
    port = f":{peer.port}" if peer.port is not None else ""
    where = ", ".join(peer.addresses) + port if peer.addresses else "nowhere"
    gone = {"left": "  (said goodbye)", "expired": "  (expired)"}.get(peer.state, "")
    faults = f"  ({'; '.join(peer.faults)})" if peer.faults else ""
    return f"{visible(peer.name)}  {visible(peer.kind)}  {where}  heard from {peer.source}{gone}{visible(faults)}"
