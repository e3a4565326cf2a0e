""" "Copy as": a call as a script for Python's xmlrpc.client, or as a line for curl.

A password is never written down: Python asks for it, curl asks on its own.
"""

from typing import NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.target import LAB_HOST
from workbench.protocols.http import code as http_code
from workbench.protocols.http.url import read_url
from workbench.protocols.http.values import Login, Request
from workbench.protocols.xmlrpc.client import LIST, MEDIA_TYPE
from workbench.protocols.xmlrpc.encode import checked_method, write_call
from workbench.protocols.xmlrpc.values import I8_HIGH, INT_HIGH, INT_LOW, Call, Value


class Recipe(NamedTuple):
    """A call to repeat.

    Attributes:
        url: as it was typed. address: HOST:PORT where it was answered, for what only the Lab can resolve.
        certificates: PEM of the authority to trust instead of the system's; "" for that.
    """

    url: str
    address: str
    call: Call
    login: Login | None = None
    certificates: str = ""


def python(recipe: Recipe) -> str:
    """A script of Python's standard library. Raises: LocalMisuse: a value that xmlrpc.client can't send."""
    url = read_url(recipe.url)
    where = _where(recipe)
    imports = {"xmlrpc.client"}
    imports |= {"getpass", "urllib.parse"} if recipe.login is not None else set()
    if url.is_secure:
        imports.add("ssl")
    lines = ['"""An XML-RPC call, copied from Network Workbench."""', ""]
    lines += [f"import {name}" for name in sorted(imports)]
    scheme = "https" if url.is_secure else "http"
    address = f"{scheme}://{where}{url.path}"
    options = ["allow_none=True"]
    if url.is_secure:
        trust = f"cadata={recipe.certificates!r}" if recipe.certificates else ""
        lines += ["", f"context = ssl.create_default_context({trust})"]
        options.append("context=context")
    lines.append("")
    if recipe.login is not None:
        user = recipe.login.user
        lines += [
            f"user, password = {user!r}, getpass.getpass({f'Password of {user}: '!r})",
            'login = ":".join(urllib.parse.quote(word, safe="") for word in (user, password))',
            f'address = "{scheme}://" + login + {f"@{where}{url.path}"!r}',
        ]
    else:
        lines.append(f"address = {address!r}")
    lines.append(f"server = xmlrpc.client.ServerProxy(address, {', '.join(options)})")
    arguments = ", ".join(map(_literal, recipe.call.params))
    name = checked_method(recipe.call.method)
    lines += [
        "try:",
        # By its name as a text: not every method's name is one that Python can write behind a dot.
        f"    print(getattr(server, {name!r})({arguments}))",
        "except xmlrpc.client.Fault as fault:",
        '    raise SystemExit(f"fault {fault.faultCode}: {fault.faultString}")',
    ]
    return "\n".join(lines) + "\n"


def _literal(value: Value) -> str:
    if value.type == "array":
        return f"[{', '.join(map(_literal, value.items()))}]"
    if value.type == "struct":
        return f"{{{', '.join(f'{name!r}: {_literal(inside)}' for name, inside in value.members())}}}"
    if value.type == "dateTime.iso8601":
        return f"xmlrpc.client.DateTime({value.data!r})"
    if value.type == "base64":
        return f"xmlrpc.client.Binary({value.data!r})"
    if value.type == "i8" and isinstance(value.data, int) and not INT_LOW <= value.data <= INT_HIGH:
        raise LocalMisuse(
            f"{value.data} needs 64 bits, which Python's xmlrpc.client sends for no number",
            stage="copy",
            advice=f"copy it for curl; up to {I8_HIGH} fits there",
        )
    return repr(value.data)


def curl(recipe: Recipe) -> str:
    """One command. Raises: LocalMisuse: the call is too large for a word of a shell."""
    request = Request(
        recipe.url,
        "POST",
        headers=(("Content-Type", MEDIA_TYPE),),
        body=write_call(recipe.call),
        login=recipe.login,
    )
    return http_code.curl(http_code.Recipe(request, recipe.address, False, recipe.certificates))


def listing(recipe: Recipe) -> Recipe:
    """The same server, asked for its methods."""
    return recipe._replace(call=Call(LIST))


def _where(recipe: Recipe) -> str:
    url = read_url(recipe.url)
    if not url.target.is_lab:
        return url.authority
    port = recipe.address.rpartition(":")[2]
    return f"{LAB_HOST if url.is_secure else '127.0.0.1'}:{port}"
