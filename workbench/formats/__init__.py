"""Octets and typed text to values and back, with no conversation: no sockets, no clock, no loop.

A mistake that a person typed is a `LocalMisuse` with its place in the text; octets of a peer that break a
format are a `PeerMisbehaved`. Import the module you need: nothing is gathered here, so that a verb loads only
what it uses.
"""
