"""Who is there? Asked of the Lab's machines, by broadcast on loopback."""

import asyncio
import socket

import pytest

from tests.kit.ports import free_port
from tests.lab.houses import serving
from workbench.errors import LocalMisuse
from workbench.formats.target import Target, parse_target
from workbench.protocols.raw.broadcast import Limiter
from workbench.protocols.raw.everybody import host_of, open_to_everybody, who_is_there
from workbench.transcript.recorder import Transcript


@pytest.mark.covers("C5.20", "C5.21")
async def test_three_machines_answer_one_question_each_from_its_own_address():
    transcript = Transcript()
    async with serving("beacon") as served:
        assert served.host == "127.255.255.255"
        asking = await open_to_everybody(Target("udp", served.host, served.port), transcript)
        heard = []
        limiter = Limiter(asyncio.get_running_loop().time)
        answers = await who_is_there(asking, (b"who is there?",), limiter, quiet_s=0.6, heard=heard.append)
        assert sorted(answer.source.split(":")[0] for answer in answers) == [
            "127.0.0.11",
            "127.0.0.12",
            "127.0.0.13",
        ]
        assert sorted(answer.data for answer in answers) == [
            b"I am here: anvil",
            b"I am here: bellows",
            b"I am here: chisel",
        ]
        assert all(answer.latency_s < 1 and not answer.stranger for answer in answers)
        assert heard == list(answers)
        await asking.aclose()
    transcript.close()


@pytest.mark.covers("C5.21")
async def test_one_who_is_bound_to_127_0_0_1_does_not_hear_it():
    transcript = Transcript()
    # Free at every address: the beacon takes it at its own only.
    async with serving("beacon", port=free_port(), machines=1) as served:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as homebody:
            homebody.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            homebody.bind(("127.0.0.1", served.port))
            homebody.setblocking(False)
            asking = await open_to_everybody(Target("udp", served.host, served.port), transcript)
            limiter = Limiter(asyncio.get_running_loop().time)
            answers = await who_is_there(asking, (b"?",), limiter, quiet_s=0.5)
            assert len(answers) == 1
            with pytest.raises(BlockingIOError):
                homebody.recv(1)
            await asking.aclose()
    transcript.close()


@pytest.mark.covers("C5.23")
async def test_what_is_too_often_is_held_back_and_written_down():
    transcript = Transcript()
    async with serving("beacon", machines=1) as served:
        asking = await open_to_everybody(Target("udp", served.host, served.port), transcript)
        limiter = Limiter(lambda: 0.0)
        answers = await who_is_there(asking, (b"?",) * 1000, limiter, quiet_s=0.5)
        assert (len(answers), limiter.passed, limiter.dropped) == (5, 5, 995)
        (told,) = [event for event in transcript.events() if event.name == "broadcast.limited"]
        assert told.values["dropped"] == 995
        await asking.aclose()
    transcript.close()


async def test_one_machine_is_not_everybody():
    transcript = Transcript()
    with pytest.raises(LocalMisuse, match="one machine"):
        await open_to_everybody(parse_target("127.0.0.1:9"), transcript)
    assert (host_of("127.0.0.1:9"), host_of("[ff02::1%lo]:9")) == ("127.0.0.1", "ff02::1%lo")
    transcript.close()
