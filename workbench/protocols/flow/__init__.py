"""Where octets are between two programs, which waits stop them, and what waiting costs.

RFC 9293 sections 3.8.6 and 3.9.1; the figures are Linux's (tcp(7), proc(5)). What another system, or the other end of
a connection that we do not hold, does not tell stays None.
"""
