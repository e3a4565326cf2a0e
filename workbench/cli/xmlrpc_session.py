"""What both verbs of `xmlrpc` share: the way to the server, the login, and what every document says."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from workbench.cli.arguments import Parsed
from workbench.cli.conversation import Conversation
from workbench.cli.output import Output
from workbench.cli.relayed import relayed
from workbench.cli.steps import listed_events
from workbench.cli.transcript_file import TranscriptFile, transcript_file
from workbench.cli.way import read_password
from workbench.errors import LocalMisuse
from workbench.protocols.http.security import Security
from workbench.protocols.http.values import Login
from workbench.protocols.xmlrpc.client import XmlRpcClient
from workbench.protocols.xmlrpc.explain import explain
from workbench.transcript.recorder import Transcript


class XmlRpcVerb:
    """One verb's server; a verb derives from it.

    Attributes:
        told: what the document says beside what both have.

    Raises: LocalMisuse, LocalFault: what is wrong before anything is sent.
    """

    def __init__(self, parsed: Parsed, output: Output) -> None:
        self.output = output
        self.url: str = parsed["URL"]
        self.told: dict[str, object] = {}
        self._login = _read_login(parsed)
        self._relayed = relayed(parsed)
        self._timeout_s: float = parsed["--timeout"]
        self._file: TranscriptFile | None = transcript_file(parsed)
        self.client: XmlRpcClient | None = None

    @asynccontextmanager
    async def server(self) -> AsyncIterator[XmlRpcClient]:
        """The client, recorded. Raises: what the Lab raises."""
        conversation = Conversation(
            self.output,
            self._file,
            self._summary,
            several=True,
            takes_octets=False,
            tells_sent=False,
            explainer=explain,
        )

        async def root() -> bytes:
            return (await conversation.lab_authority()).certificate

        async with conversation:
            self.client = XmlRpcClient(
                self.url,
                conversation.transcript,
                resolver=self._relayed.resolver(conversation),
                security=Security(lab=root),
                login=self._login,
                timeout_s=self._timeout_s,
            )
            yield self.client

    def done(self) -> int:
        """The document, where one is wanted."""
        if self.output.as_json:
            self.output.document(self.output.so_far, ok=True)
        return 0

    def _summary(self, transcript: Transcript) -> Mapping[str, object]:
        exchange = self.client.exchange if self.client is not None else None
        peer = transcript.channels[0].peer if transcript.channels else ""
        return {
            "target": self.url,
            "address": peer or None,
            "status": exchange.status if exchange is not None else None,
            "requests": self.client.requests if self.client is not None else 0,
            **self.told,
            **self._relayed.document(),
            **listed_events(transcript, explain),
        }


def _read_login(parsed: Parsed) -> Login | None:
    user, file = parsed["--user"], parsed["--password-file"]
    if user is None and file is None:
        return None
    if user is None:
        raise LocalMisuse("--password-file without the user it belongs to", advice="add --user NAME")
    if file is None:
        raise LocalMisuse(
            f"{user} needs a password",
            stage="login",
            advice="add --password-file FILE: on the command line everybody on this machine could read it",
        )
    return Login(user, read_password(file))
