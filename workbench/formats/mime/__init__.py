"""Letters: octets to a MIME tree and back (RFC 5322, 2045 to 2047, 2231, 6532; mbox as RFC 4155 has it).

Strategy. A letter is never rejected: whatever the octets are there is a tree, whose parts, headers and boundaries know
where they stand in them, and a list of defects, each with its place and what was done about it. Nothing is decoded
before it is asked for. The tree is a flat list of parts that name their parents, so that no letter is too deep for it.
Work that grows with the letter is a generator that pauses every few milliseconds (`pauses`): the window drives it in
slices, everybody else through to its end.
"""
