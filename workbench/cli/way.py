"""How a verb gets to its peer: the arguments that choose a proxy, an address of ours and socket options."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from workbench.cli.arguments import Argument, Parsed
from workbench.cli.steps import bounded_events
from workbench.errors import LocalFault, LocalMisuse
from workbench.formats.target import Target, parse_target

if TYPE_CHECKING:
    from workbench.protocols.raw.values import Way
    from workbench.transcript.recorder import Transcript
    from workbench.transcript.records import Event

MAX_PASSWORD_FILE = 4096
"""Octets that are read of it; a password of SOCKS5 has 255 at most."""


def _read_proxy(text: str) -> Any:
    from workbench.formats.proxy_address import parse_proxy

    return parse_proxy(text)


def _read_local(text: str) -> Target:
    target = parse_target(text, listening=True, default_port=0)
    if target.scheme != "tcp":
        raise LocalMisuse(
            f"{text} is no address to call from",
            text=text,
            start=0,
            end=len(text),
            advice="write HOST or HOST:PORT",
        )
    return target


def _read_option(text: str) -> Any:
    from workbench.wire.options import parse_setting

    return parse_setting(text)


OPTION = Argument(
    "--option",
    "set a socket option, like NODELAY=1, TTL=3 or LINGER=off; may be repeated",
    "NAME=N",
    _read_option,
    many=True,
)
WAY = (
    Argument(
        "--proxy",
        "go through socks5://HOST:PORT, http://HOST:PORT or a proxy of the Lab",
        "PROXY",
        _read_proxy,
    ),
    Argument("--proxy-user", "log in to the proxy with this name", "NAME"),
    Argument("--proxy-password-file", "the first line of this file is the password for it", "FILE"),
    Argument("--local", "call from this address of ours: HOST or HOST:PORT", "ADDR", _read_local),
    OPTION,
)


def read_way(parsed: Parsed, *, is_udp: bool) -> "Way":
    """The way that a command line asks for.

    Raises: LocalMisuse: arguments that don't go together; LocalFault: the password's file can't be read.
    """
    from workbench.protocols.raw.values import Way

    proxy, user, file = parsed["--proxy"], parsed["--proxy-user"], parsed["--proxy-password-file"]
    if proxy is None and (user is not None or file is not None):
        raise LocalMisuse("a login for a proxy needs --proxy", advice="add --proxy socks5://HOST:PORT")
    if proxy is not None and is_udp:
        raise LocalMisuse("datagrams don't go through a proxy here", advice="leave --proxy or --udp out")
    if (user is None) != (file is None):
        raise LocalMisuse(
            "--proxy-user and --proxy-password-file go together",
            advice="a password on the command line could be read by everybody on this machine",
        )
    if proxy is not None and user is not None:
        proxy = proxy._replace(user=user, password=_password(file))
    return Way(proxy, parsed["--local"], parsed["--option"])


def way_document(transcript: "Transcript", way: "Way") -> dict[str, object]:
    """ "proxy" and "options", where they were asked for; what was granted is null where it did not come to that."""
    shown: dict[str, object] = {}
    facts = list(_facts(transcript))
    if way.proxy is not None:
        bound = next((event.values["bound"] for event in facts if event.name == "proxy.complete"), None)
        shown["proxy"] = {"address": str(way.proxy), "kind": way.proxy.kind, "bound": bound or None}
    if way.settings:
        granted = {
            event.values["option"]: event.values["granted"] for event in facts if event.name == "option.set"
        }
        shown["options"] = [
            {
                "name": setting.option.name,
                "asked": setting.value,
                "granted": granted.get(setting.option.name),
                "unit": setting.option.unit,
            }
            for setting in way.settings
        ]
    return shown


def _facts(transcript: "Transcript") -> "Iterator[Event]":
    return (event for event in bounded_events(transcript) if event.kind == "fact" and event.channel == 0)


def _password(path: str) -> str:
    try:
        with open(path, "rb") as file:
            line = file.read(MAX_PASSWORD_FILE).split(b"\n", 1)[0].removesuffix(b"\r")
        return line.decode("utf-8")
    except OSError as error:
        from workbench.formats.errno_words import symbol_of

        symbol = symbol_of(error)
        raise LocalFault(
            f"{path} can't be read: {error.strerror}", stage="input", errno_name=symbol
        ) from error
    except UnicodeDecodeError as error:
        raise LocalFault(f"the password in {path} is no UTF-8", stage="input") from error
