"""What this system says by itself: its hosts file knows localhost, and its functions know three types."""

import socket
import threading
from ipaddress import ip_address
from pathlib import Path

import pytest

from workbench.errors import Refused, TooSlow
from workbench.protocols.dns.system import ask_system, ask_system_reverse, system_servers
from workbench.transcript.recorder import Transcript


@pytest.fixture
def transcript():
    made = Transcript()
    yield made
    made.close()


async def test_the_addresses_of_localhost(transcript: Transcript):
    says = await ask_system("localhost.", "A", transcript)
    assert (says.found, says.failure) == (("127.0.0.1",), None)
    assert says.elapsed_ns > 0
    assert [event.name for event in transcript.events()] == ["resolve.started", "resolve.complete"]


async def test_only_addresses_of_the_type_are_found(transcript: Transcript, monkeypatch: pytest.MonkeyPatch):
    both = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0)),
        (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", 0, 0, 0)),
    ]

    def numbers_only(host, *_args, flags=0, **_more):
        if flags:
            raise socket.gaierror(socket.EAI_NONAME, "a name")
        return both

    monkeypatch.setattr(socket, "getaddrinfo", numbers_only)
    assert (await ask_system("localhost.", "AAAA", transcript)).found == ("::1",)
    assert (await ask_system("localhost.", "A", transcript)).found == ("127.0.0.1",)


async def test_a_name_that_it_does_not_know_is_a_value(
    transcript: Transcript, monkeypatch: pytest.MonkeyPatch
):
    def nothing(*_args, **_more):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nothing)
    says = await ask_system("localhost.", "A", transcript)
    assert isinstance(says.failure, Refused)
    assert says.found == ()


async def test_the_name_of_an_address(transcript: Transcript):
    says = await ask_system_reverse(ip_address("127.0.0.1"), transcript)
    assert says.failure is None
    assert "localhost" in says.found
    assert [event.name for event in transcript.events()] == ["resolve.started", "resolve.complete"]


async def test_an_address_without_a_name_is_a_value_without_a_false_errno(
    transcript: Transcript, monkeypatch
):
    def nothing(_text):
        raise socket.herror(1, "Unknown host")

    monkeypatch.setattr(socket, "gethostbyaddr", nothing)
    says = await ask_system_reverse(ip_address("127.0.0.2"), transcript)
    assert isinstance(says.failure, Refused)
    assert says.failure.errno_name == ""
    assert "EPERM" not in str(list(transcript.events())[-1].values)


async def test_a_system_that_does_not_answer_is_not_waited_for(transcript: Transcript, monkeypatch):
    answered = threading.Event()

    def late(_text):
        answered.wait(60)
        return "late", [], []

    monkeypatch.setattr(socket, "gethostbyaddr", late)
    try:
        says = await ask_system_reverse(ip_address("127.0.0.2"), transcript, timeout_s=0.05)
    finally:
        answered.set()
    assert isinstance(says.failure, TooSlow)


def test_the_servers_of_a_configuration(tmp_path: Path):
    conf = tmp_path / "resolv.conf"
    conf.write_text(
        "# nameserver 9.9.9.9\nsearch lab.test\nnameserver 192.0.2.53\nnameserver ::1 \nnameserver\n"
        "nameserver 192.0.2.53\n"
    )
    assert system_servers(str(conf)) == ("192.0.2.53", "::1")


@pytest.mark.parametrize("text", ["", "\xff\xfe junk\n"])
def test_a_configuration_without_servers(tmp_path: Path, text: str):
    conf = tmp_path / "resolv.conf"
    conf.write_text(text, "latin-1")
    assert system_servers(str(conf)) == ()


def test_no_configuration(tmp_path: Path):
    assert system_servers(str(tmp_path / "nowhere")) == ()
