"""What a socket is ready for, told by poll and select; a client that does something else meanwhile; asking again."""

import contextlib
import os
import select
import socket
import time

from .steps import LinkLost, as_text, symbol_of, tell
from .streams import connect

FLAGS = {"IN": 0x001, "OUT": 0x004, "PRI": 0x002, "ERR": 0x008, "HUP": 0x010, "RDHUP": 0x2000, "NVAL": 0x020}
EVERY_S = 0.05


class Readiness:
    """Flags by name, and the mask without RDHUP."""

    def __init__(self, mask):
        self.flags = "|".join(name for name, bit in FLAGS.items() if mask & bit) or "none"
        self.mask = mask & ~FLAGS["RDHUP"]


def ask_ready(on, engine="poll", until="", timeout_s=5.0):
    """Ask what it is ready for, again until these flags are told."""
    awaited = sum(FLAGS[name] for name in until.split("|") if name)
    waiting = select.poll() if engine == "poll" else select.epoll()
    waiting.register(on.sock.fileno(), sum(FLAGS[name] for name in ("IN", "PRI", "RDHUP", "OUT")))
    ends = time.monotonic() + timeout_s
    while True:
        told = next((mask for _, mask in waiting.poll(0)), 0)
        if told & awaited == awaited:
            break
        if time.monotonic() > ends:
            raise TimeoutError("not told in time")
        time.sleep(0.002)
    seen = Readiness(told)
    tell(seen.flags)
    return seen


class Lists:
    """select's three lists, by the names of the sockets."""

    def __init__(self, lists, names):
        self.to_read, self.to_write, self.urgent = (", ".join(names[one] for one in found) for found in lists)
        tell(f"to read: [{self.to_read}], to write: [{self.to_write}], urgent: [{self.urgent}]")


def select_lists(sockets, writing=False, at_once=False, timeout_s=5.0):
    """Hand sockets to select, by name."""
    names = {each.sock.fileno(): name for name, each in sockets.items()}
    asked = list(names)
    wait = 0 if at_once else timeout_s
    return Lists(select.select(asked, asked if writing else [], asked, wait), names)


class Heard:
    """What a client heard that turns a spinner meanwhile. left: why it left, end, lines, problem or time."""

    def __init__(self):
        self.data, self.left, self.turns, self.wakes, self.mask, self.rest = b"", "time", 0, 0, 0, b""

    text = property(lambda self: as_text(self.data))
    lines = property(lambda self: self.data.count(b"\n"))
    unread = property(lambda self: as_text(self.rest))


def waited(sock, engine):
    """The mask that a wait of EVERY_S tells."""
    if engine == "select":
        return FLAGS["IN"] if select.select([sock], [], [], EVERY_S)[0] else 0
    waiting = select.poll()
    waiting.register(sock, FLAGS["IN"])  # ERR and HUP are told unasked
    return next((mask for _, mask in waiting.poll(EVERY_S * 1000)), 0)


def wait_and_spin(on, engine="poll", lines=0, rule="bit", timeout_s=5.0):
    """Read to the end, a problem, or so many lines. rule "equal" wants IN and nothing else, which is a mistake."""
    heard, ends = Heard(), time.monotonic() + timeout_s
    while time.monotonic() < ends:
        told = waited(on.sock.fileno(), engine)
        heard.turns += 1
        if not told:
            continue
        heard.wakes, heard.mask = heard.wakes + 1, told
        if told != FLAGS["IN"] if rule == "equal" else not told & FLAGS["IN"]:
            heard.left = "problem"
            heard.rest = on.receive() if told & FLAGS["IN"] else b""
            break
        data = on.receive()
        heard.data += data
        if not data or 0 < lines <= heard.lines:
            heard.left = "lines" if data else "end"
            break
    tell(f"{heard.text!r} in {heard.turns} turns of the spinner; it left for: {heard.left}")
    return heard


class Raced:
    """Who won, and what became of each attempt."""

    def __init__(self, winner, tried):
        self.winner, self.tried, self.attempts = winner, ", ".join(tried), len(tried)
        tell(f"{self.tried}: {winner}")


def race(to, at, policy="happy", timeout_s=5.0):
    """Connect to one of several addresses. An address that fails at once, as here, leaves its turn to the next."""
    hosts = at.split()
    if policy in ("v4", "v6"):
        hosts.sort(key=lambda host: (":" in host) is (policy == "v4"))
    tried, reasons, last = [], [], None
    for host in hosts:
        family = "IPv6" if ":" in host else "IPv4"
        try:
            connection = connect((host, to[1]), timeout_s)
        except OSError as error:
            tried.append(f"{family} failed")
            reasons.append(f"{host}:{to[1]}: {symbol_of(error)}")
            last = error
            continue
        return Raced(connection.peer.rpartition(":")[0], [*tried, f"{family} won"])
    raise LinkLost(f"none of {len(hosts)} addresses answered; {'; '.join(reasons)}") from last


class Metered:
    """Asking again and again beside waiting: calls, and the shares of a processor in percent."""

    def __init__(self, asking, waiting):
        (self.asking_calls, self.asking_percent), (self.waiting_calls, self.waiting_percent) = asking, waiting
        self.times = self.asking_percent / max(self.waiting_percent, 0.01)
        tell(f"{self.asking_calls} calls for nothing, against {self.waiting_calls}")


def measure_asking(engine="select"):
    """Ask a silent socket for 0.2 s without waiting, and then by waiting; take the processor's time."""
    ours, theirs = socket.socketpair()
    os.set_blocking(ours.fileno(), False)

    def ask():
        with contextlib.suppress(BlockingIOError):
            ours.recv(1)

    with ours, theirs:
        return Metered(metered(ask), metered(lambda: select.select([ours], [], [], EVERY_S)))


def metered(call, seconds=0.2):
    calls, began, spent = 0, time.monotonic(), time.process_time()
    while time.monotonic() - began < seconds:
        call()
        calls += 1
    return calls, (time.process_time() - spent) / (time.monotonic() - began) * 100
