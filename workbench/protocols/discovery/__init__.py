"""Who is there? Discovery by groups: mDNS with DNS-SD (RFC 6762, RFC 6763), SSDP (UPnP Device Architecture 2.0), and
plain text to a group of one's own.

Left out here: probing for a name and defending it (RFC 6762 sections 8 and 9: what is announced is announced without
asking), DNSSEC records, UPnP's descriptions behind LOCATION (the Web panel opens them) and its control and events.
"""
