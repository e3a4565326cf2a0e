"""The way to a host, hop by hop, as traceroute and mtr show it, without being root.

RFC 791 (time to live), RFC 792 and RFC 4443 (the routers' answers). Probes are UDP datagrams to ports where hardly
anybody listens; ICMP and TCP probes need root and are left out.
"""
