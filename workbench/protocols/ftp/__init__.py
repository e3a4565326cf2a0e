"""FTP (RFC 959) with extended passive mode (RFC 2428), machine listings and restarts (RFC 3659) and TLS (RFC 4217).

Left out here: active mode (PORT, EPRT), text transfers (TYPE A is used for listings alone), records and pages, server
to server. Names are octets; they are shown as UTF-8 (RFC 2640) where they are.
"""
