"""What the system holds of a connection: Linux tells it."""

import ctypes
import fcntl
import socket
import struct
import termios
import threading
import time

from .steps import tell

STATES = (
    "",
    "ESTABLISHED",
    "SYN-SENT",
    "SYN-RECEIVED",
    "FIN-WAIT-1",
    "FIN-WAIT-2",
    "TIME-WAIT",
    "CLOSED",
    "CLOSE-WAIT",
    "LAST-ACK",
    "LISTEN",
    "CLOSING",
)


class Filled:
    """A send without end. offered: octets that the program wanted to send; taken: those that its system took."""

    def __init__(self, taken, offered):
        self.taken, self.offered, self.left = taken, offered, offered - taken
        tell(f"the system took {taken} octets, and then no more")


def fill(connection, data, timeout_s=0.2):
    """The same octets again and again, reading nothing, until the system has taken none for so long."""
    before, offered = connection.sent_size, 0
    while True:
        offered += len(data)
        try:
            while_stuck(connection, data, timeout_s)
        except TimeoutError:
            return Filled(connection.sent_size - before, offered)


def while_stuck(connection, data, timeout_s):
    """As send(), but the time begins anew with each octet that the system takes."""
    while data:
        size = connection.sent_size
        try:
            connection.send(data, timeout_s)
            return
        except TimeoutError:
            if connection.sent_size == size:
                raise
        data = data[connection.sent_size - size :]


def exchange(connection, data, timeout_s=5.0):
    """Send, and read at the same time until as many have come back."""
    sending = threading.Thread(target=push, args=[connection.sock.dup(), data], daemon=True)
    sending.start()
    octets = connection.read_exactly(len(data), timeout_s)
    sending.join(timeout_s)
    return octets


def push(sock, data):
    with sock:
        sock.sendall(data)


def state_of(sock):
    """The state of a connection by TCP, in RFC 9293's words."""
    return STATES[sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]]


def counted(sock, request):
    return struct.unpack("i", fcntl.ioctl(sock, request, bytes(4)))[0]


class Gauge:
    """Where the octets of one direction are."""

    def __init__(self, sender, receiver):
        self.handed_over, self.read = sender.sent_size, receiver.received_size
        self.sender_state, self.receiver_state = state_of(sender.sock), state_of(receiver.sock)
        waiting = counted(sender.sock, termios.TIOCOUTQ)
        # A FIN takes a number of its own, and the system counts it in; it is no octet.
        is_finishing = self.sender_state in ("FIN-WAIT-1", "CLOSING", "LAST-ACK")
        self.send_queue = waiting - 1 if is_finishing and waiting else waiting
        self.receive_queue = counted(receiver.sock, termios.FIONREAD)
        self.total = self.send_queue + self.receive_queue + self.read


def gauge(sender, receiver):
    """Look until nothing is on its way, which would be counted twice."""
    seen, times, until = vars(Gauge(sender, receiver)), 1, time.monotonic() + 2
    while not (times >= 3 and seen["total"] == seen["handed_over"]) and time.monotonic() < until:
        time.sleep(0.005)
        now = vars(Gauge(sender, receiver))
        times, seen = (times + 1 if now == seen else 1), now
    found = Gauge(sender, receiver)
    tell(
        f"{found.handed_over} octets handed over: {found.send_queue} in the sender's system, "
        f"{found.receive_queue} in the receiver's, {found.read} read"
    )
    return found


class Count:
    """A number of things."""

    def __init__(self, number):
        self.number = number
        tell(number)


def count_waiting(listener):
    """Look until three times in a row the same is seen."""
    seen, times, until = listener.waiting(), 1, time.monotonic() + 2
    while times < 3 and time.monotonic() < until:
        time.sleep(0.005)
        now = listener.waiting()
        times, seen = (times + 1 if now == seen else 1), now
    return Count(seen)


def unplug(sock):
    """Let nothing reach a socket any more: a packet filter of one instruction, "take no octet of it"."""
    program = ctypes.create_string_buffer(struct.pack("=HBBI", 0x06, 0, 0, 0), 8)
    attach_filter = 26  # SO_ATTACH_FILTER, which Python has no name for
    sock.setsockopt(socket.SOL_SOCKET, attach_filter, struct.pack("HP", 1, ctypes.addressof(program)))
