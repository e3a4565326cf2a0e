"""A pipe that is filled without reading, and a peer that goes away before a call."""

import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

from .queues import state_of
from .steps import symbol_of, tell

PIECE, ROOM, STALL_S = 4096, 8192, 0.4


class Pipe:
    """A client that writes to an echo and reads nothing until nothing moves; then the remedy."""

    def __init__(self, octets, remedy="none"):
        self.octets, self.remedy = octets, remedy
        self.written = self.echoed = self.there = self.frozen_at = 0
        self.stall, self.came, self.is_sending = "", bytearray(), False
        self.data = b"".join(b"%015d\n" % place for place in range(0, octets + 16, 16))[:octets]
        listener = small(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        threading.Thread(target=self.echo, args=[listener], daemon=True).start()
        self.client = small(socket.socket())
        self.client.connect(listener.getsockname())
        self.end = self.run()
        self.client.close()
        listener.close()
        tell(f"{self.written} octets handed over, {self.echoed} came back; {self.end}")

    def echo(self, listener):
        peer = listener.accept()[0]
        try:
            while data := peer.recv(PIECE):
                self.there += len(data)
                self.is_sending = True
                peer.sendall(data)
                self.is_sending = False
            peer.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the client has given up

    def run(self):
        while self.written < self.octets:
            if not self.write(STALL_S):
                self.frozen_at, self.stall = self.written, f"write/{'write' if self.is_sending else 'read'}"
                break
        if self.stall and self.remedy == "none":
            return "frozen"
        if self.stall and self.remedy == "deadline" and not self.write(0.3):
            self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return "cut"
        if self.remedy == "both":
            threading.Thread(target=self.write_rest, daemon=True).start()
        else:
            while self.written < self.octets:
                self.write(0.001)
                while self.read(0.001) and self.remedy == "read":
                    pass
            self.client.shutdown(socket.SHUT_WR)
        while self.read(5):
            pass
        return "equal" if self.came == self.data else "different"

    def write_rest(self):
        while self.written < self.octets:
            self.write(5)
        self.client.shutdown(socket.SHUT_WR)

    def write(self, limit_s):
        """Write one piece, or what the system takes of it; False: it takes nothing for so long."""
        if not select.select([], [self.client], [], limit_s)[1]:
            return False
        piece = self.data[self.written : self.written + PIECE]
        self.written += self.client.send(piece, socket.MSG_DONTWAIT)
        return True

    def read(self, limit_s):
        """Read what is there; False: nothing came for so long, or nothing comes any more."""
        if not select.select([self.client], [], [], limit_s)[0]:
            return False
        piece = self.client.recv(65536)
        self.came += piece
        self.echoed += len(piece)
        return bool(piece)


def small(sock):
    for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
        sock.setsockopt(socket.SOL_SOCKET, option, ROOM)
    return sock


PEER = """
import socket, struct, sys
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
peer = listener.accept()[0]
print("here", flush=True)
if sys.stdin.readline() == "rst\\n":
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
peer.close()
print("gone", flush=True)
sys.stdin.read()
"""
WORDS = b"are you there?"


class Bereaved:
    """A server in a process of its own goes away; what its client's next call is told."""

    def __init__(self, death, call):
        self.told, self.symbol = "nothing", ""
        with subprocess.Popen(
            [sys.executable, "-c", PEER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as peer:
            try:
                self.sock = socket.create_connection(("127.0.0.1", int(peer.stdout.readline())))
                peer.stdout.readline()
                self.die(peer, death)
                getattr(self, call.replace("-", "_"))()
                self.sock.close()
            finally:
                os.kill(peer.pid, signal.SIGKILL)
        tell(self.symbol or f"told {self.told}")

    def die(self, peer, death):
        if death == "freeze":
            os.kill(peer.pid, signal.SIGSTOP)
            return
        if death == "kill":
            os.kill(peer.pid, signal.SIGKILL)
        else:
            peer.stdin.write(f"{death}\n")
            peer.stdin.flush()
            peer.stdout.readline()
        self.wait_state("CLOSE-WAIT", "CLOSED")

    def wait_state(self, *states):
        """Until our system has heard of it, or would have."""
        until = time.monotonic() + 0.3
        while state_of(self.sock) not in states and time.monotonic() < until:
            time.sleep(0.002)

    def is_told(self, call, *given):
        """Make a call; what it gave, None where it raised."""
        self.told, self.symbol = "nothing", ""
        self.sock.settimeout(1)
        try:
            return call(*given)
        except TimeoutError:
            return None
        except OSError as error:
            self.told, self.symbol = "error", symbol_of(error)

    def send(self):
        self.is_told(self.sock.send, WORDS)

    def send_again(self):
        self.send()
        self.wait_state("CLOSED")
        self.send()

    def shutdown(self):
        self.send()
        self.wait_state("CLOSED")
        self.is_told(self.sock.shutdown, socket.SHUT_WR)

    def recv(self):
        if self.is_told(self.sock.recv, 4096) == b"":
            self.told, self.symbol = "end", "EOF"

    def recv_again(self):
        self.recv()
        self.recv()
