"""`workbench socket discover`: search, announce or discover in a group, by mDNS, SSDP or plain text."""

from collections.abc import Coroutine
from typing import Any

from workbench.cli.arguments import Argument, Parsed, Verb
from workbench.cli.options import JSON, TRANSCRIPT, WITH_SECRETS, read_count, read_seconds
from workbench.cli.output import Output
from workbench.errors import LocalMisuse


def _choice(text: str, known: tuple[str, ...], what: str) -> str:
    if text not in known:
        raise LocalMisuse(
            f"{text[:40]!r} is no {what}",
            text=text,
            start=0,
            end=len(text),
            advice=f"there are {', '.join(known)}",
        )
    return text


def _language(text: str) -> str:
    from workbench.protocols.discovery.values import LANGUAGES

    return _choice(text, LANGUAGES, "language of groups")


def _preset(text: str) -> str:
    from workbench.protocols.discovery.values import PRESETS

    return _choice(text, PRESETS, "preset")


def _target(text: str) -> str:
    from workbench.protocols.discovery.written import read_target

    read_target(text, "group")
    return text


def _times(text: str) -> object:
    from workbench.protocols.discovery.written import read_times

    return read_times(text)


def _txt(text: str) -> object:
    from workbench.protocols.discovery.written import read_txt

    return read_txt(text)


def _discover(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.socket_discover_run import discover_verb

    return discover_verb(parsed, output)


DISCOVER = Verb(
    "discover",
    "who is there? Search, announce or discover in a group",
    "socket.discover/1",
    (
        Argument("LANGUAGE", "mdns, ssdp, or group for plain text", read=_language),
        Argument(
            "TARGET",
            "the group: GROUP:PORT, [V6]:PORT or lab:mdns, lab:ssdp; else where the language lives",
            read=_target,
            needed=False,
        ),
        Argument(
            "--preset",
            "search (ask), announce (say who one is) or discover (ask and listen)",
            "NAME",
            _preset,
        ),
        Argument("--what", "what is searched: _http._tcp, ssdp:all, or the text for a group", "TEXT"),
        Argument("--for", "for how many seconds to listen (3)", "S", read_seconds, default=3.0),
        Argument("--times", "when to ask or announce, in seconds (0,1)", "LIST", _times),
        Argument("--interface", "by this one, its name or address; else loopback", "IF"),
        Argument("--agree", "agree that what is said to the group leaves this machine"),
        Argument("--name", "of announce: who one is (workbench)", "NAME"),
        Argument("--type", "of announce: the type of the service or device", "TYPE"),
        Argument("--port", "of announce: the port of the service (8000)", "N", read_count),
        Argument("--txt", "of announce: what else is told; may be repeated", "N=V", _txt, many=True),
        Argument("--no-goodbye", "of announce: end without a word"),
        TRANSCRIPT,
        WITH_SECRETS,
        JSON,
    ),
    _discover,
    "Everything stays on the loopback interface unless another one is named; then --agree is needed too, since "
    "everybody in the group hears it. A search that finds nobody ends with exit code 3.\n"
    "\n"
    "  workbench socket discover mdns lab:mdns\n"
    "  workbench socket discover mdns lab:mdns --preset discover --what _http._tcp --for 5 --json\n"
    "  workbench socket discover ssdp lab:ssdp --what upnp:rootdevice\n"
    "  workbench socket discover group 239.255.1.1:5007 --preset announce --name anvil --times 0,1 --for 2\n"
    "  workbench socket discover mdns --preset announce --name 'My page' --type _http._tcp --port 8000",
)
