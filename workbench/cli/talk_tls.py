"""The TLS that a command line of `socket talk` asks for: read and checked first, done when the stream is there."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from workbench.cli.arguments import Argument, Parsed
from workbench.errors import LocalMisuse
from workbench.formats.target import Target

# OpenSSL costs 40 ms at the start: whoever talks in clear waits neither for it nor for what leads to it.
if TYPE_CHECKING:
    from workbench.lab.supervisor import LabAuthority
    from workbench.protocols.raw.protection import Prepared
    from workbench.protocols.raw.talk import Secure
    from workbench.wire.stream import Stream
    from workbench.wire.tls.values import Role

LAB = "lab"


def _protocol(text: str) -> str:
    from workbench.protocols.starttls.machine import dialogue

    return dialogue(text).protocol.name


KEY = Argument("--key", "the key that belongs to --cert (PEM), where that file does not hold it", "FILE")
TLS_ARGUMENTS = (
    Argument("--tls", "under TLS; the certificate is judged, and one that is not trusted ends it"),
    Argument(
        "--starttls",
        "begin in clear, ask for TLS as PROTO does, and go on under it: smtp, imap, pop3, ftp, xmpp, ldap, postgres",
        "PROTO",
        _protocol,
    ),
    Argument("--ca", "believe the authorities of FILE (PEM), or the Lab's, and no others", "FILE|lab"),
    Argument("--sni", "the server's name, to send and to expect (the target's host); '' sends none", "NAME"),
    Argument("--alpn", "protocols to offer, with commas between them", "NAMES"),
    Argument("--cert", "show this certificate (PEM), or one that the Lab vouches for", "FILE|lab"),
    KEY,
    Argument("--show-untrusted", "go on with a certificate that is not trusted; the verdict is told"),
)
OPTIONS = {
    "trust": "--ca",
    "trust_file": "--ca",
    "sni": "--sni",
    "alpn": "--alpn",
    "identity": "--cert",
    "certificate": "--cert",
    "key": "--key",
}
"""By field of the form: where it is filled from."""


def read_tls(parsed: Parsed, target: Target, *, is_udp: bool) -> "Prepared | None":
    """The TLS asked for; None where none is.

    Raises: LocalMisuse: options that make no sense together, or that OpenSSL refuses; LocalFault: a file can't be read.
    """
    if parsed["--starttls"] is not None:
        if is_udp or parsed.flag("--tls"):
            other = "--udp has no stream" if is_udp else "--tls begins with TLS"
            raise LocalMisuse(f"--starttls begins in clear, and {other}", advice="leave one of them out")
    elif not wants_tls(parsed, (argument.name for argument in TLS_ARGUMENTS), is_udp=is_udp):
        return None
    return prepared_client(parsed, target)


def read_stream_tls(
    parsed: Parsed, target: Target, arguments: Iterable[Argument], *, is_udp: bool
) -> "Prepared | None":
    """As read_tls, of a verb that has these arguments and begins with TLS or has none."""
    wanted = wants_tls(parsed, (argument.name for argument in arguments), is_udp=is_udp)
    return prepared_client(parsed, target) if wanted else None


def prepared_client(parsed: Parsed, target: Target) -> "Prepared":
    """A client's TLS. Raises: as read_tls."""
    sni = parsed["--sni"]
    name = "target" if sni is None else "other" if sni else "none"
    return prepared(parsed, target, "client", OPTIONS, name=name)


def securing(asked: "Prepared", authority: "Callable[[], Awaitable[LabAuthority]]") -> "Secure":
    """What puts a connected stream under the TLS that was asked for."""

    async def secure(stream: "Stream", timeout_s: float) -> "Stream":
        protection = await asked.protection(authority)
        return await protection.secure(stream, timeout_s)

    return secure


def wants_tls(parsed: Parsed, options: Iterable[str], *, is_udp: bool) -> bool:
    """Whether there is to be TLS. Raises: LocalMisuse: there is none, but one of its options; or there is no stream."""
    if not parsed.flag("--tls"):
        for name in options:
            if parsed[name] not in (None, False):
                raise LocalMisuse(f"{name} says how TLS is done, and there is none", advice="add --tls")
        return False
    if is_udp:
        raise LocalMisuse("TLS needs a stream, and --udp has none", advice="leave one of them out")
    return True


def prepared(
    parsed: Parsed, target: Target, role: "Role", options: Mapping[str, str], **fields: Any
) -> "Prepared":
    """What the options say, read and checked.

    Args:
        options: by field of the form, those that this verb has.
        fields: of the form, for what is no text.

    Raises: as read_tls.
    """
    from workbench.cli.fields import named_by_options, texts
    from workbench.protocols.raw.protection import TlsForm, prepare

    given: dict[str, Any] = texts(parsed, options, may_be_empty=("sni", "alpn"))
    if given.get("key") and given["identity"] in ("", LAB):
        raise LocalMisuse(
            "--key without the certificate it belongs to",
            advice="leave it out: the Lab's brings its own" if given["identity"] else "add --cert FILE",
        )
    for field, default in (("trust", "auto"), ("identity", "none")):
        if (text := given.get(field)) != LAB:
            given[field] = "file" if text else default
    given["untrusted"] = "show" if parsed.flag("--show-untrusted") else "stop"
    with named_by_options(parsed, options):
        return prepare(TlsForm(True, **given, **fields), target, role)
