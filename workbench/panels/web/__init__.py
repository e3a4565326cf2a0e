"""Web: requests by hand, what came back looked into, and calls of procedures.

Each is a page of its own behind small tabs; the pages hand documents to each other through the frame that holds them.
"""
