"""The page of documents: HTML and XML as a tree and as source, searched by XPath and CSS, with all that is wrong in it.

Reading and searching happen in a process of their own, so that no document and no expression stops the window.
"""
