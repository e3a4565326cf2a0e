"""Submitting a letter: greeting, EHLO, TLS, login, envelope, letter, goodbye; an honest word on what became of it."""

import re
from collections.abc import Callable

from workbench.errors import LocalMisuse, Refused
from workbench.formats.proxy_address import Proxy
from workbench.formats.target import Target
from workbench.protocols.sasl.mechanisms import check_login
from workbench.protocols.sasl.security import reached
from workbench.protocols.sasl.values import Login, Security
from workbench.protocols.smtp.addresses import check_address, spelled
from workbench.protocols.smtp.control import said_no
from workbench.protocols.smtp.session import Progress, SmtpSession, measured
from workbench.protocols.smtp.values import Command, Envelope, LetterForm, Recipient, Reply, Submission
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import Report, TargetResolver
from workbench.wire.tls.values import Trust

PORT = 587
"""Submission (RFC 6409); 25 is for servers among themselves."""
TITLE = "smtp: "
MAX_RECIPIENTS = 1000
"""Ten times what every server has to take (RFC 5321 section 4.5.3.1.8)."""
_QUEUED = re.compile(r"(?:queued as|queued id|id=)\s*<?([A-Za-z0-9._-]{4,64})", re.IGNORECASE)

OnRecipient = Callable[[Recipient], object]


async def submit(
    envelope: Envelope,
    letter: bytes,
    target: Target,
    transcript: Transcript,
    *,
    login: Login | None = None,
    security: Security = "auto",
    trust: Trust | None = None,
    resolver: TargetResolver | None = None,
    via: Proxy | None = None,
    timeout_s: float = 30.0,
    report: Report | None = None,
    on_recipient: OnRecipient | None = None,
    progress: Progress | None = None,
) -> Submission:
    """Submit a letter.

    Args:
        letter: with any line ends; what goes over the wire has CRLF, which is told.
        target: scheme smtp, smtps, submission, tcp or lab; smtps and port 465 mean TLS from the first octet on.
        login: None: without one. It is said under TLS alone, but with "plain".
        trust: whose certificates count; None: this machine's authorities. For lab: give the Lab's (Trust(False, PEM)).
        via: a proxy.
        timeout_s: for connecting, for each reply, and for how long the letter may stand still on the way.
        report: told the stage: "resolve", "connect", "tls", "greeting", "login", "envelope", "letter".
        on_recipient: told each recipient's reply as it comes.
        progress: told the octets of the letter that went, and of how many.

    Returns: what the server said, for a refusal of every recipient or of the letter too (accepted is False then).

    Raises: LocalMisuse: an address or the letter can't be sent; Refused: the server says no before any recipient was
        asked; what dial raises; Untrusted, PeerMisbehaved, LinkLost, TooSlow with the stage. `committed` is "maybe"
        once the letter's last dot went and the reply to it did not come: the letter may be on its way.
    """
    tell = report or (lambda _stage: None)
    form = await _checked(envelope, letter, login)
    session = await open_smtp(
        target,
        transcript,
        login=login,
        security=security,
        trust=trust,
        resolver=resolver,
        via=via,
        timeout_s=timeout_s,
        report=report,
    )
    try:
        tell("envelope")
        form_fits(form, session)
        recipients, last = await _envelope(session, envelope, form, on_recipient or (lambda _one: None))
        accepted = any(recipient.accepted for recipient in recipients)
        if accepted:
            tell("letter")
            last = await session.data(letter, form, progress)
            accepted = last.kind == 2
        elif "RSET" in session.can_send:
            await session.reset()
        await session.quit()
    finally:
        await session.aclose()
    reply = str(last) if last is not None else "no recipient can be asked for at this server"
    found = _QUEUED.search(reply) if accepted else None
    return Submission(
        recipients,
        accepted,
        reply,
        session.channel,
        found.group(1) if found else "",
        session.secured,
        session.user,
        form,
        str(session.greeting),
    )


async def open_smtp(
    target: Target,
    transcript: Transcript,
    *,
    login: Login | None,
    security: Security,
    trust: Trust | None,
    resolver: TargetResolver | None,
    via: Proxy | None,
    timeout_s: float,
    report: Report | None,
) -> SmtpSession:
    """Connect, protect, log in; as submit()."""
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
    try:
        session = SmtpSession(stream, target, timeout_s, secured)
        try:
            tell("greeting")
            await session.begin()
            tell("tls")
            await session.secure(security, trust, logs_in=login is not None)
            if login is not None:
                tell("login")
                await session.log_in(login)
        except BaseException:
            await session.aclose()
            raise
    except BaseException:
        await stream.aclose()
        raise
    return session


async def _checked(envelope: Envelope, letter: bytes, login: Login | None) -> LetterForm:
    """Raises: LocalMisuse: what can be seen to be wrong before anybody is called."""
    check_address(envelope.sender)
    if not envelope.recipients:
        raise LocalMisuse("nobody is to get this letter", stage="envelope", advice="name a recipient")
    if len(envelope.recipients) > MAX_RECIPIENTS:
        raise LocalMisuse(f"a letter goes to at most {MAX_RECIPIENTS} recipients here", stage="envelope")
    for address in envelope.recipients:
        if not address:
            raise LocalMisuse("a recipient's address is empty", stage="envelope")
        check_address(address)
    if login is not None:
        check_login(login)
    form = await measured(letter)
    if form.nul:
        raise LocalMisuse(
            f"the letter holds NUL ({form.nul:,} of them), which SMTP does not carry",
            stage="letter",
            advice="encode that part as base64",
            source="RFC 2045 section 2.8",
        )
    return form


def form_fits(form: LetterForm, session: SmtpSession) -> None:
    """Raises: Refused: the server says in advance that it doesn't take such a letter; nothing of it was sent."""
    told, limit = session.extensions.size
    if told == "limit" and form.octets > limit:
        raise Refused(
            f"the letter has {form.octets:,} octets on the wire, and the server takes at most {limit:,}",
            stage="envelope",
            reply=f"SIZE {limit}",
            source="RFC 1870 section 6.1",
        )
    if form.header_8bit and not session.extensions.offers("SMTPUTF8"):
        raise Refused(
            "the letter's header has octets beyond ASCII, and the server does not offer SMTPUTF8",
            stage="envelope",
            advice="encode the header's words (RFC 2047)",
            source="RFC 6531 section 3.1",
        )
    if form.is_8bit and not session.extensions.offers("8BITMIME"):
        raise Refused(
            "the letter has octets beyond ASCII, and the server does not offer 8BITMIME",
            stage="envelope",
            advice="encode the body as quoted-printable or base64",
            source="RFC 6152 section 3",
        )


async def _envelope(
    session: SmtpSession, envelope: Envelope, form: LetterForm, on_recipient: OnRecipient
) -> tuple[tuple[Recipient, ...], Reply | None]:
    """MAIL, and RCPT for each; the last reply, None where none could be asked. Raises: Refused: no to MAIL."""
    offers_utf8 = session.extensions.offers("SMTPUTF8")
    needs_utf8 = form.header_8bit or any(not one.isascii() for one in (envelope.sender, *envelope.recipients))
    argument = b"FROM:" + spelled(envelope.sender, utf8=offers_utf8).data
    if session.extensions.offers("SIZE"):
        argument += b" SIZE=%d" % form.octets
    if (form.is_8bit or (needs_utf8 and offers_utf8)) and session.extensions.offers("8BITMIME"):
        argument += b" BODY=8BITMIME"
    if needs_utf8 and offers_utf8:
        argument += b" SMTPUTF8"
    command = Command("MAIL", argument)
    reply = await session.ask(command)
    if reply.kind != 2:
        raise said_no(reply, command, "envelope")
    asked: list[Recipient] = []
    last: Reply | None = None
    for address in envelope.recipients:
        try:
            data = spelled(address, utf8=offers_utf8).data
        except LocalMisuse as mistake:
            recipient = Recipient(address, False, 0, mistake.what)
        else:
            last = await session.ask(Command("RCPT", b"TO:" + data))
            recipient = Recipient(address, last.kind == 2, last.code, str(last))
        asked.append(recipient)
        on_recipient(recipient)
    return tuple(asked), last
