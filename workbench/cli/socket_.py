"""`workbench socket talk|listen`: octets by hand, as a client and as a server."""

from collections.abc import Coroutine
from typing import Any

from workbench.cli.arguments import Argument, Parsed, Verb
from workbench.cli.gopher import GOPHER
from workbench.cli.options import (
    ENCODING,
    JSON,
    LINE_ENDING,
    TIMEOUT,
    TRANSCRIPT,
    WITH_SECRETS,
    read_count,
    read_listening_target,
    read_seconds,
)
from workbench.cli.output import Output
from workbench.cli.socket_addresses import VERBS as PLACES
from workbench.cli.socket_choice_arguments import CHOICE
from workbench.cli.socket_discover import DISCOVER
from workbench.cli.socket_flow_arguments import FLOW
from workbench.cli.socket_frames_arguments import SCAN_FRAMES
from workbench.cli.socket_listen_tls import LISTEN_TLS_ARGUMENTS
from workbench.cli.socket_repeat import REPEAT
from workbench.cli.socket_script_arguments import SCRIPT_ARGUMENTS, SCRIPT_HELP
from workbench.cli.socket_ws import WS
from workbench.cli.talk_tls import TLS_ARGUMENTS
from workbench.cli.way import OPTION, RELAY, WAY
from workbench.formats.target import Target, parse_target

UDP = Argument("--udp", "datagrams instead of a stream")


def _target(text: str) -> Target:
    return parse_target(text, services=True)


def _text(text: str) -> tuple[str, str]:
    return "--send", text


def _hex(text: str) -> tuple[str, str]:
    from workbench.formats.payload import parse_hex

    parse_hex(text)
    return "--send-hex", text


def _file(text: str) -> tuple[str, str]:
    return "--file", text


def _group(text: str) -> tuple[str, str]:
    from workbench.wire.multicast import check_group

    group, _, interface = text.partition("@")
    check_group(group)
    return group, interface


def _preset(text: str) -> str:
    from workbench.protocols.raw.presets import find_preset

    return find_preset(text).name


def _talk(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.socket_talk import talk_verb

    return talk_verb(parsed, output)


def _listen(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.socket_listen import listen_verb

    return listen_verb(parsed, output)


def _script(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    from workbench.cli.socket_script import script_verb

    return script_verb(parsed, output)


_TALK = (
    Argument(
        "TARGET",
        "where to: HOST:PORT, HOST:SERVICE (localhost:http), [V6]:PORT, unix:PATH or lab:NAME",
        read=_target,
    ),
    UDP,
    Argument(
        "--send", "send this; \\r \\n \\xHH \\{de ad} are octets; may be repeated", "TEXT", _text, many=True
    ),
    Argument("--send-hex", "send these octets, written in hexadecimal", "HEX", _hex, joins="--send"),
    Argument(
        "--file",
        "send a file of any size, and receive meanwhile; - is standard input",
        "FILE",
        _file,
        joins="--send",
    ),
    Argument("--receive", "write what arrives to OUT, which is replaced when all is there", "OUT"),
    Argument("--expect", "stop when this has arrived; written like --send", "TEXT"),
    Argument("--expect-re", "stop when this regular expression matches what arrived", "RE"),
    Argument("--no-finish", "do not finish our half after the last octet sent"),
    Argument("--once", "offer each payload to the system once; what it does not take is not sent"),
    Argument(
        "--broadcast",
        "of UDP: ask everybody of a network, or a group; lists who answers until nobody has for a second",
    ),
    Argument(
        "--quiet", "of --broadcast: for how many seconds nobody must have answered (1)", "S", read_seconds
    ),
    Argument("--answers", "of UDP: wait for so many datagrams (as many as were sent)", "N", read_count),
    *TLS_ARGUMENTS,
    *WAY,
    RELAY,
    ENCODING,
    LINE_ENDING,
    TIMEOUT._replace(what="seconds for everything (30); with a file: for which nothing may pass"),
    TRANSCRIPT,
    WITH_SECRETS,
    JSON,
)

_LISTEN = (
    Argument(
        "ADDRESS",
        "where: HOST:PORT or [V6]:PORT of this machine, port 0 is any free one; or unix:PATH",
        read=read_listening_target,
    ),
    UDP,
    Argument(
        "--reply", "echo, discard (nothing), or a text that answers every piece", "RULE", default="discard"
    ),
    Argument(
        "--rules", "answer by the rules in FILE: patterns, replies, delays, ends; - is standard input", "FILE"
    ),
    Argument(
        "--join",
        "of UDP: hear this group too, GROUP or GROUP@INTERFACE; may be repeated",
        "GROUP",
        _group,
        many=True,
    ),
    Argument(
        "--preset",
        "be this server instead: discard, chargen, upper, slow, greet, drop, lying-time",
        "NAME",
        _preset,
    ),
    Argument("--one-at-a-time", "serve a client only once the one before has gone"),
    Argument("--idle", "drop a client that sends nothing for so many seconds", "S", read_seconds),
    *LISTEN_TLS_ARGUMENTS,
    OPTION,
    Argument("--count", "end after so many connections, or datagrams", "N", read_count),
    Argument(
        "--timeout", "end after so many seconds; exit code 3 when --count was not reached", "S", read_seconds
    ),
    ENCODING,
    LINE_ENDING,
    TRANSCRIPT,
    WITH_SECRETS,
    JSON,
)

VERBS = (
    Verb(
        "talk",
        "connect, send, and show what comes back",
        "socket.talk/1",
        _TALK,
        _talk,
        "Everything is sent in the order given; then our half is finished (FIN) and read to the end. With --expect "
        "the conversation ends at the match: exit code 1 when the peer ended before, 3 when time was up.\n"
        "Received octets go to standard output, the steps to standard error. A terminal gets controls as visible "
        "characters, a pipe or file the octets as they came.\n"
        "With --receive they go to OUT.partial, which becomes OUT when the peer has finished; when it is cut off, or "
        "anything else fails, it stays as it is, and the exit code is not 0.\n"
        "\n"
        "  workbench socket talk lab:echo --send 'hello\\r\\n' --expect hello\n"
        "  workbench socket talk lab:time --json\n"
        "  workbench socket talk lab:udp-echo --udp --send ''\n"
        "  workbench socket talk lab:echo --proxy lab:proxy-socks5 --option NODELAY=1 --send hello --json\n"
        "  workbench socket talk lab:tls-echo --tls --send 'nobody reads this\\n'\n"
        "  workbench socket talk lab:beacon --udp --broadcast --send 'who is there?'\n"
        "  workbench socket talk lab:smtp --starttls smtp --send 'EHLO me\\r\\nQUIT\\r\\n'\n"
        "  workbench socket talk lab:echo --relay delay=50,cut-after=100 --send hello\n"
        "  workbench socket talk lab:echo --file photo.jpg --receive copy.jpg --json\n"
        "  printf 'GET / HTTP/1.0\\r\\n\\r\\n' | workbench socket talk 127.0.0.1:8000 --file -",
    ),
    Verb(
        "listen",
        "accept connections or datagrams, and answer by a rule",
        "socket.listen/1",
        _LISTEN,
        _listen,
        "Runs until Ctrl-C, or until --count or --timeout is reached. With --json every line is a document, and the "
        'first one holds "address".\n'
        "\n"
        "  workbench socket listen 127.0.0.1:0 --reply echo --json\n"
        "  workbench socket listen 127.0.0.1:7007 --udp --reply 'got it\\n' --count 1\n"
        '  printf \'on "PING"\\n delay 200ms\\n reply "PONG"\\n\' | workbench socket listen 127.0.0.1:0 --rules -\n'
        "  workbench socket listen 127.0.0.1:7007 --preset greet --one-at-a-time --idle 60\n"
        "  workbench socket listen 127.0.0.1:7443 --tls --cert lab --client-ca lab --reply echo",
    ),
    Verb(
        "script",
        "send and expect, step by step, as a script says",
        "socket.script/1",
        SCRIPT_ARGUMENTS,
        _script,
        SCRIPT_HELP,
    ),
    DISCOVER,
    GOPHER,
    REPEAT,
    *FLOW,
    WS,
    SCAN_FRAMES,
    *PLACES,
    *CHOICE,
)
