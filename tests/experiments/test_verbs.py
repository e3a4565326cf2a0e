"""The verbs: each is carried out by somebody, documented, and said in a plain sentence."""

import pytest

from tests.experiments.samples import HEAD, card
from workbench.experiments.steps import CARRY
from workbench.experiments.verbs import VERBS, quoted, spoken


def test_every_verb_is_carried_out_and_nothing_else_is() -> None:
    assert list(CARRY) == list(VERBS)


@pytest.mark.parametrize("verb", VERBS.values(), ids=list(VERBS))
def test_a_verb_says_what_it_does_and_takes(verb) -> None:
    assert verb.what
    names = [param.name for param in verb.params]
    assert len(set(names)) == len(names)
    assert not set(names) & {"do", "as", "fails", "say"}
    assert {*verb.one_of, *verb.at_most_one} <= set(names)
    assert verb.needs_name == (verb.makes in ("listener", "stream", "datagram"))
    for param in verb.params:
        assert param.what
        assert bool(param.of) == (param.kind in ("thing", "place"))


SENTENCES = """
[lab]
start = [{ name = "echo", as = "mirror" }, "udp-echo"]
[[step]]
do = "listen"
as = "front-door"
[[step]]
do = "connect"
as = "first-client"
to = "front-door"
[[step]]
do = "accept"
as = "guest"
on = "front-door"
[[step]]
do = "connect"
as = "other"
to = "mirror"
[[step]]
do = "send"
on = "guest"
text = "hi\\n"
[[step]]
do = "send"
on = "guest"
hex = "00 ff"
[[step]]
do = "send"
on = "guest"
text = "x"
times = 100
[[step]]
do = "send-until-lost"
on = "guest"
text = "again"
[[step]]
do = "read"
on = "guest"
[[step]]
do = "read"
on = "guest"
at_most = 1
[[step]]
do = "read"
on = "guest"
exactly = 5
[[step]]
do = "read"
on = "guest"
until = "\\r\\n"
[[step]]
do = "read"
as = "rest"
on = "guest"
to_end = true
[[step]]
do = "wait-end"
on = "guest"
[[step]]
do = "finish"
on = "guest"
[[step]]
do = "abort"
on = "guest"
[[step]]
do = "close"
on = "front-door"
[[step]]
do = "open-datagram"
as = "all-ears"
[[step]]
do = "open-datagram"
as = "caller"
to = "all-ears"
[[step]]
do = "open-datagram"
as = "second-caller"
to = "udp-echo"
[[step]]
do = "send-datagram"
on = "caller"
text = ""
[[step]]
do = "send-datagram"
on = "all-ears"
to = "caller"
text = "yes"
[[step]]
do = "receive-datagram"
on = "caller"
[[step]]
do = "decode-time"
of = "rest"
[[step]]
do = "note"
as = "now"
text = "Now it is quiet."
[[step]]
do = "measure"
as = "pause"
since = "now"
[[expect]]
that = "rest.ok"
equals = true
[broken]
mirror = { reset = true }
"""


def test_every_step_is_said_in_plain_words() -> None:
    assert [step.sentence for step in card(HEAD + SENTENCES).as_written.steps] == [
        "The front door listens on a free port of this machine.",
        "The first client connects to the front door.",
        "The front door accepts a connection: the guest.",
        "The other connects to the Lab's mirror.",
        "The guest sends “hi\\n”.",
        "The guest sends the octets 00 ff.",
        f"The guest sends “{'x' * 40}”… (100 octets).",
        "The guest goes on sending “again” until its system says no.",
        "The guest reads once.",
        "The guest reads once, at most 1 octet.",
        "The guest reads exactly 5 octets.",
        "The guest reads up to and including “\\r\\n”.",
        "The guest reads to the end.",
        "The guest waits for the end.",
        "The guest finishes: it will send no more (FIN).",
        "The guest resets the connection (RST).",
        "The front door closes.",
        "The all ears opens a UDP socket on a free port, for everybody.",
        "The caller opens a UDP socket that talks to the all ears alone.",
        "The second caller opens a UDP socket that talks to the Lab's udp echo alone.",
        "The caller sends a datagram of no octets.",
        "The all ears sends a datagram of “yes” to the caller.",
        "The caller waits for a datagram.",
        "Read the rest as a time: seconds since 1900, in four octets.",
        "Now it is quiet.",
        "Take the time since the now.",
    ]


def test_a_card_says_it_better() -> None:
    text = SENTENCES.replace('text = "hi\\n"', 'text = "hi\\n"\nsay = "A greeting, at last."')
    assert card(HEAD + text).as_written.steps[4].sentence == "A greeting, at last."


def test_octets_are_text_where_they_are() -> None:
    assert quoted(b"") == "nothing"
    assert quoted("héllo\r\n".encode()) == "“héllo\\r\\n”"
    assert quoted(b"\x83\xaa\x7e\x80") == "the octets 83 aa 7e 80"
    # The cut goes through the second é: what is left of it is no reason to call the whole binary.
    assert quoted("ééé".encode(), at_most=3).endswith("”… (6 octets)")
    assert spoken("first-client") == "the first client"
