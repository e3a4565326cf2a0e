"""The Relay: a man in the middle on loopback, between any client and any server.

It passes everything on as it came (octets, FIN, RST), but for what its switches say: by direction and, where it
matters, by octet. `engine` is the one for TCP, `udp_engine` the one for datagrams; what happens to the octets is
decided without sockets in `pieces` and `fates`.
"""
