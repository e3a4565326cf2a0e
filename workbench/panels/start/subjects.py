"""What an experiment is about, read from what its card says: the panel, and of Sockets the documents that decide.

The first document of a card is the one that it turns on, so its number (and of TCP's its section) names the subject.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.experiments.values import Card

BEGIN = "Connections: how they begin"
STREAM = "Messages in a stream"
WAITING = "Waiting, buffers and errors"
END = "Connections: how they end"
UDP = "UDP"
ADDRESSES = "Addresses, names and ports"
GROUPS = "Groups and discovery"
TLS = "TLS and certificates"
DNS = "DNS"
WEB = "Web"
MAIL = "Mail"
FILES = "Files"
SQL = "SQL"
OTHER = "Other"

SUBJECTS = (BEGIN, STREAM, WAITING, END, UDP, ADDRESSES, GROUPS, TLS, DNS, WEB, MAIL, FILES, SQL, OTHER)
"""In the order of the list: each builds on those before it."""

PANELS = {"certificates": TLS, "dns": DNS, "web": WEB, "mail": MAIL, "files": FILES, "sql": SQL}

TCP = "9293"

SECTIONS = {
    "2.2": STREAM,
    "3.3": BEGIN,
    "3.5": BEGIN,
    "3.5.2": END,
    "3.5.3": END,
    "3.6": END,
    "3.9.1.1": BEGIN,
    "3.9.1.2": BEGIN,
    "3.10.1": BEGIN,
    "3.10.7.1": BEGIN,
    "3.10.7.4": END,
}
"""Of RFC 9293; what stands below a section is about the same. All others are about what goes on in between."""

DOCUMENTS = {
    STREAM: (854, 868, 1035, 1436, 1700, 1945, 3629, 4253, 4648, 5321, 6455, 9112),
    WAITING: (5482, 6093),
    UDP: (768, 8085),
    ADDRESSES: (1122, 3493, 6335, 6724, 6761, 6943, 8305),
    GROUPS: (919, 1112, 6762, 6763),
    TLS: (3207, 5246, 5280, 6066, 8446, 9325, 9525),
}
_OF_DOCUMENT = {number: subject for subject, numbers in DOCUMENTS.items() for number in numbers}


def subject_of(card: "Card") -> str:
    """One of SUBJECTS; OTHER where the card's documents are not known here."""
    if card.panel in PANELS:
        return PANELS[card.panel]
    document = next(iter(card.rfc), "")
    number, _, section = document.removeprefix("RFC ").partition(" ")
    if number == TCP:
        return _of_section(section)
    return _OF_DOCUMENT.get(int(number), OTHER) if number.isdecimal() else OTHER


def _of_section(section: str) -> str:
    while section:
        if section in SECTIONS:
            return SECTIONS[section]
        section = section.rpartition(".")[0]
    return WAITING


def by_subject(cards: "Iterable[Card]") -> "tuple[tuple[str, Sequence[Card]], ...]":
    """The cards of each subject that has any, in the order of SUBJECTS; within one as they came."""
    found: dict[str, list[Card]] = {subject: [] for subject in SUBJECTS}
    for card in cards:
        found[subject_of(card)].append(card)
    return tuple((subject, tuple(each)) for subject, each in found.items() if each)
