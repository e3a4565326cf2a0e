"""One plain sentence and the section of its RFC for each command, capability and response code of POP3."""

from typing import NamedTuple


class Sentence(NamedTuple):
    """What it means, and the document that says so."""

    text: str
    source: str


_1939 = "RFC 1939 "
_2449 = "RFC 2449 "

COMMANDS: dict[str, Sentence] = {
    "USER": Sentence("says who wants in", _1939 + "7"),
    "PASS": Sentence("the password, readable on the way unless TLS began before", _1939 + "7"),
    "APOP": Sentence("logs in by a digest of the greeting's stamp and the password", _1939 + "7"),
    "AUTH": Sentence("logs in by the SASL mechanism that it names", "RFC 5034 4"),
    "CAPA": Sentence("asks what the server can do", _2449 + "5"),
    "STLS": Sentence("asks for TLS; the handshake follows the yes", "RFC 2595 4"),
    "STAT": Sentence("asks how many letters there are, and how large all together", _1939 + "5"),
    "LIST": Sentence("asks for the size of each letter", _1939 + "5"),
    "UIDL": Sentence("asks for names of letters that last beyond this session", _1939 + "7"),
    "TOP": Sentence("asks for a letter's header and some lines", _1939 + "7"),
    "RETR": Sentence("asks for a letter; it ends with a line that is one dot", _1939 + "5"),
    "DELE": Sentence("marks a letter; it is gone once QUIT was said", _1939 + "5"),
    "RSET": Sentence("takes all marks away", _1939 + "5"),
    "NOOP": Sentence("does nothing", _1939 + "5"),
    "QUIT": Sentence("says goodbye; what was marked is deleted now", _1939 + "6"),
    "UTF8": Sentence("switches to UTF-8", "RFC 6856 2"),
    "LANG": Sentence("asks for another language in the server's words", "RFC 6856 3"),
}

CAPABILITIES: dict[str, Sentence] = {
    "TOP": Sentence("beginnings of letters can be had", _2449 + "6.1"),
    "USER": Sentence("login by USER and PASS", _2449 + "6.2"),
    "SASL": Sentence("the mechanisms of AUTH", _2449 + "6.3"),
    "RESP-CODES": Sentence("a no may say why, in brackets", _2449 + "6.4"),
    "LOGIN-DELAY": Sentence("seconds between two logins", _2449 + "6.5"),
    "PIPELINING": Sentence("commands may be sent without waiting for each answer", _2449 + "6.6"),
    "EXPIRE": Sentence("days that the server keeps letters", _2449 + "6.7"),
    "UIDL": Sentence("names of letters that last", _2449 + "6.8"),
    "IMPLEMENTATION": Sentence("which program this is", _2449 + "6.9"),
    "STLS": Sentence("TLS can be begun in this connection", "RFC 2595 4"),
    "AUTH-RESP-CODE": Sentence("a no to a login says whether it is the password", "RFC 3206 6"),
    "UTF8": Sentence("letters and names may go beyond ASCII", "RFC 6856 2"),
    "LANG": Sentence("the server speaks several languages", "RFC 6856 3"),
}

CODES: dict[str, Sentence] = {
    "LOGIN-DELAY": Sentence("the last login was too short a time ago", _2449 + "8.1.1"),
    "IN-USE": Sentence("another session has the mailbox open", _2449 + "8.1.2"),
    "SYS/TEMP": Sentence("the server is in a passing trouble", "RFC 3206 4"),
    "SYS/PERM": Sentence("the server is in a trouble that somebody has to mend", "RFC 3206 4"),
    "AUTH": Sentence("the user or the password is wrong", "RFC 3206 5"),
    "UTF8": Sentence("something is beyond ASCII and can't be shown so", "RFC 6856 5"),
}

YES = Sentence("yes", _1939 + "3")
NO = Sentence("no", _1939 + "3")
MORE = Sentence("the login goes on: a challenge in base64", "RFC 5034 4")


def of_command(verb: str) -> Sentence | None:
    """The sentence for a command; None for one that no RFC of ours has."""
    return COMMANDS.get(verb.upper())
