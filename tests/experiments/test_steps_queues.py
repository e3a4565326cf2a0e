"""The verbs about what the system holds, carried out on real queues."""

import sys

import pytest

from tests.experiments.house import house
from tests.experiments.samples import BREAKABLE, HEAD, card, played
from workbench.experiments import steps_queues
from workbench.experiments.result import Result
from workbench.experiments.runner import run
from workbench.wire.listen import Listener
from workbench.wire.stream import Stream

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells its queues")

PAIR = """
[[step]]
do = "listen"
as = "listener"
options = ["RCVBUF=8192"]
[[step]]
do = "connect"
as = "client"
to = "listener"
options = ["SNDBUF=8192"]
[[step]]
do = "accept"
as = "server"
on = "listener"
"""
FILL = '[[step]]\ndo = "fill"\nas = "filling"\non = "client"\ntext = "0123456789"\ntimes = 100\ntimeout_s = 0.05\n'
GAUGE = '[[step]]\ndo = "gauge"\nas = "look"\non = "client"\npeer = "server"\n'


def expect(that: str, test: str) -> str:
    return f'[[expect]]\nthat = "{that}"\n{test}\n'


async def play(steps: str, expectations: str) -> Result:
    result = await run(played(PAIR + steps, expectations), lab=None)
    result.transcript.close()
    return result


async def test_options_are_asked_for_and_what_is_granted_is_said() -> None:
    result = await play(
        '[[step]]\ndo = "set-options"\non = "client"\noptions = ["KEEPALIVE=1", "LINGER=off", "RCVBUF=8192"]\n',
        expect("last.ok", "equals = true"),
    )
    assert result.passed, result.sentence
    assert result.steps[3].said == "granted: KEEPALIVE=1, LINGER=off, RCVBUF=16384"


async def test_an_option_that_comes_too_late_is_a_misuse() -> None:
    result = await play(
        '[[step]]\ndo = "set-options"\nas = "late"\non = "client"\noptions = ["V6ONLY=1"]\nfails = "LocalMisuse"\n',
        expect("late.error", 'equals = "LocalMisuse"'),
    )
    assert result.passed, result.sentence


async def test_every_octet_of_a_stuck_conversation_is_found() -> None:
    result = await play(
        FILL + GAUGE,
        expect("filling.taken", "at_least = 8192")
        + expect("filling.left", "at_least = 1\nat_most = 1000")
        + expect("filling.offered", "at_least = 9000")
        + expect("client.sent_size", 'same_as = "filling.taken"')
        + expect("look.handed_over", 'same_as = "filling.taken"')
        + expect("look.total", 'same_as = "filling.taken"')
        + expect("look.send_queue", "at_least = 1")
        + expect("look.receive_queue", "at_least = 1")
        + expect("look.read", "equals = 0")
        + expect("look.sender_state", 'equals = "ESTABLISHED"')
        + expect("look.receiver_state", 'equals = "ESTABLISHED"'),
    )
    assert result.passed, result.sentence
    assert "and then no more" in result.steps[3].said
    assert " handed over: " in result.steps[4].said


async def test_a_fin_that_waits_is_no_octet() -> None:
    result = await play(
        FILL + '[[step]]\ndo = "finish"\non = "client"\n' + GAUGE,
        expect("look.total", 'same_as = "filling.taken"')
        + expect("look.sender_state", 'equals = "FIN-WAIT-1"'),
    )
    assert result.passed, result.sentence


async def test_what_was_read_is_counted_as_read() -> None:
    result = await play(
        '[[step]]\ndo = "send"\non = "client"\ntext = "hello"\n'
        '[[step]]\ndo = "read"\non = "server"\nexactly = 2\n' + GAUGE,
        expect("look.read", "equals = 2")
        + expect("look.receive_queue", "equals = 3")
        + expect("look.send_queue", "equals = 0"),
    )
    assert result.passed, result.sentence


async def test_what_never_fills_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps_queues, "MAX_FILL", 100_000)
    text = (
        '[lab]\nstart = ["discard"]\n[[step]]\ndo = "connect"\nas = "client"\nto = "discard"\n'
        + FILL.replace("0.05", "5")
        + 'fails = "TooSlow"\n'
        + expect("filling.why", 'contains = "was still not full"')
        + '[[step]]\ndo = "note"\nas = "last"\ntext = "That is all."\n'
    )
    async with house() as lab:
        result = await run(card(HEAD + text + BREAKABLE), lab=lab)
        result.transcript.close()
    assert result.passed, result.sentence


EXCHANGE = (
    '[[step]]\ndo = "exchange"\nas = "both"\non = "client"\ntext = "0123456789"\ntimes = {times}\n{more}\n'
)


async def test_who_reads_while_sending_gets_more_through_than_any_queue_holds() -> None:
    text = (
        '[lab]\nstart = ["echo"]\n[[step]]\ndo = "connect"\nas = "client"\nto = "echo"\n'
        'options = ["SNDBUF=8192", "RCVBUF=8192"]\n'
        + EXCHANGE.format(times=20_000, more="")
        + '[[step]]\ndo = "note"\nas = "last"\ntext = "That is all."\n'
        + expect("both.size", "equals = 200000")
        + expect("both.complete", "equals = true")
    )
    async with house() as lab:
        result = await run(card(HEAD + text + BREAKABLE), lab=lab)
        result.transcript.close()
    assert result.passed, result.sentence


@pytest.mark.parametrize("times", [1, 50_000])
async def test_an_exchange_with_somebody_silent_ends_with_its_deadline(times: int) -> None:
    result = await play(
        EXCHANGE.format(times=times, more='timeout_s = 0.05\nfails = "TooSlow"'),
        expect("both.stage", 'equals = "exchange"'),
    )
    assert result.passed, result.sentence


async def test_an_exchange_that_is_cut_brings_what_came() -> None:
    result = await play(
        '[[step]]\ndo = "send"\non = "server"\ntext = "012"\n[[step]]\ndo = "finish"\non = "server"\n'
        + EXCHANGE.format(times=1, more=""),
        expect("both.complete", "equals = false") + expect("both.text", 'equals = "012"'),
    )
    assert result.passed, result.sentence


async def test_those_who_wait_are_counted() -> None:
    caller = '[[step]]\ndo = "connect"\nas = "{name}"\nto = "listener"\n'
    count = '[[step]]\ndo = "count-waiting"\nas = "{name}"\non = "listener"\n'
    result = await play(
        count.format(name="none")
        + caller.format(name="second")
        + caller.format(name="third")
        + count.format(name="both"),
        expect("none.number", "equals = 0") + expect("both.number", "equals = 2"),
    )
    assert result.passed, result.sentence
    assert result.steps[6].said == "2 wait"


async def test_nothing_reaches_who_was_unplugged() -> None:
    result = await play(
        '[[step]]\ndo = "unplug"\non = "server"\n'
        '[[step]]\ndo = "send"\non = "client"\ntext = "hello"\n'
        '[[step]]\ndo = "read"\nas = "silence"\non = "server"\ntimeout_s = 0.05\nfails = "TooSlow"\n' + GAUGE,
        expect("look.send_queue", "equals = 5") + expect("look.receive_queue", "equals = 0"),
    )
    assert result.passed, result.sentence


@pytest.mark.parametrize(
    ("step", "kind", "method"), [(GAUGE, Stream, "queues"), ("count", Listener, "waiting")]
)
async def test_a_system_that_does_not_tell_is_no_finding(
    monkeypatch: pytest.MonkeyPatch, step: str, kind: type, method: str
) -> None:
    monkeypatch.setattr(kind, method, lambda _self: None)
    if step == "count":
        step = '[[step]]\ndo = "count-waiting"\nas = "look"\non = "listener"\n'
    result = await play(step + 'fails = "LocalFault"\n', expect("look.error", 'equals = "LocalFault"'))
    assert result.passed, result.sentence
