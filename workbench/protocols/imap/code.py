""" "Copy as": what was read by IMAP, as a script for Python's imaplib or for curl.

A password is never written down: each asks for it. Verification stays on; for a server of the Lab the script holds the
certificate of the Lab's authority, in Python ready, else as a comment to save.
"""

import shlex
from typing import Literal, NamedTuple
from urllib.parse import quote

from workbench.errors import LocalMisuse
from workbench.protocols.imap.names import encode_name
from workbench.protocols.sasl.values import Protected

CERTIFICATE_FILE = "lab-authority.pem"
_FIELDS = "BODY.PEEK[HEADER.FIELDS (FROM TO SUBJECT DATE)]"


class Deed(NamedTuple):
    """One thing that was read: the list of folders, letters first to last of a folder, or one letter, by its UID."""

    verb: Literal["folders", "list", "letter"]
    folder: str = "INBOX"
    first: int = 1
    last: int = 1
    uid: int = 0


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
    imports = ["getpass", "imaplib", *(["ssl"] if recipe.secured != "plain" else [])]
    lines = ['"""Letters, copied from Network Workbench."""', "", *(f"import {name}" for name in imports), ""]
    place = f"{recipe.host!r}, {recipe.port}"
    if recipe.secured != "plain":
        trust = f"cadata={recipe.certificates!r}" if recipe.certificates else ""
        lines += [f"context = ssl.create_default_context({trust})"]
    made = f"IMAP4_SSL({place}, ssl_context=context)" if recipe.secured == "tls" else f"IMAP4({place})"
    lines += [f"imap = imaplib.{made}"]
    if recipe.secured == "starttls":
        lines += ["imap.starttls(context)"]
    lines += [f"imap.login({recipe.user!r}, getpass.getpass({f'Password of {recipe.user}: '!r}))"]
    opened = ""
    for deed in recipe.deeds:
        if deed.verb == "folders":
            lines += ["for line in imap.list()[1]:", "    print(line.decode())"]
            continue
        if deed.folder != opened:
            opened = deed.folder
            lines += [f"imap.select({_quoted(deed.folder)!r}, readonly=True)"]
        lines += _python_read(deed)
    return "\n".join((*lines, "imap.logout()")) + "\n"


def _python_read(deed: Deed) -> list[str]:
    if deed.verb == "letter":
        return [
            f'answer = imap.uid("FETCH", "{deed.uid}", "(BODY.PEEK[])")[1]',
            f'with open("letter-{deed.uid}.eml", "wb") as file:',
            "    file.write(answer[0][1])",
        ]
    return [
        f'for piece in imap.fetch("{deed.first}:{deed.last}", "(UID FLAGS RFC822.SIZE {_FIELDS})")[1]:',
        "    if isinstance(piece, tuple):",
        "        print(piece[0].decode(), piece[1].decode(errors='backslashreplace'))",
    ]


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
    root = f"{'imaps' if recipe.secured == 'tls' else 'imap'}://{host}:{recipe.port}/"
    for deed in recipe.deeds:
        folder = root + quote(encode_name(deed.folder), safe="")
        if deed.verb == "folders":
            lines.append(shlex.join((*head, root)))
        elif deed.verb == "list":
            asked = f"FETCH {deed.first}:{deed.last} (UID FLAGS RFC822.SIZE)"
            lines.append(shlex.join((*head, "--request", asked, folder)))
        else:
            lines.append(
                "# curl opens the folder by SELECT: at most servers the letter counts as read from then on."
            )
            words = (*head, "--output", f"letter-{deed.uid}.eml", f"{folder};UID={deed.uid}")
            lines.append(shlex.join(words))
    return "\n".join(lines) + "\n"


def _quoted(folder: str) -> str:
    """imaplib quotes nothing."""
    return '"' + encode_name(folder).decode("ascii").replace("\\", "\\\\").replace('"', '\\"') + '"'


def _check(recipe: Recipe) -> None:
    if not recipe.deeds:
        raise LocalMisuse(
            "nothing was read yet that a script could repeat", stage="copy", advice="open a folder first"
        )
