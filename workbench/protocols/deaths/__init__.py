"""Who notices first: each way in which a peer goes away, met by each call, on real connections to a real process.

RFC 9293 sections 3.6, 3.5.3, 3.8.3 and 3.8.4, RFC 5482; the symbols are the system's (tcp(7), poll(2)). Findings carry
the system they were made on, and columns of several machines stand side by side.
"""
