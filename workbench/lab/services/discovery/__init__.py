"""Machines in groups on the loopback interface: what mDNS and SSDP find there, and one that lies."""
