"""X.509 certificates to values with every field, each with its octets and its section of RFC 5280.

Strategy. Our own tolerant walker (formats/asn1) reads; `cryptography` is asked too, and what it complains about stands
beside the fields: a strict parser alone shows nothing of a certificate that is odd in one place, and those are the ones
that are looked at. Nothing here raises for what a certificate holds.
"""
