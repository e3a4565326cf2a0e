"""`workbench mail show|send|list|fetch`: letters, in files and at servers."""

from collections.abc import Coroutine
from typing import Any

from workbench.cli.arguments import Argument, Parsed, Verb
from workbench.cli.options import JSON, TIMEOUT, TRANSCRIPT, WITH_SECRETS, read_count
from workbench.cli.output import Output
from workbench.cli.way import RELAY
from workbench.errors import LocalMisuse
from workbench.formats.target import Target, parse_target

SECURITY = ("auto", "starttls", "tls", "plain")


def _show(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.mail_show import show_verb

    return show_verb(parsed, output)


def _send(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.mail_send import send_verb

    return send_verb(parsed, output)


def _list(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.mail_list import list_verb

    return list_verb(parsed, output)


def _fetch(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.mail_fetch import fetch_verb

    return fetch_verb(parsed, output)


def _server(text: str) -> Target:
    target = parse_target(text)
    if target.scheme not in ("lab", "tcp", "smtp", "smtps", "submission"):
        raise LocalMisuse(
            f"{target.scheme}: is no address of a server that takes letters",
            text=text,
            start=0,
            end=len(target.scheme),
            advice="write smtp://HOST, smtps://HOST, submission://HOST, HOST:PORT or lab:smtp",
        )
    return target


def _security(text: str) -> str:
    if text not in SECURITY:
        raise LocalMisuse(
            f"{text[:20]!r} is no protection",
            text=text,
            start=0,
            end=len(text),
            advice=f"one of {', '.join(SECURITY)}",
        )
    return text


MAILBOX = Argument(
    "TARGET",
    "imap://HOST/FOLDER, imaps://, pop3://HOST, pop3s://, lab:imap/FOLDER or lab:pop",
    read=parse_target,
)
_SESSION = (
    Argument("--user", "log in as this user (at the Lab its first one, where a login is needed)", "NAME"),
    Argument("--password-file", "the first line of this file is the password for it", "FILE"),
    Argument(
        "--security",
        "starttls, tls (from the first octet on) or plain; auto: as scheme and port say, else STARTTLS; without it "
        "no password is said",
        "HOW",
        _security,
        "auto",
    ),
    Argument("--ca", "believe the authorities of FILE (PEM), or the Lab's, and no others", "FILE|lab"),
    RELAY,
    TIMEOUT._replace(
        what="seconds for connecting, for each answer, and how long a letter may stand still (30)"
    ),
    TRANSCRIPT,
    WITH_SECRETS,
    JSON,
)

VERBS = (
    Verb(
        "show",
        "a letter's tree, headers and contents, and what is wrong with it; or the letters of an mbox",
        "mail.show/1",
        (
            Argument("FILE", "a letter (.eml), or a file of many (.mbox); - is standard input"),
            Argument("--message", "of a file of many letters the N-th, from 1", "N", read_count),
            Argument("--part", "this part alone: its content, decoded", "N", read_count),
            Argument("--output", "into this new file, or into this folder under a safe name", "FILE"),
            JSON,
        ),
        _show,
        "Every part, header and boundary is told with the octets where it stands, every defect with its place and what "
        "was done about it; no letter is too broken to be shown. Nothing is loaded from anywhere, and nothing is "
        "overwritten: a name from a letter never leads out of the folder.\n"
        "\n"
        "  workbench mail show letter.eml --json\n"
        "  workbench mail show archive.mbox --message 3\n"
        "  workbench mail show letter.eml --part 3 --output downloads/",
    ),
    Verb(
        "send",
        "a letter to a server, with a word on each recipient",
        "mail.send/1",
        (
            Argument("FILE", "the letter (.eml); - is standard input"),
            Argument("TARGET", "smtp://HOST, smtps://, submission://, HOST:PORT or lab:smtp", read=_server),
            Argument(
                "--to", "a recipient instead of those of the header; may be repeated", "ADDRESS", many=True
            ),
            Argument("--from", "the sender of the envelope (Sender or From); '' is nobody", "ADDRESS"),
            *_SESSION,
        ),
        _send,
        "The envelope decides who gets a letter; without --to it is made of To, Cc and Bcc, and Bcc is taken out of "
        "what is sent. Line ends become CRLF. Exit code 1 when the server refused the letter or a recipient; "
        '`committed` is "maybe" when the connection broke after the last dot: the letter may be on its way.\n'
        "\n"
        "  workbench mail send letter.eml lab:smtp --json\n"
        "  workbench mail send letter.eml submission://mail.example --user anna --password-file secret",
    ),
    Verb(
        "list",
        "the letters of a mailbox, or its folders",
        "mail.list/1",
        (
            MAILBOX,
            Argument("--last", "only so many, the newest (all, at most 20,000)", "N", read_count),
            Argument("--folders", "the folders instead of letters; IMAP alone has them"),
            *_SESSION,
        ),
        _list,
        "Reading changes nothing: IMAP folders are opened by EXAMINE, nothing is marked as seen, nothing deleted.\n"
        "\n"
        "  workbench mail list lab:imap/INBOX --json\n"
        "  workbench mail list lab:imap --folders\n"
        "  workbench mail list lab:pop",
    ),
    Verb(
        "fetch",
        "one letter, octet for octet, to standard output",
        "mail.fetch/1",
        (
            MAILBOX,
            Argument(
                "NUMBER", "the letter's UID; with --seq, and at POP3, its number in the list", read=read_count
            ),
            Argument("--seq", "NUMBER is the number of now, not the UID"),
            Argument("--output", "into this new file", "FILE"),
            *_SESSION,
        ),
        _fetch,
        "Nothing is marked as seen, nothing deleted.\n"
        "\n"
        "  workbench mail fetch lab:imap/INBOX 1 > letter.eml\n"
        "  workbench mail fetch lab:pop 1 --output letter.eml --json",
    ),
)
