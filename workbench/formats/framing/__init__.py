"""Framings: how messages are marked in a stream of octets, which by itself has none.

Each framing has an encoder (octets with their fields marked, and what to be warned of before sending) and a decoder
with a state to look at, bounded against whatever a peer sends. chop.py feeds a decoder every cut there is.
"""
