"""A web server that tells the truth, and on request lies in every way that a client should notice (RFC 9112)."""
