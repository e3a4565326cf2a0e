"""SMTP (RFC 5321) as one who submits a letter: with AUTH (4954), STARTTLS (3207), SIZE (1870), 8BITMIME (6152),
SMTPUTF8 (6531) and enhanced status codes (2034, 3463).

Left out here: pipelining, chunking (BDAT), delivery reports (DSN), and being a server.
"""
