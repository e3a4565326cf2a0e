"""The same conversation as a command line of ncat, socat or openssl s_client, in a shell that POSIX describes.

What a program can't say is told in a remark where the conversation still means the same without it, and refused with
the reason where it does not: a command that does something else is worse than none.
"""

import shlex
from collections.abc import Iterable, Sequence
from typing import Final

from workbench.errors import LocalMisuse
from workbench.formats.target import bracketed
from workbench.protocols.raw.code import Recipe
from workbench.protocols.raw.code_tls import TlsRecipe
from workbench.wire.options import Setting

LINE: Final = 400
"""Octets of one printf: a line that people still look over."""
WAIT: Final = '"${WAIT:-3}"'
"""Seconds that a pipe stays open behind the last octet, where the program ends with its input."""
_FILE: Final = "\0"
"""Stands in a word for the file that the script writes."""
_SAFE: Final = frozenset(
    b'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:;/@=+-_<>()[]{}!?#&*|~^"$`'
)
_SOCAT: Final = {
    "NODELAY": "nodelay", "KEEPALIVE": "keepalive", "KEEPIDLE": "keepidle", "KEEPINTVL": "keepintvl",
    "KEEPCNT": "keepcnt", "REUSEADDR": "reuseaddr", "REUSEPORT": "reuseport", "LINGER": "linger",
    "SNDBUF": "sndbuf", "RCVBUF": "rcvbuf", "BROADCAST": "broadcast", "V6ONLY": "ipv6only", "TTL": "ttl",
    "MULTICAST_TTL": "ip-multicast-ttl", "MULTICAST_LOOP": "ip-multicast-loop",
}  # fmt: skip


def ncat(recipe: Recipe) -> str:
    """ncat's command line. Raises: LocalMisuse: it can't say that."""
    _check(recipe, "ncat")
    remarks = [_no_options("ncat", recipe.settings)]
    words = ["ncat", *_ncat_tls(recipe, remarks)]
    if recipe.transport == "udp":
        words.append("-u")
    target = recipe.target
    place = ["-U", target.path] if target.scheme == "unix" else [target.host, str(target.port)]
    if recipe.listen:
        return _script(recipe, remarks, _ncat_listening(recipe, words, place, remarks))
    if recipe.local is not None:
        words += ["-s", recipe.local.host, *(["-p", str(recipe.local.port)] if recipe.local.port else [])]
    if recipe.transport == "udp":
        remarks.append("At the end of its input ncat stops at once: it is kept open for the last answers.")
    elif recipe.tls is None and not recipe.finish:
        words.append("--no-shutdown")
    feeding = _feeding(recipe, waits=recipe.transport == "udp")
    return _script(recipe, remarks, f"{feeding} | {_joined([*words, *place])}")


def socat(recipe: Recipe) -> str:
    """socat's command line. Raises: LocalMisuse: it can't say that."""
    _check(recipe, "socat")
    remarks: list[str] = []
    options = [_socat_option(setting) for setting in recipe.settings]
    if recipe.listen:
        return _script(recipe, remarks, _socat_listening(recipe, options, remarks))
    target, tls = recipe.target, recipe.tls
    if recipe.local is not None:
        port = f":{recipe.local.port}" if recipe.local.port else ":0"
        options.append(f"bind={bracketed(recipe.local.host)}{port}")
    if target.scheme == "unix":
        address = f"UNIX-CONNECT:{target.path}"
    elif recipe.transport == "udp":
        address = f"UDP:{bracketed(target.host)}:{target.port}"
        options.append("shut-none")
    elif tls is not None:
        address = f"OPENSSL:{bracketed(target.host)}:{target.port}"
        options += _socat_tls(tls, remarks)
    else:
        address = f"TCP:{bracketed(target.host)}:{target.port}"
        if not recipe.finish:
            options.append("shut-none")
    words = ["socat", "-t", "30" if recipe.finish and recipe.transport == "tcp" and tls is None else "2", "-"]
    return _script(
        recipe, remarks, f"{_feeding(recipe)} | {_joined([*words, ','.join([address, *options])])}"
    )


def openssl(recipe: Recipe) -> str:
    """openssl s_client's command line. Raises: LocalMisuse: it can't say that."""
    _check(recipe, "openssl s_client")
    tls = recipe.tls
    if tls is None or recipe.listen or recipe.transport == "udp" or recipe.target.scheme == "unix":
        why = "it listens" if recipe.listen else "it was not under TLS over TCP"
        raise _refused(f"openssl s_client is a TLS client, and this conversation is not: {why}")
    remarks = [_no_options("openssl s_client", recipe.settings)]
    target = recipe.target
    words = [
        "openssl",
        "s_client",
        "-quiet",
        "-no_ign_eof",
        "-connect",
        f"{bracketed(target.host)}:{target.port}",
    ]
    if recipe.local is not None:
        words += ["-bind", f"{bracketed(recipe.local.host)}:{recipe.local.port or 0}"]
    words += ["-servername", tls.server_name] if tls.server_name and tls.sends_name else ["-noservername"]
    if tls.checks:
        words.append("-verify_return_error")
        if tls.server_name:
            is_number = ":" in tls.server_name or tls.server_name.replace(".", "").isdigit()
            words += ["-verify_ip" if is_number else "-verify_hostname", tls.server_name]
    for option, value in (
        ("-min_protocol", _openssl_version(tls.lowest)), ("-max_protocol", _openssl_version(tls.highest)),
        ("-alpn", ",".join(tls.alpn)), ("-cert", tls.certificate), ("-key", tls.key),
    ):  # fmt: skip
        if value:
            words += [option, value]
    if _has_trust(tls):
        words += ["-CAfile", _FILE if tls.authorities else tls.trust_file]
    return _script(recipe, remarks, f"{_feeding(recipe)} | {_joined(words)}")


# What all have ------------------------------------------------------------------------------------------------------


def _check(recipe: Recipe, program: str) -> None:
    """Raises: LocalMisuse: nobody but a script can do that."""
    if recipe.clear:
        raise _refused(
            f"{program} can't say something in clear first and begin TLS then", "copy it as Python"
        )
    if recipe.reply.rule == "none" and recipe.reply.preset:
        raise _refused(f"{program} is no such server as this listener was", "copy it as Python")


def _refused(what: str, advice: str = "copy it as something else") -> LocalMisuse:
    return LocalMisuse(what, stage="copy", advice=advice)


def _script(recipe: Recipe, remarks: Iterable[str], command: str) -> str:
    tls = recipe.tls
    files = f"authorities=$(mktemp)\ncat > \"$authorities\" <<'END'\n{tls.authorities.strip()}\nEND\n" if (
        tls is not None and tls.authorities
    ) else ""  # fmt: skip
    told = "".join(f"# {remark}\n" for remark in (recipe.note, *remarks) if remark)
    return f"#!/bin/sh\n{told}{files}{command}\n"


def _joined(words: Iterable[str]) -> str:
    """Words for the shell; the name of the file that the script writes is known to the shell alone."""
    return " ".join('"$authorities"'.join(_quoted(part) for part in word.split(_FILE)) for word in words)


def _quoted(part: str) -> str:
    return shlex.quote(part) if part else ""


def _feeding(recipe: Recipe, *, waits: bool = False) -> str:
    """What stands before the pipe: every payload, and a pause where the program ends with its input."""
    pieces = []
    for number, data in enumerate(recipe.sends):
        if number and recipe.transport == "udp":
            # Else two datagrams may be read, and sent, as one.
            pieces.append("sleep 0.2")
        pieces += printed(data)
    if waits or recipe.tls is not None or not recipe.finish:
        pieces.append(f"sleep {WAIT}")
    return "{ " + "; ".join(pieces or [":"]) + "; }"


def printed(data: bytes) -> list[str]:
    """printf commands that write these octets, whatever they are; printf reads its own escapes (POSIX)."""
    pieces = [data[at : at + LINE] for at in range(0, len(data), LINE)]
    return [f"printf '{_escaped(piece)}'" for piece in pieces]


def _escaped(data: bytes) -> str:
    words = {0x0A: "\\n", 0x0D: "\\r", 0x09: "\\t", 0x25: "%%"}
    text = "".join(words.get(octet) or (chr(octet) if octet in _SAFE else f"\\{octet:03o}") for octet in data)
    # What begins with it would be an option of printf's.
    return f"\\055{text[1:]}" if text.startswith("-") else text


def _no_options(program: str, settings: Sequence[Setting]) -> str:
    names = ", ".join(setting.option.name for setting in settings)
    return f"{program} can't set these socket options, which this conversation had: {names}." if names else ""


def _answering(recipe: Recipe, remarks: list[str]) -> str:
    """A shell command that answers one connection on its standard input and output."""
    if recipe.reply.rule == "echo":
        return "cat"
    if recipe.reply.rule == "text":
        remarks.append("The answer is sent once, at the beginning; ours answered every piece that arrived.")
        return "; ".join([*printed(recipe.reply.data), "cat >/dev/null"])
    return ""


# Each program's own -------------------------------------------------------------------------------------------------


def _ncat_tls(recipe: Recipe, remarks: list[str]) -> list[str]:
    tls = recipe.tls
    if tls is None:
        return []
    words = ["--ssl"]
    if recipe.listen:
        return words + _files(tls, "--ssl-cert", "--ssl-key")
    if tls.server_name and tls.sends_name:
        words += ["--ssl-servername", tls.server_name]
    if tls.alpn:
        words += ["--ssl-alpn", ",".join(tls.alpn)]
    if tls.checks:
        words.append("--ssl-verify")
        words += ["--ssl-trustfile", _FILE if tls.authorities else tls.trust_file] if _has_trust(tls) else []
    if tls.lowest or tls.highest:
        remarks.append(f"ncat can't be held to TLS {tls.lowest or '...'} to {tls.highest or '...'}.")
    return words + _files(tls, "--ssl-cert", "--ssl-key")


def _files(tls: TlsRecipe, certificate: str, key: str) -> list[str]:
    found = [certificate, tls.certificate] if tls.certificate else []
    return found + ([key, tls.key or tls.certificate] if tls.certificate else [])


def _has_trust(tls: TlsRecipe) -> bool:
    return bool(tls.authorities or tls.trust_file)


def _ncat_listening(recipe: Recipe, words: list[str], place: list[str], remarks: list[str]) -> str:
    answering = _answering(recipe, remarks)
    words += ["-l"] if recipe.transport == "udp" else ["-l", "-k"]
    if recipe.transport == "udp":
        remarks.append("ncat answers the first sender of datagrams, and nobody else.")
    if answering:
        words += ["-c", answering]
    else:
        words.append("--recv-only")
    return _joined([*words, *place])


def _socat_option(setting: Setting) -> str:
    name = _SOCAT.get(setting.option.name, "")
    if not name or setting.value is None:
        raise _refused(f"socat can't set {setting.option.name} so", "copy it as Python")
    return f"{name}={setting.value}"


def _socat_tls(tls: TlsRecipe, remarks: list[str]) -> list[str]:
    options = [f"verify={int(tls.checks)}"]
    if tls.server_name:
        options.append(f"commonname={tls.server_name}")
        options.append(f"snihost={tls.server_name}" if tls.sends_name else "no-sni=1")
    if tls.checks and tls.authorities:
        options.append(f"cafile={_FILE}")
    elif tls.checks and tls.trust_file:
        options.append(f"cafile={tls.trust_file}")
    for version, option in (
        (tls.lowest, "openssl-min-proto-version"),
        (tls.highest, "openssl-max-proto-version"),
    ):
        if version:
            options.append(f"{option}=TLS{version}")
    if tls.alpn:
        remarks.append(f"socat offers no protocol by ALPN; this conversation offered {', '.join(tls.alpn)}.")
    if tls.certificate:
        options += [f"certificate={tls.certificate}", f"key={tls.key or tls.certificate}"]
    return options


def _socat_listening(recipe: Recipe, options: list[str], remarks: list[str]) -> str:
    target, tls = recipe.target, recipe.tls
    answering = _answering(recipe, remarks)
    if target.scheme == "unix":
        address = f"UNIX-LISTEN:{target.path},fork"
    else:
        bind = f",bind={bracketed(target.host)}"
        family = "6" if ":" in target.host else "4"
        if recipe.transport == "udp":
            address = f"UDP{family}-RECVFROM:{target.port}{bind},fork"
        elif tls is not None:
            asked = int(tls.ask_client != "no")
            files = ",".join(_named(_files(tls, "certificate", "key")))
            address = f"OPENSSL-LISTEN:{target.port}{bind},reuseaddr,fork,verify={asked},{files}"
        else:
            address = f"TCP{family}-LISTEN:{target.port}{bind},reuseaddr,fork"
    words = ["socat", ",".join([address, *options])]
    if not answering:
        return _joined(["socat", "-u", *words[1:], "STDOUT"])
    if recipe.transport == "udp" and recipe.reply.rule == "text":
        answering = "; ".join(printed(recipe.reply.data))
    # Within an address commas, colons, quotes and backslashes mean something to socat itself.
    return f"{_joined(words)} {shlex.quote('SYSTEM:' + _socat_quoted(answering))}"


def _named(words: list[str]) -> list[str]:
    return [f"{name}={value}" for name, value in zip(words[::2], words[1::2], strict=True)]


def _socat_quoted(command: str) -> str:
    return "".join(f"\\{one}" if one in "\\\"':,!" else one for one in command)


def _openssl_version(version: str) -> str:
    return f"TLSv{version.replace('1.0', '1')}" if version else ""
