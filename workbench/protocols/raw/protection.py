"""The TLS that a person asks for by hand: read from what they chose, completed by the Lab, made into a handshake.

What is asked for is checked before anything is sent, file by file, and a mistake names the field it stands in. In a
window all of that is done in a worker: OpenSSL's import, files and the system's authorities may take long.
"""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, get_args

from workbench.errors import LocalMisuse
from workbench.formats.target import Target
from workbench.jobs.offload import in_thread
from workbench.protocols.raw.field import in_field, mistake_in, read_file
from workbench.wire.tls.values import AskClient, Identity, Policy, Role, TlsOptions, Trust, Version

if TYPE_CHECKING:
    from workbench.protocols.raw.talk import Secure
    from workbench.wire.stream import Stream

TrustIn = Literal["auto", "system", "lab", "file"]
NameSent = Literal["target", "none", "other"]
Shown = Literal["none", "lab", "file"]


class TlsForm(NamedTuple):
    """What a person chose and typed. Nothing in it is secret: a key is a file's name.

    trust: "auto" is the Lab's authority for lab: targets, else the system's. name: what a client sends and expects;
    sni: that name, for "other". identity: what we show. lowest, highest: "" is OpenSSL's own bound.
    """

    is_on: bool = False
    untrusted: Policy = "stop"
    trust: TrustIn = "auto"
    trust_file: str = ""
    name: NameSent = "target"
    sni: str = ""
    alpn: str = ""
    lowest: Version = ""
    highest: Version = ""
    identity: Shown = "none"
    certificate: str = ""
    key: str = ""
    ask_client: AskClient = "no"


CHOICES: dict[str, tuple[str, ...]] = {
    "untrusted": get_args(Policy),
    "trust": get_args(TrustIn),
    "name": get_args(NameSent),
    "lowest": get_args(Version),
    "highest": get_args(Version),
    "identity": get_args(Shown),
    "ask_client": get_args(AskClient),
}
"""What each field of choice may be; the others are text, and `is_on` is a flag."""


class Certificates(Protocol):
    """What the Lab gives, as PEM; see lab.supervisor.LabAuthority."""

    @property
    def certificate(self) -> bytes: ...
    @property
    def client_certificate(self) -> bytes: ...
    @property
    def client_key(self) -> bytes: ...
    @property
    def server_certificate(self) -> bytes: ...
    @property
    def server_key(self) -> bytes: ...


Ask = Callable[[], Awaitable[Certificates]]
"""Asks the Lab; it is started for the answer."""


class Protection(NamedTuple):
    """TLS made ready. options: as OpenSSL got them; secure: what puts a stream under it."""

    options: TlsOptions
    secure: "Secure"


class Prepared(NamedTuple):
    """TLS as it was asked for, read and checked. What the Lab gives is still missing, and had when it is needed."""

    role: Role
    options: TlsOptions
    trusts_lab: bool
    shows_lab: bool

    async def completed(self, lab: Ask | None) -> TlsOptions:
        """The options with what the Lab gives.

        Raises: FieldMistake: there is no Lab; LocalFault, LinkLost: it can't be started.
        """
        options = self.options
        if not (self.trusts_lab or self.shows_lab):
            return options
        if lab is None:
            raise mistake_in("trust", "there is no Lab here that could give a certificate")
        given = await lab()
        if self.trusts_lab:
            options = options._replace(trust=Trust(False, given.certificate))
        if self.shows_lab and self.role == "server":
            options = options._replace(identity=Identity(given.server_certificate, given.server_key))
        elif self.shows_lab:
            options = options._replace(identity=Identity(given.client_certificate, given.client_key))
        return options

    async def protection(self, lab: Ask | None) -> Protection:
        """Ready for any number of streams. Raises: as `completed`; LocalMisuse: OpenSSL refuses it."""
        options = await self.completed(lab)
        return Protection(options, await in_thread(_securing, options, self.role))


async def protection(form: TlsForm, target: Target, role: Role, lab: Ask | None) -> Protection:
    """Make ready what the form asks for, without keeping a window waiting.

    Args:
        target: whose host is the name to send and to expect.
        role: "server" for a listener.
        lab: where its certificates come from; None where there is no Lab.

    Raises: as `prepare` and Prepared.protection.
    """
    prepared = await in_thread(prepare, form, target, role)
    return await prepared.protection(lab)


def prepare(form: TlsForm, target: Target, role: Role) -> Prepared:
    """Read and check what the form asks for; reads files and imports OpenSSL, which takes its time.

    Raises: FieldMistake: something makes no sense, or OpenSSL refuses it; FieldFault: a file can't be read.
    """
    is_server = role == "server"
    if is_server and form.identity == "none":
        raise mistake_in(
            "identity",
            "a TLS server needs a certificate and its key",
            advice="take the Lab's, or one of a file",
        )
    options = _options(form, target, is_server)
    _try_each(options)
    return Prepared(role, options, _trusts_lab(form, target, is_server), form.identity == "lab")


def _judges(form: TlsForm, is_server: bool) -> bool:
    """Whether anybody's certificate is looked at: a server need not ask for one."""
    return not is_server or form.ask_client != "no"


def _trusts_lab(form: TlsForm, target: Target, is_server: bool) -> bool:
    if not _judges(form, is_server):
        return False
    if form.trust != "auto":
        return form.trust == "lab"
    # Who shows the Lab's certificate to clients wants to meet the Lab's clients.
    return form.identity == "lab" if is_server else target.is_lab


def _options(form: TlsForm, target: Target, is_server: bool) -> TlsOptions:
    if not _judges(form, is_server) or _trusts_lab(form, target, is_server):
        trust = Trust(False)
    elif form.trust == "file":
        trust = Trust(False, read_file("trust_file", form.trust_file))
    else:
        trust = Trust()
    name, is_other = form.sni.strip(), form.name == "other"
    if is_other and not name and not is_server:
        raise mistake_in("sni", "the name is missing")
    return TlsOptions(
        server_name="" if is_server else name if is_other else target.server_name,
        sni=None if is_server else {"target": None, "none": "", "other": name}[form.name],
        alpn=_alpn(form.alpn),
        min_version=form.lowest,
        max_version=_highest(form),
        identity=_identity(form),
        ask_client=form.ask_client if is_server else "no",
        trust=trust,
        untrusted=form.untrusted,
    )


def _alpn(text: str) -> tuple[str, ...]:
    names = tuple(word.strip() for word in text.split(",") if word.strip())
    place = 0
    for name in names:
        place = text.index(name, place)
        if len(name.encode("utf-8", "replace")) > 255:
            what = "the name of a protocol has 1 to 255 octets, RFC 7301 section 3.1"
            raise in_field("alpn", LocalMisuse(what, text=text, start=place, end=place + len(name)))
        place += len(name)
    return names


def _highest(form: TlsForm) -> Version:
    if form.lowest and form.highest and form.highest < form.lowest:
        raise mistake_in(
            "highest", f"the highest version, {form.highest}, is below the lowest, {form.lowest}"
        )
    return form.highest


def _identity(form: TlsForm) -> Identity | None:
    if form.identity != "file":
        return None
    chain = read_file("certificate", form.certificate)
    return Identity(chain, read_file("key", form.key) if form.key.strip() else chain)


def _try_each(options: TlsOptions) -> None:
    """Have OpenSSL take each doubtful part alone, so that a mistake can be put where it was made.

    As a client in any case: it takes the same parts, and a server is nothing before the Lab gave its certificate.
    """
    from workbench.wire.tls.setup import client_setup

    bare = TlsOptions(trust=Trust(False))
    for field, part in (
        ("certificate", bare._replace(identity=options.identity)),
        ("sni", bare._replace(server_name=options.server_name, sni=options.sni)),
        ("alpn", bare._replace(alpn=options.alpn)),
        ("lowest", bare._replace(min_version=options.min_version, max_version=options.max_version)),
        ("trust_file", bare._replace(trust=options.trust._replace(system=False))),
    ):
        try:
            if part != bare:
                client_setup(part)
        except LocalMisuse as mistake:
            raise in_field(field, mistake) from mistake


def _securing(options: TlsOptions, role: Role) -> "Secure":
    from workbench.wire.tls.handshake import start_tls
    from workbench.wire.tls.setup import client_setup, server_setup

    setup = (server_setup if role == "server" else client_setup)(options)

    async def secure(stream: "Stream", timeout_s: float) -> "Stream":
        return await start_tls(stream, setup, timeout_s=timeout_s)

    return secure
