"""XML-RPC: calls and answers as XML over HTTP (the specification of 1999, with nil, i8 and introspection as they grew).

The conversation is HTTP's, and so is its machine: this is the one protocol that stands on another of this house. What
is ours: values and their types, the codec, introspection, faults. Left out: Apache's ex: types but for nil and i8, and
asynchronous servers' own extensions.
"""
