"""DNS: ask a name server anything, and check whether the name that an address claims leads back to it.

A person sees the answer as a table, field by field with the octets of each, and as bytes; what came and was not
accepted stays visible. The verdict stands on top, the evidence below it, the bytes last.
"""
