"""HTML and XML: octets to a tree whose nodes know their place in the source, and searches in it. Pure.

HTML becomes the tree that the WHATWG standard builds (by lexbor), XML the one of XML 1.0 (by libxml2, with entities,
network and DTDs off). Neither library is loaded before the first document. `page` is the door: `read_page` makes a
Page, `marked` gives it the places, `query.search` finds in it; all three compute, so whoever must not wait calls them
in a worker (jobs/worker).
"""
