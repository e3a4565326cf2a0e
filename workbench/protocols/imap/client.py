"""A session that reads mailboxes by IMAP: folders, lists in windows, letters. Nothing is changed at the server."""

from collections.abc import Callable

from workbench.errors import LinkLost, LocalMisuse, PeerMisbehaved, Refused, TooSlow
from workbench.formats.proxy_address import Proxy
from workbench.formats.target import Target
from workbench.protocols.imap.codec import MAX_LETTER, MAX_LITERAL
from workbench.protocols.imap.control import Control
from workbench.protocols.imap.entrance import capabilities_in, protect_and_log_in
from workbench.protocols.imap.names import encode_name
from workbench.protocols.imap.reading import items, number_in, opened, read_folder, read_summary, updated
from workbench.protocols.imap.values import Command, Data, Folder, Mailbox, Status, Summary, Text
from workbench.protocols.sasl.mechanisms import check_login
from workbench.protocols.sasl.security import leave, reached
from workbench.protocols.sasl.values import Login, Protected, Security
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import Report, TargetResolver
from workbench.wire.stream import Stream
from workbench.wire.tls.values import Trust

PORT = 143
TITLE = "imap: "
LOGOUT_WITHIN_S = 1.0
"""A goodbye is a courtesy: nobody waits long for its answer."""
MAX_WINDOW = 20_000
"""Letters of one list: a view asks for some dozens."""
SUMMARY = b"(UID FLAGS RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER.FIELDS (FROM TO SUBJECT DATE)])"

Progress = Callable[[int, int | None], object]


class ImapSession:
    """One session. Made by open_imap; an asynchronous context: on leaving it says LOGOUT and closes.

    Attributes:
        greeting: what the server said first. capabilities: as last told, in capitals.
        secured: how the conversation is protected. user: who logged in; "" where the server knew already.
        mailbox: the folder that is open, its `exists` kept true by what the server says unasked; None for none.
    """

    def __init__(self, stream: Stream, timeout_s: float, secured: Protected) -> None:
        self.control = Control(stream, timeout_s, self._heard)
        self._raw: dict[str, bytes] = {}
        self.greeting = ""
        self.capabilities: frozenset[str] = frozenset()
        self.secured: Protected = secured
        self.user = ""
        self.mailbox: Mailbox | None = None

    @property
    def is_open(self) -> bool:
        """Whether the server still may answer."""
        return self.control.stream.is_open and self.control.machine.state not in ("closing", "closed")

    @property
    def channel(self) -> int:
        """Of the transcript."""
        return self.control.stream.channel.number

    def _heard(self, response: Data | Status) -> None:
        """Whatever comes without being asked for is true all the same."""
        if (told := capabilities_in(response)) is not None:
            self.capabilities = told
        if self.mailbox is not None:
            self.mailbox = updated(self.mailbox, response)

    # ---- looking

    async def folders(self) -> tuple[Folder, ...]:
        """All folders, INBOX first, then in the server's order. Raises: as examine()."""
        found: list[Folder] = []

        def hear(response: Data | Status) -> None:
            if isinstance(response, Data) and response.name == "LIST":
                folder = read_folder(response)
                if folder is not None:
                    found.append(folder)

        await self.control.done(Command("LIST", (b'""', b'"*"')), "folders", hear=hear, patient=True)
        self._raw = {folder.name: folder.raw for folder in found}
        return tuple(sorted(found, key=lambda folder: folder.name.upper() != "INBOX"))

    async def examine(self, name: str) -> Mailbox:
        """Open a folder for reading alone (EXAMINE). name: for people; modified UTF-7 is our business.

        Raises: Refused: there is none, or it can't be opened; LinkLost, TooSlow, PeerMisbehaved.
        """
        raw = self._raw.get(name) or encode_name(name)
        told: list[Data | Status] = []
        self.mailbox = None
        status = await self.control.done(Command("EXAMINE", (Text(raw),)), "folder", hear=told.append)
        self.mailbox = opened(name, (*told, status))
        return self.mailbox

    async def refresh(self) -> Mailbox:
        """Let the server say what is new (NOOP); the folder as it is now. Raises: LocalMisuse; else as examine()."""
        self._opened()
        await self.control.done(Command("NOOP"), "folder")
        return self._opened()

    async def summaries(self, first: int, last: int) -> tuple[Summary, ...]:
        """The letters with these numbers, both ends included, by number; those that have vanished are missing.

        Meant for windows: a view asks for what is on screen. Reading marks nothing as seen.

        Raises: LocalMisuse: no folder is open, or too many at once; else as examine().
        """
        mailbox = self._opened()
        first, last = max(first, 1), min(last, mailbox.exists)
        if first > last:
            return ()
        if last - first >= MAX_WINDOW:
            raise LocalMisuse(f"a list has at most {MAX_WINDOW:,} letters at once", stage="list")
        found: dict[int, Summary] = {}

        def hear(response: Data | Status) -> None:
            if isinstance(response, Status) or response.number is None:
                return
            if response.name == "FETCH" and (summary := read_summary(response)) is not None:
                found[summary.seq] = summary
            elif response.name == "EXPUNGE":
                _renumber(found, response.number)

        where = b"%d:%d" % (first, last) if last > first else b"%d" % first
        await self.control.done(Command("FETCH", (where, SUMMARY)), "list", hear=hear, patient=True)
        return tuple(found[seq] for seq in sorted(found) if first <= seq <= last)

    async def letter(self, uid: int, progress: Progress | None = None) -> bytes:
        """A letter whole (UID FETCH BODY.PEEK[]), octet for octet.

        Args: progress: told the octets so far, and of how many.

        Raises: Refused: no such letter in the folder (any more); PeerMisbehaved: too large, or no sense; as examine().
        """
        self._opened()
        found: list[bytes | None] = []

        def hear(response: Data | Status) -> None:
            if isinstance(response, Data) and response.name == "FETCH":
                told = items(response)
                if "BODY[]" in told and number_in(told.get("UID", b"%d" % uid)) == uid:
                    body = told["BODY[]"]
                    found.append(body if isinstance(body, bytes) else None)

        reader = self.control.machine.reader
        reader.limit, reader.progress = MAX_LETTER, progress
        try:
            command = Command("UID FETCH", (b"%d" % uid, b"(UID BODY.PEEK[])"))
            status = await self.control.done(command, "letter", hear=hear, patient=True)
        finally:
            reader.limit, reader.progress = MAX_LITERAL, None
        if not found or found[0] is None:
            raise Refused(
                f"no letter has the UID {uid} here (any more)",
                stage="letter",
                reply=str(status),
                source="RFC 9051 section 6.4.9",
            )
        return found[0]

    async def uid_of(self, seq: int) -> int:
        """The UID of the letter with this number. Raises: Refused: no such letter; as examine()."""
        mailbox = self._opened()
        uids: list[int] = []

        def hear(response: Data | Status) -> None:
            if isinstance(response, Data) and response.name == "FETCH" and response.number == seq:
                uid = number_in(items(response).get("UID"))
                if uid is not None:
                    uids.append(uid)

        if 0 < seq <= mailbox.exists:
            await self.control.done(Command("FETCH", (b"%d" % seq, b"(UID)")), "letter", hear=hear)
        if not uids:
            raise Refused(f"there is no letter {seq}: the folder has {mailbox.exists:,}", stage="letter")
        return uids[0]

    def _opened(self) -> Mailbox:
        if self.mailbox is None:
            raise LocalMisuse("no folder is open", stage="request", advice="open one first")
        return self.mailbox

    # ---- ending

    async def logout(self) -> None:
        """Say goodbye and close; never raises what the server does. Idempotent."""
        control = self.control
        try:
            if control.stream.is_open and "LOGOUT" in control.machine.can_send:
                control.timeout_s = min(control.timeout_s, LOGOUT_WITHIN_S)
                await control.ask(Command("LOGOUT"), "logout")
                await leave(control.stream)
        except (LinkLost, TooSlow, PeerMisbehaved, Refused):
            pass
        finally:
            await self.aclose()

    async def aclose(self) -> None:
        """Close without a word. Idempotent."""
        await self.control.aclose()

    async def __aenter__(self) -> "ImapSession":
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.logout()


def _renumber(found: dict[int, Summary], gone: int) -> None:
    """A letter vanished: those behind it move up."""
    found.pop(gone, None)
    for seq in sorted(seq for seq in found if seq > gone):
        found[seq - 1] = found.pop(seq)._replace(seq=seq - 1)


async def open_imap(
    target: Target,
    transcript: Transcript,
    *,
    login: Login,
    security: Security = "auto",
    trust: Trust | None = None,
    resolver: TargetResolver | None = None,
    via: Proxy | None = None,
    timeout_s: float = 30.0,
    report: Report | None = None,
) -> ImapSession:
    """Connect, protect, log in.

    Args:
        target: scheme imap, imaps, tcp or lab; imaps and port 993 mean TLS from the first octet on.
        security: "auto" logs in under TLS or not at all. "plain" says the password in clear, and is a person's choice.
        trust: whose certificates count; None: this machine's authorities. For lab: give the Lab's (Trust(False, PEM)).
        via: a proxy.
        timeout_s: for connecting, and for each answer: how long the server may be silent.
        report: told the stage: "resolve", "connect", "tls", "greeting", "login".

    Raises: what dial raises; Refused, Untrusted, PeerMisbehaved, LinkLost, TooSlow with the stage.
    """
    check_login(login)
    tell = report or (lambda _stage: None)
    stream, secured = await reached(
        target,
        transcript,
        port=PORT,
        title=TITLE,
        security=security,
        trust=trust,
        resolver=resolver,
        via=via,
        timeout_s=timeout_s,
        report=report,
    )
    session: ImapSession | None = None
    try:
        session = ImapSession(stream, timeout_s, secured)
        await protect_and_log_in(session, target, login, security, trust, tell)
    except BaseException:
        await (session or stream).aclose()
        raise
    return session
