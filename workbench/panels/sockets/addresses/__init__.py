"""The page of ports and addresses: what names and numbers mean, where packets go, who reaches a port, what carries it.

Eight sheets of one shape, a question above and a verdict with its evidence below. Nothing is asked of anybody before a
person asks.
"""
