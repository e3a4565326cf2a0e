"""Files: a server's folders by FTP, and what goes to and fro.

A person connects, looks into folders, downloads, uploads, renames and deletes; commands go over one lane of the
conversation, each listing and each file over one of its own.
"""
