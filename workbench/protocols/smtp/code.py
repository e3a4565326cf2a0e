""" "Copy as": a letter that was submitted, as a script for Python's smtplib, for swaks or for curl.

A password is never written down: each asks for it. Verification stays on; for a server of the Lab the script holds the
certificate of the Lab's authority, in Python ready, else as a comment to save. The letter itself is read from a file.
"""

import shlex
from typing import NamedTuple

from workbench.protocols.sasl.values import Protected
from workbench.protocols.smtp.values import Envelope

CERTIFICATE_FILE = "lab-authority.pem"
LETTER_FILE = "letter.eml"


class Recipe(NamedTuple):
    """A submission to repeat.

    user: "" for no login. certificates: PEM of the authority to trust instead of the system's, "" for that. letter: the
    file.
    """

    host: str
    port: int
    envelope: Envelope
    secured: Protected = "starttls"
    user: str = ""
    certificates: str = ""
    letter: str = LETTER_FILE

    @property
    def needs_utf8(self) -> bool:
        """Whether an address goes beyond ASCII."""
        return not all(one.isascii() for one in (self.envelope.sender, *self.envelope.recipients))


def python(recipe: Recipe) -> str:
    """A script of Python's standard library."""
    imports = {"smtplib"}
    if recipe.user:
        imports.add("getpass")
    if recipe.secured != "plain":
        imports.add("ssl")
    lines = [
        '"""A letter, copied from Network Workbench."""',
        "",
        *(f"import {name}" for name in sorted(imports)),
        "",
        f'with open({recipe.letter!r}, "rb") as file:',
        "    # smtplib sends octets as they are: every line has to end with CRLF.",
        '    letter = b"".join(line + b"\\r\\n" for line in file.read().splitlines())',
        "",
    ]
    place = f"{recipe.host!r}, {recipe.port}"
    if recipe.secured != "plain":
        trust = f"cadata={recipe.certificates!r}" if recipe.certificates else ""
        lines += [f"context = ssl.create_default_context({trust})"]
    made = (
        f"smtplib.SMTP_SSL({place}, context=context)" if recipe.secured == "tls" else f"smtplib.SMTP({place})"
    )
    lines += [f"with {made} as smtp:"]
    if recipe.secured == "starttls":
        lines += ["    smtp.starttls(context=context)"]
    if recipe.user:
        lines += [f"    smtp.login({recipe.user!r}, getpass.getpass({f'Password of {recipe.user}: '!r}))"]
    options = ', mail_options=("SMTPUTF8", "BODY=8BITMIME")' if recipe.needs_utf8 else ""
    names = f"{recipe.envelope.sender!r}, {list(recipe.envelope.recipients)!r}"
    lines += [
        f"    refused = smtp.sendmail({names}, letter{options})",
        "# Who is not in it gets the letter; smtplib raises only when all are refused.",
        "for address, (code, reply) in refused.items():",
        "    print(address, code, reply)",
    ]
    return "\n".join(lines) + "\n"


def swaks(recipe: Recipe) -> str:
    """One command of swaks."""
    words = ["swaks", "--server", recipe.host, "--port", str(recipe.port)]
    words += ["--from", recipe.envelope.sender or "<>", "--to", ",".join(recipe.envelope.recipients)]
    words += ["--data", f"@{recipe.letter}"]
    if recipe.secured != "plain":
        words += ["--tls" if recipe.secured == "starttls" else "--tls-on-connect", "--tls-verify"]
        if recipe.certificates:
            words += ["--tls-ca-path", CERTIFICATE_FILE]
    if recipe.user:
        words += ["--auth", "--auth-user", recipe.user]
    return _script(recipe, words, "swaks")


def curl(recipe: Recipe) -> str:
    """One command of curl."""
    scheme = "smtps" if recipe.secured == "tls" else "smtp"
    host = f"[{recipe.host}]" if ":" in recipe.host else recipe.host
    words = ["curl", "--fail", "--crlf", "--mail-rcpt-allowfails"]
    if recipe.secured != "plain":
        words += ["--ssl-reqd"]
        if recipe.certificates:
            words += ["--cacert", CERTIFICATE_FILE]
    words += ["--mail-from", recipe.envelope.sender]
    for address in recipe.envelope.recipients:
        words += ["--mail-rcpt", address]
    if recipe.user:
        words += ["--user", recipe.user]
    words += ["--upload-file", recipe.letter, f"{scheme}://{host}:{recipe.port}"]
    return _script(recipe, words, "curl")


def _script(recipe: Recipe, words: list[str], program: str) -> str:
    lines = ["#!/bin/sh", "# A letter, copied from Network Workbench."]
    if recipe.user:
        lines.append(f"# {program} asks for the password.")
    if recipe.certificates and recipe.secured != "plain":
        lines.append(f"# {CERTIFICATE_FILE} must hold this:")
        lines += [f"# {line}" for line in recipe.certificates.strip().splitlines()]
    return "\n".join((*lines, shlex.join(words))) + "\n"
