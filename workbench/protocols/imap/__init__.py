"""IMAP4rev1 (RFC 3501, as RFC 9051 words it today) as one who reads: folders, lists of letters, letters.

A folder is opened by EXAMINE and letters are fetched by BODY.PEEK: nothing changes at the server. Left out here: what
changes a mailbox (STORE, APPEND, COPY, EXPUNGE), searching, IDLE.
"""
