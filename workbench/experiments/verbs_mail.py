"""The verbs about mail: a letter written, submitted, and looked for in the Lab's mailboxes. As in verbs.py."""

from workbench.experiments.values import Given
from workbench.experiments.verb import TIMEOUT, Param, Verb, quoted, spoken, to_place

SECURITY = ("auto", "starttls", "tls", "plain")
_LETTER = Param("letter", "thing", "a letter that an earlier step wrote", needed=True, of=("letter",))


def _say_letter(given: Given, _name: str) -> str:
    return f"Write a letter about “{given['subject']}”: {quoted(given['text'])}."


def _say_send(given: Given, _name: str) -> str:
    login = "log in and " if given.get("login") else ""
    how = {
        "starttls": ", under TLS or not at all",
        "tls": ", under TLS from the first octet on",
        "plain": ", in clear",
    }.get(str(given.get("security", "auto")), "")
    return f"At {to_place(given)}{how}, {login}submit {spoken(given['letter'])} for {given['recipients']}."


def _say_look(given: Given, _name: str) -> str:
    return f"Look by IMAP at {to_place(given)} how often {spoken(given['letter'])} lies in anna's INBOX."


MAIL = (
    Verb(
        "mail-letter",
        "write a letter; its subject is made unmistakable",
        "letter",
        (
            Param("subject", "words", "what it is about", needed=True),
            Param("text", "text", "its body", needed=True),
        ),
        _say_letter,
        needs_name=True,
    ),
    Verb(
        "mail-send",
        "submit a letter by SMTP as ben@lab.test; a refused recipient is an outcome and no failure",
        "sent",
        (
            Param(
                "to",
                "place",
                "an SMTP server of [lab], or somebody in between",
                needed=True,
                of=("listener", "tap"),
            ),
            _LETTER,
            Param("recipients", "words", "addresses, with commas between them", needed=True),
            Param(
                "security", "choice", "as `workbench mail send` has it; auto if not given", choices=SECURITY
            ),
            Param("login", "yes", "log in as ben"),
            TIMEOUT,
        ),
        _say_send,
    ),
    Verb(
        "mail-look",
        "read anna's INBOX by IMAP, and find a letter in it",
        "looked",
        (
            Param("to", "place", "an IMAP server of [lab]", needed=True, of=("listener",)),
            _LETTER,
            TIMEOUT,
        ),
        _say_look,
    ),
)
