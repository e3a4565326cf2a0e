""" "Copy as": what was read by POP3, as a script for Python's poplib or for curl.

A password is never written down: each asks for it. Verification stays on; for a server of the Lab the script holds the
certificate of the Lab's authority, in Python ready, else as a comment to save.
"""

import shlex
from typing import Literal, NamedTuple

from workbench.errors import LocalMisuse
from workbench.protocols.sasl.values import Protected

CERTIFICATE_FILE = "lab-authority.pem"


class Deed(NamedTuple):
    """One thing that was read: the list, a letter's beginning, or a letter."""

    verb: Literal["list", "top", "letter"]
    number: int = 0


class Recipe(NamedTuple):
    """A session to repeat. certificates: PEM of the authority to trust instead of the system's; "" for that."""

    host: str
    port: int
    user: str
    deeds: tuple[Deed, ...]
    secured: Protected = "starttls"
    certificates: str = ""


def python(recipe: Recipe) -> str:
    """A script of Python's standard library. Raises: LocalMisuse: nothing was done that could be repeated."""
    _check(recipe)
    imports = ["getpass", "poplib", *(["ssl"] if recipe.secured != "plain" else [])]
    lines = ['"""Letters, copied from Network Workbench."""', "", *(f"import {name}" for name in imports), ""]
    if any(deed.verb != "list" for deed in recipe.deeds):
        lines += [
            "# By its own it gives up at lines of more than 2048 octets.",
            "poplib._MAXLINE = 1 << 20",
            "",
        ]
    place = f"{recipe.host!r}, {recipe.port}"
    if recipe.secured != "plain":
        trust = f"cadata={recipe.certificates!r}" if recipe.certificates else ""
        lines += [f"context = ssl.create_default_context({trust})"]
    made = f"POP3_SSL({place}, context=context)" if recipe.secured == "tls" else f"POP3({place})"
    lines += [f"pop = poplib.{made}"]
    if recipe.secured == "starttls":
        lines += ["pop.stls(context)"]
    lines += [f"pop.user({recipe.user!r})", f"pop.pass_(getpass.getpass({f'Password of {recipe.user}: '!r}))"]
    for deed in recipe.deeds:
        match deed.verb:
            case "list":
                lines += ["for line in pop.list()[1]:", "    print(line.decode())"]
            case "top":
                lines += [f"for line in pop.top({deed.number}, 0)[1]:", "    print(line)"]
            case "letter":
                lines += [
                    f'with open("letter-{deed.number}.eml", "wb") as file:',
                    f"    for line in pop.retr({deed.number})[1]:",
                    '        file.write(line + b"\\r\\n")',
                ]
    return "\n".join((*lines, "pop.quit()")) + "\n"


def curl(recipe: Recipe) -> str:
    """One command a line. Raises: as python()."""
    _check(recipe)
    head = ["curl", "--fail", "--user", recipe.user]
    lines = ["#!/bin/sh", "# Letters, copied from Network Workbench; curl asks for the password each time."]
    if recipe.secured != "plain":
        head += ["--ssl-reqd"]
        if recipe.certificates:
            head += ["--cacert", CERTIFICATE_FILE]
            lines.append(f"# {CERTIFICATE_FILE} must hold this:")
            lines += [f"# {line}" for line in recipe.certificates.strip().splitlines()]
    host = f"[{recipe.host}]" if ":" in recipe.host else recipe.host
    root = f"{'pop3s' if recipe.secured == 'tls' else 'pop3'}://{host}:{recipe.port}/"
    for deed in recipe.deeds:
        match deed.verb:
            case "list":
                lines.append(shlex.join((*head, root)))
            case "top":
                lines.append(shlex.join((*head, "--request", f"TOP {deed.number} 0", root)))
            case "letter":
                words = (*head, "--output", f"letter-{deed.number}.eml", f"{root}{deed.number}")
                lines.append(shlex.join(words))
    return "\n".join(lines) + "\n"


def _check(recipe: Recipe) -> None:
    if not recipe.deeds:
        raise LocalMisuse(
            "nothing was read yet that a script could repeat", stage="copy", advice="list the mailbox first"
        )
