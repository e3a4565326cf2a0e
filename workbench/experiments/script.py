"""A card as a program of its own: the same steps on the standard library's sockets, without the workbench.

Steps that are no socket calls (a look-up, a letter, a page) have no such form: a card with one says which. A service of
the Lab is a server that the program is told on its command line, NAME=HOST:PORT for each.
"""

import keyword
import textwrap
from collections.abc import Callable, Mapping
from typing import cast

from workbench.errors import LocalMisuse
from workbench.experiments.values import Card, Given, Step
from workbench.experiments.verb import DEFAULT_TIMEOUT_S
from workbench.protocols.raw.code import literal
from workbench.protocols.raw.code_way import settings_lines
from workbench.wire.options import Setting

LOOPBACK = "127.0.0.1"
SHORT = 200
"""Octets that are written out."""
_HEAD = '''"""{title}

{question}

Prints each step and what came of it.{servers}
"""

import socket
import struct
import sys
import time

ended, places = {{}}, {{}}
'''
_SERVERS = """
SERVERS = dict(word.split("=", 1) for word in sys.argv[1:] if "=" in word)
for name in {names}:
    if name not in SERVERS:
        sys.exit(f"say where a server like the Lab's is: {{name}}=HOST:PORT")


def place(name):
    host, _, port = SERVERS[name].rpartition(":")
    return host.strip("[]"), int(port)

"""
_READING = '''

def receive(sock, limit=65536):
    """What is there; b"" at the end, which is told."""
    try:
        data = sock.recv(limit)
    except ConnectionResetError:
        print("    the end: RST")
        return b""
    if not data:
        print("    the end: FIN")
    return data


def read_until(sock, mark):
    data = b""
    while mark not in data and (octet := receive(sock, 1)):
        data += octet
    return data


def read_exactly(sock, count):
    data = b""
    while len(data) < count and (piece := receive(sock, count - len(data))):
        data += piece
    return data


def read_to_end(sock):
    data = b""
    while piece := receive(sock):
        data += piece
    return data


def endpoints(name, sock):
    local, peer = sock.getsockname(), sock.getpeername()
    print(f"    {name}: {local[0]}:{local[1]} to {peer[0]}:{peer[1]}")


'''


def can_leave(card: Card) -> str:
    """Why a card has no script; "" when it has one."""
    strange = dict.fromkeys(step.verb for step in card.as_written.steps if step.verb not in _LINES)
    if strange:
        return f"{', '.join(strange)} is no socket call, and has no form in a program of its own"
    if card.as_written.relay is not None:
        return "a relay of the Lab stands in it, and a program of its own has none"
    return ""


def script_of(card: Card) -> str:
    """The program. Raises: LocalMisuse: a step of the card is no socket call."""
    if why := can_leave(card):
        raise LocalMisuse(
            f"{card.id} can't leave as a script: {why}",
            stage="script",
            advice="`workbench experiment run` plays it",
        )
    names = sorted({str(service.called) for service in card.as_written.services})
    told = (
        f"\nNeeds servers like the Lab's: {', '.join(f'{name}=HOST:PORT' for name in names)}."
        if names
        else ""
    )
    wrapped = textwrap.fill(card.question, 100)
    head = _HEAD.format(title=card.title, question=wrapped, servers=told)
    servers = _SERVERS.format(names=tuple(names)) if names else ""
    body = "".join(_step(step) for step in card.as_written.steps)
    expected = "".join(
        f"print({f'expected: {each.that} {test} {value!r}'!r})\n"
        for each in card.expectations
        for test, value in each.tests
    )
    return f"{head}{servers}{_READING}{body}\n{expected}"


def _step(step: Step) -> str:
    lines = [f"print({step.sentence!r})"]
    work = _LINES[step.verb](step.given, _variable(step.name) if step.name else "_")
    if step.fails:
        lines += ["try:", *(f"    {line}" for line in work)]
        lines += ["except OSError as error:", '    print("    it failed, as it should:", error)']
        lines += ["else:", '    print("    it worked, which was not expected")']
    else:
        lines += work
    if step.name:
        lines.append(f"ended[{step.name!r}] = time.monotonic()")
    return "\n".join(lines) + "\n\n"


def _variable(name: object) -> str:
    text = str(name).replace("-", "_")
    known = {"socket", "struct", "sys", "time", "ended", "places", "receive", "place", "endpoints", "print"}
    return f"{text}_" if keyword.iskeyword(text) or text in known or text.startswith("read_") else text


# A verb, line by line ---------------------------------------------------------------------------------------------


def _address(given: Given) -> str:
    """Where a step connects to, as an expression."""
    to = str(given["to"])
    called = to.removeprefix("lab:")
    at = given.get("at")
    if called != to:
        return f"({at!r}, place({called!r})[1])" if at is not None else f"place({called!r})"
    where = f"places[{_variable(to)!r}]"
    return f"({at!r}, {where}[1])" if at is not None else where


def _family(host: str) -> str:
    return "socket.AF_INET6" if ":" in host else "socket.AF_INET"


def _options(given: Given, name: str, host: str) -> list[str]:
    settings = cast("tuple[Setting, ...]", given.get("options", ()))
    return settings_lines(settings, name, "", is_v6=":" in host).splitlines()


def _limit(given: Given) -> object:
    return given.get("timeout_s", DEFAULT_TIMEOUT_S)


def _listen(given: Given, name: str) -> list[str]:
    host = str(given.get("at", LOOPBACK))
    port = f"places[{_variable(given['port_of'])!r}][1]" if "port_of" in given else "0"
    return [
        f"{name} = socket.socket({_family(host)})",
        f"{name}.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)",
        *_options(given, name, host),
        f"{name}.bind(({host!r}, {port}))",
        f"{name}.listen({given.get('backlog', 128)})",
        *_placed(name),
    ]


def _accept(given: Given, name: str) -> list[str]:
    listener = _variable(given["on"])
    return [
        f"{listener}.settimeout({_limit(given)})",
        f"{name}, _ = {listener}.accept()",
        f"{name}.settimeout({_limit(given)})",
        _told(name),
    ]


def _connect(given: Given, name: str) -> list[str]:
    host = str(given.get("at", LOOPBACK))
    lines = [
        f"_to = {_address(given)}",
        f'{name} = socket.socket(socket.AF_INET6 if ":" in _to[0] else socket.AF_INET)',
        f"{name}.settimeout({_limit(given)})",
        *_options(given, name, host),
    ]
    if "from" in given:
        lines.append(f"{name}.bind(({given['from']!r}, 0))")
    return [*lines, f"{name}.connect(_to)", _told(name)]


def _placed(name: str) -> list[str]:
    """Its address is kept: later steps name it, also when it is closed by then."""
    return [f"places[{name!r}] = {name}.getsockname()[:2]", f'print("    on", *places[{name!r}])']


def _told(name: str) -> str:
    return f"endpoints({name!r}, {name})"


def _send(given: Given, _name: str) -> list[str]:
    return [f"{_variable(given['on'])}.sendall({literal(cast(bytes, given['data']))})"]


def _send_until_lost(given: Given, _name: str) -> list[str]:
    data = _octets(given)
    return [
        "try:",
        "    for taken in range(1000):",
        f"        {_variable(given['on'])}.sendall({data})",
        "        time.sleep(0.001)",
        "except OSError as error:",
        '    print(f"    the system took it {taken} times, and then said: {error}")',
    ]


def _read(given: Given, name: str) -> list[str]:
    sock = _variable(given["on"])
    if "length_ahead" in given:
        width = given["length_ahead"]
        call = f'read_exactly({sock}, int.from_bytes(read_exactly({sock}, {width}), "big"))'
    elif "until" in given:
        call = f"read_until({sock}, {given['until']!r})"
    elif "exactly" in given:
        call = f"read_exactly({sock}, {given['exactly']})"
    elif "to_end" in given:
        call = f"read_to_end({sock})"
    else:
        call = f"receive({sock}, {given.get('at_most', 65536)})"
    return [f"{sock}.settimeout({_limit(given)})", f"{name} = {call}", f'print("   ", {name})']


def _wait_end(given: Given, name: str) -> list[str]:
    return _read({**given, "to_end": True}, name)


def _octets(given: Given) -> str:
    """The octets of a step as an expression; what repeats itself is said once."""
    data = cast(bytes, given["data"])
    period = (data + data).find(data, 1) if len(data) > SHORT else len(data)
    return literal(data) if period == len(data) else f"{data[:period]!r} * {len(data) // period}"


def _finish(given: Given, _name: str) -> list[str]:
    return [f"{_variable(given['on'])}.shutdown(socket.SHUT_WR)"]


def _abort(given: Given, _name: str) -> list[str]:
    sock = _variable(given["on"])
    linger = 'struct.pack("ii", 1, 0)'
    return [f"{sock}.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, {linger})", f"{sock}.close()"]


def _close(given: Given, _name: str) -> list[str]:
    return [f"{_variable(given['on'])}.close()"]


def _set_options(given: Given, _name: str) -> list[str]:
    return _options(given, _variable(given["on"]), "")


def _open_datagram(given: Given, name: str) -> list[str]:
    host = str(given.get("at", LOOPBACK))
    port = f"places[{_variable(given['port_of'])!r}][1]" if "port_of" in given else "0"
    lines = [f"{name} = socket.socket({_family(host)}, socket.SOCK_DGRAM)", *_options(given, name, host)]
    if "to" not in given:
        return [*lines, f"{name}.bind(({host!r}, {port}))", *_placed(name)]
    if "port_of" in given:
        lines.append(f"{name}.bind(({LOOPBACK!r}, {port}))")
    return [*lines, f"{name}.connect({_address(given)})", *_placed(name), _told(name)]


def _send_datagram(given: Given, _name: str) -> list[str]:
    sock, data = _variable(given["on"]), _octets(given)
    if "to" in given:
        return [f"{sock}.sendto({data}, places[{_variable(given['to'])!r}])"]
    return [f"{sock}.send({data})"]


def _receive_datagram(given: Given, name: str) -> list[str]:
    sock = _variable(given["on"])
    return [
        f"{sock}.settimeout({_limit(given)})",
        f"{name}, _from = {sock}.recvfrom({given.get('at_most', 65535)})",
        f'print("   ", {name}, "from", _from)',
    ]


def _note(_given: Given, _name: str) -> list[str]:
    return []


def _measure(given: Given, _name: str) -> list[str]:
    return [f'print(f"    {{(time.monotonic() - ended[{str(given["since"])!r}]) * 1000:.1f}} ms")']


_LINES: Mapping[str, Callable[[Given, str], list[str]]] = {
    "listen": _listen,
    "accept": _accept,
    "connect": _connect,
    "send": _send,
    "send-until-lost": _send_until_lost,
    "read": _read,
    "wait-end": _wait_end,
    "finish": _finish,
    "abort": _abort,
    "close": _close,
    "set-options": _set_options,
    "open-datagram": _open_datagram,
    "send-datagram": _send_datagram,
    "receive-datagram": _receive_datagram,
    "note": _note,
    "measure": _measure,
}
