"""The way into a mail server: which login, whose certificates, through which relay. No Qt."""

from typing import NamedTuple, Protocol

from workbench.errors import LocalMisuse
from workbench.formats.target import Target, parse_target
from workbench.panels.mail.routes import ROUTES
from workbench.panels.mail.state import Access
from workbench.panels.routes import RelayStarter, resolver_by
from workbench.protocols.sasl.values import Login, Security
from workbench.wire.dial import TargetResolver
from workbench.wire.tls.values import Trust

SCHEMES = {
    "imap": frozenset({"lab", "tcp", "imap", "imaps"}),
    "pop": frozenset({"lab", "tcp", "pop3", "pop3s"}),
    "smtp": frozenset({"lab", "tcp", "smtp", "smtps", "submission"}),
}
ADVICE = {
    "imap": "write lab:imap, imaps://HOST or HOST:143",
    "pop": "write lab:pop, pop3s://HOST or HOST:110",
    "smtp": "write lab:smtp, smtps://HOST or HOST:587",
}
PORTS = {"imap": 143, "pop": 110, "smtp": 587}


class LabOffers(Protocol):
    """What the Lab is asked for."""

    async def resolve(self, target: Target) -> Target: ...
    async def start(self, name: str) -> "HasAccounts": ...
    async def authority(self) -> "HasCertificate": ...


class HasAccounts(Protocol):
    """Part of lab.address.ServiceAddress."""

    @property
    def accounts(self) -> tuple[tuple[str, str], ...]: ...


class HasCertificate(Protocol):
    """Part of lab.supervisor.LabAuthority."""

    @property
    def certificate(self) -> bytes: ...


class Way(NamedTuple):
    """What a client needs to enter. login: None for nobody. certificates: PEM of the Lab's authority, or ""."""

    target: Target
    login: Login | None
    trust: Trust
    resolver: TargetResolver
    security: Security
    certificates: str = ""


def read_target(text: str, service: str) -> Target:
    """The target of a server. service: "imap", "pop" or "smtp". Raises: LocalMisuse with the place."""
    target = parse_target(text, default_port=PORTS[service])
    if target.scheme not in SCHEMES[service]:
        raise LocalMisuse(
            f"{target.scheme}: is no address of {'an SMTP' if service == 'smtp' else 'a mail'} server",
            text=text,
            start=0,
            end=len(target.scheme),
            advice=ADVICE[service],
        )
    return target


async def way_in(
    access: Access, service: str, password: str, lab: LabOffers, relay: RelayStarter | None
) -> Way:
    """What the access comes to. At the Lab its first account logs in where none is told, and it tells the password.

    Raises: LocalMisuse: the target is wrong, or nobody is told who logs in; else what the Lab raises.
    """
    target = read_target(access.target, service)
    user = access.user.strip()
    trust, certificates = Trust(), ""
    if target.is_lab:
        accounts = (await lab.start(target.host)).accounts
        if not user and accounts and not (service == "smtp" and not password):
            user = accounts[0][0]
        password = password or dict(accounts).get(user, "")
        certificate = (await lab.authority()).certificate
        trust, certificates = Trust(False, certificate), certificate.decode("ascii")
    login = Login(user, password) if user else None
    if login is None and service != "smtp":
        raise LocalMisuse(
            "who logs in? A mailbox belongs to somebody",
            stage="login",
            advice="write the user beside the target",
        )
    security: Security = access.security if access.security in ("starttls", "tls", "plain") else "auto"  # type: ignore[assignment]  # the line itself checks it
    resolver = resolver_by(ROUTES, access.route, lab.resolve, relay)
    return Way(target, login, trust, resolver, security, certificates)
