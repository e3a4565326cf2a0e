"""What was said: every octet and every fact of a conversation, append-only, searchable, exportable.

A Transcript holds channels (one per connection, socket or listener). Each event is either octets that passed in one
direction of one channel, or a fact about it (an address resolved, a connection refused, a half finished). Past a few
MiB the octets live in an unlinked file, so a long conversation costs no memory and vanishes with the process.
"""
