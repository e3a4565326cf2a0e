"""What is said of a server that does not answer."""

import asyncio

import pytest

from tests.kit.scripted_peer import scripted_peer
from workbench.errors import LinkLost, PeerMisbehaved, TooSlow
from workbench.formats.target import parse_target
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import dial
from workbench.wire.dialogue import answered_within, hung_up, staged


def test_a_failure_has_the_stage_it_happened_in_and_one_of_tls_its_own():
    with pytest.raises(LinkLost) as caught, staged("login"):
        raise LinkLost("gone")
    assert caught.value.stage == "login"
    with pytest.raises(PeerMisbehaved) as misbehaved, staged("login"):
        raise PeerMisbehaved("no record", stage="tls")
    assert misbehaved.value.stage == "tls"


async def test_no_whole_answer_in_time_names_what_was_asked():
    with pytest.raises(TooSlow, match="no whole answer to NOOP within 10 ms") as caught:
        async with answered_within(0.01, "NOOP", committed="maybe", advice="ask again"):
            await asyncio.Event().wait()
    assert (caught.value.committed, caught.value.advice) == ("maybe", "ask again")
    with pytest.raises(TooSlow, match="no whole answer to our call"):
        async with answered_within(0.01, ""):
            await asyncio.Event().wait()


async def test_who_is_patient_waits_as_long_as_something_comes():
    async with answered_within(0.001, "FETCH", is_patient=True):
        await asyncio.sleep(0.01)
    with pytest.raises(TooSlow, match="no whole answer to FETCH within 5 s"):
        async with answered_within(5, "FETCH", is_patient=True):
            raise TooSlow("nothing came")
    # A deadline within says more than that of the whole.
    with pytest.raises(TooSlow, match="nothing came"):
        async with answered_within(5, "FETCH"):
            raise TooSlow("nothing came")


@pytest.mark.parametrize(("how", "errno"), [("finish", ""), ("reset", "ECONNRESET")])
async def test_who_hangs_up_is_told_with_what_was_asked(how: str, errno: str):
    transcript = Transcript()
    with scripted_peer([("expect", b"LIST"), (how,)]) as peer:
        stream = await dial(parse_target(str(peer)), transcript)
        await stream.send(b"LIST", timeout_s=15)
        with pytest.raises((EOFError, LinkLost)):
            await _to_the_end(stream)
        lost = hung_up(stream, "LIST", committed="maybe", reply="BYE")
        await stream.aclose()
    assert "ended the connection before it answered LIST whole: " in lost.what
    assert (lost.errno_name, lost.committed, lost.reply) == (errno, "maybe", "BYE")
    assert "before it said anything whole" in hung_up(stream, "").what
    transcript.close()


async def _to_the_end(stream) -> None:
    while await stream.read(timeout_s=15):
        pass
    raise EOFError
