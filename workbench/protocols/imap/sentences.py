"""One plain sentence and the section of its RFC for each command, response and response code of IMAP."""

from typing import NamedTuple


class Sentence(NamedTuple):
    """What it means, and the document that says so."""

    text: str
    source: str


_9051 = "RFC 9051 "
_3501 = "RFC 3501 "
_5530 = "RFC 5530 3"

COMMANDS: dict[str, Sentence] = {
    "CAPABILITY": Sentence("asks what the server can do", _9051 + "6.1.1"),
    "NOOP": Sentence("does nothing, and lets the server say what is new", _9051 + "6.1.2"),
    "LOGOUT": Sentence("says goodbye", _9051 + "6.1.3"),
    "STARTTLS": Sentence("asks for TLS; the handshake follows the yes", _9051 + "6.2.1"),
    "AUTHENTICATE": Sentence("logs in by the SASL mechanism that it names", _9051 + "6.2.2"),
    "LOGIN": Sentence("user and password, readable on the way unless TLS began before", _9051 + "6.2.3"),
    "ENABLE": Sentence("switches an extension on", _9051 + "6.3.1"),
    "SELECT": Sentence("opens a folder to read and change", _9051 + "6.3.2"),
    "EXAMINE": Sentence("opens a folder to read alone", _9051 + "6.3.3"),
    "CREATE": Sentence("makes a folder", _9051 + "6.3.4"),
    "DELETE": Sentence("deletes a folder with all its letters", _9051 + "6.3.5"),
    "RENAME": Sentence("gives a folder another name", _9051 + "6.3.6"),
    "SUBSCRIBE": Sentence("puts a folder on the list of those that one reads", _9051 + "6.3.7"),
    "UNSUBSCRIBE": Sentence("takes a folder off that list", _9051 + "6.3.8"),
    "LIST": Sentence("asks for folders: * is any name, % any without the delimiter", _9051 + "6.3.9"),
    "LSUB": Sentence("asks for the folders that one reads; gone since IMAP4rev2", _3501 + "6.3.9"),
    "NAMESPACE": Sentence("asks where one's own and others' folders begin", _9051 + "6.3.10"),
    "STATUS": Sentence("asks for counts of a folder without opening it", _9051 + "6.3.11"),
    "APPEND": Sentence("puts a letter into a folder", _9051 + "6.3.12"),
    "IDLE": Sentence("waits, and lets the server say what is new at once", _9051 + "6.3.13"),
    "CHECK": Sentence("asks the server to tidy up; gone since IMAP4rev2", _3501 + "6.4.1"),
    "CLOSE": Sentence("leaves the folder, and deletes what is marked", _9051 + "6.4.1"),
    "UNSELECT": Sentence("leaves the folder, and deletes nothing", _9051 + "6.4.2"),
    "EXPUNGE": Sentence("deletes every letter that is marked, whoever marked it", _9051 + "6.4.3"),
    "SEARCH": Sentence("has the server look for letters", _9051 + "6.4.4"),
    "FETCH": Sentence("asks for parts of letters, by their numbers of now", _9051 + "6.4.5"),
    "STORE": Sentence("changes the flags of letters", _9051 + "6.4.6"),
    "COPY": Sentence("copies letters to another folder, at the server", _9051 + "6.4.7"),
    "MOVE": Sentence("moves letters to another folder, at the server", _9051 + "6.4.8"),
    "UID": Sentence("the same by lasting numbers (UIDs)", _9051 + "6.4.9"),
}

RESPONSES: dict[str, Sentence] = {
    "OK": Sentence("done", _9051 + "7.1.1"),
    "NO": Sentence("no", _9051 + "7.1.2"),
    "BAD": Sentence("not understood, or not allowed now", _9051 + "7.1.3"),
    "PREAUTH": Sentence(
        "the server knows already who one is: no login, and no TLS any more", _9051 + "7.1.4"
    ),
    "BYE": Sentence("the server closes the connection", _9051 + "7.1.5"),
    "ENABLED": Sentence("an extension is on", _9051 + "7.2.1"),
    "CAPABILITY": Sentence("what the server can do", _9051 + "7.2.2"),
    "LIST": Sentence("a folder: its flags, the delimiter in its name, the name", _9051 + "7.3.1"),
    "LSUB": Sentence("a folder that one reads", _3501 + "7.2.3"),
    "NAMESPACE": Sentence("where folders begin", _9051 + "7.3.2"),
    "STATUS": Sentence("counts of a folder", _9051 + "7.3.3"),
    "SEARCH": Sentence("the letters that were found", _3501 + "7.2.5"),
    "ESEARCH": Sentence("the letters that were found", _9051 + "7.3.4"),
    "FLAGS": Sentence("the flags that letters here can have", _9051 + "7.3.5"),
    "EXISTS": Sentence("how many letters the folder has now", _9051 + "7.4.1"),
    "RECENT": Sentence("how many nobody has been told of; gone since IMAP4rev2", _3501 + "7.3.2"),
    "EXPUNGE": Sentence("this letter is gone, and all behind it move up by one", _9051 + "7.5.1"),
    "FETCH": Sentence("parts of a letter", _9051 + "7.5.2"),
}

CODES: dict[str, Sentence] = {
    "ALERT": Sentence("a person has to read this", _9051 + "7.1"),
    "ALREADYEXISTS": Sentence("that is there already", _5530),
    "APPENDUID": Sentence("the UID of the letter that was put there", _9051 + "7.1"),
    "AUTHENTICATIONFAILED": Sentence("the user or the password is wrong", _5530),
    "AUTHORIZATIONFAILED": Sentence("the login is good, but not for this identity", _5530),
    "BADCHARSET": Sentence("the server does not know that charset", _9051 + "7.1"),
    "CANNOT": Sentence("that can never be done", _5530),
    "CAPABILITY": Sentence("what the server can do", _9051 + "7.1"),
    "CLIENTBUG": Sentence("the server thinks that the client has a fault", _5530),
    "CLOSED": Sentence("the folder that was open is closed", _9051 + "7.1"),
    "CONTACTADMIN": Sentence("ask the server's people", _5530),
    "COPYUID": Sentence("the UIDs of the copies", _9051 + "7.1"),
    "CORRUPTION": Sentence("the server's own data are damaged", _5530),
    "EXPIRED": Sentence("the password or ticket is too old", _5530),
    "EXPUNGEISSUED": Sentence("somebody else has deleted that letter", _5530),
    "HASCHILDREN": Sentence("the folder has others below it", _9051 + "7.1"),
    "INUSE": Sentence("somebody else is at it", _5530),
    "LIMIT": Sentence("more than the server allows", _5530),
    "NONEXISTENT": Sentence("there is no such folder", _5530),
    "NOPERM": Sentence("one may not do that", _5530),
    "NOTSAVED": Sentence("the result was not kept", _9051 + "7.1"),
    "OVERQUOTA": Sentence("more than one may store", _5530),
    "PARSE": Sentence("a letter could not be read by the server", _9051 + "7.1"),
    "PERMANENTFLAGS": Sentence("the flags that may be changed for good", _9051 + "7.1"),
    "PRIVACYREQUIRED": Sentence("TLS has to come before", _5530),
    "READ-ONLY": Sentence("the folder is open to read alone", _9051 + "7.1"),
    "READ-WRITE": Sentence("the folder is open to read and change", _9051 + "7.1"),
    "SERVERBUG": Sentence("the server has a fault, and knows it", _5530),
    "TRYCREATE": Sentence("that folder would have to be made before", _9051 + "7.1"),
    "UIDNEXT": Sentence("the next letter gets at least this UID", _9051 + "7.1"),
    "UIDNOTSTICKY": Sentence("UIDs do not last in this folder", _9051 + "7.1"),
    "UIDVALIDITY": Sentence("UIDs mean the same as long as this number stays", _9051 + "7.1"),
    "UNAVAILABLE": Sentence("something behind the server is away for now", _5530),
    "UNKNOWN-CTE": Sentence("a part's encoding is not known to the server", _9051 + "7.1"),
    "UNSEEN": Sentence("the number of the first letter that nobody has read", _3501 + "7.1"),
}


def of_command(verb: str) -> Sentence | None:
    """The sentence for a command; None for one that no RFC of ours has."""
    return COMMANDS.get(verb.upper())


def of_response(name: str) -> Sentence | None:
    """The sentence for a response; None for one that no RFC of ours has."""
    return RESPONSES.get(name.upper())
