"""Enhanced status codes, class.subject.detail (RFC 3463 and the registry of RFC 5248): a sentence for each."""

from workbench.protocols.smtp.sentences import Sentence

_3463 = "RFC 3463 3."

CLASSES: dict[str, str] = {"2": "done", "4": "not now", "5": "no"}

SUBJECTS: dict[str, str] = {
    "0": "it is not told what about",
    "1": "about the address",
    "2": "about the mailbox",
    "3": "about the mail system",
    "4": "about the network or the way",
    "5": "about the protocol",
    "6": "about the letter's content",
    "7": "about security or policy",
}

DETAILS: dict[str, Sentence] = {
    "0.0": Sentence("nothing more is told", _3463 + "1"),
    "1.0": Sentence("something about the address", _3463 + "2"),
    "1.1": Sentence("there is no such mailbox", _3463 + "2"),
    "1.2": Sentence("there is no such domain", _3463 + "2"),
    "1.3": Sentence("this is no address", _3463 + "2"),
    "1.4": Sentence("the address fits more than one mailbox", _3463 + "2"),
    "1.5": Sentence("the recipient's address is good", _3463 + "2"),
    "1.6": Sentence("the mailbox has moved, and nobody knows where to", _3463 + "2"),
    "1.7": Sentence("the sender's address is no address", _3463 + "2"),
    "1.8": Sentence("the sender's domain does not exist", _3463 + "2"),
    "1.9": Sentence("passed on to a system that sends no reports", "RFC 3886 3.3.4"),
    "1.10": Sentence("the recipient's domain says that it takes no mail", "RFC 7505 4.2"),
    "2.0": Sentence("something about the mailbox", _3463 + "3"),
    "2.1": Sentence("the mailbox takes nothing for now, or is closed", _3463 + "3"),
    "2.2": Sentence("the mailbox is full", _3463 + "3"),
    "2.3": Sentence("the letter is larger than this mailbox takes", _3463 + "3"),
    "2.4": Sentence("the list of recipients could not be made", _3463 + "3"),
    "3.0": Sentence("something about the mail system", _3463 + "4"),
    "3.1": Sentence("the mail system has no room left", _3463 + "4"),
    "3.2": Sentence("the mail system takes nothing now", _3463 + "4"),
    "3.3": Sentence("the mail system can't do what the letter asks for", _3463 + "4"),
    "3.4": Sentence("the letter is larger than this system takes", _3463 + "4"),
    "3.5": Sentence("the mail system is set up wrongly", _3463 + "4"),
    "3.6": Sentence("the letter's priority was changed", "RFC 6710 7"),
    "4.0": Sentence("something about the network or the way", _3463 + "5"),
    "4.1": Sentence("nobody answers at the other machine", _3463 + "5"),
    "4.2": Sentence("the connection broke", _3463 + "5"),
    "4.3": Sentence("the directory, most often the DNS, failed", _3463 + "5"),
    "4.4": Sentence("no way there is known", _3463 + "5"),
    "4.5": Sentence("too much is going on", _3463 + "5"),
    "4.6": Sentence("the letter goes round in circles", _3463 + "5"),
    "4.7": Sentence("the letter was under way too long", _3463 + "5"),
    "5.0": Sentence("something about the protocol", _3463 + "6"),
    "5.1": Sentence("this command is not known, or not now", _3463 + "6"),
    "5.2": Sentence("the command could not be understood", _3463 + "6"),
    "5.3": Sentence("too many recipients", _3463 + "6"),
    "5.4": Sentence("the command's arguments are wrong", _3463 + "6"),
    "5.5": Sentence("the two sides speak different versions", _3463 + "6"),
    "5.6": Sentence("the line of the login is too long", "RFC 4954 6"),
    "6.0": Sentence("something about the letter's content", _3463 + "7"),
    "6.1": Sentence("this kind of content is not taken", _3463 + "7"),
    "6.2": Sentence("the content has to be converted, and that is forbidden", _3463 + "7"),
    "6.3": Sentence("the content has to be converted, and nobody can", _3463 + "7"),
    "6.4": Sentence("the content was converted, and something was lost", _3463 + "7"),
    "6.5": Sentence("the content could not be converted", _3463 + "7"),
    "6.6": Sentence("the content that was referred to is not to be had", "RFC 4468 5"),
    "6.7": Sentence("an address beyond ASCII is not allowed here", "RFC 6531 3.5"),
    "6.8": Sentence("a reply would have to be beyond ASCII", "RFC 6531 3.5"),
    "6.9": Sentence("the header is beyond ASCII, and the next server takes none such", "RFC 6531 3.5"),
    "6.10": Sentence("as 6.9; this number is out of use", "RFC 6531 3.5"),
    "7.0": Sentence("something about security or policy", _3463 + "8"),
    "7.1": Sentence("the server does not want this letter from us", _3463 + "8"),
    "7.2": Sentence("we may not write to this list", _3463 + "8"),
    "7.3": Sentence("the protection can't be kept on the way", _3463 + "8"),
    "7.4": Sentence("this protection is not known", _3463 + "8"),
    "7.5": Sentence("the key or certificate failed", _3463 + "8"),
    "7.6": Sentence("this algorithm is not known", _3463 + "8"),
    "7.7": Sentence("the letter was changed on the way", _3463 + "8"),
    "7.8": Sentence("the user or the password is wrong", "RFC 4954 6"),
    "7.9": Sentence("this mechanism is too weak", "RFC 4954 6"),
    "7.10": Sentence("TLS is needed", "RFC 5248 2.4"),
    "7.11": Sentence("TLS is needed for this mechanism", "RFC 4954 6"),
    "7.12": Sentence("the password has to be changed to one that this mechanism can use", "RFC 4954 6"),
    "7.13": Sentence("the account is switched off", "RFC 5248 2.4"),
    "7.14": Sentence("the two servers would have to trust each other", "RFC 4468 5"),
    "7.15": Sentence("the priority is too low", "RFC 6710 7"),
    "7.16": Sentence("the letter is too large for its priority", "RFC 6710 7"),
    "7.17": Sentence("the mailbox has a new owner", "RFC 7293 14"),
    "7.18": Sentence("the domain has a new owner", "RFC 7293 14"),
    "7.19": Sentence("since when the mailbox has its owner can't be told", "RFC 7293 14"),
    "7.20": Sentence("no DKIM signature was good", "RFC 7372 3.1"),
    "7.21": Sentence("no DKIM signature was acceptable", "RFC 7372 3.1"),
    "7.22": Sentence("no DKIM signature of the author was good", "RFC 7372 3.1"),
    "7.23": Sentence("SPF says that this server may not send for the sender's domain", "RFC 7372 3.2"),
    "7.24": Sentence("SPF could not be checked", "RFC 7372 3.2"),
    "7.25": Sentence("our address has no name that leads back to it", "RFC 7372 3.3"),
    "7.26": Sentence("several checks of the sender failed", "RFC 7372 3.4"),
    "7.27": Sentence("the sender's domain says that it takes no mail", "RFC 7505 4.2"),
    "7.28": Sentence("too many letters of that kind", "RFC 5248 2.4"),
    "7.29": Sentence("the chain of ARC is broken", "RFC 8617 5.2.2"),
    "7.30": Sentence("TLS can't be kept on the whole way", "RFC 8689 7"),
}
"""By subject.detail."""


def of_enhanced(code: str) -> Sentence | None:
    """The sentence for a code like "5.1.1"; where the registry has no such detail, for its subject. None: no code."""
    kind, _, rest = code.partition(".")
    subject, _, detail = rest.partition(".")
    if kind not in CLASSES or not detail.isdigit():
        return None
    known = DETAILS.get(rest)
    if known is not None:
        return known
    told = SUBJECTS.get(subject)
    return None if told is None else Sentence(told, _3463 + "1")
