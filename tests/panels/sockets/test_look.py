"""A look at a socket: what is told, in whose units, and what is not told here."""

import asyncio

from workbench.formats.target import parse_target
from workbench.panels.sockets.look import UNTOLD, SocketLook, look_at, option_text
from workbench.panels.sockets.rows import Row
from workbench.transcript.recorder import Transcript
from workbench.wire.datagram import open_datagram
from workbench.wire.dial import dial
from workbench.wire.listen import listen
from workbench.wire.options import BY_NAME, OPTIONS
from workbench.wire.tcpinfo import Queues, TcpInfo


def flat(rows: tuple[Row, ...]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in rows:
        found[row.key] = row
        found |= flat(row.children)
    return found


async def test_a_connection_shows_its_five_its_options_its_queues_and_linux_figures():
    transcript = Transcript()
    listener = await listen(parse_target("127.0.0.1:0", listening=True), transcript)
    near = await dial(parse_target(listener.address), transcript)
    far = await listener.accept()
    await far.send(b"unread")
    while not (queues := near.queues()) or queues.unread < 6:  # noqa: ASYNC110 - the system's own time
        await asyncio.sleep(0.001)
    look = look_at(near)
    assert look is not None
    rows = flat(look.rows())
    assert rows["tuple.protocol"].value == "TCP"
    assert f"{rows['tuple.local.address'].value}:{rows['tuple.local.port'].value}" == near.local
    assert f"{rows['tuple.peer.address'].value}:{rows['tuple.peer.port'].value}" == near.peer
    assert rows["queue.unread"].value == "6 B"
    assert rows["info.state"].value == "ESTABLISHED"
    assert rows["info.rtt_us"].value.endswith(" ms")
    assert {f"option.{option.name}" for option in OPTIONS} <= set(rows)
    assert rows["option.NODELAY"].value == "on"
    assert rows["option.V6ONLY"].kind == "untold"
    assert len(flat(look.rows())) == len(list(rows))
    for thing in (near, far):
        await thing.aclose()
    await listener.aclose()
    assert look_at(near) is None
    transcript.close()


async def test_a_datagram_socket_has_no_connection_to_measure():
    transcript = Transcript()
    socket_ = await open_datagram(transcript, local=parse_target("127.0.0.1:0", listening=True))
    look = look_at(socket_)
    assert look is not None
    rows = flat(look.rows())
    assert rows["tuple.protocol"].value == "UDP"
    assert rows["info.state"].value == rows["queue.unread"].value == UNTOLD
    assert rows["option.BROADCAST"].value == "off"
    await socket_.aclose()
    assert look_at(socket_) is None
    transcript.close()


def test_what_an_old_kernel_does_not_tell_is_said_not_to_be_told():
    info = TcpInfo("ESTABLISHED", *range(1, 14))
    rows = flat(SocketLook("TCP", "[::1]:5", "[::1]:6", {}, info, Queues(1, None, None)).rows())
    assert rows["tuple.local.address"].value == "::1"
    assert rows["info.min_rtt_us"].value == UNTOLD
    assert rows["queue.not_sent"].kind == "untold"
    assert rows["queue.unread"].value == "1 B"


def test_values_are_shown_with_units():
    assert option_text(BY_NAME["KEEPIDLE"], 7200) == "7,200 s"
    assert option_text(BY_NAME["LINGER"], None) == "off"
    assert option_text(BY_NAME["NODELAY"], 1) == "on"
