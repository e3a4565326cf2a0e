"""TLS in the middle of a conversation: what each protocol says in clear before the handshake may begin.

SMTP (RFC 3207), IMAP (RFC 9051 section 6.2.1), POP3 (RFC 2595 section 4), FTP (RFC 4217), XMPP (RFC 6120 section 5),
LDAP (RFC 4511 section 4.14) and PostgreSQL (its manual, "SSL Session Encryption"). Left out: the login that follows,
and everything else of these protocols; a server's side.
"""
