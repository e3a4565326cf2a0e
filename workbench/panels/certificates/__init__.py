"""Certificates: of a server or a file, every field beside its octets, and whether they count.

A person looks at a server or opens a file; the chain stands at the left as it was sent and as it was built, the fields
at the right with the octets below them, and one sentence says whether it is accepted, or why it is refused.
"""
