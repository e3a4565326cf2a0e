"""Sockets: TCP and UDP by hand, as client and as listener, several at once.

A person connects or listens, sends octets, finishes or resets, and sees who closed and how. There is no protocol in
between: the person is the protocol.
"""
