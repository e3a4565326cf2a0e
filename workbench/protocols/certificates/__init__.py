"""Looking at certificates: of a server, by a TLS handshake that only looks, or of a file; and judging them.

RFC 8446 (the handshake), RFC 5280 section 6 (the path), RFC 9525 (the name). OpenSSL judges; here its decisions get
their reasons, and the name is compared entry by entry. Not done: revocation (CRL, OCSP), transparency logs: every
judgement says so.
"""
