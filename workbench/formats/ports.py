"""The few well-known ports that an address may leave out or call by name.

An extract of the IANA registry (Service Name and Transport Protocol Port Number Registry), kept to what this
workbench speaks or teaches; the operating system's own table may be missing in a slim container.
"""

from collections.abc import Mapping
from typing import Final

MIN_PORT: Final = 1
MAX_PORT: Final = 65535
"""A port is a 16-bit number in TCP and UDP headers (RFC 9293 section 3.1, RFC 768); 0 is no port."""

SCHEME_PORTS: Final[Mapping[str, int]] = {
    "dns": 53,
    "ftp": 21,
    "ftps": 990,
    "gopher": 70,
    "http": 80,
    "https": 443,
    "imap": 143,
    "imaps": 993,
    "irc": 6667,
    "ldap": 389,
    "ldaps": 636,
    "mysql": 3306,
    "nntp": 119,
    "pop": 110,
    "pop3": 110,
    "pop3s": 995,
    "postgres": 5432,
    "postgresql": 5432,
    "sftp": 22,
    "smtp": 25,
    "smtps": 465,
    "ssh": 22,
    "submission": 587,
    "telnet": 23,
    "whois": 43,
    "ws": 80,
    "wss": 443,
}
"""The port that SCHEME://HOST means when it names none."""

SERVICE_PORTS: Final[Mapping[str, int]] = {
    **SCHEME_PORTS,
    "chargen": 19,
    "daytime": 13,
    "dict": 2628,
    "discard": 9,
    "domain": 53,
    "echo": 7,
    "finger": 79,
    "imap2": 143,
    "ntp": 123,
    "pop-3": 110,
    "qotd": 17,
    "smtp-submission": 587,
    "submissions": 465,
    "time": 37,
}
"""Numbers offered to a person who typed a service's name where a port belongs."""
