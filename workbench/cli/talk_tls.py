"""The TLS that a command line of `socket talk` asks for: read and checked first, done when the stream is there."""

from typing import TYPE_CHECKING, NamedTuple

from workbench.cli.arguments import Argument, Parsed
from workbench.errors import LocalFault, LocalMisuse
from workbench.formats.target import Target
from workbench.wire.tls.values import Identity, TlsOptions, Trust

if TYPE_CHECKING:
    from workbench.cli.conversation import Conversation
    from workbench.wire.stream import Stream

LAB = "lab"
LAB_HOST = "localhost"
"""The name by which the Lab's servers are known to their certificates."""
MAX_FILE = 4 * 1024 * 1024
"""Octets of a file of certificates: the whole of a system's store is a tenth of it."""

TLS_ARGUMENTS = (
    Argument("--tls", "under TLS; the certificate is judged, and one that is not trusted ends it"),
    Argument("--ca", "believe the authorities of FILE (PEM), or the Lab's, and no others", "FILE|lab"),
    Argument("--sni", "the server's name, to send and to expect (the target's host); '' sends none", "NAME"),
    Argument("--alpn", "protocols to offer, with commas between them", "NAMES"),
    Argument("--cert", "show this certificate (PEM), or one that the Lab vouches for", "FILE|lab"),
    Argument("--key", "the key that belongs to --cert (PEM), where that file does not hold it", "FILE"),
    Argument("--show-untrusted", "go on with a certificate that is not trusted; the verdict is told"),
)
_ONLY_WITH_TLS = ("--ca", "--sni", "--alpn", "--cert", "--key", "--show-untrusted")


class TlsWish(NamedTuple):
    """What is wanted. lab_trust, lab_identity: to be had from the Lab when it is there."""

    options: TlsOptions
    lab_trust: bool
    lab_identity: bool

    async def secured(self, stream: "Stream", conversation: "Conversation", timeout_s: float) -> "Stream":
        """The stream under TLS. Raises: as start_tls and client_setup; LocalFault, LinkLost of the Lab."""
        options = self.options
        if self.lab_trust or self.lab_identity:
            authority = await conversation.lab_authority()
            if self.lab_trust:
                options = options._replace(trust=Trust(False, authority.certificate))
            if self.lab_identity:
                options = options._replace(
                    identity=Identity(authority.client_certificate, authority.client_key)
                )
        # OpenSSL costs 40 ms at the start: whoever talks in clear does not wait for it.
        from workbench.wire.tls.handshake import start_tls
        from workbench.wire.tls.setup import client_setup

        return await start_tls(stream, client_setup(options), timeout_s=timeout_s)


def read_tls(parsed: Parsed, target: Target, *, is_udp: bool) -> TlsWish | None:
    """The TLS asked for; None where none is.

    Raises: LocalMisuse: options that make no sense together, or that OpenSSL refuses; LocalFault: a file can't be read.
    """
    if not parsed.flag("--tls"):
        for name in _ONLY_WITH_TLS:
            if parsed[name] not in (None, False):
                raise LocalMisuse(f"{name} says how TLS is done, and there is none", advice="add --tls")
        return None
    if is_udp:
        raise LocalMisuse("TLS needs a stream, and --udp has none", advice="leave one of them out")
    authority, certificate, key = parsed["--ca"], parsed["--cert"], parsed["--key"]
    if key is not None and certificate is None:
        raise LocalMisuse("--key without the certificate it belongs to", advice="add --cert FILE")
    lab_trust = authority == LAB or (authority is None and target.is_lab)
    options = TlsOptions(
        server_name=parsed["--sni"] or (LAB_HOST if target.is_lab else target.host),
        sni=parsed["--sni"],
        alpn=tuple(word.strip() for word in (parsed["--alpn"] or "").split(",") if word.strip()),
        identity=_identity(certificate, key),
        trust=Trust(
            authority is None and not lab_trust, b"" if lab_trust or not authority else _file(authority)
        ),
        untrusted="show" if parsed.flag("--show-untrusted") else "stop",
    )
    from workbench.wire.tls.setup import client_setup

    client_setup(options)
    return TlsWish(options, lab_trust, certificate == LAB)


def _identity(certificate: str | None, key: str | None) -> Identity | None:
    if certificate is None or certificate == LAB:
        return None
    chain = _file(certificate)
    return Identity(chain, chain if key is None else _file(key))


def _file(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError as error:
        raise LocalFault(f"{path} can't be read: {error.strerror}", stage="input") from error
    except ValueError as error:
        raise LocalMisuse(f"{path!r} is no name of a file", text=path, start=0, end=len(path)) from error
    if len(data) > MAX_FILE:
        raise LocalMisuse(f"{path} is too large to be certificates", text=path, start=0, end=len(path))
    return data
