"""The verbs about who is in between, carried out: TLS on a connection that is open, what is insisted on, a tap."""

import pytest

from tests.experiments.house import House, house
from tests.experiments.samples import BREAKABLE, HEAD, card
from workbench.experiments.result import Result
from workbench.experiments.runner import run

LAST = '[[step]]\ndo = "note"\nas = "last"\ntext = "That is all."\n'
CONNECT = '[[step]]\ndo = "connect"\nas = "client"\nto = "tls"\n'


async def play(lab: House, steps: str, expectations: str, service: str = "") -> Result:
    """Play these steps with a tls-echo called "tls"."""
    start = f'[lab]\nstart = [{{ name = "tls-echo", as = "tls"{service} }}]\n'
    result = await run(card(HEAD + start + CONNECT + steps + LAST + expectations + BREAKABLE), lab=lab)
    result.transcript.close()
    return result


def start_tls(more: str = "") -> str:
    return f'[[step]]\ndo = "start-tls"\nas = "securing"\non = "client"\n{more}\n'


def expect(that: str, test: str) -> str:
    return f'[[expect]]\nthat = "{that}"\n{test}\n'


async def test_what_a_name_stands_for_carries_plaintext_from_then_on() -> None:
    steps = (
        start_tls('name = "mail.lab.test"')
        + '[[step]]\ndo = "send"\non = "client"\ntext = "hello"\n'
        + '[[step]]\ndo = "finish"\non = "client"\n'
        + '[[step]]\ndo = "read"\nas = "answer"\non = "client"\nto_end = true\n'
    )
    async with house() as lab:
        result = await play(
            lab,
            steps,
            expect("answer.text", 'equals = "hello"')
            # Not the records, which are many more octets on the same channel.
            + expect("client.sent", 'equals = "hello"')
            + expect("client.sent_size", "equals = 5")
            + expect("client.received", 'equals = "hello"')
            + expect("client.end", 'equals = "close_notify"')
            + expect("client.tls_version", 'equals = "TLSv1.3"')
            + expect("client.trusted", "equals = true")
            + expect("client.distrust", 'equals = ""')
            + expect("client.certificate_code", "equals = 0")
            + expect("client.alert", 'equals = ""')
            + expect("client.cipher", 'matches = "^TLS_"'),
        )
    assert result.passed, result.sentence
    assert result.steps[1].said.startswith("TLSv1.3, TLS_")
    assert result.steps[1].said.endswith("the other side is trusted")


@pytest.mark.parametrize(
    ("flaw", "more", "error", "why"),
    [
        ("expired", "", "Untrusted", "expired"),
        ("wrong-name", "", "Untrusted", "it is not for localhost"),
        ("none", 'name = "elsewhere.test"', "Untrusted", "it is not for elsewhere.test"),
        ("none", 'trust = "nobody"', "Untrusted", "self-signed certificate in certificate chain"),
    ],
)
async def test_a_certificate_that_does_not_do_stops_it(flaw: str, more: str, error: str, why: str) -> None:
    async with house() as lab:
        result = await play(
            lab,
            start_tls(f'{more}\nfails = "{error}"'),
            expect("securing.error", f'equals = "{error}"')
            + expect("securing.stage", 'equals = "tls"')
            + expect("securing.why", f'contains = "{why}"')
            + expect("client.certificate_code", "at_least = 1")
            + expect("client.alert_by", 'equals = "us"'),
            f', certificate = "{flaw}"',
        )
    assert result.passed, result.sentence


async def test_what_does_not_do_can_be_shown_and_passed() -> None:
    async with house() as lab:
        result = await play(
            lab,
            start_tls('untrusted = "show"'),
            expect("client.trusted", "equals = false") + expect("client.distrust", 'contains = "expired"'),
            ', certificate = "expired"',
        )
    assert result.passed, result.sentence
    assert "NOT trusted: " in result.steps[1].said


@pytest.mark.parametrize(
    ("more", "version"), [('max_version = "1.2"', "TLSv1.2"), ('min_version = "1.3"', "TLSv1.3")]
)
async def test_versions_are_bounded(more: str, version: str) -> None:
    async with house() as lab:
        result = await play(lab, start_tls(more), expect("client.tls_version", f'equals = "{version}"'))
    assert result.passed, result.sentence


async def test_a_client_shows_its_own_certificate() -> None:
    text = (
        HEAD
        + '[lab]\nstart = [{ name = "tls-client-cert", as = "tls" }]\n'
        + CONNECT
        + start_tls('identity = "lab"')
        + '[[step]]\ndo = "read"\nas = "answer"\non = "client"\nuntil = "\\n"\n'
        + LAST
        + expect("answer.text", 'contains = "you are CN=a client of the Lab"')
        + BREAKABLE
    )
    async with house() as lab:
        result = await run(card(text), lab=lab)
    result.transcript.close()
    assert result.passed, result.sentence


async def test_without_a_lab_its_certificates_are_out_of_reach() -> None:
    steps = (
        '[[step]]\ndo = "listen"\nas = "listener"\n[[step]]\ndo = "connect"\nas = "client"\nto = "listener"\n'
    )
    text = HEAD + steps + start_tls('fails = "LocalMisuse"') + LAST
    result = await run(card(text + expect("last.ok", "equals = true") + BREAKABLE), lab=None)
    result.transcript.close()
    assert result.passed, result.sentence


async def test_who_insists_goes_no_further_without() -> None:
    steps = (
        start_tls()
        + '[[step]]\ndo = "send"\non = "client"\ntext = "a STARTTLS b"\n'
        + '[[step]]\ndo = "read"\nas = "offer"\non = "client"\nexactly = 12\n'
        + '[[step]]\ndo = "insist"\nas = "first"\nof = "offer"\ntext = "STARTTLS"\n'
        + '[[step]]\ndo = "insist"\nas = "second"\nof = "offer"\ntext = "AUTH"\nfails = "Refused"\n'
    )
    async with house() as lab:
        result = await play(
            lab,
            steps,
            expect("first.ok", "equals = true") + expect("second.why", 'equals = "“AUTH” is not there"'),
        )
    assert result.passed, result.sentence


async def test_a_tap_hears_both_directions_of_every_client() -> None:
    steps = """
[[step]]
do = "tap"
as = "eve"
to = "tls"
[[step]]
do = "connect"
as = "first"
to = "eve"
[[step]]
do = "start-tls"
on = "first"
name = "vote.lab.test"
[[step]]
do = "send"
on = "first"
text = "secret"
[[step]]
do = "read"
on = "first"
exactly = 6
[[step]]
do = "close"
on = "eve"
[[step]]
do = "wait-end"
on = "first"
"""
    async with house() as lab:
        result = await play(
            lab,
            steps,
            expect("eve.clients", "equals = 1")
            + expect("eve.to_server", 'contains = "vote.lab.test"\nlacks = "secret"')
            + expect("eve.to_client", 'lacks = "secret"')
            + expect("eve.to_server_size", "at_least = 300")
            + expect("eve.to_client_size", "at_least = 300")
            + expect("eve.last_record_to_server", "equals = 23")
            + expect("eve.last_record_to_client", "equals = 23")
            + expect("first.end", 'equals = "truncated"'),
        )
    assert result.passed, result.sentence


async def test_taps_stand_in_a_row() -> None:
    text = (
        HEAD
        + """
[lab]
start = ["echo"]
[[step]]
do = "tap"
as = "first-tap"
to = "echo"
[[step]]
do = "rewrite"
on = "first-tap"
way = "to-client"
find = { hex = "62" }
put = ""
[[step]]
do = "tap"
as = "second-tap"
to = "first-tap"
[[step]]
do = "flip"
on = "second-tap"
way = "to-server"
[[step]]
do = "connect"
as = "client"
to = "second-tap"
[[step]]
do = "send"
on = "client"
text = "abcd"
[[step]]
do = "read"
as = "answer"
on = "client"
exactly = 3
"""
        + LAST
        + expect("answer.text", 'equals = "ace"')
        + expect("first-tap.to_server", 'equals = "abce"')
        + expect("second-tap.to_server", 'equals = "abcd"')
        + BREAKABLE
    )
    async with house() as lab:
        result = await run(card(text), lab=lab)
    result.transcript.close()
    assert result.passed, result.sentence
