"""Asking the Lab's Gopher server, and peers that are silent, cut, reset, endless or never end their lines."""

import asyncio
import socket
import struct
from collections.abc import Iterator

import pytest

from tests.kit.scripted_peer import scripted_peer
from tests.lab.houses import Served, serving
from workbench.errors import LinkLost, LocalMisuse, PeerMisbehaved, Refused, TooSlow
from workbench.formats.target import parse_target
from workbench.protocols.gopher.address import read_address
from workbench.protocols.gopher.client import fetch, open_url, require_yes
from workbench.protocols.gopher.values import Request
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction


@pytest.fixture
def transcript() -> Iterator[Transcript]:
    transcript = Transcript()
    yield transcript
    transcript.close()


def at(served: Served, path: str = "/") -> Request:
    return read_address(f"gopher://{served.host}:{served.port}{path}")


@pytest.mark.covers("C1.15")
async def test_a_menu_comes_with_its_items_and_ends_with_fin(transcript: Transcript):
    async with serving("gopher") as served:
        slash = await fetch(Request(at(served).target, "/"), transcript)
        empty = await fetch(Request(at(served).target, ""), transcript)
        assert slash.kind == "menu"
        assert len(slash.items) == 8
        assert slash.end.kind == "FIN"
        assert slash.is_complete
        assert empty.body == slash.body
        assert (slash.wire, empty.wire) == (b"/\r\n", b"\r\n")
        assert sum(read.octets for read in slash.reads) == len(slash.body)
        small = await fetch(Request(at(served).target, "/", read_octets=16), transcript)
        assert len(small.reads) > len(slash.reads)
        assert small.reads[0].octets == 16
        assert small.body == slash.body
        # Each read is a row of its own in what was recorded.
        events = [
            e for e in transcript.events() if e.channel == small.channel and e.direction is Direction.RECEIVED
        ]
        assert [event.size for event in events] == [read.octets for read in small.reads]


@pytest.mark.covers("C1.22")
async def test_a_module_gives_a_file_with_the_same_body_as_by_hand(transcript: Transcript):
    async with serving("gopher") as served:
        answer = await fetch(at(served, "/0/readme"), transcript)
        with socket.socket() as by_hand:
            by_hand.setblocking(False)
            loop = asyncio.get_running_loop()
            await loop.sock_connect(by_hand, (served.host, served.port))
            await loop.sock_sendall(by_hand, b"/readme\r\n")
            body = b""
            while data := await loop.sock_recv(by_hand, 2048):
                body += data
        with answer.open() as file:
            assert file.readline() == body.partition(b"\n")[0] + b"\n"
            assert file.read() == body.partition(b"\n")[2]


async def test_an_address_leads_to_a_text_and_dots_are_undone(transcript: Transcript):
    async with serving("gopher") as served:
        answer = await open_url(f"gopher://{served.host}:{served.port}/0/readme", transcript)
        assert answer.kind == "text"
        assert "\n.and a line" in answer.text
        assert not answer.text.endswith(".\r\n.\r\n")


async def test_a_search_sends_its_words(transcript: Transcript):
    async with serving("gopher") as served:
        answer = await fetch(at(served, "/7/search%09zenith"), transcript)
        assert [item.text for item in answer.items] == ["Vega"]


async def test_an_item_that_is_not_there_is_a_no(transcript: Transcript):
    async with serving("gopher") as served:
        answer = await fetch(at(served, "/0/nowhere"), transcript)
        assert answer.refusal == "there is no '/nowhere' here"
        with pytest.raises(Refused) as refused:
            require_yes(answer)
        assert refused.value.reply == answer.refusal


async def test_nothing_is_sent_when_the_line_is_wrong(transcript: Transcript):
    async with serving("gopher") as served:
        for request in (Request(at(served).target, "a\r\nb"), Request(at(served).target, read_octets=0)):
            with pytest.raises(LocalMisuse):
                await fetch(request, transcript)
        assert len(transcript) == 0


async def test_a_server_that_waits_for_the_line_end_is_too_slow_and_the_reason_is_offered(
    transcript: Transcript,
):
    with scripted_peer([("expect", b"/x"), ("stall",)]) as peer:
        request = Request(parse_target(str(peer)), "/x", terminator="none")
        with pytest.raises(TooSlow) as slow:
            await fetch(request, transcript, timeout_s=0.2)
    assert slow.value.stage == "receive"
    assert "end of the line" in slow.value.advice


@pytest.mark.parametrize("script", [[("stall",)], [("send", b"1half"), ("stall",)]])
async def test_silence_ends_at_the_deadline(script: list, transcript: Transcript):
    with scripted_peer(script) as peer, pytest.raises(TooSlow) as slow:
        await fetch(Request(parse_target(str(peer)), "/x"), transcript, timeout_s=0.2)
    assert slow.value.stage == "receive"
    assert "end of the line" not in slow.value.advice


async def test_a_reset_is_no_end(transcript: Transcript):
    async with serving("gopher", cut_after=20, reset=True) as served:
        with pytest.raises(LinkLost) as lost:
            await fetch(at(served), transcript)
    assert (lost.value.stage, lost.value.errno_name) == ("receive", "ECONNRESET")


async def test_a_peer_that_resets_before_we_send_is_noticed_there(transcript: Transcript):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def reset(stage: str) -> None:
            if stage == "send":
                accepted, _ = listener.accept()
                accepted.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                accepted.close()

        place = parse_target(f"127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises(LinkLost) as lost:
            await fetch(Request(place, "/x"), transcript, report=reset)
    assert lost.value.stage == "send"


@pytest.mark.parametrize("lie", ["endless", "long-line"])
async def test_what_has_no_end_is_stopped(lie: str, transcript: Transcript, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("workbench.protocols.gopher.codec.MAX_ITEMS", 5000)
    async with serving("gopher", lie=lie) as served:
        with pytest.raises(PeerMisbehaved) as broken:
            await fetch(at(served), transcript)
    assert broken.value.stage == "receive"


@pytest.mark.parametrize("cut_after", [0, 1, 2, 10, 26, 27, 28, 100])
async def test_a_cut_anywhere_is_an_answer_that_is_not_complete(cut_after: int, transcript: Transcript):
    async with serving("gopher", cut_after=cut_after) as served:
        answer = await fetch(at(served), transcript)
    assert len(answer.body) == cut_after
    assert not answer.is_complete


async def test_lines_that_are_no_items_are_kept_with_their_fault(transcript: Transcript):
    async with serving("gopher", lie="odd-lines") as served:
        answer = await fetch(at(served), transcript)
    assert [bool(item.fault) for item in answer.items] == [True, True, True, True, False]
    again = Request(at(served).target, answer.items[4].selector)
    assert again.selector.encode("utf-8", "surrogateescape") == b"/\xff"


async def test_it_can_be_cancelled_and_leaves_nothing(transcript: Transcript):
    with scripted_peer([("stall",)]) as peer:
        sent = asyncio.Event()
        request = Request(parse_target(str(peer)), "/x")
        asked = asyncio.create_task(
            fetch(request, transcript, report=lambda stage: stage == "receive" and sent.set())
        )
        await sent.wait()
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
    assert transcript[len(transcript) - 1].name == "close"
