"""The protocols that change over to TLS, and how the asking can end."""

from typing import Final, Literal, NamedTuple

Outcome = Literal["accepted", "refused", "missing"]
"""accepted: the handshake may begin. refused: the server said no. missing: it offers none, so it was not asked."""


class Protocol(NamedTuple):
    """One protocol.

    name: as on the command line; it is openssl's too. asks: what is said last before the handshake, for people.
    greets: whether the server speaks first. source: the document and section.
    """

    name: str
    title: str
    port: int
    asks: str
    greets: bool
    source: str


PROTOCOLS: Final = (
    Protocol("smtp", "SMTP", 25, "STARTTLS", True, "RFC 3207 section 4"),
    Protocol("imap", "IMAP", 143, "STARTTLS", True, "RFC 9051 section 6.2.1"),
    Protocol("pop3", "POP3", 110, "STLS", True, "RFC 2595 section 4"),
    Protocol("ftp", "FTP", 21, "AUTH TLS", True, "RFC 4217 section 4"),
    Protocol("xmpp", "XMPP", 5222, "<starttls/>", False, "RFC 6120 section 5.4"),
    Protocol("ldap", "LDAP", 389, "StartTLS (1.3.6.1.4.1.1466.20037)", False, "RFC 4511 section 4.14"),
    Protocol("postgres", "PostgreSQL", 5432, "SSLRequest", False, "PostgreSQL manual, protocol flow"),
)
BY_NAME: Final = {protocol.name: protocol for protocol in PROTOCOLS}
