"""The page of framings: messages in, the octets on the wire, cut at will, the decoder's steps, and the messages out.

Beside it numbers in both byte orders, and structures over octets. Only sending takes time; the rest is computed.
"""
