"""The way into a server: who logs in, what protects the connections, through which relay. No Qt."""

from collections.abc import Callable
from typing import NamedTuple, Protocol
from urllib.parse import unquote_to_bytes

from workbench.errors import LocalMisuse
from workbench.formats.target import Target, parse_target
from workbench.panels.files.routes import ways_of
from workbench.panels.files.state import Form
from workbench.panels.routes import RelayStarter
from workbench.protocols.ftp.client import FtpClient
from workbench.protocols.ftp.names import joined
from workbench.protocols.ftp.opening import PORT, open_ftp
from workbench.protocols.ftp.security import secured_by
from workbench.protocols.ftp.values import ANONYMOUS, Login
from workbench.transcript.recorder import Transcript
from workbench.wire.tls.values import TlsOptions, Trust


class LabOffers(Protocol):
    """What the Lab is asked for."""

    async def resolve(self, target: Target) -> Target: ...
    async def start(self, name: str) -> "HasAccounts": ...
    async def authority(self) -> "HasCertificate": ...
    async def stop(self, name: str) -> list[str]: ...


class HasAccounts(Protocol):
    """Part of lab.address.ServiceAddress."""

    @property
    def accounts(self) -> tuple[tuple[str, str], ...]: ...


class HasCertificate(Protocol):
    """Part of lab.supervisor.LabAuthority."""

    @property
    def certificate(self) -> bytes: ...


class Entered(NamedTuple):
    """Logged in. user: who; folder: where the target's path leads; certificates: PEM of the Lab's authority, or ""."""

    client: FtpClient
    user: str
    folder: bytes
    certificates: str


async def enter(
    form: Form,
    password: str,
    transcript: Transcript,
    lab: LabOffers,
    relay: RelayStarter | None,
    *,
    timeout_s: float,
    report: Callable[[str], None],
) -> Entered:
    """Connect and log in as the form says. Raises: LocalMisuse: no address of a server; else as open_ftp."""
    target = parse_target(form.target, default_port=PORT)
    if target.scheme not in ("lab", "tcp", "ftp"):
        raise LocalMisuse(
            f"{target.scheme}: is no address of an FTP server",
            text=target.text,
            start=0,
            end=len(target.scheme),
            advice="write ftp://HOST/PATH, HOST:PORT or lab:ftp",
        )
    login = await _login(target, form.user.strip(), password, lab)
    security, certificates = None, ""
    if form.tls:
        trust = Trust()
        if target.is_lab:
            certificate = (await lab.authority()).certificate
            certificates = certificate.decode("ascii")
            trust = Trust(False, certificate)
        security = await secured_by(TlsOptions(server_name=target.server_name, trust=trust))
    ways = ways_of(form.route, lab, relay)
    client = await open_ftp(
        target,
        transcript,
        login,
        security=security,
        resolver=ways.commands,
        data_host=(await lab.resolve(target)).host if ways.data is not None else "",
        relays=ways.data,
        timeout_s=timeout_s,
        report=report,
    )
    return Entered(client, login.user, _folder_of(target, client), certificates)


async def _login(target: Target, user: str, password: str, lab: LabOffers) -> Login:
    """Who one is; for the Lab's own user the Lab itself tells the password."""
    if user in ("", ANONYMOUS):
        return Login(ANONYMOUS, password) if password else Login()
    if not password and target.is_lab:
        accounts = dict((await lab.start(target.host)).accounts)
        return Login(user, accounts.get(user, ""))
    return Login(user, password)


def _folder_of(target: Target, client: FtpClient) -> bytes:
    path = unquote_to_bytes(target.path)
    if path.startswith(b"//"):
        return path[1:]
    return joined(client.folder, path[1:]) if len(path) > 1 else client.folder
