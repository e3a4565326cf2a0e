"""One plain sentence and the section of its RFC for each command and each reply code of FTP."""

from typing import NamedTuple


class Sentence(NamedTuple):
    """What it means, and the document that says so."""

    text: str
    source: str


_959 = "RFC 959 "
_2228 = "RFC 2228 "
_4217 = "RFC 4217 "
_3659 = "RFC 3659 "

COMMANDS: dict[str, Sentence] = {
    "USER": Sentence("says who wants in", _959 + "4.1.1"),
    "PASS": Sentence("the password, readable on the way unless TLS began before", _959 + "4.1.1"),
    "ACCT": Sentence("a third token, which few servers ask for", _959 + "4.1.1"),
    "CWD": Sentence("goes into a folder", _959 + "4.1.1"),
    "CDUP": Sentence("goes to the folder above", _959 + "4.1.1"),
    "SMNT": Sentence("mounts another file system; hardly any server does", _959 + "4.1.1"),
    "REIN": Sentence("begins anew without a login, on the same connection", _959 + "4.1.1"),
    "QUIT": Sentence("says goodbye; a transfer that goes on is finished first", _959 + "4.1.1"),
    "PORT": Sentence("active mode: names our address and port, and the server will call us", _959 + "4.1.2"),
    "PASV": Sentence("passive mode: asks where the server waits for the data connection", _959 + "4.1.2"),
    "TYPE": Sentence(
        "how octets stand for content: A is text with CRLF, I is octets as they are", _959 + "4.1.2"
    ),
    "STRU": Sentence("the structure of files; everybody uses F, none at all", _959 + "4.1.2"),
    "MODE": Sentence(
        "how data is framed; everybody uses S, a stream that ends with its connection", _959 + "4.1.2"
    ),
    "RETR": Sentence("asks for a file, over the data connection", _959 + "4.1.3"),
    "STOR": Sentence("sends a file; one of that name is replaced", _959 + "4.1.3"),
    "STOU": Sentence("sends a file, and the server finds a name for it", _959 + "4.1.3"),
    "APPE": Sentence("sends octets to the end of a file", _959 + "4.1.3"),
    "ALLO": Sentence("asks for room in advance; most servers need none", _959 + "4.1.3"),
    "REST": Sentence("the next transfer begins at this octet", _3659 + "5"),
    "RNFR": Sentence("names what is to be renamed; RNTO must follow", _959 + "4.1.3"),
    "RNTO": Sentence("the new name for what RNFR named", _959 + "4.1.3"),
    "ABOR": Sentence("stops the transfer that goes on", _959 + "4.1.3"),
    "DELE": Sentence("deletes a file", _959 + "4.1.3"),
    "RMD": Sentence("removes a folder, which must be empty with most servers", _959 + "4.1.3"),
    "MKD": Sentence("makes a folder", _959 + "4.1.3"),
    "PWD": Sentence("asks which folder we are in", _959 + "4.1.3"),
    "LIST": Sentence("asks for a listing for people, of which no standard says the form", _959 + "4.1.3"),
    "NLST": Sentence("asks for names and nothing else", _959 + "4.1.3"),
    "SITE": Sentence("something that only this server knows", _959 + "4.1.3"),
    "SYST": Sentence("asks which system the server runs on", _959 + "4.1.3"),
    "STAT": Sentence("asks how things stand, or for a listing over this very connection", _959 + "4.1.3"),
    "HELP": Sentence("asks what the server understands, in words for people", _959 + "4.1.3"),
    "NOOP": Sentence("does nothing, and keeps the connection from ending by itself", _959 + "4.1.3"),
    "FEAT": Sentence("asks which extensions the server has", "RFC 2389 3"),
    "OPTS": Sentence("sets how a command shall behave", "RFC 2389 4"),
    "EPRT": Sentence("active mode for IPv6 too: names our address and port", "RFC 2428 2"),
    "EPSV": Sentence("passive mode: asks for a port, and for no address that could mislead us", "RFC 2428 3"),
    "MDTM": Sentence("asks when a file was changed, in UTC", _3659 + "3"),
    "SIZE": Sentence("asks how many octets a transfer would have, with the TYPE of now", _3659 + "4"),
    "MLST": Sentence("asks for facts about one file, over this connection", _3659 + "7"),
    "MLSD": Sentence("asks for a listing for programs: a name and its facts in each line", _3659 + "7"),
    "AUTH": Sentence("asks to protect this connection; the handshake follows the yes", _4217 + "4"),
    "ADAT": Sentence("data of a protection that needs some; TLS does not", _2228 + "3"),
    "PBSZ": Sentence("the size of protected pieces: 0 with TLS, which needs none", _4217 + "8"),
    "PROT": Sentence("how data connections are protected: P is TLS, C is clear", _4217 + "9"),
    "CCC": Sentence("goes on in clear, for the sake of firewalls that listen", _4217 + "6"),
    "MIC": Sentence("a command under a signature; not with TLS", _2228 + "3"),
    "CONF": Sentence("a command under encryption; not with TLS", _2228 + "3"),
    "ENC": Sentence("a command under both; not with TLS", _2228 + "3"),
}

_CODES = _959 + "4.2.2"

REPLIES: dict[int, Sentence] = {
    110: Sentence("a mark in the data, from which one may go on", _CODES),
    120: Sentence("the service is ready in so many minutes", _CODES),
    125: Sentence("the data connection is there, the transfer begins", _CODES),
    150: Sentence("the transfer begins, once the data connection is there", _CODES),
    200: Sentence("done", _CODES),
    202: Sentence("not needed here, and not done", _CODES),
    211: Sentence("how things stand, or the features that there are", _CODES),
    212: Sentence("how a folder stands", _CODES),
    213: Sentence("how a file stands: its size, or when it was changed", _CODES),
    214: Sentence("help for people", _CODES),
    215: Sentence("the system's name", _CODES),
    220: Sentence("the server is ready", _CODES),
    221: Sentence("the server says goodbye", _CODES),
    225: Sentence("the data connection is there, and nothing goes on", _CODES),
    226: Sentence("all was transferred, the data connection is closed", _CODES),
    227: Sentence("where the server waits: four parts of an address, two of a port", _CODES),
    229: Sentence("the port on which the server waits, at the address we know", "RFC 2428 3"),
    230: Sentence("logged in", _CODES),
    232: Sentence("logged in, by who the protection says one is", _2228 + "5.1"),
    234: Sentence("protection is agreed, the handshake may begin", _4217 + "4"),
    235: Sentence("the protection's data is accepted", _2228 + "5.1"),
    250: Sentence("done", _CODES),
    257: Sentence("a path, between quotation marks", _CODES),
    331: Sentence("the password is wanted", _CODES),
    332: Sentence("an account is wanted", _CODES),
    334: Sentence("the protection wants data", _2228 + "5.1"),
    335: Sentence("the protection wants more data", _2228 + "5.1"),
    336: Sentence("the password is wanted, with a challenge", _2228 + "5.1"),
    350: Sentence("noted; the next command completes it", _CODES),
    421: Sentence("the server closes the connection", _CODES),
    425: Sentence("there is no data connection, and none can be made", _CODES),
    426: Sentence("the data connection was closed before all was through", _CODES),
    431: Sentence("the protection needs something that is missing now", _2228 + "5.1"),
    450: Sentence("the file is busy", _CODES),
    451: Sentence("the server itself failed at it", _CODES),
    452: Sentence("there is not enough room", _CODES),
    500: Sentence("the server does not know this command", _CODES),
    501: Sentence("the server does not understand the argument", _CODES),
    502: Sentence("the server does not have this command", _CODES),
    503: Sentence("another command should have come before", _CODES),
    504: Sentence("the server does not have this variant", _CODES),
    521: Sentence("data connections can't be opened with this protection", _4217 + "12"),
    522: Sentence(
        "this protocol is not served, or TLS must resume the control connection's session", "RFC 2428 2"
    ),
    530: Sentence("not logged in", _CODES),
    532: Sentence("storing needs an account", _CODES),
    533: Sentence("this protection is refused", _2228 + "5.1"),
    534: Sentence("the request is refused as a matter of policy", _2228 + "5.1"),
    535: Sentence("the protection's check failed", _2228 + "5.1"),
    536: Sentence("this kind of data protection is not supported", _2228 + "5.1"),
    537: Sentence("this kind of command protection is not supported", _2228 + "5.1"),
    550: Sentence("it is not there, or not for us", _CODES),
    551: Sentence("the type of the page is unknown", _CODES),
    552: Sentence("more than this user may store", _CODES),
    553: Sentence("this name is not allowed", _CODES),
    631: Sentence("a protected reply under a signature; not with TLS", _2228 + "5.1"),
    632: Sentence("a protected reply, signed and encrypted; not with TLS", _2228 + "5.1"),
    633: Sentence("a protected reply under encryption; not with TLS", _2228 + "5.1"),
}

KINDS: dict[int, Sentence] = {
    1: Sentence("begun; another answer will follow", _959 + "4.2.1"),
    2: Sentence("done", _959 + "4.2.1"),
    3: Sentence("so far so good; more is wanted", _959 + "4.2.1"),
    4: Sentence("not now; the same may succeed later", _959 + "4.2.1"),
    5: Sentence("no; the same will fail again", _959 + "4.2.1"),
}
"""What the first digit says, for codes that no RFC lists."""


def of_command(verb: str) -> Sentence | None:
    """The sentence for a command; None for one that no RFC of ours has."""
    return COMMANDS.get(verb.upper())


def of_reply(code: int) -> Sentence | None:
    """The sentence for a reply code, if need be by its first digit."""
    return REPLIES.get(code) or KINDS.get(code // 100)
