"""Scripts that send and expect, and listeners that answer by rules."""

import contextlib
import re
import socket
import threading
import time

from .steps import tell
from .streams import connect


class Failed(Exception):
    """A statement that was not fulfilled. kind: Refused or TooSlow."""

    def __init__(self, kind, reason):
        super().__init__(reason)
        self.kind = kind


class Talk:
    """What came of a script. at: the statement that failed."""

    def __init__(self, to, *statements):
        self.passed, self.failed, self.at, self.reason, self.kind = 0, 0, "", "", ""
        self.connection, self.held = connect(to), b""
        for name, *given in statements:
            try:
                getattr(self, name)(*given)
            except Failed as error:
                self.failed, self.at, self.reason, self.kind = 1, f"{name} {given}", str(error), error.kind
                break
            self.passed += 1
        self.skipped = len(statements) - self.passed - self.failed
        self.connection.close()
        tell(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped; {self.reason}")

    def send(self, data):
        self.connection.send(data)

    def expect(self, pattern, seconds):
        """What stands before it passes. A conversation that is over, or says something else, is a refusal."""
        until = time.monotonic() + seconds
        while (found := re.search(pattern, self.held, re.DOTALL)) is None:
            try:
                data = self.connection.receive(timeout_s=max(until - time.monotonic(), 0.001))
            except TimeoutError:
                kind = "Refused" if self.held else "TooSlow"
                raise Failed(
                    kind, f"{self.held!r} came instead" if self.held else "nothing came in time"
                ) from None
            if not data:
                raise Failed("Refused", f"the conversation ended ({self.connection.end}) before it came")
            self.held += data
        self.held = self.held[found.end() :]

    def silence(self, seconds):
        with contextlib.suppress(TimeoutError):
            self.held += self.connection.receive(timeout_s=seconds)
            raise Failed("Refused", f"{self.held!r} came, and nothing was expected")

    def expect_end(self, end, seconds):
        while not self.connection.end:
            try:
                self.connection.receive(timeout_s=seconds)
            except TimeoutError:
                raise Failed("TooSlow", "no end in time") from None
        if end not in ("any", self.connection.end):
            raise Failed("Refused", f"it ended by {self.connection.end}")

    def wait(self, seconds):
        time.sleep(seconds)

    def finish(self):
        self.connection.finish()

    def reset(self):
        self.connection.abort()

    def close(self):
        self.connection.close()


class Ruled:
    """A listener that answers by rules: (pattern, reply, delay, then). A pattern of None is for who connects."""

    def __init__(self, on, *rules):
        self.rules, self.answers = rules, [0] * len(rules)
        self.counter = 0
        threading.Thread(target=self.accept, args=[on.sock], daemon=True).start()

    answered = property(lambda self: sum(self.answers))

    def accept(self, listener):
        with contextlib.suppress(OSError):
            while True:
                listener.settimeout(None)
                threading.Thread(target=self.host, args=[listener.accept()[0]], daemon=True).start()

    def host(self, sock):
        held = b""
        with contextlib.suppress(OSError), sock:
            for number, (pattern, *_) in enumerate(self.rules):
                if pattern is None and not self.answer(sock, number):
                    return
            while data := sock.recv(65536):
                # Where the reads are cut says nothing: what nobody answered yet is looked at as a whole.
                held += data
                while found := self.first(held):
                    held = held[found[1] :]
                    if not self.answer(sock, found[2]):
                        return

    def first(self, held):
        """Where the earliest match begins and ends, and the rule; of two at one place the upper one."""
        found = []
        for number, (pattern, *_) in enumerate(self.rules):
            if pattern is not None and (match := re.search(pattern, held, re.DOTALL)):
                found.append((match.start(), match.end(), number))
        return min(found, key=lambda one: (one[0], one[2]), default=None)

    def answer(self, sock, number):
        _, reply, delay_s, then = self.rules[number]
        self.answers[number] += 1
        time.sleep(delay_s)
        if b"%d" in reply:
            self.counter += 1
            reply = reply.replace(b"%d", str(self.counter).encode())
        sock.sendall(reply)
        if then == "finish":
            sock.shutdown(socket.SHUT_WR)
            while sock.recv(65536):
                pass
        return then == "keep"
