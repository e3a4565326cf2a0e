"""TLS over any stream of ours, client and server: OpenSSL does the cryptography, our wire moves and records the octets.

Strategy. OpenSSL works on memory buffers, so the record octets pass through the plain stream below and are recorded
there as ever (its channel's own layer); the plaintext is recorded beside them as layer "tls" of the same channel.
Certificates are always judged, whatever the policy: "stop" ends the handshake with the fitting alert, "show" goes on
and the verdict stands in the Handshake. Nothing here is imported before TLS is asked for: OpenSSL costs 40 ms.
RFC 8446 (TLS 1.3), RFC 5246 (1.2), RFC 5280 (certificates), RFC 9525 (names), RFC 7301 (ALPN), RFC 6066 (SNI).
"""
