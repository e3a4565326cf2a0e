""" "Copy as": what was done in a session, as a script for Python's ftplib, for curl or for lftp.

A password is never written down: Python asks for it, curl and lftp ask on their own. Verification stays on; for a
server of the Lab the script holds the certificate of the Lab's authority, in Python ready, else as a comment to save.
"""

import shlex
from typing import Literal, NamedTuple
from urllib.parse import quote

from workbench.errors import LocalMisuse
from workbench.protocols.ftp.values import ANONYMOUS, text_of

Verb = Literal["list", "get", "put", "rename", "delete", "mkdir", "rmdir"]


class Deed(NamedTuple):
    """One thing that was done. path: at the server; other: the file here, or the new name there as text."""

    verb: Verb
    path: bytes
    other: str = ""


class Recipe(NamedTuple):
    """A session to repeat. certificates: PEM of the authority to trust instead of the system's; "" for that."""

    host: str
    port: int
    user: str
    deeds: tuple[Deed, ...]
    tls: bool = False
    server_name: str = ""
    certificates: str = ""


_REUSE = '''class ReusingFTP(ftplib.FTP_TLS):
    """Resumes the control connection's session on data connections, which many servers insist on."""

    def ntransfercmd(self, cmd, rest=None):
        conn, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        if self._prot_p:
            conn = self.context.wrap_socket(conn, server_hostname=SERVER_NAME, session=self.sock.session)
        return conn, size

    def auth(self):
        """As ftplib does it, for the name that the certificate has to hold."""
        answer = self.voidcmd("AUTH TLS")
        self.sock = self.context.wrap_socket(self.sock, server_hostname=SERVER_NAME)
        self.file = self.sock.makefile(mode="r", encoding=self.encoding)
        return answer


'''


def python(recipe: Recipe) -> str:
    """A script of Python's standard library. Raises: LocalMisuse: nothing was done that could be repeated."""
    _check(recipe)
    imports = {"ftplib"}
    if recipe.user != ANONYMOUS:
        imports.add("getpass")
    if recipe.tls:
        imports.add("ssl")
    lines = [
        '"""An FTP session, copied from Network Workbench."""',
        "",
        *(f"import {name}" for name in sorted(imports)),
    ]
    made = "ftplib.FTP"
    if recipe.tls:
        made = "ReusingFTP"
        trust = f"cadata={recipe.certificates!r}" if recipe.certificates else ""
        lines += ["", f"SERVER_NAME = {recipe.server_name or recipe.host!r}", "", ""]
        lines += [*_REUSE.rstrip("\n").split("\n"), "", ""]
        lines += [f"ftp = {made}(context=ssl.create_default_context({trust}))"]
    else:
        lines += ["", f"ftp = {made}()"]
    lines += [f"ftp.connect({recipe.host!r}, {recipe.port})"]
    login = repr(recipe.user)
    if recipe.user != ANONYMOUS:
        login += f", getpass.getpass({f'Password of {recipe.user}: '!r})"
    lines += [f"ftp.login({login})"]
    if recipe.tls:
        lines += ["ftp.prot_p()"]
    for deed in recipe.deeds:
        lines += _python_deed(deed)
    return "\n".join((*lines, "ftp.quit()")) + "\n"


def _python_deed(deed: Deed) -> list[str]:
    path = text_of(deed.path)
    match deed.verb:
        case "list":
            return [
                "try:",
                f"    for name, facts in ftp.mlsd({path!r}):",
                '        print(facts.get("type", ""), facts.get("size", ""), name)',
                "except ftplib.error_perm:",
                "    # The server has no MLSD.",
                f"    ftp.dir({path!r})",
            ]
        case "get":
            return [
                f'with open({deed.other!r}, "wb") as file:',
                f"    ftp.retrbinary({f'RETR {path}'!r}, file.write)",
            ]
        case "put":
            return [
                f'with open({deed.other!r}, "rb") as file:',
                f"    ftp.storbinary({f'STOR {path}'!r}, file)",
            ]
        case "rename":
            return [f"ftp.rename({path!r}, {deed.other!r})"]
        case "delete":
            return [f"ftp.delete({path!r})"]
        case "mkdir":
            return [f"ftp.mkd({path!r})"]
        case "rmdir":
            return [f"ftp.rmd({path!r})"]


def curl(recipe: Recipe) -> str:
    """One command a line. Raises: as python()."""
    _check(recipe)
    head = ["curl", "--fail", *_curl_tls(recipe)]
    if recipe.user != ANONYMOUS:
        head += ["--user", recipe.user]
    lines = ["#!/bin/sh", "# An FTP session, copied from Network Workbench."]
    if recipe.user != ANONYMOUS:
        lines.append("# curl asks for the password each time.")
    lines += _certificate_note(recipe)
    root = f"ftp://{_bracketed(recipe.host)}:{recipe.port}"
    for deed in recipe.deeds:
        # Two slashes: curl would take one as the end of the address, and the path as one within the login's folder.
        url = root + "/" + quote(deed.path if deed.path.startswith(b"/") else b"/" + deed.path)
        match deed.verb:
            case "list":
                words = [*head, url.rstrip("/") + "/"]
            case "get":
                words = [*head, "--output", deed.other, url]
            case "put":
                words = [*head, "--upload-file", deed.other, url]
            case "rename":
                words = [
                    *head,
                    "--quote",
                    f"RNFR {text_of(deed.path)}",
                    "--quote",
                    f"RNTO {deed.other}",
                    root + "/",
                ]
            case _:
                verb = {"delete": "DELE", "mkdir": "MKD", "rmdir": "RMD"}[deed.verb]
                words = [*head, "--quote", f"{verb} {text_of(deed.path)}", root + "/"]
        lines.append(shlex.join(words))
    return "\n".join(lines) + "\n"


def lftp(recipe: Recipe) -> str:
    """A script for `lftp -f FILE`. Raises: as python()."""
    _check(recipe)
    lines = [
        "# An FTP session, copied from Network Workbench; run it by lftp -f FILE.",
        *_certificate_note(recipe),
    ]
    lines.append("set cmd:fail-exit yes")
    if recipe.tls:
        lines += [
            "set ftp:ssl-force yes",
            "set ftp:ssl-allow-anonymous yes",
            "set ftp:ssl-protect-data yes",
            "set ssl:verify-certificate yes",
        ]
        if recipe.certificates:
            lines.append(f"set ssl:ca-file {CERTIFICATE_FILE}")
        if recipe.server_name not in ("", recipe.host):
            # lftp has no way to expect another name than the one it dials.
            lines.append("set ssl:check-hostname no")
    else:
        lines.append("set ftp:ssl-allow no")
    user = "" if recipe.user == ANONYMOUS else f"-u {_quoted(recipe.user)} "
    lines.append(f"open {user}-p {recipe.port} ftp://{_bracketed(recipe.host)}")
    for deed in recipe.deeds:
        path = _quoted(text_of(deed.path))
        lines.append(
            {
                "list": f"cls -l {path}",
                "get": f"get {path} -o {_quoted(deed.other)}",
                "put": f"put {_quoted(deed.other)} -o {path}",
                "rename": f"mv {path} {_quoted(deed.other)}",
                "delete": f"rm {path}",
                "mkdir": f"mkdir {path}",
                "rmdir": f"rmdir {path}",
            }[deed.verb]
        )
    return "\n".join((*lines, "bye")) + "\n"


CERTIFICATE_FILE = "lab-authority.pem"


def _curl_tls(recipe: Recipe) -> list[str]:
    if not recipe.tls:
        return []
    words = ["--ssl-reqd"]
    if recipe.certificates:
        words += ["--cacert", CERTIFICATE_FILE]
    return words


def _certificate_note(recipe: Recipe) -> list[str]:
    if not (recipe.tls and recipe.certificates):
        return []
    held = (f"# {line}" for line in recipe.certificates.strip().splitlines())
    return [f"# {CERTIFICATE_FILE} must hold this:", *held]


def _check(recipe: Recipe) -> None:
    if not recipe.deeds:
        raise LocalMisuse(
            "nothing was done yet that a script could repeat", stage="copy", advice="list a folder first"
        )


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _quoted(text: str) -> str:
    """As lftp reads it back: between quotation marks, with those and backslashes marked."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
