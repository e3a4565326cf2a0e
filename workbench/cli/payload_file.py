"""`--file FILE`: a file, or standard input, as payload; the window sends in the same way."""

from workbench.protocols.raw.sent_file import MAX_DATAGRAM, PIECE, PayloadFile

__all__ = ["MAX_DATAGRAM", "PIECE", "PayloadFile"]
