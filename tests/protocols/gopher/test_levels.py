"""One request on four levels of abstraction: what is written differs, what passes does not."""

import pytest

from tests.kit.scripted_peer import scripted_peer
from tests.lab.houses import serving
from workbench.errors import LinkLost, TooSlow
from workbench.formats.target import parse_target
from workbench.protocols.gopher.address import read_address
from workbench.protocols.gopher.levels import LEVELS, Level, StreamFile, are_identical, climb
from workbench.protocols.gopher.values import Request
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.wire.memory import pair


@pytest.mark.covers("C1.14", "C2.21")
async def test_four_levels_send_the_same_line_and_get_the_same_body():
    transcript = Transcript()
    told: list[Level] = []
    async with serving("gopher") as served:
        request = read_address(f"gopher://{served.host}:{served.port}/")
        levels = await climb(request, transcript, on_level=told.append)
    assert [level.info.name for level in levels] == ["Sockets", "File", "Protocol", "Address"]
    assert told == list(levels)
    assert {level.sent for level in levels} == {b"\r\n"}
    assert len({level.body for level in levels}) == 1
    assert levels[0].body.endswith(b".\r\n")
    assert are_identical(levels)
    # Four connections, each with a channel of its own, and its own calls.
    assert len({level.channel for level in levels}) == 4
    assert len({level.calls for level in levels}) == 4
    assert [len(level.calls) for level in levels] == [6, 6, 2, 2]
    assert levels[0].at("ask") == "sendall(b'\\r\\n')"
    assert levels[2].at("connect") == ""
    assert "urlopen('gopher://" in levels[3].at("ask")
    transcript.close()


async def test_what_an_address_cannot_say_is_asked_for_all_the_same():
    transcript = Transcript()
    async with serving("gopher") as served:
        target = parse_target(f"{served.host}:{served.port}")
        levels = await climb(Request(target, "/stars", terminator="lf", read_octets=16), transcript)
    assert are_identical(levels)
    assert {level.sent for level in levels} == {b"/stars\n"}
    assert levels[0].reads > 10
    transcript.close()


def test_levels_that_differ_are_not_identical():
    one = Level(LEVELS[0], (), b"a", b"b", 1, 0)
    assert not are_identical((one, one._replace(sent=b"c")))


async def test_a_failure_on_the_lower_levels_has_its_stage():
    transcript = Transcript()
    with scripted_peer([("stall",)]) as peer, pytest.raises(TooSlow) as slow:
        await climb(Request(parse_target(str(peer)), "/x"), transcript, timeout_s=0.2)
    assert slow.value.stage == "receive"
    async with serving("gopher", cut_after=5, reset=True) as served:
        target = parse_target(f"{served.host}:{served.port}")
        with pytest.raises(LinkLost) as lost:
            await climb(Request(target, "/x"), transcript)
    assert lost.value.stage == "receive"
    transcript.close()


async def test_a_file_holds_what_is_written_until_it_is_flushed():
    transcript = Transcript()
    near, far = pair(transcript)
    async with near, far:
        file = StreamFile(near, read_octets=4)
        assert file.write(b"/x\r\n") == 4
        assert file.held == 4
        assert len(near.channel.stream(Direction.SENT)) == 0
        await file.flush()
        assert file.held == 0
        assert await far.read() == b"/x\r\n"
        await far.send(b"one\r\ntwo\nrest")
        await far.finish()
        assert await file.readlines() == [b"one\r\n", b"two\n", b"rest"]
    transcript.close()
