"""WebSocket (RFC 6455), both sides: the handshake by HTTP, frames, messages, and the closing of both halves.

Left out here: extensions (permessage-deflate), which are offered to nobody.
"""
