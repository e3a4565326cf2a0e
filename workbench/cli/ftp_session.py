"""What the verbs of `ftp` share: who logs in, how the connection is protected, where the path leads, the document."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote_to_bytes

from workbench.cli.arguments import Parsed
from workbench.cli.conversation import Conversation
from workbench.cli.output import Output
from workbench.cli.relayed import Relayed, relayed
from workbench.cli.steps import listed_events
from workbench.cli.talk_tls import prepared, wants_tls
from workbench.cli.transcript_file import TranscriptFile, transcript_file
from workbench.cli.way import read_password
from workbench.errors import LocalMisuse
from workbench.formats.target import Target
from workbench.protocols.ftp.client import FtpClient
from workbench.protocols.ftp.codec import check_argument
from workbench.protocols.ftp.explain import explain
from workbench.protocols.ftp.names import joined
from workbench.protocols.ftp.opening import open_ftp
from workbench.protocols.ftp.passive import Relays
from workbench.protocols.ftp.security import Security, secured_by
from workbench.protocols.ftp.values import ANONYMOUS, Login, text_of
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import TargetResolver

if TYPE_CHECKING:
    from workbench.lab.address import ServiceAddress
    from workbench.protocols.raw.protection import Prepared


class FtpVerb:
    """One verb's session; a verb derives from it.

    Attributes:
        told: what the document says beside what all have.

    Raises: LocalMisuse, LocalFault: what is wrong before anything is sent.
    """

    writes = False

    def __init__(self, parsed: Parsed, output: Output) -> None:
        self.output = output
        self.target: Target = parsed["TARGET"]
        self.told: dict[str, object] = {}
        self.path = unquote_to_bytes(self.target.path)
        check_argument(self.path, "a path")
        self._user: str | None = parsed["--user"]
        self._password = _password(parsed)
        self._relayed = relayed(parsed)
        self._timeout_s: float = parsed["--timeout"]
        self._tls = _read_tls(parsed, self.target)
        self._client: FtpClient | None = None
        self._file: TranscriptFile | None = transcript_file(parsed)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[FtpClient]:
        """Logged in; left in good order. Raises: as open_ftp; what the Lab raises."""
        conversation = Conversation(
            self.output,
            self._file,
            self._summary,
            several=True,
            takes_octets=False,
            tells_sent=False,
            explainer=explain,
        )
        async with conversation:
            road = await road_to(self.target, conversation, self._relayed)
            client = self._client = await open_ftp(
                self.target,
                conversation.transcript,
                await self._login(conversation),
                security=await self._security(conversation),
                resolver=road.resolver,
                data_host=road.data_host,
                relays=road.relays,
                timeout_s=self._timeout_s,
            )
            try:
                yield client
                await client.quit()
            finally:
                await client.aclose()

    def place(self, client: FtpClient) -> bytes:
        """The path at the server: from the login's folder on (RFC 1738 section 3.2.2), or from the root with //."""
        path = self.path
        if path.startswith(b"//"):
            return path[1:]
        return joined(client.folder, path[1:]) if len(path) > 1 else client.folder

    def done(self) -> int:
        """The document, where one is wanted."""
        if self.output.as_json:
            self.output.document(self.output.so_far, ok=True)
        return 0

    async def _login(self, conversation: Conversation) -> Login:
        accounts: Mapping[str, str] = {}
        if self.target.is_lab:
            accounts = dict((await conversation.lab_service(self.target.host)).accounts)
        user = self._user
        if user is None and self.writes and accounts:
            user = next(iter(accounts))
        if user is None or (user == ANONYMOUS and self._password is None):
            return Login()
        if self._password is not None:
            return Login(user, self._password)
        if user not in accounts:
            raise LocalMisuse(
                f"{user} needs a password",
                stage="login",
                advice="add --password-file FILE: on the command line everybody on this machine could read it",
            )
        return Login(user, accounts[user])

    async def _security(self, conversation: Conversation) -> Security | None:
        if self._tls is None:
            return None
        return await secured_by(await self._tls.completed(conversation.lab_authority))

    def _summary(self, transcript: Transcript) -> Mapping[str, object]:
        client = self._client
        peer = transcript.channels[0].peer if transcript.channels else ""
        return {
            "target": str(self.target),
            "address": peer or None,
            "greeting": str(client.greeting) if client is not None else None,
            "is_protected": client is not None and client.is_secure,
            **self.told,
            **self._relayed.document(),
            **listed_events(transcript, explain),
        }


class Road(NamedTuple):
    """How open_ftp() gets to a server: its arguments of these names. Data connections go the way that commands go."""

    resolver: TargetResolver
    data_host: str = ""
    relays: Relays | None = None


async def road_to(target: Target, conversation: Conversation, way: Relayed) -> Road:
    """The road that a command line asks for. Raises: what the Lab raises."""
    resolver = way.resolver(conversation)
    if (switches := way.switches) is None:
        return Road(resolver)

    async def start(target: Target) -> "ServiceAddress":
        return await conversation.relay(target, switches)

    host = (await conversation.resolve(target)).host
    return Road(resolver, host, Relays(start, conversation.stop))


def shown(path: bytes) -> str:
    """A path in a document."""
    return text_of(path)


def _password(parsed: Parsed) -> str | None:
    file = parsed["--password-file"]
    if file is None:
        return None
    if parsed["--user"] is None:
        raise LocalMisuse("--password-file without the user it belongs to", advice="add --user NAME")
    return read_password(file)


def _read_tls(parsed: Parsed, target: Target) -> "Prepared | None":
    if not wants_tls(parsed, ("--ca",), is_udp=False):
        return None
    return prepared(parsed, target, "client", {"trust": "--ca", "trust_file": "--ca"})
