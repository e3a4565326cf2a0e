"""How a verb gets to its peer: the arguments that choose a proxy, an address of ours and socket options."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workbench.cli.arguments import Argument, Parsed
from workbench.cli.steps import bounded_events
from workbench.errors import LocalFault, LocalMisuse

if TYPE_CHECKING:
    from workbench.protocols.raw.values import Way
    from workbench.transcript.recorder import Transcript
    from workbench.transcript.records import Event

MAX_PASSWORD_FILE = 4096
"""Octets that are read of it; a password of SOCKS5 has 255 at most."""


OPTION = Argument(
    "--option",
    "set a socket option, like NODELAY=1, TTL=3 or LINGER=off; may be repeated",
    "NAME=N",
    many=True,
)
RELAY = Argument(
    "--relay",
    "go through a relay of the Lab, like delay=50,cut-after=100; '' changes nothing; see `workbench relay --help`",
    "SWITCHES",
)


def _policy(text: str) -> str:
    from workbench.wire.policy import POLICIES

    if text not in POLICIES:
        names = ", ".join(POLICIES)
        raise LocalMisuse(
            f"there is no policy {text}", text=text, start=0, end=len(text), advice=f"there are {names}"
        )
    return text


WAY = (
    Argument(
        "--proxy",
        "go through socks5://HOST:PORT, http://HOST:PORT or a proxy of the Lab",
        "PROXY",
    ),
    Argument("--proxy-user", "log in to the proxy with this name", "NAME"),
    Argument("--proxy-password-file", "the first line of this file is the password for it", "FILE"),
    Argument("--local", "call from this address of ours: HOST or HOST:PORT", "ADDR"),
    Argument(
        "--policy",
        "of several addresses: happy (race them, RFC 8305), system (in its order), v4 or v6 first",
        "WHICH",
        _policy,
        default="happy",
    ),
    Argument("--numeric", "look no name up: the host must be an address"),
    OPTION,
)
_OPTIONS = {
    "proxy": "--proxy",
    "proxy_user": "--proxy-user",
    "password": "--proxy-password-file",
    "local": "--local",
    "options": "--option",
}
"""By field of the form: where it is filled from."""


def read_way(parsed: Parsed, *, role: str = "client", is_udp: bool = False, is_unix: bool = False) -> "Way":
    """The way that a command line asks for; a listener has socket options alone.

    Raises: LocalMisuse: arguments that don't go together; LocalFault: the password's file can't be read.
    """
    if role == "client" and (parsed["--policy"] != "happy" or parsed.flag("--numeric")):
        way = _read_path(parsed, role, is_udp, is_unix)
        return way._replace(policy=parsed["--policy"], numeric=parsed.flag("--numeric"))
    return _read_path(parsed, role, is_udp, is_unix)


def _read_path(parsed: Parsed, role: str, is_udp: bool, is_unix: bool) -> "Way":
    from workbench.protocols.raw.values import DIRECT

    options = _OPTIONS if role == "client" else {"options": "--option"}
    if all(parsed[option] in (None, ()) for option in options.values()):
        return DIRECT
    from workbench.cli.fields import named_by_options, texts
    from workbench.protocols.raw import wayform

    given = texts(parsed, options)
    file = given.pop("password", "")
    form = wayform.WayForm(**given)
    if not form.proxy and (form.proxy_user or file):
        raise LocalMisuse("a login for a proxy needs --proxy", advice="add --proxy socks5://HOST:PORT")
    if form.proxy and is_udp:
        raise LocalMisuse("datagrams don't go through a proxy here", advice="leave --proxy or --udp out")
    password = read_password(file) if file else ""
    transport = "udp" if is_udp else "tcp"
    with named_by_options(parsed, options):
        return wayform.read_way(form, password, role=role, transport=transport, is_unix=is_unix)


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


def read_password(path: str) -> str:
    """The first line of a file. Raises: LocalFault: it can't be read, or is no UTF-8."""
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
