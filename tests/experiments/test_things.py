"""What can be seen: every value of every kind of thing is described, typed, and read from the transcript."""

from typing import get_args

import pytest

from tests.experiments.samples import played
from workbench.experiments.runner import run
from workbench.experiments.things import COMMON, FIELDS, described, fields_of, utc
from workbench.experiments.verbs import VERBS, Makes


def test_every_kind_of_thing_has_its_values() -> None:
    assert set(FIELDS) == set(get_args(Makes))
    assert {verb.makes for verb in VERBS.values()} == set(FIELDS)
    for kind in FIELDS:
        assert fields_of(kind).keys() >= COMMON.keys()


def test_every_value_is_said_in_words() -> None:
    for kind in FIELDS:
        for name, field in fields_of(kind).items():
            assert "the client" in described("client", field), (kind, name)


STEPS = """
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
[[step]]
do = "send"
on = "server"
text = "welcome"
[[step]]
do = "read"
on = "client"
exactly = 3
[[step]]
do = "send"
on = "client"
text = "thanks"
[[step]]
do = "finish"
on = "client"
[[step]]
do = "read"
on = "server"
to_end = true
[[step]]
do = "close"
on = "client"
[[step]]
do = "wait-end"
on = "server"
"""

SEEN = {
    "client.spoke_first": '"received"',
    "server.spoke_first": '"sent"',
    "client.received": '"wel"',
    "client.received_size": "3",
    "server.received": '"thanks"',
    "server.received_hex": '"74 68 61 6e 6b 73"',
    "server.sent": '"welcome"',
    "server.sent_size": "7",
    "server.sends": "1",
    "server.end": '"FIN"',
    "server.ended_by": '"peer"',
    "client.end": '"local"',
    "client.ended_by": '"us"',
    "client.unread": "4",
    "client.sending": '"finished"',
    "server.receiving": '"finished"',
    "server.finish_errno": '""',
    "listener.accepted": "1",
    "client.peer_host": '"127.0.0.1"',
    "client.tls_version": '""',
    "client.trusted": "false",
    "client.alert": '""',
}


async def test_the_values_of_a_conversation_are_what_passed() -> None:
    expectations = "".join(f'[[expect]]\nthat = "{that}"\nequals = {value}\n' for that, value in SEEN.items())
    expectations += (
        '[[expect]]\nthat = "client.peer_port"\nsame_as = "listener.port"\n'
        '[[expect]]\nthat = "server.local_port"\nsame_as = "listener.port"\n'
        '[[expect]]\nthat = "client.local_port"\nsame_as = "server.peer_port"\n'
        '[[expect]]\nthat = "client.local"\nsame_as = "server.peer"\n'
    )
    result = await run(played(STEPS, expectations), lab=None)
    assert [verdict.sentence for verdict in result.expectations if not verdict.ok] == []
    by_name = {verdict.expectation.that: verdict for verdict in result.expectations}
    for that in ("client.received", "server.end", "client.unread", "listener.accepted"):
        event = by_name[that].event
        assert event is not None
        assert result.transcript[event].name in ("", "end", "close", "accept.complete")
    result.transcript.close()


async def test_a_silent_conversation_has_empty_values() -> None:
    steps = "".join(STEPS.partition('[[step]]\ndo = "send"')[0])
    values = {"received": '""', "sent": '""', "end": '""', "spoke_first": '""', "sends": "0", "unread": "0"}
    expectations = "".join(
        f'[[expect]]\nthat = "client.{name}"\nequals = {value}\n' for name, value in values.items()
    )
    result = await run(played(steps, expectations), lab=None)
    assert result.passed, result.sentence
    result.transcript.close()


@pytest.mark.parametrize(
    ("unix_s", "text"),
    [
        (0, "1970-01-01 00:00:00 UTC"),
        (-1, "1969-12-31 23:59:59 UTC"),
        (2085978495, "2036-02-07 06:28:15 UTC"),
        (4_233_462_143, "2104-02-26 09:42:23 UTC"),
    ],
)
def test_a_time_is_written_as_a_date(unix_s: int, text: str) -> None:
    assert utc(unix_s) == text
