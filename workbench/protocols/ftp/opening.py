"""Opening a session: connect, protect, log in."""

from collections.abc import Callable

from workbench.formats.target import Target
from workbench.protocols.ftp.client import FtpClient
from workbench.protocols.ftp.control import Control
from workbench.protocols.ftp.explain import CONTROL
from workbench.protocols.ftp.passive import Passive, Relays
from workbench.protocols.ftp.security import Security
from workbench.protocols.ftp.values import Login
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import TargetResolver, dial

PORT = 21


async def open_ftp(
    target: Target,
    transcript: Transcript,
    login: Login,
    *,
    security: Security | None = None,
    resolver: TargetResolver | None = None,
    data_host: str = "",
    relays: Relays | None = None,
    timeout_s: float = 30.0,
    report: Callable[[str], None] | None = None,
) -> FtpClient:
    """Connect, protect, log in.

    Args:
        security: with it everything is under TLS from before the login on (explicit FTPS), or it fails.
        data_host: where the server itself is, when the resolver leads to a relay in front of it.
        relays: through which data connections go; None: straight to the server.
        timeout_s: for connecting, for each reply, and for how long a transfer may stand still.
        report: told the stage: "resolve", "connect", "greeting", "tls", "login".

    Raises: what dial raises; Refused, Untrusted, PeerMisbehaved, LinkLost, TooSlow with the stage.
    """
    tell = report or (lambda _stage: None)
    where = target if target.is_lab else Target("tcp", target.host, target.port or PORT, "", target.text)
    stream = await dial(
        where, transcript, resolver=resolver, title=f"{CONTROL}{target}", timeout_s=timeout_s, report=report
    )
    control = Control(stream, timeout_s)
    try:
        tell("greeting")
        greeting = await control.greeting()
        client = FtpClient(control, Passive(control, transcript, data_host, relays), security, greeting)
        if security is not None:
            tell("tls")
            await client.secure()
        tell("login")
        await client.log_in(login)
    except BaseException:
        await control.aclose()
        raise
    return client
