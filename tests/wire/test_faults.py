"""The system's errors become ours, with the blame in the type."""

import errno
import socket

import pytest

from workbench.errors import LinkLost, LocalFault, LocalMisuse, Refused, TooSlow
from workbench.formats.errno_words import symbol_of
from workbench.wire import faults
from workbench.wire.faults import translated


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
    assert symbol_of(socket.gaierror(socket.EAI_AGAIN, "")) == "EAI_AGAIN"


def test_a_privileged_port_names_the_machines_threshold_and_a_way_out(monkeypatch):
    monkeypatch.setattr(faults, "first_open_port", lambda: 1000)
    failure = translated(OSError(errno.EACCES, ""), "bind", where="127.0.0.1:80", port=80)
    assert "1000" in f"{failure.what} {failure.advice}"
    assert failure.errno_name == "EACCES"


def test_the_threshold_is_a_port():
    assert 0 <= faults.first_open_port() <= 65536


def test_an_error_without_a_number_still_has_a_sentence():
    assert str(translated(OSError("odd"), "receive"))
