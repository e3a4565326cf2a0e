"""Servers in threads of this program, and questions by UDP."""

import contextlib
import socket
import threading
import time

from .steps import tell


class Serving:
    """Serves whoever comes to a listener, each in a thread."""

    def __init__(self, on, be, idle_s=None, throw_in="", client=1, one_at_a_time=False):
        self.on, self.be, self.idle_s, self.throw_in, self.thrown_at = on, be, idle_s, throw_in, client
        self.served = self.failed = self.clients = 0
        self.fault, self.one_at_a_time = "", one_at_a_time
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                self.on.sock.settimeout(None)
                sock = self.on.sock.accept()[0]
                self.clients += 1
                thread = threading.Thread(target=self.host, args=[sock, self.clients], daemon=True)
                thread.start()
                if self.one_at_a_time:
                    thread.join()

    def host(self, sock, number):
        # Whatever happens to one client costs the others nothing.
        try:
            with sock:
                sock.settimeout(self.idle_s)
                if self.throw_in and number == self.thrown_at:
                    raise ValueError(f"thrown on purpose, while it was to {self.throw_in}")
                SERVERS[self.be](sock)
            self.served += 1
        except Exception as error:
            self.failed += 1
            self.fault = f"{type(error).__name__}: {error}"


def echo(sock):
    while data := sock.recv(65536):
        sock.sendall(data)


def upper(sock):
    while data := sock.recv(65536):
        sock.sendall(data.upper())


def discard(sock):
    while sock.recv(65536):
        pass


def greet(sock):
    host, port = sock.getpeername()[:2]
    sock.sendall(f"Welcome, {host}:{port}.\r\nSay something: ".encode())
    line = b""
    while b"\n" not in line and (data := sock.recv(4096)):
        line += data
    said = line.split(b"\n")[0].rstrip(b"\r")
    count = len(said.decode("utf-8", "replace"))
    sock.sendall(f"You entered {count} characters, in {len(said)} octets.\r\n".encode())


SERVERS = {"echo": echo, "upper": upper, "discard": discard, "greet": greet}


def serve_datagrams(on, be="echo", deaf=0):
    """Answer datagrams with themselves, all but the first ones."""

    def answer():
        heard = 0
        with contextlib.suppress(OSError):
            while True:
                on.sock.settimeout(None)
                data, source = on.sock.recvfrom(65535)
                heard += 1
                if heard > deaf:
                    on.sock.sendto(data, source)

    threading.Thread(target=answer, daemon=True).start()


class Search:
    """Who answered. strangers: not who was asked."""

    def __init__(self, answers, attempts, asked=None):
        answers = sorted(answers)
        self.who = ", ".join(source[0] for source, _ in answers)
        self.said = ", ".join(data.decode("utf-8", "replace") for _, data in answers)
        self.answers, self.attempts = len(answers), attempts
        self.strangers = sum(asked is not None and source[:2] != asked for source, _ in answers)
        tell(f"{self.said!r} from {self.who or 'nobody'}, attempts: {attempts}")


def ask(to, data, tries=1, wait_s=0.2):
    """Ask one machine by UDP, again while it does not answer, and wait twice as long each time."""
    with socket.socket(socket.AF_INET6 if ":" in to[0] else socket.AF_INET, socket.SOCK_DGRAM) as sock:
        answers = []
        for attempt in range(1, tries + 1):
            sock.sendto(data, to)
            until = time.monotonic() + wait_s * 2 ** (attempt - 1)
            while (left := until - time.monotonic()) > 0:
                sock.settimeout(left)
                with contextlib.suppress(TimeoutError):
                    came, source = sock.recvfrom(65535)
                    answers.append((source, came))
                    if source[:2] == to:
                        return Search(answers, attempt, to)
    raise TimeoutError(f"nobody answered, asked {tries} times")


def ask_everybody(to, data, quiet_s=0.3):
    """Send one datagram to a broadcast address, and list who answers until nobody has for a while."""
    answers = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sock.sendto(data, to)
        sock.settimeout(2)  # the first one may have to wake up
        with contextlib.suppress(TimeoutError):
            while True:
                came, source = sock.recvfrom(65535)
                answers.append((source, came))
                sock.settimeout(quiet_s)
    return Search(answers, 1)
