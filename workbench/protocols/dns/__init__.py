"""DNS: questions to one server, by UDP and TCP, and the check of reverse names (RFC 1034, RFC 1035, RFC 6891).

In force besides: RFC 2308 (negative answers), RFC 3596 (IPv6), RFC 3597 (unknown types), RFC 5452 (answers that don't
belong), RFC 7766 (TCP), RFC 8482 (ANY), RFC 8914 (extended errors). Left out: zone transfer, updates, validation of
signatures, TLS and HTTPS as transports. Octets become values on dnspython's messages and record data; where each field
stands in a packet is found by a walk of our own, so that the two prove each other in the tests.
"""
