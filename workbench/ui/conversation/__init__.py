"""The Conversation: one dock for all panels that shows a transcript explained, as text and as octets.

What decides anything here is written without Qt: which events are shown (`rows`, `matches`, `filtering`), where the
rows of the Text form begin (`lines`), what stands in them (`cells`), what a copy holds (`copying`), how a conversation
leaves and enters (`saving`), where two of them part (`comparing`). The views paint what those say, row by row, and
keep nothing per event: a conversation of 16 million events or 1 GiB costs no memory here. `dock` puts it together.
"""
