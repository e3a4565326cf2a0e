"""Telnet's octets (RFC 854, 855) and the negotiation of options that cannot loop (RFC 1143).

Nothing that a peer asks for is ever done by itself: commands are named and shown, and a person chooses the answers.
"""
