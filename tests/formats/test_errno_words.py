"""What errors mean to a person: by symbol and by call, and never nothing."""

import errno
import os
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.formats.errno_words import Doing, Words, symbol_of, words

CALLS: tuple[Doing, ...] = ("connect", "bind", "listen", "accept", "send", "receive", "resolve", "open")


@pytest.mark.parametrize(
    ("symbol", "doing", "said", "advice"),
    [
        ("ECONNREFUSED", "connect", "nothing listens on this port", "start the server"),
        ("ECONNREFUSED", "receive", "the datagram sent before was refused", "ICMP"),
        ("ECONNREFUSED", "send", "an earlier datagram", "ICMP"),
        ("ETIMEDOUT", "connect", "nobody answered", "firewall"),
        ("EADDRINUSE", "bind", "another program listens", "another port"),
        ("EADDRNOTAVAIL", "bind", "none of this machine's", "127.0.0.1"),
        ("EAFNOSUPPORT", "connect", "kind of address", "IPv4"),
        ("ENETUNREACH", "connect", "no way to that network", "ip route"),
        ("EHOSTUNREACH", "send", "cannot be reached", "machine is on"),
        ("EMFILE", "accept", "a client waits", "ulimit"),
        ("EMSGSIZE", "send", "too long for one datagram", "65,507"),
        ("EPIPE", "send", "finished sending", "new connection"),
        ("ECONNRESET", "receive", "the peer reset the connection", "unread"),
        ("EWOULDBLOCK", "connect", "queue", "try again"),
        ("EAI_NONAME", "resolve", "no such name", "spelling"),
        ("EAI_AGAIN", "resolve", "did not answer", "resolv.conf"),
    ],
)
def test_the_usual_errors_are_explained(symbol: str, doing: Doing, said: str, advice: str) -> None:
    found = words(symbol, doing)
    assert said in found.sentence
    assert advice in found.advice


def test_a_privileged_port_is_explained_with_this_machines_threshold() -> None:
    found = words("EACCES", "bind", port=80, first_open_port=1024)
    assert found == Words(
        "port 80 is privileged: here only an administrator may listen below 1024",
        "choose a port from 1024 on, or 0 to let the system choose",
    )
    assert "privileged" not in words("EACCES", "bind", port=80, first_open_port=80).sentence
    assert "privileged" not in words("EACCES", "bind", port=8080).sentence
    assert "privileged" not in words("EACCES", "bind", port=0).sentence
    assert "privileged" not in words("EACCES", "bind").sentence
    assert "privileged" not in words("EACCES", "connect", port=80).sentence


def test_the_rest_is_said_in_the_systems_words() -> None:
    assert words("EXDEV", "send").sentence.lower() == os.strerror(errno.EXDEV).lower()
    assert words("ENEW", "send", said="brand new").sentence == "brand new"
    assert words("ENEW", "send").sentence == "the system says ENEW"
    assert words("", "send").sentence == "the system says nothing"
    assert words("errorcode", "send").sentence == "the system says errorcode"


@given(st.sampled_from(sorted(errno.errorcode.values())), st.sampled_from(CALLS))
def test_every_symbol_of_this_system_has_a_sentence(symbol: str, doing: Doing) -> None:
    found = words(symbol, doing)
    assert found.sentence
    assert not found.sentence.endswith(".")
    assert "system says" not in found.sentence


def test_symbols_are_read_from_errors() -> None:
    assert symbol_of(ConnectionRefusedError(errno.ECONNREFUSED, "x")) == "ECONNREFUSED"
    assert symbol_of(BlockingIOError(errno.EWOULDBLOCK, "x")) == "EAGAIN"
    assert symbol_of(OSError(errno.EOPNOTSUPP, "x")) == "ENOTSUP"
    assert symbol_of(socket.gaierror(socket.EAI_NONAME, "x")) == "EAI_NONAME"
    assert symbol_of(socket.gaierror(socket.EAI_AGAIN, "x")) == "EAI_AGAIN"
    assert symbol_of(socket.herror(1, "x")) == "EAI_NONAME"
    assert symbol_of(socket.gaierror(99_999, "x")) == ""
    assert symbol_of(socket.herror(99, "x")) == ""
    assert symbol_of(OSError("no number")) == ""
    assert symbol_of(OSError(99_999, "x")) == ""


def test_a_real_refusal_and_a_real_name_error_are_explained() -> None:
    with socket.socket() as busy, socket.socket() as caller:
        busy.bind(("127.0.0.1", 0))
        with pytest.raises(OSError) as caught:  # noqa: PT011 (which one is what this test asks)
            caller.connect(busy.getsockname())
    assert words(symbol_of(caught.value), "connect").sentence.startswith("nothing listens on this port")
    with pytest.raises(OSError) as caught:  # noqa: PT011
        socket.getaddrinfo("127.0.0.1.x y", 1, flags=socket.AI_NUMERICHOST)
    assert words(symbol_of(caught.value), "resolve").sentence.startswith("there is no such name")
