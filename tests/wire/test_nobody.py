"""A program without rights listens, or is refused; the same whoever starts it."""

import os
import sys

import pytest

from workbench.errors import LocalFault
from workbench.wire import nobody
from workbench.wire.faults import first_open_port
from workbench.wire.nobody import has_privileged_ports, listen_as_nobody


@pytest.mark.covers("C1.9")
@pytest.mark.skipif(not has_privileged_ports(), reason="every port is open to anybody here")
async def test_below_the_threshold_it_is_refused_and_above_it_listens():
    low = await listen_as_nobody(first_open_port() - 1)
    assert (low.listens, low.symbol, low.threshold) == (False, "EACCES", first_open_port())
    high = await listen_as_nobody(0)
    assert high.listens
    assert high.port >= high.threshold


@pytest.mark.skipif(sys.platform != "linux", reason="rights by their bits are Linux's")
@pytest.mark.parametrize(
    ("user", "rights", "threshold", "has"),
    [
        (0, 0x1FFFFFFFFFF, 1024, True),
        (0, 0, 1024, False),
        (1000, 0, 1024, True),
        (1000, 1 << 10, 1024, False),
        (1000, None, 1024, True),
        (0, 0x1FFFFFFFFFF, 0, False),
    ],
)
def test_a_machine_without_them_says_so(user, rights, threshold, has, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setattr(nobody, "_rights", lambda: rights)
    monkeypatch.setattr(nobody, "first_open_port", lambda: threshold)
    assert has_privileged_ports() == has


async def test_rights_that_can_not_be_given_up_are_a_fault_of_this_machine(monkeypatch: pytest.MonkeyPatch):
    class Mute:
        def __init__(self, module: str, *arguments: str) -> None: ...

        async def line(self, timeout_s: float) -> str:
            return "rights EPERM"

        async def aclose(self) -> None: ...

    monkeypatch.setattr(nobody, "Puppet", Mute)
    with pytest.raises(LocalFault) as caught:
        await listen_as_nobody(1)
    assert caught.value.errno_name == "EPERM"


def test_the_program_tells_what_the_system_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(nobody, "end_with_parent", lambda: None)
    monkeypatch.setattr(sys, "argv", ["nobody", "0"])
    nobody.main()
    assert capsys.readouterr().out.startswith("listens ")
