"""Options checked once and made into OpenSSL's context; every connection of a client or a server shares it.

Sessions belong to a setup: OpenSSL resumes them only within the context that made them, and their tickets too.
"""

from collections.abc import Sequence
from ipaddress import ip_address

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from OpenSSL import SSL, crypto
from OpenSSL._util import lib

from workbench.errors import LocalMisuse
from workbench.wire.tls.failure import reason_of
from workbench.wire.tls.names import dns_form, is_address
from workbench.wire.tls.values import Identity, Role, TlsOptions, Trust
from workbench.wire.tls.watch import Watch

_VERSIONS = {
    "": 0,
    "1.0": SSL.TLS1_VERSION,
    "1.1": SSL.TLS1_1_VERSION,
    "1.2": SSL.TLS1_2_VERSION,
    "1.3": SSL.TLS1_3_VERSION,
}
_OLD = ("1.0", "1.1")
_OLD_CIPHERS = "DEFAULT:@SECLEVEL=0"
"""TLS 1.0 and 1.1 sign with SHA-1, which OpenSSL 3 allows at this level only."""
_SESSION_ID = b"workbench"
_KEYS = (
    dsa.DSAPrivateKey,
    ec.EllipticCurvePrivateKey,
    ed25519.Ed25519PrivateKey,
    ed448.Ed448PrivateKey,
    rsa.RSAPrivateKey,
)
_NO_PARTIAL_WILDCARDS = 0x4
_NEVER_CHECK_SUBJECT = 0x20
"""X509_CHECK_FLAG_...: RFC 9525 section 6 knows neither parts of labels nor the common name."""


class TlsSetup:
    """One side's TLS, ready for any number of connections. Made by client_setup and server_setup."""

    def __init__(self, role: Role, options: TlsOptions, context: SSL.Context) -> None:
        self.role: Role = role
        self.options = options
        self.context = context


def client_setup(options: TlsOptions) -> TlsSetup:
    """Make ready to be a client.

    Raises: LocalMisuse: an option that OpenSSL refuses, with the reason (stage "tls").
    """
    context = _context("client", options)
    # Both names are read here, so that a wrong one is our mistake and no failed handshake.
    sni_of(options._replace(sni=None))
    sni_of(options)
    if options.alpn:
        context.set_alpn_protos(_alpn(options.alpn))
    return TlsSetup("client", options, context)


def server_setup(options: TlsOptions) -> TlsSetup:
    """Make ready to be a server.

    Raises: LocalMisuse: no identity, or an option that OpenSSL refuses (stage "tls").
    """
    if options.identity is None:
        raise _misuse("a TLS server needs a certificate and its key")
    context = _context("server", options)
    context.set_session_id(_SESSION_ID)
    if options.alpn:
        ours = _alpn(options.alpn)

        def choose(_connection: SSL.Connection, offered: list[bytes]) -> bytes | SSL._NoOverlappingProtocols:
            return next((p for p in ours if p in offered), SSL.NO_OVERLAPPING_PROTOCOLS)

        context.set_alpn_select_callback(choose)
    return TlsSetup("server", options, context)


def sni_of(options: TlsOptions) -> str:
    """The name that a client sends; "" for none."""
    if options.sni is not None:
        # Who writes an address here wants to see what the server makes of it.
        return options.sni if not options.sni or is_address(options.sni) else dns_form(options.sni)
    if not options.server_name or is_address(options.server_name):
        return ""
    return dns_form(options.server_name)


def expect_name(connection: SSL.Connection, name: str) -> None:
    """Have OpenSSL compare the name itself, so that the alert the peer gets says what is wrong."""
    # pyOpenSSL has no public way to a connection's verification parameters.
    parameters = lib.SSL_get0_param(connection._ssl)
    if is_address(name):
        packed = ip_address(name).packed
        lib.X509_VERIFY_PARAM_set1_ip(parameters, packed, len(packed))
    else:
        text = dns_form(name).encode()
        lib.X509_VERIFY_PARAM_set_hostflags(parameters, _NO_PARTIAL_WILDCARDS | _NEVER_CHECK_SUBJECT)
        lib.X509_VERIFY_PARAM_set1_host(parameters, text, len(text))


def _context(role: Role, options: TlsOptions) -> SSL.Context:
    context = SSL.Context(SSL.TLS_CLIENT_METHOD if role == "client" else SSL.TLS_SERVER_METHOD)
    # A peer that renegotiates in a loop costs us much and itself little; TLS 1.3 has no renegotiation at all.
    context.set_options(SSL.OP_NO_RENEGOTIATION)
    try:
        for version, bound in (
            (options.min_version, context.set_min_proto_version),
            (options.max_version, context.set_max_proto_version),
        ):
            if version:
                bound(_VERSIONS[version])
        is_old = options.max_version in _OLD or options.min_version in _OLD
        if options.ciphers or is_old:
            context.set_cipher_list((options.ciphers or _OLD_CIPHERS).encode())
    except (SSL.Error, KeyError, UnicodeEncodeError) as error:
        raise _misuse(f"OpenSSL does not take these versions or ciphers{_reason(error)}") from error
    if options.identity is not None:
        _show(context, options.identity)
    _believe(context, options.trust)
    context.set_info_callback(_on_info)
    context.set_keylog_callback(_on_key)
    return context


def _show(context: SSL.Context, identity: Identity) -> None:
    try:
        chain = [certificate.to_cryptography() for certificate in pem_certificates(identity.chain)]
        context.use_certificate(chain[0])
        for certificate in chain[1:]:
            context.add_extra_chain_cert(certificate)
        key = load_pem_private_key(identity.key, None)
        if not isinstance(key, _KEYS):
            raise ValueError("TLS has no use for such a key")
        context.use_privatekey(key)
        context.check_privatekey()
    except (SSL.Error, UnsupportedAlgorithm, ValueError, TypeError) as error:
        # Of a key with a password the library says so in its TypeError.
        words = _reason(error) or f": {error}"
        raise _misuse(f"this certificate and key can't be used together{words}") from error


def _believe(context: SSL.Context, trust: Trust) -> None:
    if trust.system:
        context.set_default_verify_paths()
    store = context.get_cert_store()
    if trust.certificates and store is not None:
        for certificate in pem_certificates(trust.certificates):
            store.add_cert(certificate)


def pem_certificates(data: bytes) -> list[crypto.X509]:
    """The certificates of a PEM text, at least one.

    Raises: LocalMisuse: there is none, or one can't be read.
    """
    marker = b"-----BEGIN CERTIFICATE-----"
    found = [marker + block for block in data.split(marker)[1:]]
    if not found:
        raise _misuse("there is no certificate in it: PEM begins with -----BEGIN CERTIFICATE-----")
    try:
        return [crypto.load_certificate(crypto.FILETYPE_PEM, block) for block in found]
    except crypto.Error as error:
        raise _misuse(f"a certificate can't be read{_reason(error)}") from error


def _alpn(protocols: Sequence[str]) -> list[bytes]:
    try:
        encoded = [protocol.encode() for protocol in protocols]
    except UnicodeEncodeError as error:
        raise _misuse("the name of a protocol (ALPN) is written in characters, not in half of one") from error
    if not all(0 < len(protocol) < 256 for protocol in encoded):
        raise _misuse("the name of a protocol (ALPN) has 1 to 255 octets, RFC 7301 section 3.1")
    return encoded


def _misuse(what: str) -> LocalMisuse:
    return LocalMisuse(what, stage="tls")


def _reason(error: BaseException) -> str:
    words = reason_of(error)
    return f": {words}" if words else ""


def _on_info(connection: SSL.Connection, where: int, value: int) -> None:
    watch = connection.get_app_data()
    if where & SSL.SSL_CB_ALERT and isinstance(watch, Watch):
        watch.on_alert("peer" if where & SSL.SSL_CB_READ else "us", value >> 8, value & 0xFF)


def _on_key(connection: SSL.Connection, line: bytes) -> None:
    watch = connection.get_app_data()
    if isinstance(watch, Watch):
        watch.on_key(line)
