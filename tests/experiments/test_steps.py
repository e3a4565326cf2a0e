"""Every verb on the real engines: what it makes, what is said of it, how it fails."""

import pytest

from tests.experiments.house import house
from tests.experiments.samples import HEAD, card, played
from workbench.clock import SYSTEM
from workbench.experiments.result import Result
from workbench.experiments.runner import run
from workbench.experiments.stage import Stage
from workbench.experiments.steps import CARRY, channels_of
from workbench.transcript.recorder import Transcript

NOTHING = '[[expect]]\nthat = "last.ok"\nequals = true\n'

PAIR = """
[[step]]
do = "listen"
as = "listener"
[[step]]
do = "connect"
as = "client"
to = "listener"
[[step]]
do = "accept"
as = "server"
on = "listener"
"""


async def play(steps: str, expectations: str = NOTHING) -> Result:
    """Play these steps; the transcript is closed, its facts are read before."""
    result = await run(played(steps, expectations), lab=None)
    result.transcript.close()
    return result


def seen(result: Result, number: int) -> str:
    """What was said of a step."""
    return result.steps[number - 1].said


async def test_a_read_takes_what_it_is_told_to() -> None:
    result = await play(
        PAIR
        + """
[[step]]
do = "send"
on = "client"
text = "one\\ntwo three four"
[[step]]
do = "finish"
on = "client"
[[step]]
do = "read"
as = "line"
on = "server"
until = "\\n"
[[step]]
do = "read"
as = "word"
on = "server"
exactly = 3
[[step]]
do = "read"
as = "octet"
on = "server"
at_most = 1
[[step]]
do = "read"
as = "rest"
on = "server"
to_end = true
[[step]]
do = "read"
as = "nothing"
on = "server"
""",
        """
[[expect]]
that = "line.text"
equals = "one\\n"
[[expect]]
that = "word.text"
equals = "two"
[[expect]]
that = "octet.text"
equals = " "
[[expect]]
that = "rest.text"
equals = "three four"
[[expect]]
that = "nothing.size"
equals = 0
[[expect]]
that = "server.received"
equals = "one\\ntwo three four"
""",
    )
    assert result.passed, result.sentence
    assert seen(result, 4) == "the system took it"
    assert seen(result, 6).startswith("“one\\n”")
    assert seen(result, 10).startswith("the end: ")


async def test_what_ends_too_early_is_not_complete() -> None:
    result = await play(
        PAIR
        + """
[[step]]
do = "send"
on = "client"
text = "half a li"
[[step]]
do = "finish"
on = "client"
[[step]]
do = "read"
as = "line"
on = "server"
until = "\\n"
[[step]]
do = "read"
as = "more"
on = "server"
exactly = 4
""",
        """
[[expect]]
that = "line.complete"
equals = false
[[expect]]
that = "line.text"
equals = "half a li"
[[expect]]
that = "more.complete"
equals = false
""",
    )
    assert result.passed, result.sentence


@pytest.mark.parametrize(
    ("sent", "fails", "expectations"),
    [
        (
            'text = "héllo"\nlength_ahead = 4',
            "",
            '[[expect]]\nthat = "message.text"\nequals = "héllo"\n'
            '[[expect]]\nthat = "message.complete"\nequals = true\n'
            '[[expect]]\nthat = "server.received_hex"\nequals = "00 00 00 06 68 c3 a9 6c 6c 6f"\n',
        ),
        (
            'hex = "00 00 00 05 61 62"',
            "",
            '[[expect]]\nthat = "message.text"\nequals = "ab"\n'
            '[[expect]]\nthat = "message.complete"\nequals = false\n',
        ),
        ('hex = "00 00"', "", '[[expect]]\nthat = "message.complete"\nequals = false\n'),
        ('hex = "00 00 00 00"', "", '[[expect]]\nthat = "message.complete"\nequals = true\n'),
        (
            'hex = "05 00 00 00"',
            'fails = "PeerMisbehaved"',
            '[[expect]]\nthat = "message.why"\ncontains = "83886080 octets are announced"\n',
        ),
    ],
)
async def test_a_length_that_comes_ahead_is_believed_within_bounds(
    sent: str, fails: str, expectations: str
) -> None:
    result = await play(
        PAIR
        + f'[[step]]\ndo = "send"\non = "client"\n{sent}\n[[step]]\ndo = "finish"\non = "client"\n'
        + f'[[step]]\ndo = "read"\nas = "message"\non = "server"\nlength_ahead = 4\n{fails}\n',
        expectations,
    )
    assert result.passed, result.sentence


async def test_a_wait_for_the_end_keeps_what_still_arrives() -> None:
    result = await play(
        PAIR
        + """
[[step]]
do = "send"
on = "server"
text = "by the way"
[[step]]
do = "abort"
on = "server"
[[step]]
do = "wait-end"
as = "goodbye"
on = "client"
""",
        '[[expect]]\nthat = "client.end"\nequals = "RST"\n[[expect]]\nthat = "client.ended_by"\nequals = "peer"\n',
    )
    assert result.passed, result.sentence


async def test_octets_are_sent_as_they_are_written() -> None:
    result = await play(
        PAIR
        + """
[[step]]
do = "send"
on = "client"
hex = "00 ff 0d"
times = 2
[[step]]
do = "send"
on = "client"
text = "é"
[[step]]
do = "read"
as = "all"
on = "server"
exactly = 8
""",
        '[[expect]]\nthat = "all.hex"\nequals = "00 ff 0d 00 ff 0d c3 a9"\n'
        '[[expect]]\nthat = "server.received_hex"\ncontains = "c3 a9"\n'
        '[[expect]]\nthat = "client.sent_size"\nequals = 8\n[[expect]]\nthat = "client.sends"\nequals = 2\n',
    )
    assert result.passed, result.sentence


async def test_sending_goes_on_until_the_system_says_no() -> None:
    result = await play(
        PAIR
        + """
[[step]]
do = "close"
on = "server"
[[step]]
do = "send-until-lost"
as = "tries"
on = "client"
text = "hello?"
""",
        '[[expect]]\nthat = "tries.taken"\nat_least = 1\n[[expect]]\nthat = "tries.error"\nequals = ""\n'
        '[[expect]]\nthat = "tries.errno"\none_of = ["EPIPE", "ECONNRESET"]\n',
    )
    assert result.passed, result.sentence
    assert "and then says no: " in seen(result, 5)


async def test_sending_that_is_never_refused_ends_by_itself() -> None:
    result = await play(PAIR + '[[step]]\ndo = "send-until-lost"\non = "client"\ntext = "x"\n')
    assert not result.passed
    assert result.steps[-1].failure is not None
    assert result.steps[-1].failure.kind == "TooSlow"


async def test_a_refusal_that_was_meant_is_an_observation() -> None:
    result = await play(
        """
[[step]]
do = "listen"
as = "listener"
[[step]]
do = "close"
on = "listener"
[[step]]
do = "connect"
as = "client"
to = "listener"
fails = "LinkLost"
""",
        '[[expect]]\nthat = "client.ok"\nequals = false\n[[expect]]\nthat = "client.error"\nequals = "LinkLost"\n'
        '[[expect]]\nthat = "client.errno"\nequals = "ECONNREFUSED"\n'
        '[[expect]]\nthat = "client.elapsed_ms"\nat_most = 5000\n',
    )
    assert result.passed, result.sentence
    assert result.steps[2].failure is not None
    assert seen(result, 3) == result.steps[2].failure.what


async def test_a_failure_that_was_not_meant_ends_the_experiment() -> None:
    result = await play(
        PAIR + '[[step]]\ndo = "finish"\non = "client"\n[[step]]\ndo = "send"\non = "client"\ntext = "x"\n'
    )
    assert not result.passed
    assert len(result.steps) == 5
    assert seen(result, 5).endswith("(LocalMisuse)")
    assert result.sentence.startswith("Step 5 went otherwise: ")


async def test_a_success_that_was_not_meant_ends_the_experiment() -> None:
    result = await play(PAIR + '[[step]]\ndo = "finish"\non = "client"\nfails = "LinkLost"\n')
    assert not result.passed
    assert seen(result, 4) == "it worked, and LinkLost was expected"


async def test_the_wrong_failure_ends_the_experiment() -> None:
    steps = PAIR + '[[step]]\ndo = "read"\non = "client"\ntimeout_s = 0.01\nfails = "LinkLost"\n'
    result = await play(steps)
    assert not result.passed
    assert seen(result, 4).endswith("(TooSlow)")


async def test_datagrams_go_to_one_or_to_whom_was_heard() -> None:
    result = await play(
        """
[[step]]
do = "open-datagram"
as = "town"
[[step]]
do = "open-datagram"
as = "caller"
to = "town"
[[step]]
do = "send-datagram"
on = "caller"
text = "question"
[[step]]
do = "receive-datagram"
as = "heard"
on = "town"
[[step]]
do = "send-datagram"
on = "town"
to = "caller"
text = ""
[[step]]
do = "receive-datagram"
as = "answer"
on = "caller"
""",
        '[[expect]]\nthat = "heard.source"\nsame_as = "caller.local"\n[[expect]]\nthat = "answer.size"\nequals = 0\n'
        '[[expect]]\nthat = "town.received_sizes"\nequals = [8]\n[[expect]]\nthat = "town.sent_sizes"\nequals = [0]\n'
        '[[expect]]\nthat = "caller.sent_count"\nequals = 1\n[[expect]]\nthat = "caller.peer"\nsame_as = "town.local"\n'
        '[[expect]]\nthat = "caller.received"\nequals = ""\n[[expect]]\nthat = "town.fault"\nequals = ""\n',
    )
    assert result.passed, result.sentence
    assert seen(result, 6).startswith("a datagram of no octets from 127.0.0.1:")


async def test_a_datagram_to_a_stranger_is_a_misuse() -> None:
    result = await play(
        '[[step]]\ndo = "open-datagram"\nas = "town"\n[[step]]\ndo = "open-datagram"\nas = "other"\n'
        '[[step]]\ndo = "send-datagram"\nas = "sending"\non = "town"\nto = "other"\ntext = "x"\n'
        'fails = "LocalMisuse"\n',
        '[[expect]]\nthat = "sending.error"\nequals = "LocalMisuse"\n',
    )
    assert result.passed, result.sentence


async def test_a_place_is_chosen_by_address_and_port() -> None:
    result = await play(
        """
[[step]]
do = "listen"
as = "first"
[[step]]
do = "listen"
as = "second"
at = "127.0.0.2"
port_of = "first"
options = ["RCVBUF=8192"]
[[step]]
do = "connect"
as = "client"
to = "first"
at = "127.0.0.2"
from = "127.0.0.5"
options = ["NODELAY=0"]
[[step]]
do = "accept"
as = "guest"
on = "second"
[[step]]
do = "listen"
as = "taken"
port_of = "first"
fails = "LocalFault"
[[step]]
do = "open-datagram"
as = "ears"
at = "127.0.0.2"
port_of = "first"
options = ["RCVBUF=8192"]
[[step]]
do = "open-datagram"
as = "caller"
to = "ears"
at = "127.0.0.2"
[[step]]
do = "send-datagram"
on = "caller"
text = "hello"
[[step]]
do = "receive-datagram"
as = "half"
on = "ears"
at_most = 2
""",
        '[[expect]]\nthat = "guest.peer"\nmatches = "^127.0.0.5:"\n'
        '[[expect]]\nthat = "guest.local"\nmatches = "^127.0.0.2:"\n'
        '[[expect]]\nthat = "taken.errno"\nequals = "EADDRINUSE"\n'
        '[[expect]]\nthat = "taken.stage"\nequals = "bind"\n'
        '[[expect]]\nthat = "ears.local_port"\nsame_as = "first.port"\n'
        '[[expect]]\nthat = "half.text"\nequals = "he"\n'
        '[[expect]]\nthat = "half.complete"\nequals = false\n'
        '[[expect]]\nthat = "ears.received_from"\nequals = [1]\n',
    )
    assert result.passed, result.sentence
    assert seen(result, 9).endswith(", cut short")


async def test_time_is_taken_between_moments() -> None:
    result = await play(
        PAIR
        + """
[[step]]
do = "note"
as = "now"
text = "Now."
[[step]]
do = "read"
as = "silence"
on = "client"
timeout_s = 0.05
fails = "TooSlow"
[[step]]
do = "measure"
as = "pause"
since = "now"
""",
        '[[expect]]\nthat = "pause.elapsed_ms"\nat_least = 50\nat_most = 10000\n'
        '[[expect]]\nthat = "silence.elapsed_ms"\nat_least = 50\n',
    )
    assert result.passed, result.sentence
    assert seen(result, 6).endswith(" ms")


TIME = """
[lab]
start = [{ name = "time", fixed_s = 86400 }]
[[step]]
do = "connect"
as = "client"
to = "time"
[[step]]
do = "read"
as = "answer"
on = "client"
to_end = true
[[step]]
do = "decode-time"
as = "clock"
of = "answer"
[[expect]]
that = "clock.unix_s"
equals = 86400
[[expect]]
that = "clock.utc"
equals = "1970-01-02 00:00:00 UTC"
[[expect]]
that = "clock.differs_s"
at_most = -1_000_000_000
[broken]
time = { octets = 5 }
"""


async def test_a_time_is_read_and_compared_with_our_clock() -> None:
    async with house() as lab:
        result = await run(card(HEAD + TIME), lab=lab)
        result.transcript.close()
        assert result.passed, result.sentence
        assert seen(result, 3) == "1970-01-02 00:00:00 UTC"
        broken = await run(card(HEAD + TIME), lab=lab, broken=True)
        broken.transcript.close()
        assert seen(broken, 3).endswith("(PeerMisbehaved)")
        assert [name for name, _ in lab.started] == ["time", "time"]


async def test_an_answer_without_end_is_not_read_for_ever() -> None:
    text = """
[lab]
start = ["chargen"]
[[step]]
do = "connect"
as = "client"
to = "chargen"
[[step]]
do = "wait-end"
as = "end"
on = "client"
fails = "PeerMisbehaved"
[[expect]]
that = "end.error"
equals = "PeerMisbehaved"
[broken]
chargen = { limit = 10 }
"""
    async with house() as lab:
        result = await run(card(HEAD + text), lab=lab)
        assert result.passed, result.sentence
        result.transcript.close()


async def test_a_stage_keeps_what_is_opened_and_gives_it_back() -> None:
    transcript = Transcript()
    stage = Stage(transcript, {}, SYSTEM)
    done = await CARRY["listen"](stage, {}, "listener")
    assert channels_of(done.thing) == {0}
    assert channels_of("no socket") == frozenset()
    await stage.stack.aclose()
    assert transcript[-1].name == "listen.closed"
    transcript.close()


@pytest.mark.parametrize("verb", ["finish", "abort", "close"])
async def test_ending_twice_is_harmless(verb: str) -> None:
    step = f'[[step]]\ndo = "{verb}"\non = "client"\n'
    result = await play(PAIR + step + step)
    assert result.passed, result.sentence
