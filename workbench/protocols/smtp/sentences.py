"""One plain sentence and the section of its RFC for each command, extension and reply code of SMTP."""

from typing import NamedTuple


class Sentence(NamedTuple):
    """What it means, and the document that says so."""

    text: str
    source: str


_5321 = "RFC 5321 "

COMMANDS: dict[str, Sentence] = {
    "EHLO": Sentence("says who calls, and asks for the list of extensions", _5321 + "4.1.1.1"),
    "HELO": Sentence("says who calls, in the old way: no extensions then", _5321 + "4.1.1.1"),
    "MAIL": Sentence("begins a letter: whom reports of failure go to, how large it is", _5321 + "4.1.1.2"),
    "RCPT": Sentence(
        "names one recipient; whatever the letter's header says, this counts", _5321 + "4.1.1.3"
    ),
    "DATA": Sentence("asks to send the letter; it ends with a line that is one dot", _5321 + "4.1.1.4"),
    "RSET": Sentence("forgets the letter that was begun", _5321 + "4.1.1.5"),
    "VRFY": Sentence("asks whether somebody is here; most servers tell nobody", _5321 + "4.1.1.6"),
    "EXPN": Sentence("asks who is on a list; most servers tell nobody", _5321 + "4.1.1.7"),
    "HELP": Sentence("asks what the server understands, in words for people", _5321 + "4.1.1.8"),
    "NOOP": Sentence("does nothing, and keeps the connection from ending by itself", _5321 + "4.1.1.9"),
    "QUIT": Sentence("says goodbye", _5321 + "4.1.1.10"),
    "SEND": Sentence("a message to a terminal instead of a mailbox; gone since 2001", _5321 + "F.6"),
    "SOML": Sentence("to a terminal, or else to a mailbox; gone since 2001", _5321 + "F.6"),
    "SAML": Sentence("to a terminal and to a mailbox; gone since 2001", _5321 + "F.6"),
    "TURN": Sentence("changes sides; forbidden, since nobody proves who one is", _5321 + "F.1"),
    "STARTTLS": Sentence("asks for TLS; the handshake follows the yes", "RFC 3207 4"),
    "AUTH": Sentence("logs in, by the mechanism that it names", "RFC 4954 4"),
    "BDAT": Sentence("sends so many octets of the letter, as they are", "RFC 3030 2"),
    "ETRN": Sentence("asks the server to try its queue for us now", "RFC 1985 5"),
}

EXTENSIONS: dict[str, Sentence] = {
    "SIZE": Sentence("how large a letter may be, told before it is sent", "RFC 1870 3"),
    "8BITMIME": Sentence("octets above 127 may stand in a body", "RFC 6152 2"),
    "PIPELINING": Sentence("commands may be sent without waiting for each answer", "RFC 2920 2"),
    "STARTTLS": Sentence("TLS can be begun in this connection", "RFC 3207 2"),
    "AUTH": Sentence("the mechanisms by which one can log in", "RFC 4954 3"),
    "ENHANCEDSTATUSCODES": Sentence("replies say more exactly what is wrong, as in 5.1.1", "RFC 2034 3"),
    "DSN": Sentence("reports of delivery can be asked for", "RFC 3461 4"),
    "SMTPUTF8": Sentence("addresses and headers may go beyond ASCII", "RFC 6531 3.1"),
    "CHUNKING": Sentence("BDAT: letters by count of octets instead of up to a dot", "RFC 3030 2"),
    "BINARYMIME": Sentence("any octets may stand in a body that goes by BDAT", "RFC 3030 3"),
    "VRFY": Sentence("VRFY is understood, whatever it answers", _5321 + "4.1.1.6"),
    "EXPN": Sentence("EXPN is understood, whatever it answers", _5321 + "4.1.1.7"),
    "HELP": Sentence("HELP is understood", _5321 + "4.1.1.8"),
    "ETRN": Sentence("the queue for us can be asked to be tried now", "RFC 1985 4"),
    "DELIVERBY": Sentence("a letter may carry the time by which it has to arrive", "RFC 2852 3"),
    "FUTURERELEASE": Sentence("a letter may be held back until later", "RFC 4865 3"),
    "REQUIRETLS": Sentence("a letter may demand TLS on its whole way", "RFC 8689 2"),
    "LIMITS": Sentence("how many letters and recipients one connection may have", "RFC 9422 3"),
    "MT-PRIORITY": Sentence("a letter may be more urgent than others", "RFC 6710 3"),
}

REPLIES: dict[int, Sentence] = {
    211: Sentence("how the server stands", _5321 + "4.2.3"),
    214: Sentence("help for people", _5321 + "4.2.3"),
    220: Sentence("the server is ready", _5321 + "4.2.3"),
    221: Sentence("the server says goodbye", _5321 + "4.2.3"),
    235: Sentence("logged in", "RFC 4954 6"),
    250: Sentence("done", _5321 + "4.2.3"),
    251: Sentence("not here, but it will be passed on", _5321 + "4.2.3"),
    252: Sentence("it isn't told, but a letter would be taken", _5321 + "4.2.3"),
    334: Sentence("the login goes on: a challenge in base64", "RFC 4954 4"),
    354: Sentence("the letter may come, up to a line that is one dot", _5321 + "4.2.3"),
    421: Sentence("the server closes the connection", _5321 + "4.2.3"),
    432: Sentence("the password has to be changed to one that this mechanism can use", "RFC 4954 6"),
    450: Sentence("the mailbox can't be used now, or a policy says later", _5321 + "4.2.3"),
    451: Sentence("the server itself failed at it, or wants us to come again", _5321 + "4.2.3"),
    452: Sentence("there is not enough room now", _5321 + "4.2.3"),
    454: Sentence("TLS, or the login, is not to be had for now", "RFC 3207 4"),
    455: Sentence("the server can't deal with these parameters now", _5321 + "4.2.3"),
    500: Sentence("the server does not know this command", _5321 + "4.2.3"),
    501: Sentence("the server does not understand the argument", _5321 + "4.2.3"),
    502: Sentence("the server does not have this command", _5321 + "4.2.3"),
    503: Sentence("another command should have come before", _5321 + "4.2.3"),
    504: Sentence("the server does not have this variant", _5321 + "4.2.3"),
    521: Sentence("no mail is taken here at all", "RFC 7504 3"),
    530: Sentence("a login, or TLS, has to come before", "RFC 4954 6"),
    534: Sentence("the mechanism is too weak for this user", "RFC 4954 6"),
    535: Sentence("the user or the password is wrong", "RFC 4954 6"),
    538: Sentence("this mechanism is to be had under TLS alone", "RFC 4954 6"),
    550: Sentence("there is no such mailbox, or it is not for us", _5321 + "4.2.3"),
    551: Sentence("not here; it has to be tried elsewhere", _5321 + "4.2.3"),
    552: Sentence("more than this mailbox may hold", _5321 + "4.2.3"),
    553: Sentence("this address is not allowed", _5321 + "4.2.3"),
    554: Sentence("it failed; as a greeting: no mail is taken here", _5321 + "4.2.3"),
    555: Sentence("the parameters of MAIL or RCPT are not known", _5321 + "4.2.3"),
    556: Sentence("the recipient's domain takes no mail", "RFC 7504 4"),
}

KINDS: dict[int, Sentence] = {
    2: Sentence("done", _5321 + "4.2.1"),
    3: Sentence("so far so good; more is wanted", _5321 + "4.2.1"),
    4: Sentence("not now; the same may succeed later", _5321 + "4.2.1"),
    5: Sentence("no; the same will fail again", _5321 + "4.2.1"),
}
"""What the first digit says, for codes that no RFC lists."""


def of_command(verb: str) -> Sentence | None:
    """The sentence for a command; None for one that no RFC of ours has."""
    return COMMANDS.get(verb.upper())


def of_reply(code: int) -> Sentence | None:
    """The sentence for a reply code, if need be by its first digit."""
    return REPLIES.get(code) or KINDS.get(code // 100)
