"""POP3 (RFC 1939) with CAPA (2449), STLS (2595) and APOP, as one who reads: nothing is ever deleted.

Left out here: DELE, AUTH (RFC 5034) and pipelining.
"""
