"""The Lab's name server: zones of resources/lab/zones, by UDP and TCP, and every way in which an answer can be wrong.

It speaks by dnspython's messages and zones, not by the codec of protocols.dns: each is a check of the other.
"""
