"""What a command line of `web` asks for: the request, its login, its TLS."""

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from workbench.cli.arguments import Parsed
from workbench.cli.conversation import Conversation
from workbench.cli.way import read_password
from workbench.errors import LocalFault, LocalMisuse
from workbench.formats.errno_words import symbol_of
from workbench.protocols.http.encode import check_field, encode
from workbench.protocols.http.forms import FormField, as_octets, multipart, urlencoded, with_query
from workbench.protocols.http.security import Security
from workbench.protocols.http.url import read_url
from workbench.protocols.http.values import Login, Request

if TYPE_CHECKING:
    from workbench.protocols.raw.protection import Prepared

FILE_MARK = "@"
MAX_FILE = 256 * 1024 * 1024
"""Octets of a file that is sent: it is held in memory, and in the transcript once more."""


def read_request(parsed: Parsed) -> Request:
    """The request; a login without a password is completed by `with_login`.

    Raises: LocalMisuse, LocalFault: what is wrong before anything is sent.
    """
    headers = tuple(_header(text) for text in parsed["--header"])
    fields = [_field(text, "--form") for text in parsed["--form"]]
    body, kind = b"", ""
    secret: tuple[tuple[int, int], ...] = ()
    if parsed["--data"] is not None:
        if fields:
            raise LocalMisuse("--data and --form make two bodies", advice="leave one of them out")
        body = _data(parsed["--data"])
    elif fields or parsed.flag("--parts"):
        is_parts = parsed.flag("--parts") or any(field.filename for field in fields)
        body, kind, secret = _form(fields, is_parts)
    if kind and not any(name.lower() == "content-type" for name, _ in headers):
        headers = (*headers, ("Content-Type", kind))
    if parsed.flag("--compressed"):
        headers = (*headers, ("Accept-Encoding", "gzip, deflate"))
    request = Request(
        with_query(parsed["URL"], [_field(text, "--query") for text in parsed["--query"]]),
        _method(parsed, has_body=parsed["--data"] is not None or bool(kind)),
        headers,
        body,
        secret,
        _login(parsed),
        frozenset(name.lower() for name in parsed["--without"]),
        parsed.flag("--tls"),
    )
    encode(request)
    return request


def _form(fields: list[FormField], is_parts: bool) -> tuple[bytes, str, tuple[tuple[int, int], ...]]:
    made = multipart(fields) if is_parts else urlencoded(fields)
    return made.body, made.content_type, made.secret


async def with_login(request: Request, conversation: Conversation) -> Request:
    """The request with the password that the Lab tells of its own users.

    Raises: LocalMisuse: nobody knows the password; what the Lab raises.
    """
    login = request.login
    if login is None or login.password:
        return request
    target = read_url(request.url).target
    if target.is_lab:
        accounts = dict((await conversation.lab_service(target.host)).accounts)
        if login.user in accounts:
            return replace(request, login=Login(login.user, accounts[login.user]))
    raise LocalMisuse(
        f"{login.user} needs a password",
        stage="login",
        advice="add --password-file FILE: on the command line everybody on this machine could read it",
    )


def read_trust(parsed: Parsed, url: str) -> "Prepared | None":
    """The TLS that was asked for; None for what fits the address. Raises: LocalMisuse, LocalFault of --ca's file."""
    if parsed["--ca"] is None:
        return None
    from workbench.cli.talk_tls import prepared

    return prepared(parsed, read_url(url).target, "client", {"trust": "--ca", "trust_file": "--ca"})


async def security_of(parsed: Parsed, trust: "Prepared | None", conversation: Conversation) -> Security:
    """How TLS is done. Raises: what the Lab raises."""

    async def lab() -> bytes:
        return (await conversation.lab_authority()).certificate

    believed = (await trust.completed(conversation.lab_authority)).trust if trust is not None else None
    return Security(trust=believed, untrusted="show" if parsed.flag("--show-untrusted") else "stop", lab=lab)


def _method(parsed: Parsed, *, has_body: bool) -> str:
    method: str | None = parsed["--method"]
    if parsed.flag("--head"):
        if method not in (None, "HEAD"):
            raise LocalMisuse(f"--head and --method {method} are two methods", advice="leave one of them out")
        return "HEAD"
    return method or ("POST" if has_body else "GET")


def _login(parsed: Parsed) -> Login | None:
    user, file = parsed["--user"], parsed["--password-file"]
    if user is None:
        if file is not None:
            raise LocalMisuse("--password-file without the user it belongs to", advice="add --user NAME")
        return None
    return Login(user, read_password(file) if file is not None else "")


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon:
        raise LocalMisuse(
            "a field has a colon behind its name",
            text=text,
            start=len(text),
            end=len(text),
            advice="write it like 'Accept: text/html'",
        )
    value = value.removeprefix(" ")
    check_field(name, value)
    return name, value


def _field(text: str, option: str) -> FormField:
    name, mark, value = text.partition("=")
    if not mark:
        return FormField(name, None)
    if option == "--form" and value.startswith(FILE_MARK) and len(value) > 1:
        return FormField(name, "", os.path.basename(value[1:]) or value[1:], _read(value[1:]))
    return FormField(name, value)


def _data(text: str) -> bytes:
    return _read(text[1:]) if text.startswith(FILE_MARK) and len(text) > 1 else as_octets(text)


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_FILE + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no name of a file"
        symbol = symbol_of(error) if isinstance(error, OSError) else ""
        raise LocalFault(f"{path} can't be read: {why}", stage="input", errno_name=symbol) from error
    if len(data) > MAX_FILE:
        raise LocalMisuse(f"{path} has more than {MAX_FILE // 2**20} MiB", stage="input")
    return data
