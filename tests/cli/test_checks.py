"""Selfcheck's looks at this machine, one by one, also on machines where something is missing."""

import os
import socket
import subprocess
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from types import SimpleNamespace

import pytest

from workbench.cli import checks_machine as machine
from workbench.cli import checks_network as network
from workbench.cli import checks_packages as packages
from workbench.cli.checks import Check, Checked, Finding, State, all_checks
from workbench.display import Display


def test_every_check_has_a_name_of_its_own():
    names = [check.name for check in all_checks()]
    assert len(set(names)) == len(names)
    assert {"python", "qt", "loopback-v4", "loopback-v6", "resolver", "clock", "ports", "trust-store"} <= set(
        names
    )


@pytest.mark.parametrize(
    ("works", "needed", "state"),
    [
        (True, True, State.OK),
        (True, False, State.OK),
        (False, True, State.MISSING),
        (False, False, State.OFF),
    ],
)
def test_what_is_not_needed_is_off_and_not_missing(works: bool, needed: bool, state: State):
    finding = Finding(works, "so it is", "do that")
    checked = Checked(Check("x", "X", lambda: finding, needed), finding)
    assert checked.state is state
    assert checked.as_dict() == {
        "name": "x",
        "title": "X",
        "needed": needed,
        "state": state.value,
        "found": "so it is",
        "try": "do that",
    }


def test_loopback_is_really_used():
    assert network.loopback_v4().works
    assert network.loopback_udp().works


def test_a_machine_without_ipv6_says_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(network.socket, "has_ipv6", False)
    assert "without IPv6" in network.loopback_v6().found


def test_a_loopback_that_refuses_is_told_with_its_symbol(monkeypatch: pytest.MonkeyPatch):
    def refuses(*_args: object) -> socket.socket:
        raise OSError(97, os.strerror(97))

    monkeypatch.setattr(network.socket, "socket", refuses)
    for look in (network.loopback_v4, network.loopback_udp):
        finding = look()
        assert not finding.works
        assert "EAFNOSUPPORT" in finding.found


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the files of the system hold, instead of the true ones; a file that is not named does not exist."""
    contents: dict[str, str] = {}

    def read_text(path: Path, **_how: str) -> str:
        try:
            return contents[str(path)]
        except KeyError:
            raise FileNotFoundError(2, os.strerror(2)) from None

    monkeypatch.setattr(Path, "read_text", read_text)
    return contents


def test_ports_that_are_all_taken_are_too_few(files: dict[str, str]):
    files["/proc/sys/net/ipv4/ip_local_port_range"] = "1000\t1150\n"
    lines = ["head", *(f"{n}: 0100007F:{port:04X} 0:0 01" for n, port in enumerate(range(990, 1100)))]
    files["/proc/net/tcp"] = "\n".join(lines)
    finding = network.ephemeral_ports()
    assert finding == Finding(False, "51 of 151 free (1000 to 1150)", "close programs with many connections")


def test_a_system_that_says_nothing_of_ports_is_tried(files: dict[str, str]):
    assert network.ephemeral_ports().works
    assert "tradition" in network.low_ports().found


def test_the_first_port_for_everybody_is_told(files: dict[str, str]):
    files["/proc/sys/net/ipv4/ip_unprivileged_port_start"] = "80\n"
    assert network.low_ports().found.startswith("from 80 on")


def test_name_servers_are_read_and_not_asked(files: dict[str, str]):
    files["/etc/resolv.conf"] = "# comment\nsearch example\nnameserver 192.0.2.53\nnameserver 2001:db8::53\n"
    assert network.resolver() == Finding(True, "192.0.2.53, 2001:db8::53")
    files["/etc/resolv.conf"] = "nameserver\n"
    assert not network.resolver().works


def test_no_route_is_no_fault(monkeypatch: pytest.MonkeyPatch):
    class Unroutable:
        def __init__(self, *_kind: object) -> None:
            pass

        def __enter__(self) -> "Unroutable":
            return self

        def __exit__(self, *_exc: object) -> None:
            pass

        def connect(self, _where: object) -> None:
            raise OSError(101, os.strerror(101))

    monkeypatch.setattr(network.socket, "socket", Unroutable)
    finding = network.outside()
    assert not finding.works
    assert "the Lab and the experiments need none" in finding.found


def test_a_small_buffer_comes_with_what_to_do(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(network, "GOOD_BUFFER", 1 << 40)
    assert "rmem_max" in network.receive_buffer().advice


def test_a_machine_without_authorities_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    import ssl

    empty = SimpleNamespace(cafile=None, capath=str(tmp_path))
    context = SimpleNamespace(cert_store_stats=lambda: {"x509_ca": 0})
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: empty)
    monkeypatch.setattr(ssl, "create_default_context", lambda: context)
    assert network.trust_store().advice == "install ca-certificates"
    (tmp_path / "abcdef12.0").touch()
    assert network.trust_store().found.startswith("1 authorities")


def test_names_of_ports_may_be_missing(monkeypatch: pytest.MonkeyPatch):
    def unknown(*_name: str) -> int:
        raise OSError("service/proto not found")

    monkeypatch.setattr(network.socket, "getservbyname", unknown)
    assert not network.service_names().works


def test_a_clock_before_the_program_is_wrong(monkeypatch: pytest.MonkeyPatch):
    assert machine.clock().works
    monkeypatch.setattr(Path, "stat", lambda _path: SimpleNamespace(st_mtime=4_000_000_000))
    finding = machine.clock()
    assert not finding.works
    assert "set the clock" in finding.advice


def test_folders_that_could_be_made_are_good_enough(own_home: Path):
    assert machine.folders().works
    assert not own_home.exists()
    own_home.write_text("a file stands in the way")
    assert not machine.folders().works


@pytest.mark.parametrize(
    ("seen", "works", "told"),
    [
        (None, False, "none; the terminal face"),
        (Display("DISPLAY is :0"), True, "DISPLAY is :0"),
        (Display("DISPLAY is :0", "nobody answers there"), False, "DISPLAY is :0, and nobody answers there"),
    ],
)
def test_a_display_is_one_where_somebody_answers(
    monkeypatch: pytest.MonkeyPatch, seen: Display | None, works: bool, told: str
):
    monkeypatch.setattr("workbench.display.display", lambda: seen)
    found = machine.display()
    assert (found.works, found.found.startswith(told)) == (works, True)
    assert works or "workbench tour" in found.found + found.advice


def test_what_the_platform_lacks_is_off_with_its_reason(monkeypatch: pytest.MonkeyPatch):
    assert "epoll" in machine.event_loop().found or "kqueue" in machine.event_loop().found
    monkeypatch.delattr(machine.os, "fork")
    monkeypatch.delattr(machine.socket, "AF_UNIX")
    monkeypatch.delattr(machine.socket, "SO_REUSEPORT", raising=False)
    monkeypatch.delattr(machine.socket, "SOCK_RAW")
    monkeypatch.delattr(machine.select, "epoll", raising=False)
    for look in (machine.fork, machine.unix_sockets, machine.reuse_port, machine.raw_sockets):
        finding = look()
        assert not finding.works
        assert "this system has n" in finding.found
    assert "epoll" not in machine.event_loop().found.partition(";")[2]


def test_raw_sockets_may_be_forbidden(monkeypatch: pytest.MonkeyPatch):
    def forbidden(*_kind: object) -> socket.socket:
        raise PermissionError(1, os.strerror(1))

    monkeypatch.setattr(machine.socket, "socket", forbidden)
    assert "nothing here needs them" in machine.raw_sockets().found


def test_a_missing_package_comes_with_what_to_do(monkeypatch: pytest.MonkeyPatch):
    assert packages.installed("regex")().works
    finding = packages.installed("no-such-package-anywhere")()
    assert finding == Finding(False, "not installed", packages.INSTALL_AGAIN)


@pytest.mark.parametrize(
    ("outcome", "works", "found"),
    [
        ((0, "6.11.3 /x/PySide6/QtWidgets.so\n", ""), True, "6.11.3 at /x/PySide6"),
        ((1, "", "Traceback\nImportError: libEGL.so.1: no such file\n"), False, "libEGL.so.1"),
        ((-6, "", ""), False, "no reason was given"),
    ],
)
def test_qt_is_looked_at_from_outside(
    monkeypatch: pytest.MonkeyPatch, outcome: tuple[int, str, str], works: bool, found: str
):
    done = subprocess.CompletedProcess([], *outcome)
    monkeypatch.setattr(packages.subprocess, "run", lambda *_args, **_how: done)
    finding = packages.qt()
    assert finding.works is works
    assert found in finding.found


def test_a_qt_that_ends_this_python_is_named(monkeypatch: pytest.MonkeyPatch):
    done = subprocess.CompletedProcess([], 0, "6.12.0 /x/PySide6/QtWidgets.so\n", "")
    monkeypatch.setattr(packages.subprocess, "run", lambda *_args, **_how: done)
    for version, works in (((3, 11, 7), False), ((3, 12, 1), True)):
        monkeypatch.setattr(packages.sys, "version_info", version)
        assert packages.qt().works is works


def test_a_probe_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch):
    def hangs(*_args: object, **_how: object) -> None:
        raise subprocess.TimeoutExpired([], 1)

    monkeypatch.setattr(packages.subprocess, "run", hangs)
    monkeypatch.setattr(packages.importlib.util, "find_spec", lambda _name: object())
    assert "did not load within" in packages.qt().found
    assert "unlock" in packages.keyring().found


def test_what_is_not_installed_is_not_tried(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(packages.importlib.util, "find_spec", lambda _name: None)
    assert not packages.qt().works
    assert "asked for each time" in packages.keyring().found


@pytest.mark.parametrize(
    ("said", "works"),
    [("keyring.backends.SecretService 5\n", True), ("keyring.backends.fail 0\n", False), ("", False)],
)
def test_a_keyring_without_a_backend_is_off(monkeypatch: pytest.MonkeyPatch, said: str, works: bool):
    monkeypatch.setattr(packages.importlib.util, "find_spec", lambda _name: object())
    done = subprocess.CompletedProcess([], 0, said, "")
    monkeypatch.setattr(packages.subprocess, "run", lambda *_args, **_how: done)
    assert packages.keyring().works is works


def test_dnspython_that_turned_validation_off_is_found(monkeypatch: pytest.MonkeyPatch):
    import dns.dnssec

    assert packages.dnssec().works

    def _need_pyca() -> None:
        raise ImportError

    monkeypatch.setattr(dns.dnssec, "validate", _need_pyca)
    finding = packages.dnssec()
    assert not finding.works
    assert finding.advice.startswith("cryptography")


def test_dnspython_without_cryptography_is_found(monkeypatch: pytest.MonkeyPatch):
    def missing(_name: str) -> str:
        raise PackageNotFoundError("cryptography")

    monkeypatch.setattr(packages, "version", missing)
    assert not packages.dnssec().works


def test_a_python_that_is_too_new_says_so(monkeypatch: pytest.MonkeyPatch):
    assert packages.python().works
    monkeypatch.setattr(packages.sys, "version_info", (3, 15, 0))
    assert not packages.python().works
