"""What the verbs of `mail` that talk to a server share: who logs in, what protects it, the way there, the document."""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote

from workbench.cli.arguments import Parsed
from workbench.cli.conversation import Conversation
from workbench.cli.output import Output
from workbench.cli.relayed import relayed
from workbench.cli.steps import listed_events
from workbench.cli.talk_tls import prepared
from workbench.cli.transcript_file import TranscriptFile, transcript_file
from workbench.cli.way import read_password
from workbench.errors import LocalMisuse
from workbench.formats.quantity import octets
from workbench.formats.target import Target
from workbench.protocols.sasl.values import Login, Security
from workbench.transcript.recorder import Transcript
from workbench.transcript.render import Explainer
from workbench.wire.dial import TargetResolver

if TYPE_CHECKING:
    from workbench.protocols.raw.protection import Prepared
    from workbench.wire.tls.values import Trust

Kind = Literal["smtp", "imap", "pop"]
EVERY_NS = 200_000_000
"""Between two looks at the line of progress."""


class MailVerb:
    """One verb's conversation; a verb derives from it.

    Attributes:
        told: what the document says beside what all have. resolver: of the way to the server.

    Raises: LocalMisuse, LocalFault: what is wrong before anything is sent.
    """

    def __init__(self, parsed: Parsed, output: Output, kind: Kind, *, logs_in: bool) -> None:
        self.output = output
        self.target: Target = parsed["TARGET"]
        self.kind = kind
        self.told: dict[str, object] = {}
        self.timeout_s: float = parsed["--timeout"]
        self.security: Security = parsed["--security"]
        self._logs_in = logs_in
        self._user: str | None = parsed["--user"]
        self._password = _password(parsed)
        self._relayed = relayed(parsed)
        self._tls = self._read_tls(parsed)
        self._file: TranscriptFile | None = transcript_file(parsed)

    def _read_tls(self, parsed: Parsed) -> "Prepared | None":
        if self.security == "plain":
            if parsed["--ca"] is not None:
                raise LocalMisuse(
                    "--ca says how TLS is done, and there is none", advice="leave --security plain out"
                )
            return None
        return prepared(parsed, self.target, "client", {"trust": "--ca", "trust_file": "--ca"})

    @asynccontextmanager
    async def conversation(self) -> AsyncIterator[Conversation]:
        """The talking, with its transcript. Raises: what the Lab raises."""
        async with Conversation(
            self.output,
            self._file,
            self._summary,
            takes_octets=False,
            tells_sent=False,
            explainer=_explainer(self.kind),
        ) as conversation:
            yield conversation

    def resolver(self, conversation: Conversation) -> TargetResolver:
        """Leads to the server, or to the relay before it."""
        return self._relayed.resolver(conversation)

    async def login(self, conversation: Conversation) -> Login | None:
        """Who one is; at the Lab the first of its users, where one has to be somebody.

        Raises: LocalMisuse: a user or a password is missing.
        """
        accounts: Mapping[str, str] = {}
        if self.target.is_lab and (self._logs_in or self._user is not None):
            accounts = dict((await conversation.lab_service(self.target.host)).accounts)
        user = self._user
        if user is None and self._logs_in:
            user = next(iter(accounts), None)
            if user is None:
                raise LocalMisuse(
                    "whose mailbox?", stage="login", advice="add --user NAME and --password-file FILE"
                )
        if user is None:
            return None
        if self._password is not None:
            return Login(user, self._password)
        if user not in accounts:
            raise LocalMisuse(
                f"{user} needs a password",
                stage="login",
                advice="add --password-file FILE: on the command line everybody on this machine could read it",
            )
        return Login(user, accounts[user])

    async def trust(self, conversation: Conversation) -> "Trust | None":
        """Whose certificates count. Raises: what the Lab raises."""
        if self._tls is None:
            return None
        return (await self._tls.completed(conversation.lab_authority)).trust

    def done(self) -> int:
        """The document, where one is wanted."""
        if self.output.as_json:
            self.output.document(self.output.so_far, ok=True)
        return 0

    def _summary(self, transcript: Transcript) -> Mapping[str, object]:
        peer = transcript.channels[0].peer if transcript.channels else ""
        return {
            "target": str(self.target),
            "protocol": self.kind,
            "address": peer or None,
            **self.told,
            **self._relayed.document(),
            **listed_events(transcript, _explainer(self.kind)),
        }


class Watched:
    """The line of progress, where a person watches."""

    def __init__(self, output: Output, what: str) -> None:
        self._output = output
        self._what = what
        self._next_ns = time.monotonic_ns() + 2 * EVERY_NS

    def __call__(self, done: int, total: int | None) -> None:
        """So much is done of so much."""
        if (now := time.monotonic_ns()) < self._next_ns:
            return
        self._next_ns = now + EVERY_NS
        of = f" of {octets(total)}" if total is not None else ""
        self._output.status(f"{self._what}: {octets(done)}{of}")


def reading_kind(target: Target) -> Kind:
    """Which protocol reads a mailbox there. Raises: LocalMisuse: the address doesn't say."""
    name = target.host if target.is_lab else target.scheme
    if name in ("imap", "imaps"):
        return "imap"
    if name in ("pop", "pop3", "pop3s"):
        return "pop"
    raise LocalMisuse(
        f"{target} is no address of a mailbox",
        text=target.text,
        start=0,
        end=len(target.text),
        advice="write imap://HOST/FOLDER, imaps://, pop3://HOST, pop3s://, lab:imap/FOLDER or lab:pop",
    )


def folder_of(target: Target) -> str:
    """The folder that the target's path names; INBOX where it names none."""
    return unquote(target.path.removeprefix("/")) or "INBOX"


def check_no_folder(target: Target) -> None:
    """Raises: LocalMisuse: POP3 has one mailbox and no folders."""
    if target.path.strip("/"):
        start = len(target.text) - len(target.path)
        raise LocalMisuse(
            "a mailbox of POP3 has no folders",
            text=target.text,
            start=max(start, 0),
            end=len(target.text),
            advice="leave the path out",
            source="RFC 1939 section 3",
        )


def _explainer(kind: Kind) -> Explainer:
    if kind == "smtp":
        from workbench.protocols.smtp import explain as smtp

        return smtp.explain
    if kind == "imap":
        from workbench.protocols.imap import explain as imap

        return imap.explain
    from workbench.protocols.pop import explain as pop

    return pop.explain


def _password(parsed: Parsed) -> str | None:
    file = parsed["--password-file"]
    if file is None:
        return None
    if parsed["--user"] is None:
        raise LocalMisuse("--password-file without the user it belongs to", advice="add --user NAME")
    return read_password(file)
