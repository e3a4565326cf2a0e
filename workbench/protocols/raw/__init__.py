"""Octets by hand: what a person sends and what comes back, with no protocol in between.

The engine of the Sockets panel and of `workbench socket`. There is no machine here: the person is the machine.
"""
