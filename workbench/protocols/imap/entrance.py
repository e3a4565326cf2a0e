"""The way in: greeting, capabilities, STARTTLS, login (RFC 9051 sections 6.1 and 6.2)."""

from collections.abc import Callable
from typing import Protocol

from workbench.errors import Refused
from workbench.formats.target import Target
from workbench.protocols.imap.control import Control, said_no
from workbench.protocols.imap.reading import words
from workbench.protocols.imap.values import Command, Data, GoAhead, Octets, Status, Text
from workbench.protocols.sasl.mechanisms import Mechanism, challenge_of, choose, encoded
from workbench.protocols.sasl.security import no_tls, readable, under_tls
from workbench.protocols.sasl.values import Answer, Login, Protected, Security
from workbench.wire.tls.values import Trust

STARTTLS_SOURCE = "RFC 9051 section 6.2.1"


class Session(Protocol):
    """Part of client.ImapSession."""

    control: Control
    greeting: str
    capabilities: frozenset[str]
    secured: Protected
    user: str


def capabilities_in(response: Data | Status) -> frozenset[str] | None:
    """What a response says the server can do; None where it doesn't speak of that."""
    if isinstance(response, Data):
        told = response.values if response.name == "CAPABILITY" else None
    else:
        told = response.arguments if response.code == "CAPABILITY" else None
    return None if told is None else frozenset(word.upper() for word in words(told))


async def protect_and_log_in(
    session: Session,
    target: Target,
    login: Login,
    security: Security,
    trust: Trust | None,
    tell: Callable[[str], object],
) -> None:
    """From the greeting to the login's yes. Raises: as open_imap."""
    control = session.control
    tell("greeting")
    greeting = await control.greeting()
    session.greeting = str(greeting)
    if session.secured == "plain" and security != "plain":
        tell("tls")
        if greeting.condition == "PREAUTH":
            # RFC 9051 section 11.1: who takes that has no way to begin TLS any more.
            raise no_tls("it greets by PREAUTH, after which TLS can't begin", "RFC 9051 section 11.1")
        await _secure(session, target, security, trust)
    tell("login")
    if greeting.condition != "PREAUTH":
        await _log_in(session, login)
        session.user = login.user
    await _capabilities(session, "login")


async def _capabilities(session: Session, stage: str) -> None:
    if not session.capabilities:
        await session.control.done(Command("CAPABILITY"), stage)


async def _secure(session: Session, target: Target, security: Security, trust: Trust | None) -> None:
    control = session.control
    await _capabilities(session, "tls")
    if "STARTTLS" not in session.capabilities:
        raise (
            no_tls("STARTTLS is not in its list", STARTTLS_SOURCE)
            if security == "starttls"
            else readable(STARTTLS_SOURCE)
        )
    command = Command("STARTTLS")
    status = await control.ask(command, "tls")
    if status.condition != "OK":
        failure = said_no(status, command, "tls")
        failure.advice = "the server offers TLS and then refuses it; nothing of worth was said in clear"
        raise failure
    if rest := control.machine.secured():
        control.stream.channel.fact("tls.discarded", octets=len(rest), hex=rest[:256].hex())
    control.stream = await under_tls(control.stream, target, trust, control.timeout_s)
    session.secured = "starttls"
    # What was told before may have been anybody's words.
    session.capabilities = frozenset()
    await _capabilities(session, "tls")


async def _log_in(session: Session, login: Login) -> None:
    await _capabilities(session, "login")
    able = session.capabilities
    offered = [name.removeprefix("AUTH=") for name in able if name.startswith("AUTH=")]
    mechanism = choose(offered, login, is_protected=session.secured != "plain")
    # Told anew once one is in.
    session.capabilities = frozenset()
    if mechanism is not None:
        await _authenticate(session.control, mechanism, "SASL-IR" in able)
    elif "LOGINDISABLED" in able:
        raise Refused(
            "the server takes no password here (LOGINDISABLED); none was said",
            stage="login",
            advice="it wants TLS first, or a mechanism that this client does not know",
            source="RFC 9051 section 6.2.3",
        )
    else:
        arguments = (Text(login.user.encode()), Text(login.password.encode(), secret=True))
        await session.control.done(Command("LOGIN", arguments), "login")


async def _authenticate(control: Control, mechanism: Mechanism, at_once: bool) -> None:
    channel = control.stream.channel
    name = mechanism.name.encode()
    first = mechanism.first() if at_once else None

    def said(answer: Answer) -> bytes:
        channel.fact("imap.sasl", mechanism=mechanism.name, says=answer.told)
        return encoded(answer.data)

    def respond(go_ahead: GoAhead) -> Octets:
        answer = mechanism.answer(challenge_of(go_ahead.text))
        data = said(answer)
        return Octets(data + b"\r\n", ((0, len(data)),) if answer.secret else ())

    arguments: tuple[bytes | Text, ...] = (name,)
    if first is not None:
        arguments = (name, Text(said(first), secret=first.secret, bare=True))
    command = Command("AUTHENTICATE", arguments)
    status = await control.ask(command, "login", answer=respond)
    if status.condition != "OK":
        raise said_no(status, Command("AUTHENTICATE", (name,)), "login")
