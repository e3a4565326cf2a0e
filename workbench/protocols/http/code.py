""" "Copy as": a request as a script of Python's standard library, or as a line for curl.

A password is never written down: Python asks for it, curl asks on its own. Fields that hold one are left out by name.
Verification stays on; for a server of the Lab the script holds the certificate of the Lab's authority.
"""

import shlex
from typing import Final, NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.target import LAB_HOST
from workbench.protocols.http.encode import added
from workbench.protocols.http.url import read_url
from workbench.protocols.http.values import Request, Url

CERTIFICATE_FILE: Final = "lab-authority.pem"
MAX_BODY: Final = 64 * 1024
"""Octets of a body that a script holds: a larger one nobody reads, and no shell takes as a word."""
_SECRET: Final = frozenset({"authorization", "proxy-authorization", "cookie"})


class Recipe(NamedTuple):
    """A request to repeat.

    Attributes:
        address: HOST:PORT where it was answered, for what only the Lab can resolve.
        follow: whether redirects are followed.
        certificates: PEM of the authority to trust instead of the system's; "" for that.
    """

    request: Request
    address: str
    follow: bool = True
    certificates: str = ""


def python(recipe: Recipe) -> str:
    """A script of Python's standard library. Raises: LocalMisuse: the body is too large for one, or holds a secret."""
    request = recipe.request
    url = read_url(request.url, is_secure=request.is_secure)
    host, port = _where(recipe, url)
    imports = {"http.client"}
    if url.is_secure:
        imports.add("ssl")
    if request.login is not None:
        imports |= {"base64", "getpass"}
    if recipe.follow:
        imports.add("urllib.parse")
    lines = ['"""An HTTP request, copied from Network Workbench."""', ""]
    lines += [f"import {name}" for name in sorted(imports)]
    lines += ["", f"method = {request.method!r}", f"secure, host, port = {url.is_secure}, {host!r}, {port}"]
    lines += [f"path = {url.path!r}", *_python_fields(request), f"body = {_body(request)!r}"]
    if request.login is not None:
        ask = f"getpass.getpass({f'Password of {request.login.user}: '!r})"
        user = f"{request.login.user}:"
        lines += [
            f"login = base64.b64encode(({user!r} + {ask}).encode()).decode()",
            'fields.append(("Authorization", "Basic " + login))',
        ]
    trust = f"cadata={recipe.certificates!r}" if recipe.certificates else ""
    lines += ["", *_PYTHON_CONNECT.splitlines()]
    if url.is_secure:
        lines[-_CONNECT_LINES:] = _PYTHON_CONNECT_TLS.replace("TRUST", trust).splitlines()
    lines += ["", ""]
    lines += (_PYTHON_FOLLOW if recipe.follow else _PYTHON_ONCE).splitlines()
    lines += _PYTHON_END.splitlines()
    return "\n".join(lines) + "\n"


_PYTHON_CONNECT = """
def connect(secure, host, port):
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    return kind(host, port, timeout=30)"""
_CONNECT_LINES = len(_PYTHON_CONNECT.splitlines())
_PYTHON_CONNECT_TLS = """
def connect(secure, host, port):
    if not secure:
        return http.client.HTTPConnection(host, port, timeout=30)
    context = ssl.create_default_context(TRUST)
    return http.client.HTTPSConnection(host, port, timeout=30, context=context)"""
_PYTHON_ONCE = """def ask(secure, host, port, method, path, fields, body):
    connection = connect(secure, host, port)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in fields:
        connection.putheader(name, value.encode())
    connection.endheaders(body or None)
    return connection.getresponse()


answer = ask(secure, host, port, method, path, fields, body)
"""
_PYTHON_FOLLOW = (
    _PYTHON_ONCE
    + """
for _ in range(10):
    location = answer.headers["Location"]
    if answer.status not in (301, 302, 303, 307, 308) or location is None:
        break
    print(answer.status, "leads to", location)
    answer.read()
    base = f"{'https' if secure else 'http'}://{host}:{port}{path}"
    to = urllib.parse.urlsplit(urllib.parse.urljoin(base, location))
    if to.scheme not in ("http", "https"):
        break
    if (answer.status == 303 and method != "HEAD") or (answer.status in (301, 302) and method == "POST"):
        method, body = "GET", b""
        fields = [pair for pair in fields if not pair[0].lower().startswith("content-")]
    there = to.scheme == "https", to.hostname, to.port or (443 if to.scheme == "https" else 80)
    if there != (secure, host, port):
        # Another origin gets no login, and is called by its own name.
        fields = [p for p in fields if p[0].lower() not in ("authorization", "cookie", "host")]
        fields.insert(0, ("Host", to.netloc))
    secure, host, port = there
    path = (to.path or "/") + (f"?{to.query}" if to.query else "")
    answer = ask(secure, host, port, method, path, fields, body)
"""
)
_PYTHON_END = """
print(answer.status, answer.reason)
for name, value in answer.getheaders():
    print(f"{name}: {value}")
data = answer.read()
print()
print(data.decode("utf-8", "replace"))
"""


def curl(recipe: Recipe) -> str:
    """One command. Raises: as python()."""
    request = recipe.request
    url = read_url(request.url, is_secure=request.is_secure)
    host, port = _where(recipe, url)
    shown = f"[{host}]" if ":" in host else host
    address = f"{'https' if url.is_secure else 'http'}://{shown}:{port}{url.path}"
    words = ["curl", "--include", "--http1.1", "--globoff"]
    if request.method == "HEAD":
        words.append("--head")
    elif request.method != ("POST" if request.body else "GET"):
        # Not by --request where curl knows better: after a redirect it would say that method again.
        words += ["--request", request.method]
    if recipe.follow:
        words += ["--location", "--max-redirs", "10"]
    lines = ["#!/bin/sh", "# An HTTP request, copied from Network Workbench."]
    if url.is_secure and recipe.certificates:
        words += ["--cacert", CERTIFICATE_FILE]
        lines.append(f"# {CERTIFICATE_FILE} must hold this:")
        lines += [f"# {line}" for line in recipe.certificates.strip().splitlines()]
    typed = {name.lower() for name, _ in request.headers}
    for name, value in _plain_fields(request):
        if name.lower() not in ("host", "content-length", "connection") or name.lower() in typed:
            # A field without a value needs a semicolon, or curl takes the field away.
            words += ["--header", f"{name}: {value}" if value else f"{name};"]
    body = _body(request)
    if body and "content-type" not in typed:
        words += ["--header", "Content-Type:"]
    if request.login is not None:
        words += ["--user", request.login.user]
        lines.append("# curl asks for the password.")
    if body:
        lines.append(f"{_printed(body)} | {shlex.join([*words, '--data-binary', '@-', address])}")
    else:
        lines.append(shlex.join([*words, address]))
    return "\n".join(lines) + "\n"


def _where(recipe: Recipe, url: Url) -> tuple[str, int]:
    if not url.target.is_lab:
        return url.target.host.partition("%")[0], url.target.port or 0
    host, _, port = recipe.address.rpartition(":")
    return (LAB_HOST if url.is_secure else host.strip("[]")), int(port or 0)


def _plain_fields(request: Request) -> list[tuple[str, str]]:
    """The fields without those that hold a login."""
    by_itself = [(field.name, field.value) for field in added(request)]
    fields = [pair for pair in by_itself if pair[0] == "Host"]
    fields += request.headers
    fields += [pair for pair in by_itself if pair[0] != "Host"]
    return [(name, value) for name, value in fields if name.lower() not in _SECRET]


def _python_fields(request: Request) -> list[str]:
    rows = [f"    ({name!r}, {value!r})," for name, value in _plain_fields(request)]
    left_out = [name for name, _ in request.headers if name.lower() in _SECRET]
    notes = [f"# {name} held a secret and was left out." for name in left_out]
    return [*notes, "fields = [", *rows, "]"]


def _body(request: Request) -> bytes:
    if len(request.body) > MAX_BODY:
        raise LocalMisuse(
            f"the body has {len(request.body):,} octets, too many for a script",
            stage="copy",
            advice="save it to a file, and send that",
        )
    if request.secret:
        raise LocalMisuse(
            "the body holds a password, which no script shall hold",
            stage="copy",
            advice="empty that field first, and write it into the script yourself",
        )
    return request.body


def _printed(data: bytes) -> str:
    """A command of the shell that prints these octets."""
    text = "".join(
        chr(octet) if 0x20 <= octet < 0x7F and chr(octet) not in "\\%'" else f"\\{octet:03o}"
        for octet in data
    )
    # What begins with it would be an option of printf's.
    text = f"\\055{text[1:]}" if text.startswith("-") else text
    return f"printf '{text}'"
