"""What both verbs of `cert` do first: get the certificates, from a file or by a handshake."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from workbench.cli.arguments import Parsed
from workbench.cli.conversation import Conversation
from workbench.cli.output import Output
from workbench.cli.relayed import relayed
from workbench.cli.steps import bounded_events, listed_events
from workbench.cli.transcript_file import TranscriptFile, transcript_file
from workbench.errors import LocalFault, LocalMisuse
from workbench.formats.target import Target
from workbench.formats.x509.paper import MAX_OCTETS, Paper, read_papers
from workbench.protocols.certificates.client import inspect
from workbench.protocols.certificates.trust import open_store, read_file
from workbench.protocols.certificates.values import Inspection, Store
from workbench.protocols.raw.tls_report import read_handshake
from workbench.transcript.recorder import Transcript

if TYPE_CHECKING:
    from workbench.cli.conversation import Summary

STDIN = "-"
_SUFFIXES = (".pem", ".crt", ".cer", ".der", ".p7b", ".p7c", ".key", ".csr")
ADVICE = "name a file of certificates, HOST:PORT or lab:NAME"
AGREED = ("version", "cipher", "bits", "group", "alpn", "sni")


def papers_of(path: str) -> tuple[Paper, ...]:
    """What a file holds. Raises: LocalFault: it can't be read; LocalMisuse: nothing of the kind is in it."""
    if path == STDIN:
        return read_papers(_standard_input(), "standard input")
    if not path:
        raise LocalMisuse("the subject is empty", text="", start=0, end=0, advice=ADVICE)
    if "/" not in path and not path.endswith(_SUFFIXES) and not os.path.exists(path):
        raise LocalMisuse(
            f"there is no file {path}, and without a port it is no server either",
            text=path,
            start=0,
            end=len(path),
            advice=f"for a server write {path}:443, for a service of the Lab lab:tls-good",
        )
    try:
        return read_papers(read_file(path), path)
    except LocalFault as failure:
        failure.advice = failure.advice or ADVICE
        raise


def _standard_input() -> bytes:
    """All of it, bounded. By its descriptor: a thread that waits in sys.stdin would hold its lock at the end."""
    data = bytearray()
    while len(data) <= MAX_OCTETS and (piece := os.read(0, 65536)):
        data += piece
    return bytes(data)


def no_certificate(path: str, papers: tuple[Paper, ...]) -> LocalMisuse:
    """The failure when a file holds other things only: it says what they are."""
    first = papers[0]
    more = f" and {len(papers) - 1} more" if len(papers) > 1 else ""
    what = f"there is no certificate in {path}: it holds {first.title}{more}"
    return LocalMisuse(
        f"{what} ({first.fault})" if first.fault else what,
        stage="open",
        advice=first.advice,
        source="RFC 7468",
    )


async def lab_store(choice: str, conversation: Conversation | None) -> Store:
    """The store for a choice; the Lab is asked where it is the Lab's. Raises: what open_store raises."""

    async def ask() -> bytes:
        if conversation is not None:
            return (await conversation.lab_authority()).certificate
        raise LocalFault("the Lab's authority is of use for the Lab's servers only", stage="open")

    return await open_store(choice, ask)


class Looked:
    """A handshake with a server, as a verb does it, and what every document says of it."""

    def __init__(self, parsed: Parsed, target: Target, output: Output) -> None:
        self._target = target
        self._output = output
        self._file: TranscriptFile | None = transcript_file(parsed)
        self._timeout_s: float = parsed["--timeout"]
        self._relayed = relayed(parsed)
        self.inspection: Inspection | None = None

    async def look(self, choice: str, name: str, summary: "Summary") -> Inspection:
        """Do it. Raises: what inspect() and open_store() raise."""
        conversation = Conversation(self._output, self._file, summary, takes_octets=False)
        async with conversation:
            store = await lab_store(choice, conversation)
            self.inspection = await inspect(
                self._target,
                conversation.transcript,
                store,
                name=name,
                resolver=self._relayed.resolver(conversation),
                timeout_s=self._timeout_s,
            )
        return self.inspection

    def document(self, transcript: Transcript) -> Mapping[str, object]:
        """What a document says of the way there, however far it went."""
        facts = [event for event in bounded_events(transcript) if event.kind == "fact" and event.channel == 0]
        report = read_handshake(facts)
        told = report.as_dict() if report is not None else {}
        peer = transcript.channels[0].peer if transcript.channels else ""
        return {
            "source": "server",
            "target": str(self._target),
            "address": peer or None,
            **self._relayed.document(),
            "tls": {key: told.get(key) for key in AGREED},
            **listed_events(transcript),
        }
