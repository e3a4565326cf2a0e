"""Sessions of UDP, without Qt: questions, patience, strangers, everybody, groups.

Also workbench.panels.sockets.patience.
"""

import socket

import pytest

from tests.lab.houses import serving
from tests.panels.sockets.test_deeds import open_desk, told
from workbench.errors import LocalMisuse, TooSlow
from workbench.formats.target import Target
from workbench.panels.sockets.patience import leaves, read_patience
from workbench.panels.sockets.state import Form, UdpForm
from workbench.protocols.raw.field import FieldMistake
from workbench.protocols.raw.question import Retry
from workbench.protocols.raw.values import DIRECT, Way
from workbench.protocols.raw.wayform import WayForm


@pytest.mark.covers("C2.17")
async def test_one_question_one_answer_and_stop_returns_to_idle():
    async with (
        serving("udp-echo") as served,
        open_desk(target=f"127.0.0.1:{served.port}", transport="udp") as (desk, _, job),
    ):
        await desk.session.send(b"hello")
        state = await desk.until(lambda s: s.answers)
        (answer,) = state.answers
        assert (answer.source, answer.data, answer.stranger) == (f"127.0.0.1:{served.port}", b"hello", False)
        assert answer.latency_s is not None
        assert state.phase == "open"
        job.cancel()
        await job.wait()
        assert desk.state.phase == "ended"


@pytest.mark.covers("C2.20")
async def test_two_lost_questions_are_asked_again_and_a_stranger_is_marked():
    async with (
        serving("udp-echo", drop_first=2) as served,
        open_desk(
            target=f"127.0.0.1:{served.port}",
            transport="udp",
            udp=UdpForm(strangers=True, tries=4, wait="0.05"),
        ) as (desk, _, _job),
    ):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            host, port = desk.state.address.split(":")
            stranger.sendto(b"me too", (host, int(port)))
            await desk.until(lambda s: s.answers)
        await desk.session.send(b"time?")
        state = await desk.until(lambda s: s.answer_count == 2)
        assert [answer.stranger for answer in state.answers] == [True, False]
        assert state.answers[1].attempt == 3
        assert desk.state.verdict.word == "answered"
        assert "3rd attempt" in desk.state.verdict.sentence


@pytest.mark.covers("C2.18")
async def test_one_number_serves_tcp_and_udp_and_silence_has_its_causes():
    patience = UdpForm(tries=1, wait="0.05")
    async with (
        serving("echo") as echo,
        open_desk(role="listener", transport="udp", target=f"127.0.0.1:{echo.port}") as (both, _d, _j),
        open_desk(target=f"127.0.0.1:{echo.port}") as (stream, _d, _j),
        open_desk(target=f"127.0.0.1:{echo.port}", transport="udp", udp=patience) as (asking, _d, _j),
    ):
        assert both.state.address == f"127.0.0.1:{echo.port}"
        await stream.session.send(b"tcp")
        await stream.until(lambda s: s.peers[0].received == 3)
        with pytest.raises(TooSlow, match="from here they look the same"):
            await asking.session.send(b"udp")
        assert asking.state.verdict.word == "no answer"
        await both.until(lambda s: s.peers and s.peers[0].received == 3)


async def test_quiet_ends_a_search_and_says_who_was_there():
    async with (
        serving("beacon") as served,
        open_desk(target=f"127.255.255.255:{served.port}", transport="udp", udp=UdpForm(quiet="1")) as (
            desk,
            _,
            job,
        ),
    ):
        await desk.session.send(b"who is there?")
        await job.wait()
        assert desk.state.phase == "ended"
        assert desk.state.verdict.word == "quiet"
        assert "3 answers from 3" in desk.state.verdict.sentence


@pytest.mark.covers("C5.23")
async def test_questions_to_everybody_are_limited_counted_and_asked_about_beforehand():
    async with (
        serving("beacon", machines=1) as served,
        open_desk(target=f"127.255.255.255:{served.port}", transport="udp", udp=UdpForm(per_s=1.0)) as (
            desk,
            deeds,
            _,
        ),
    ):
        assert deeds.what_leaves == ""
        for _ in range(5):
            await desk.session.send(b"?")
        assert desk.state.dropped >= 3
        assert desk.state.verdict.word == "held back"
        assert "broadcast.limited" in told(desk)
    for target, way in (("255.255.255.255:9", WayForm()), ("239.255.1.1:9", WayForm())):
        form = {"target": target, "transport": "udp", "way": way}
        async with open_desk(**form) as (desk, deeds, job):
            await job.wait()
            assert isinstance(desk.state.problem, LocalMisuse)
            assert deeds.what_leaves
            assert told(desk) == []
    near = Way(local=Target("tcp", "127.0.0.1", 0))
    assert leaves(Form(target="239.255.1.1:9", transport="udp"), near) == ""
    assert leaves(Form(target="239.255.1.1:9"), DIRECT) == ""
    assert leaves(Form(target="nonsense", transport="udp"), DIRECT) == ""


async def test_groups_are_joined_and_left_while_it_listens():
    async with open_desk(role="listener", transport="udp", target="127.0.0.1:0") as (desk, deeds, _):
        deeds.join("239.255.1.1@127.0.0.1")
        assert deeds.groups == ("239.255.1.1",)
        deeds.leave("239.255.1.1@127.0.0.1")
        assert deeds.groups == ()
        assert {"multicast.joined", "multicast.left"} <= set(told(desk))
        with pytest.raises(LocalMisuse):
            deeds.join("127.0.0.1")
    with pytest.raises(LocalMisuse):
        deeds.join("239.255.1.1")
    assert deeds.groups == ()


def test_patience_is_read_strictly():
    assert read_patience(UdpForm()) == (Retry(1, None), None)
    assert read_patience(UdpForm(tries=3, quiet="2")) == (Retry(3, 1.0), 2.0)
    for form, field in (
        (UdpForm(wait="x"), "wait"),
        (UdpForm(quiet="0"), "quiet"),
        (UdpForm(wait="1e9"), "wait"),
        (UdpForm(tries=0), "tries"),
    ):
        with pytest.raises(FieldMistake) as caught:
            read_patience(form)
        assert caught.value.field == field
