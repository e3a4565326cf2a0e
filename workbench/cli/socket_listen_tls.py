"""`socket listen --tls`: the TLS of a server by hand, and what is told of every client's handshake."""

from typing import TYPE_CHECKING

from workbench.cli.arguments import Argument, Parsed
from workbench.cli.talk_tls import KEY, OPTIONS, prepared, wants_tls
from workbench.errors import LocalMisuse

if TYPE_CHECKING:
    from workbench.protocols.raw.protection import Prepared, Protection

HANDSHAKE_WITHIN_S = 10.0
"""A client that says nothing must not keep its place for ever; the Lab's servers wait as long."""

LISTEN_TLS_ARGUMENTS = (
    Argument("--tls", "under TLS; a client that speaks none is told of, and the next one is served"),
    Argument("--cert", "of --tls: show this certificate (PEM), or one of the Lab's", "FILE|lab"),
    KEY,
    Argument(
        "--client-ca",
        "demand a certificate of every client that the authorities of FILE (PEM), or the Lab's, vouch for",
        "FILE|lab",
    ),
    Argument("--show-untrusted", "of --client-ca: serve clients all the same; the verdict is told"),
    Argument("--alpn", "protocols to agree on, with commas between them, the best one first", "NAMES"),
)
_LISTEN_OPTIONS = {
    **{field: option for field, option in OPTIONS.items() if field != "sni"},
    "trust": "--client-ca",
    "trust_file": "--client-ca",
}


def read_listen_tls(parsed: Parsed, *, is_udp: bool) -> "Prepared | None":
    """The TLS asked for; None where none is.

    Raises: LocalMisuse: options that make no sense together, or that OpenSSL refuses; LocalFault: a file can't be read.
    """
    if not wants_tls(parsed, (argument.name for argument in LISTEN_TLS_ARGUMENTS), is_udp=is_udp):
        return None
    clients, shows = parsed["--client-ca"], parsed.flag("--show-untrusted")
    if shows and clients is None:
        raise LocalMisuse(
            "--show-untrusted is about clients' certificates", advice="add --client-ca FILE|lab"
        )
    demand = "no" if clients is None else "ask" if shows else "require"
    return prepared(parsed, parsed["ADDRESS"], "server", _LISTEN_OPTIONS, ask_client=demand)


def listening_tls(protection: "Protection") -> dict[str, object]:
    """What the first document says of TLS: what clients will be shown, and asked for."""
    from workbench.wire.tls.certificate import certificate_value
    from workbench.wire.tls.setup import pem_certificates

    options = protection.options
    shown = options.identity.chain if options.identity is not None else b""
    return {
        "certificate": certificate_value(pem_certificates(shown)[0]).as_dict(),
        "alpn": list(options.alpn),
        "client_certificate": options.ask_client,
    }
