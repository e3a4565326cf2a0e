"""The page of discovery: who is there in a group, by mDNS, SSDP or plain text; and saying so oneself."""
