"""The commands and options of Telnet, and what a stream of it consists of."""

from typing import Final, Literal, NamedTuple

IAC: Final = 255
SB: Final = 250
SE: Final = 240
Verb = Literal["WILL", "WONT", "DO", "DONT"]
VERBS: Final[dict[str, int]] = {"WILL": 251, "WONT": 252, "DO": 253, "DONT": 254}


class Known(NamedTuple):
    """A name, a sentence, and where it is said."""

    name: str
    text: str
    source: str


COMMANDS: Final[dict[int, Known]] = {
    236: Known("EOF", "the end of a file", "RFC 1184 2.5"),
    237: Known("SUSP", "suspend what runs", "RFC 1184 2.5"),
    238: Known("ABORT", "abort what runs", "RFC 1184 2.5"),
    239: Known("EOR", "the end of a record", "RFC 885"),
    240: Known("SE", "the end of an option's parameters", "RFC 854"),
    241: Known("NOP", "nothing; often a sign of life", "RFC 854"),
    242: Known("DM", "data mark: what was urgent ends here", "RFC 854"),
    243: Known("BRK", "the break key", "RFC 854"),
    244: Known("IP", "interrupt what runs", "RFC 854"),
    245: Known("AO", "stop the output, let the rest go on", "RFC 854"),
    246: Known("AYT", "are you there?", "RFC 854"),
    247: Known("EC", "erase the last character", "RFC 854"),
    248: Known("EL", "erase the line", "RFC 854"),
    249: Known("GA", "go ahead: your turn to send", "RFC 854"),
    250: Known("SB", "an option's parameters begin", "RFC 855"),
    251: Known("WILL", "the sender wants to begin with an option, or says that it does", "RFC 854"),
    252: Known("WONT", "the sender does not do an option", "RFC 854"),
    253: Known("DO", "the other side shall begin with an option, or may", "RFC 854"),
    254: Known("DONT", "the other side shall not do an option", "RFC 854"),
    255: Known(
        "IAC", "interpret as command: the next octet is one; twice it is the octet 255 itself", "RFC 854"
    ),
}

OPTIONS: Final[dict[int, Known]] = {
    0: Known("BINARY", "all 256 octets mean themselves", "RFC 856"),
    1: Known("ECHO", "sends back what it receives, so the other side need not show it", "RFC 857"),
    3: Known("SUPPRESS-GO-AHEAD", "both may send at any time", "RFC 858"),
    5: Known("STATUS", "tells which options are in force", "RFC 859"),
    6: Known("TIMING-MARK", "answers once all before it was dealt with", "RFC 860"),
    7: Known("RCTE", "echo that the sender controls", "RFC 726"),
    10: Known("NAOCRD", "what happens at a carriage return", "RFC 652"),
    17: Known("EXTEND-ASCII", "characters of more than eight bits", "RFC 698"),
    18: Known("LOGOUT", "ends the session", "RFC 727"),
    19: Known("BM", "macros of octets", "RFC 735"),
    21: Known("SUPDUP", "another protocol for displays", "RFC 736"),
    23: Known("SEND-LOCATION", "where the user is", "RFC 779"),
    24: Known("TERMINAL-TYPE", "which terminal it is", "RFC 1091"),
    25: Known("END-OF-RECORD", "records are marked", "RFC 885"),
    31: Known("NAWS", "how many columns and rows the window has", "RFC 1073"),
    32: Known("TERMINAL-SPEED", "how quick the terminal is", "RFC 1079"),
    33: Known("TOGGLE-FLOW-CONTROL", "whether Ctrl+S stops the output", "RFC 1372"),
    34: Known("LINEMODE", "lines are edited before they are sent", "RFC 1184"),
    35: Known("X-DISPLAY-LOCATION", "where the X display is", "RFC 1096"),
    36: Known("ENVIRON", "variables of the environment, of old", "RFC 1408"),
    37: Known("AUTHENTICATION", "proofs of who it is", "RFC 2941"),
    38: Known("ENCRYPT", "ciphers, of old; today one uses TLS", "RFC 2946"),
    39: Known("NEW-ENVIRON", "variables of the environment", "RFC 1572"),
    40: Known("TN3270E", "a terminal of IBM mainframes", "RFC 2355"),
    42: Known("CHARSET", "which characters the octets are", "RFC 2066"),
    44: Known("COM-PORT", "a serial port behind the connection", "RFC 2217"),
    255: Known("EXTENDED-OPTIONS", "options beyond 255", "RFC 861"),
}
"""Of IANA's registry, those that one meets."""


class Data(NamedTuple):
    """Octets that mean themselves; a doubled IAC is one of them. start, stop: their place in the stream."""

    data: bytes
    start: int
    stop: int


class Command(NamedTuple):
    """A command without an option."""

    code: int
    start: int
    stop: int


class Negotiation(NamedTuple):
    """WILL, WONT, DO or DONT, and the option."""

    verb: Verb
    option: int
    start: int
    stop: int


class Subnegotiation(NamedTuple):
    """An option's parameters. is_cut: longer than is kept."""

    option: int
    data: bytes
    start: int
    stop: int
    is_cut: bool = False


class Unfinished(NamedTuple):
    """The stream ended within a command."""

    data: bytes
    start: int
    stop: int


Piece = Data | Command | Negotiation | Subnegotiation | Unfinished


def command_name(code: int) -> str:
    """The name of a command's octet; its number where it has none."""
    known = COMMANDS.get(code)
    return known.name if known is not None else str(code)


def option_name(option: int) -> str:
    """The name of an option; its number where it has none."""
    known = OPTIONS.get(option)
    return known.name if known is not None else str(option)


def shown(piece: Piece) -> str:
    """A piece as people write it: "IAC WILL ECHO"."""
    match piece:
        case Negotiation():
            return f"IAC {piece.verb} {option_name(piece.option)}"
        case Command():
            return f"IAC {command_name(piece.code)}"
        case Subnegotiation():
            more = " …" if piece.is_cut else ""
            inside = f" {piece.data.hex(' ')}{more}" if piece.data else ""
            return f"IAC SB {option_name(piece.option)}{inside} IAC SE"
        case Unfinished():
            return f"{piece.data.hex(' ')} …"
    return repr(piece.data)[2:-1]
