"""Where a listener will be reached, told before it is bound; an agreement is asked once. Without Qt."""

import sys

import pytest

from tests.panels.sockets.test_deeds import open_desk
from workbench.errors import LocalMisuse
from workbench.formats.target import parse_target
from workbench.panels.sockets.binding import Heed, heed, purposes, rebound, reported
from workbench.panels.sockets.state import Form
from workbench.wire.faults import first_open_port
from workbench.wire.interfaces import Interface, OwnAddress
from workbench.wire.port_ranges import Ranges

RANGES = Ranges(1024, 32768, 60999)
LO = Interface(1, "lo", ("UP", "LOOPBACK"), addresses=(OwnAddress("127.0.0.1", 8), OwnAddress("::1", 128)))
ETH = Interface(
    2,
    "eth0",
    ("UP",),
    addresses=(OwnAddress("10.0.0.5", 8), OwnAddress("8.8.8.8", 32), OwnAddress("fe80::1", 64)),
)


def of(target: str, role: str = "listener") -> Heed:
    return heed(Form(role=role, target=target), RANGES)  # type: ignore[arg-type]  # both roles


@pytest.mark.covers("C5.30")
@pytest.mark.parametrize(
    ("target", "risk", "reach"),
    [
        ("127.0.0.1:0", "good", "this machine alone"),
        ("127.0.0.9:0", "good", "this machine alone"),
        ("[::1]:0", "good", "this machine alone"),
        ("localhost:8000", "good", "this machine alone"),
        ("unix:/tmp/x", "good", "may open the file"),
        ("0.0.0.0:0", "warning", "by IPv4"),
        ("[::]:0", "warning", "by IPv6"),
        ("[::ffff:0.0.0.0]:0", "warning", "by IPv4"),
        ("10.0.0.5:0", "info", "reaches 10.0.0.5"),
        ("some.name:0", "info", "reaches some.name"),
    ],
)
def test_who_will_come_is_told_by_the_address(target: str, risk: str, reach: str):
    found = of(target)
    assert found.risk == risk
    assert reach in found.reach
    assert found.is_for_all == (risk == "warning")


def test_nothing_is_said_to_a_client_or_of_half_an_address():
    for found in (of("0.0.0.0:80", "client"), of(""), of("127.0.0.1:"), of("lab:")):
        assert found == Heed()


@pytest.mark.covers("C1.9")
def test_a_low_port_is_warned_of_with_this_systems_threshold_and_what_others_do():
    low = of("127.0.0.1:80")
    assert low.is_low
    assert "below 1024" in low.warning
    for other_way in ("capability", "socket activation", "redirect"):
        assert other_way in low.warning
    for system in ("net.ipv4.ip_unprivileged_port_start", "macOS", "Windows"):
        assert system in low.more
    # The threshold is the system's, not the tradition's.
    lower = heed(Form(role="listener", target="127.0.0.1:80"), Ranges(80, 32768, 60999))
    assert (lower.is_low, lower.warning) == (False, "")
    assert "lends" in of("127.0.0.1:40000").warning
    assert not of("127.0.0.1:40000").is_low
    assert of("127.0.0.1:8080").warning == of("127.0.0.1:0").warning == ""


@pytest.mark.parametrize(("user", "told"), [(0, True), (1000, False)])
def test_an_administrator_is_told_whose_mistakes_they_will_be(
    user: int, told: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("workbench.panels.sockets.binding.os.geteuid", lambda: user)
    assert ("every mistake of the server is root's" in of("127.0.0.1:80").warning) == told
    assert "root's" not in of("127.0.0.1:40000").warning


@pytest.mark.covers("C5.30")
def test_four_purposes_and_everybody_each_with_the_addresses_that_serve_it():
    found = {purpose.id: purpose for purpose in purposes((LO, ETH))}
    assert list(found) == ["local", "inner", "names", "route", "all"]
    assert found["local"].hosts == (("127.0.0.1", ""), ("::1", ""))
    assert found["inner"].hosts == (("10.0.0.5", "eth0"),)
    assert (
        [host for host, _ in found["names"].hosts]
        == [host for host, _ in found["route"].hosts]
        == ["10.0.0.5", "8.8.8.8"]
    )
    assert [purpose.risk for purpose in found.values()] == ["good", "info", "info", "info", "warning"]
    assert [host for host, _ in purposes(())[-1].hosts] == ["0.0.0.0"]


def test_another_host_or_port_leaves_the_rest():
    assert rebound("127.0.0.1:8000", "::1") == "[::1]:8000"
    assert rebound("", "10.0.0.5") == "10.0.0.5:0"
    assert reported("[::1]:80", 9000) == "[::1]:9000"
    assert reported("half", 9000) == "127.0.0.1:9000"


@pytest.mark.covers("C5.30")
async def test_a_listener_for_everybody_is_opened_only_after_an_agreement_and_asked_about_once():
    form = {"role": "listener", "target": "0.0.0.0:0"}
    async with open_desk(**form) as (desk, deeds, job):
        await job.wait()
        assert isinstance(desk.state.problem, LocalMisuse)
        assert "nobody has agreed" in desk.state.problem.what
        assert deeds.who_may_come.startswith("everybody who reaches this machine")
        deeds.agree()
        assert deeds.who_may_come == ""
        desk.open()
        await desk.until(lambda s: s.phase == "open")
        assert desk.state.address.startswith("0.0.0.0:")
    async with open_desk(role="listener", target="127.0.0.1:0") as (desk, deeds, _):
        assert deeds.who_may_come == ""
        assert desk.state.phase == "open"


@pytest.mark.covers("C1.9")
async def test_a_refused_port_is_answered_with_one_that_works():
    async with open_desk(role="listener", target="127.0.0.1:0") as (first, _, _job):
        taken = first.state.address
        async with open_desk(role="listener", target=taken) as (desk, deeds, _):
            failure = desk.state.problem
            assert failure is not None
            assert failure.errno_name == "EADDRINUSE"
            assert "is free, and open to any user" in failure.advice
            target = await deeds.free_port()
            assert parse_target(target).host == "127.0.0.1"
            assert (parse_target(target).port or 0) >= max(
                1024, first_open_port() if sys.platform == "linux" else 0
            )
            desk.session.compose(target=target)
            desk.open()
            await desk.until(lambda s: s.phase == "open")
            assert desk.state.address == target
