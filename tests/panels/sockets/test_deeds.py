"""What can be done to an open session, without Qt: STARTTLS, mischief, files, limits, listeners.

Also what is reached through the controller: workbench.panels.sockets.besides, workbench.panels.sockets.kinds,
workbench.panels.sockets.peers, workbench.panels.sockets.tcpsessions; and workbench.panels.sockets.explaining.
"""

import asyncio
import hashlib
from contextlib import asynccontextmanager

import pytest

from tests.kit.scripted_peer import scripted_peer
from tests.lab.houses import serving
from tests.panels.sockets.test_controller import Desk
from workbench.errors import LinkLost, LocalFault, LocalMisuse, PeerMisbehaved, Refused, TooSlow
from workbench.jobs.offload import in_thread
from workbench.panels.sockets.deeds import Deeds
from workbench.panels.sockets.explaining import explain
from workbench.panels.sockets.patience import offer_of
from workbench.panels.sockets.state import Offer
from workbench.protocols.raw.limits import LimitsForm
from workbench.protocols.raw.wayform import WayForm
from workbench.protocols.raw.zones import Injection
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction


@asynccontextmanager
async def open_desk(**form: object):
    desk = Desk(**form)
    job = desk.open()
    try:
        await desk.until(
            lambda s: (
                s.phase in ("failed", "ended")
                or s.mistake is not None
                or (s.phase == "open" and (s.form.role == "listener" or s.selected is not None))
            )
        )
        yield desk, Deeds(desk.session), job
    finally:
        await desk.close()


def told(desk: Desk) -> list[str]:
    return [event.name for event in desk.transcript.events() if event.kind == "fact"]


def sent(desk: Desk) -> list[bytes]:
    return [desk.transcript.data(e) for e in desk.transcript.events() if e.direction is Direction.SENT]


# ---- sending


@pytest.mark.covers("C1.18")
async def test_sent_once_a_part_is_accepted_and_sent_all_the_parts_add_up():
    with scripted_peer([("stall",)]) as peer:
        way = WayForm(options="SNDBUF=4608")
        async with open_desk(target=str(peer), way=way) as (desk, _, _job):
            data = bytes(range(256)) * 40_000
            rest = await desk.session.send_once(data)
            offer = desk.state.offer
            assert offer is not None
            assert 0 < offer.accepted < len(data) == offer.offered
            assert data.endswith(rest)
            assert len(rest) == offer.offered - offer.accepted
            assert "stay in the editor" in offer.sentence
    async with (
        serving("discard") as served,
        open_desk(target=f"127.0.0.1:{served.port}", way=way) as (desk, _, _job),
    ):
        await desk.session.send(data)
        offer = desk.state.offer
        assert offer is not None
        assert (offer.accepted, offer.offered) == (len(data), len(data))
        assert offer.calls > len(offer.parts) > 1
        assert " + " in offer.sentence
        assert len(desk.transcript.stream(0, Direction.SENT, "tcp")) == len(data)


def test_an_offer_in_words():
    assert Offer(10, 10, (10,), 1).sentence == "all 10 octets sent"
    assert Offer(10, 10, (4, 6), 2).sentence == "all 10 octets sent: 4 + 6"
    assert Offer(10, 10, (4,), 3).sentence == "all 10 octets sent: 4 + …"
    assert Offer(10, 10, (10,), 1, once=True).sentence == "the system accepted 10 of 10 octets"
    transcript = Transcript()
    assert offer_of(transcript, 0, 0, 5) is None
    transcript.close()


async def test_mischief_goes_out_in_its_pieces_and_can_be_cancelled():
    async with serving("discard") as served, open_desk(target=f"127.0.0.1:{served.port}") as (desk, deeds, _):
        await deeds.mischief("bytewise", b"abc")
        await deeds.mischief("wrong-ending", b"x\r\n")
        assert sent(desk) == [b"a", b"b", b"c", b"x\n"]
        await deeds.mischief("oversize", b"")
        assert sum(map(len, sent(desk)[4:])) == 64 * 1024
        assert not any(b"\n" in piece for piece in sent(desk)[4:])
        paused = desk.scope.launch(deeds.mischief("pause", b"hello\r\n"), name="pause")
        await desk.until(lambda s: s.doing == "Pause in the middle of a line")
        await desk.until(lambda s: s.peers[0].sent == 5 + 64 * 1024 + 3)
        assert not desk.state.can_send
        paused.cancel()
        await paused.wait()
        assert sent(desk)[-1] == b"hel"
        assert desk.state.can_send


# ---- files


async def test_a_file_goes_there_and_back_with_the_same_hash(tmp_path):
    data = bytes(range(256)) * 12_000
    there, back = tmp_path / "there", tmp_path / "back"
    there.write_bytes(data)
    async with serving("echo") as served, open_desk(target=f"127.0.0.1:{served.port}") as (desk, deeds, _):
        receiving = desk.scope.launch(deeds.receive_file(str(back)), name="receive")
        await desk.until(lambda s: s.receiving)
        await deeds.send_file(str(there))
        await desk.session.finish()
        await receiving.wait()
        assert receiving.state == "done"
        digest = hashlib.sha256(data).hexdigest()
        assert back.read_bytes() == data
        sent_file, received_file = desk.state.sent_file, desk.state.received_file
        assert sent_file is not None
        assert received_file is not None
        assert (sent_file.done, sent_file.sha256, sent_file.is_over) == (len(data), digest, True)
        assert (received_file.done, received_file.sha256, received_file.is_over) == (len(data), digest, True)


async def test_what_was_cut_off_stays_a_partial_file_and_a_missing_one_is_named(tmp_path):
    with scripted_peer([("send", b"half"), ("expect", b"x"), ("reset",)]) as peer:
        async with open_desk(target=str(peer)) as (desk, deeds, _):
            await desk.until(lambda s: s.peers and s.peers[0].received == 4)
            receiving = desk.scope.launch(deeds.receive_file(str(tmp_path / "out")), name="receive")
            await desk.until(lambda s: s.receiving)
            live, channel = desk.session.ready()
            with pytest.raises(LocalMisuse, match="already"):
                await live.receive_into(None, channel)
            await desk.session.send(b"x")
            await receiving.wait()
            assert isinstance(receiving.failure, LinkLost)
            assert not (tmp_path / "out").exists()
            with pytest.raises(LocalFault, match="can't be read"):
                await deeds.send_file(str(tmp_path / "missing"))


# ---- STARTTLS


async def test_a_refused_and_a_missing_offer_are_told_and_the_talk_goes_on_in_clear():
    smtp = [
        ("send", b"220 here\r\n"),
        ("expect", b"EHLO client.example\r\n"),
        ("send", b"250-here\r\n250 STARTTLS\r\n"),
        ("expect", b"STARTTLS\r\n"),
        ("send", b"454 not now\r\n"),
        ("expect", b"EHLO client.example\r\n"),
        ("send", b"250 here\r\n"),
        ("expect", b"QUIT\r\n"),
        ("send", b"221 bye\r\n"),
    ]
    with scripted_peer(smtp) as peer:
        async with open_desk(target=str(peer)) as (desk, deeds, job):
            with pytest.raises(Refused, match="454 not now"):
                await deeds.ask_tls("smtp")
            assert desk.state.verdict.word == "in clear"
            with pytest.raises(Refused, match="does not offer") as caught:
                await deeds.ask_tls("smtp")
            assert "took the offer out" in caught.value.advice
            assert {"starttls.refused", "starttls.missing"} <= set(told(desk))
            await desk.session.send(b"QUIT\r\n")
            await desk.until(lambda s: s.verdict.word == "half closed")
            await desk.session.finish()
            await job.wait()
            assert job.state == "done"
            await in_thread(peer.wait)


async def test_octets_behind_the_yes_garbage_and_an_early_end_each_have_their_word():
    for script, kind in (
        ([("expect", bytes.fromhex("0000000804d2162f")), ("send", b"Sinjected"), ("stall",)], PeerMisbehaved),
        ([("expect", bytes.fromhex("0000000804d2162f")), ("send", b"?"), ("stall",)], PeerMisbehaved),
        ([("expect", bytes.fromhex("0000000804d2162f")), ("finish",), ("stall",)], (LinkLost, LocalMisuse)),
    ):
        with scripted_peer(script) as peer:
            async with open_desk(target=str(peer)) as (_desk, deeds, _job):
                with pytest.raises(kind):
                    await deeds.ask_tls("postgres")


# ---- limits


@pytest.mark.covers("C5.7")
async def test_the_verdict_says_silent_or_deaf_and_has_the_queue_as_evidence():
    with scripted_peer([("stall",)], [("stall",)]) as peer:
        async with open_desk(target=str(peer), limits=LimitsForm(idle="0.1")) as (desk, _, job):
            await job.wait()
            assert isinstance(job.failure, TooSlow)
            assert desk.state.verdict.word == "read idle"
            assert "nothing of ours waits" in desk.state.verdict.sentence
        limits = LimitsForm(stall="0.1")
        async with open_desk(target=str(peer), limits=limits) as (desk, deeds, job):
            assert deeds.left_s is None
            with pytest.raises(TooSlow):
                await desk.session.send(bytes(64 * 1024 * 1024))
            assert desk.state.problem is not None
            assert desk.state.problem.stage == "write stall"
            assert "wait to be taken" in str(desk.state.problem)


@pytest.mark.covers("C5.5")
async def test_all_of_it_has_a_limit_and_the_time_left_is_known():
    with scripted_peer([("stall",)], [("stall",)]) as peer:
        async with open_desk(target=str(peer), limits=LimitsForm(total="0.1")) as (desk, _, job):
            await job.wait()
            assert desk.state.verdict.word == "total"
        async with open_desk(target=str(peer), limits=LimitsForm(idle="60")) as (desk, deeds, _):
            left_s = deeds.left_s
            assert left_s is not None
            assert 0 < left_s <= 60
    async with open_desk(target="127.0.0.1:9", limits=LimitsForm(idle="soon")) as (desk, _, job):
        await job.wait()
        assert desk.state.mistake is not None
        assert desk.state.mistake.field == "idle"
        assert told(desk) == []


# ---- listeners


@pytest.mark.covers("C3.11", "C3.12")
async def test_a_listener_counts_throws_and_stops_gracefully():
    async with open_desk(role="listener", target="127.0.0.1:0", reply="upper") as (desk, deeds, job):
        host, port = desk.state.address.split(":")

        async def ask(data: bytes) -> bytes:
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(data)
            try:
                return await reader.read(10)
            except ConnectionResetError:
                return b""
            finally:
                writer.close()

        assert await ask(b"one") == b"ONE"
        deeds.inject(Injection("handle"))
        assert await ask(b"two") == b""
        assert await ask(b"three") == b"THREE"
        await desk.until(lambda s: (s.figures.served, s.figures.failed, s.figures.sockets) == (2, 1, 1))
        (fault,) = desk.state.figures.faults
        assert fault.client == 2
        assert "Traceback" in fault.traceback
        reader, writer = await asyncio.open_connection(host, port)
        await desk.until(lambda s: sum(peer.is_open for peer in s.peers) == 1)
        await deeds.stop_listening()
        assert desk.state.verdict.word == "stopping"
        await desk.until(lambda s: not s.figures.listening)
        writer.write(b"last")
        assert await reader.read(10) == b"LAST"
        writer.close()
        await job.wait()
        assert (job.state, desk.state.phase) == ("done", "ended")


@pytest.mark.covers("C3.40")
async def test_one_at_a_time_is_a_switch_of_a_living_listener():
    async with open_desk(role="listener", target="127.0.0.1:0", reply="echo") as (desk, _, _job):
        desk.session.compose(one_at_a_time=True)
        host, port = desk.state.address.split(":")
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(b"a")
        assert await reader.readexactly(1) == b"a"
        second_reader, second = await asyncio.open_connection(host, port)
        second.write(b"b")
        await desk.until(lambda s: len(s.figures.waiting) == 1)
        writer.close()
        assert await second_reader.readexactly(1) == b"b"
        second.close()
        await desk.until(lambda s: s.figures.served == 2)
        turn = next(e for e in desk.transcript.events() if e.name == "serve.turn")
        explained = explain(desk.transcript, turn)
        assert explained is not None
        assert "its turn, after" in explained.what


@pytest.mark.covers("C5.6")
async def test_a_silent_client_is_dropped_and_a_typing_one_stays():
    form = {"role": "listener", "target": "127.0.0.1:0", "reply": "echo", "limits": LimitsForm(idle="1")}
    async with open_desk(**form) as (desk, _, _job):
        host, port = desk.state.address.split(":")
        silent_reader, silent = await asyncio.open_connection(host, port)
        reader, writer = await asyncio.open_connection(host, port)
        silence = asyncio.create_task(silent_reader.read())
        while not silence.done():
            writer.write(b".")
            assert await reader.readexactly(1) == b"."
            await asyncio.wait((silence,), timeout=0.1)
        assert silence.result() == b""
        drop = next(e for e in desk.transcript.events() if e.name == "limit.passed")
        explained = explain(desk.transcript, drop)
        assert explained is not None
        assert explained.what == "dropped for inactivity (1 s)"
        writer.write(b"!")
        assert await reader.readexactly(1) == b"!"
        silent.close()
        writer.close()


# ---- many at once


@pytest.mark.covers("C1.1")
async def test_five_connections_have_a_lane_each_and_the_totals_balance():
    async with open_desk(role="listener", target="127.0.0.1:0", reply="echo") as (desk, _, _job):
        host, port = desk.state.address.split(":")
        clients = [await asyncio.open_connection(host, port) for _ in range(5)]
        for round_ in range(4):
            for reader, writer in clients:
                writer.write(bytes([round_]) * 250)
                assert await reader.readexactly(250) == bytes([round_]) * 250
        state = await desk.until(lambda s: [p.sent for p in s.peers] == [1000] * 5)
        assert [peer.received for peer in state.peers] == [1000] * 5
        lanes = {peer.channel for peer in state.peers}
        assert len(lanes) == 5
        for channel in lanes:
            assert len(desk.transcript.stream(channel, Direction.SENT, "tcp")) == 1000
            assert len(desk.transcript.stream(channel, Direction.RECEIVED, "tcp")) == 1000
        # Interleaved as it happened: one after the other, round by round.
        order = [e.channel for e in desk.transcript.events() if e.direction is Direction.RECEIVED]
        assert order == [peer.channel for peer in state.peers] * 4
        for _reader, writer in clients:
            writer.close()
            await writer.wait_closed()
