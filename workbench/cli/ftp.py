"""`workbench ftp list|get|put`: folders and files of an FTP server."""

from collections.abc import Coroutine
from typing import Any

from workbench.cli.arguments import Argument, Parsed, Verb
from workbench.cli.options import JSON, TIMEOUT, TRANSCRIPT, WITH_SECRETS
from workbench.cli.output import Output
from workbench.cli.way import RELAY
from workbench.errors import LocalMisuse
from workbench.formats.target import Target, parse_target


def _target(text: str) -> Target:
    target = parse_target(text)
    if target.scheme == "ftps":
        raise LocalMisuse(
            "ftps:// is TLS from the first octet on, which is not served here",
            text=text,
            start=0,
            end=4,
            advice="write ftp:// and add --tls: the connection is protected before the login",
            source="RFC 4217 section 4",
        )
    if target.scheme not in ("lab", "tcp", "ftp"):
        raise LocalMisuse(
            f"{target.scheme}: is no address of an FTP server",
            text=text,
            start=0,
            end=len(target.scheme),
            advice="write ftp://HOST/PATH or lab:ftp/PATH",
        )
    return target


def _list(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.ftp_list import list_verb

    return list_verb(parsed, output)


def _get(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.ftp_get import get_verb

    return get_verb(parsed, output)


def _put(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.ftp_put import put_verb

    return put_verb(parsed, output)


TARGET = Argument(
    "TARGET",
    "ftp://HOST[:PORT]/PATH, HOST:PORT, or lab:ftp/PATH; what an address can't hold as %20; // begins at the root",
    read=_target,
)
_SESSION = (
    Argument("--user", "log in as this user (anonymous; to write in the Lab the Lab's own)", "NAME"),
    Argument("--password-file", "the first line of this file is the password for it", "FILE"),
    Argument("--tls", "both connections under TLS, begun before the login; the certificate is judged"),
    Argument("--ca", "believe the authorities of FILE (PEM), or the Lab's, and no others", "FILE|lab"),
    RELAY._replace(
        what="go through relays of the Lab, like delay=50: one for commands, one for each transfer; see "
        "`workbench relay --help`"
    ),
    TIMEOUT._replace(
        what="seconds for connecting, for each answer, and how long a transfer may stand still (30)"
    ),
    TRANSCRIPT,
    WITH_SECRETS,
    JSON,
)

VERBS = (
    Verb(
        "list",
        "what a folder holds",
        "ftp.list/1",
        (TARGET, *_SESSION),
        _list,
        "By MLSD where the server has it, else by LIST, whose lines for people are read as far as they can be; a line "
        "that can't is shown as it came.\n"
        "\n"
        "  workbench ftp list lab:ftp/ --json\n"
        "  workbench ftp list ftp://127.0.0.1:2121/pub --tls",
    ),
    Verb(
        "get",
        "download a file, or a folder with all below it",
        "ftp.get/1",
        (
            TARGET,
            Argument(
                "OUT", "the file to make, the folder to put it in, or with --recursive the folder to fill"
            ),
            Argument("--recursive", "everything below the folder; links are not followed"),
            Argument("--resume", "go on with OUT.partial, which an earlier download left"),
            *_SESSION,
        ),
        _get,
        "What arrives goes to OUT.partial, which becomes OUT when all is there. With --recursive a file that can't be "
        "had is told and the others go on: exit code 1 then. Names that would lead out of OUT are refused.\n"
        "\n"
        "  workbench ftp get lab:ftp/README.txt readme.txt\n"
        "  workbench ftp get lab:ftp/old old --recursive --json",
    ),
    Verb(
        "put",
        "upload a file",
        "ftp.put/1",
        (
            Argument("FILE", "the file to send"),
            TARGET._replace(
                what="where to: as for the others; a PATH that ends with / keeps the file's name"
            ),
            Argument("--resume", "send what the server's file does not have yet"),
            Argument("--partial", "send it to PATH.partial and rename it when all is there"),
            *_SESSION,
        ),
        _put,
        "The server's file of that name is replaced; with --partial at once and whole: nobody meets half of it.\n"
        "\n"
        "  workbench ftp put notes.txt lab:ftp/notes.txt --json\n"
        "  workbench ftp put notes.txt ftp://127.0.0.1:2121/in/ --user anna --password-file secret",
    ),
)
