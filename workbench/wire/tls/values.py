"""What TLS is asked for, and what a handshake came to. Values only: OpenSSL is not needed to name them."""

from typing import Literal, NamedTuple

Version = Literal["", "1.0", "1.1", "1.2", "1.3"]
Policy = Literal["stop", "show"]
Role = Literal["client", "server"]
AskClient = Literal["no", "ask", "require"]

LAYER = "tls"
"""The layer of the transcript that holds the plaintext."""
UNTRUSTED_ADVICE = "go on and show the verdict, or believe another authority"
"""At a certificate that is not trusted; each face adds where a person says so."""


class Trust(NamedTuple):
    """Whose certificates are believed. system: this machine's store; certificates: more of them, as PEM."""

    system: bool = True
    certificates: bytes = b""


class Identity(NamedTuple):
    """A certificate to show, with those that lead to its root behind it, and its key; both as PEM."""

    chain: bytes
    key: bytes


class TlsOptions(NamedTuple):
    """What TLS is to do.

    server_name: whom a client expects: a DNS name or an IP address, checked against the certificate; "" checks none.
    sni: the name to send; None: server_name where it is a DNS name (RFC 6066 section 3 knows no addresses).
    alpn: protocols in order of preference. min_version, max_version: "" is OpenSSL's own bound.
    ciphers: OpenSSL's cipher list for TLS 1.2 and below; "" is its default.
    identity: what we show; a server needs one. ask_client: of a server: whether it wants to see the client's.
    untrusted: "stop" ends the handshake at a certificate that is not trusted, "show" goes on and tells.
    """

    server_name: str = ""
    sni: str | None = None
    alpn: tuple[str, ...] = ()
    min_version: Version = ""
    max_version: Version = ""
    ciphers: str = ""
    identity: Identity | None = None
    ask_client: AskClient = "no"
    trust: Trust = Trust()
    untrusted: Policy = "stop"


class Certificate(NamedTuple):
    """One certificate for people; der holds all of it. Fields that can't be read are "", and fault says why.

    serial: hexadecimal; not_before, not_after: ISO 8601, UTC; names: subject alternative names as "DNS:...", "IP:...".
    """

    subject: str
    issuer: str
    serial: str
    not_before: str
    not_after: str
    names: tuple[str, ...]
    key: str
    sha256: str
    der: bytes
    fault: str = ""

    def as_dict(self) -> dict[str, object]:
        """What JSON shows of it."""
        shown = {key: value for key, value in self._asdict().items() if key != "der"}
        shown["names"] = list(self.names)
        if not self.fault:
            del shown["fault"]
        return shown


class Decision(NamedTuple):
    """One step of the verification. depth: 0 is the peer's own certificate; code: OpenSSL's number, 0 is "fine"."""

    depth: int
    subject: str
    accepted: bool
    code: int
    sentence: str


class Verdict(NamedTuple):
    """Whether the peer is who it should be, and why not.

    trusted None: the peer showed no certificate, and need not. name_matched None: no name was expected.
    """

    trusted: bool | None
    reason: str
    name_matched: bool | None = None


class Alert(NamedTuple):
    """One alert. sender: "us" or "peer"; level: "warning" or "fatal"."""

    sender: Literal["us", "peer"]
    level: str
    number: int
    name: str


class Handshake(NamedTuple):
    """What both sides agreed, and what was seen on the way.

    version: "TLSv1.3"; cipher: OpenSSL's name; group: of the key exchange, "" where OpenSSL does not tell.
    alpn, sni: "" where none. resumed: whether an earlier session was used; its verdict and chain are carried over.
    sent: the peer's chain as it sent it; verified: as OpenSSL built it up to a root; decisions: in order.
    """

    role: Role
    version: str
    cipher: str
    bits: int
    group: str
    alpn: str
    sni: str
    resumed: bool
    sent: tuple[Certificate, ...]
    verified: tuple[Certificate, ...]
    decisions: tuple[Decision, ...]
    verdict: Verdict
