"""The system's errors become ours, with the blame in the type."""

import errno
import socket

import pytest

from workbench.errors import LinkLost, LocalFault, LocalMisuse, Refused, TooSlow
from workbench.wire.faults import errno_symbol, translated


@pytest.mark.parametrize(
    ("number", "doing", "kind"),
    [
        (errno.ECONNREFUSED, "connect", LinkLost),
        (errno.ENETUNREACH, "connect", LinkLost),
        (errno.ETIMEDOUT, "receive", TooSlow),
        (errno.EADDRINUSE, "bind", LocalFault),
        (errno.EACCES, "bind", LocalFault),
        (errno.EACCES, "connect", LinkLost),
        (errno.EMFILE, "accept", LocalFault),
        (errno.EMSGSIZE, "send", LocalMisuse),
        (errno.EPIPE, "send", LinkLost),
    ],
)
def test_blame_follows_the_symbol_and_the_call(number, doing, kind):
    failure = translated(OSError(number, "words of the system"), doing, where="127.0.0.1:1")
    assert type(failure) is kind
    assert failure.stage == doing
    assert "127.0.0.1:1" in str(failure)


def test_names_that_do_not_exist_are_refused_and_silent_servers_are_lost():
    assert type(translated(socket.gaierror(socket.EAI_NONAME, ""), "resolve")) is Refused
    assert type(translated(socket.gaierror(socket.EAI_AGAIN, ""), "resolve")) is LinkLost
    assert errno_symbol(socket.gaierror(socket.EAI_AGAIN, "")) == "EAI_AGAIN"


def test_an_error_without_a_number_still_has_a_sentence():
    assert str(translated(OSError("odd"), "receive"))
