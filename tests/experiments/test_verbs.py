"""The verbs: each is carried out by somebody, documented, and said in a plain sentence."""

import pytest

from tests.experiments.samples import HEAD, card
from workbench.experiments.steps import CARRY
from workbench.experiments.verbs import VERBS, quoted, spoken
from workbench.experiments.verbs_queues import QUEUES
from workbench.experiments.verbs_secure import SECURE


def test_every_verb_is_carried_out_and_nothing_else_is() -> None:
    assert list(CARRY) == list(VERBS)


def test_no_verb_hides_another() -> None:
    names = [verb.name for verb in (*QUEUES, *SECURE)]
    assert len(set(names)) == len(names)
    assert list(VERBS)[-len(names) :] == names


@pytest.mark.parametrize("verb", VERBS.values(), ids=list(VERBS))
def test_a_verb_says_what_it_does_and_takes(verb) -> None:
    assert verb.what
    names = [param.name for param in verb.params]
    assert len(set(names)) == len(names)
    assert not set(names) & {"do", "as", "fails", "say"}
    assert {*verb.one_of, *verb.at_most_one} <= set(names)
    assert verb.needs_name == (verb.makes in ("listener", "stream", "datagram", "tap", "letter"))
    for param in verb.params:
        assert param.what
        assert bool(param.of) == (param.kind in ("thing", "place"))
        assert bool(param.choices) == (param.kind == "choice")


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
length_ahead = 4
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
[[step]]
do = "listen"
as = "side-door"
at = "::1"
options = ["V6ONLY=1", "RCVBUF=8192"]
[[step]]
do = "listen"
as = "twin"
at = "127.0.0.2"
port_of = "front-door"
[[step]]
do = "connect"
as = "visitor"
to = "front-door"
at = "127.0.0.2"
from = "127.0.0.5"
[[step]]
do = "open-datagram"
as = "second-ears"
at = "127.0.0.2"
port_of = "all-ears"
options = ["REUSEADDR=1"]
[[step]]
do = "open-datagram"
as = "third-ears"
to = "all-ears"
at = "127.0.0.3"
[[step]]
do = "open-datagram"
as = "session"
to = "caller"
port_of = "all-ears"
[[step]]
do = "receive-datagram"
on = "caller"
at_most = 3
[[step]]
do = "set-options"
on = "guest"
options = ["KEEPALIVE=1"]
[[step]]
do = "fill"
on = "guest"
text = "more"
[[step]]
do = "exchange"
on = "guest"
text = "ping"
[[step]]
do = "gauge"
on = "first-client"
peer = "guest"
[[step]]
do = "count-waiting"
on = "front-door"
[[step]]
do = "unplug"
on = "guest"
[[step]]
do = "tap"
as = "eve"
to = "mirror"
[[step]]
do = "flip"
on = "eve"
way = "to-server"
[[step]]
do = "rewrite"
on = "eve"
way = "to-client"
find = "yes"
put = "no"
[[step]]
do = "rewrite"
on = "eve"
way = "to-server"
find = { hex = "00 ff" }
put = ""
[[step]]
do = "insist"
of = "rest"
text = "STARTTLS"
[[step]]
do = "start-tls"
on = "other"
[[step]]
do = "start-tls"
on = "other"
name = "mail.lab.test"
min_version = "1.2"
max_version = "1.3"
identity = "lab"
[[step]]
do = "start-tls"
on = "other"
untrusted = "show"
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
        "The guest reads a length of 4 octets, and then as many octets as it says.",
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
        "The side door listens on ::1, a free port, with V6ONLY=1 and RCVBUF=8192.",
        "The twin listens on 127.0.0.2, the port of the front door.",
        "The visitor connects from 127.0.0.5 to the front door, at 127.0.0.2.",
        "The second ears opens a UDP socket on 127.0.0.2, the port of the all ears, for everybody, "
        "with REUSEADDR=1.",
        "The third ears opens a UDP socket that talks to the all ears at 127.0.0.3 alone.",
        "The session opens a UDP socket that talks from the port of the all ears to the caller alone.",
        "The caller waits for a datagram, with room for 3 octets.",
        "The guest asks its system for KEEPALIVE=1.",
        "The guest sends “more” again and again, until its system takes no more.",
        "The guest sends “ping”, and reads at the same time.",
        "Find out where the octets from the first client to the guest are now.",
        "Count the connections that wait for the front door to accept them.",
        "The cable of the guest is pulled: nothing reaches it any more.",
        "The eve steps in between, on the way to the Lab's mirror, and listens in.",
        "The eve will change one bit of what passes next to the server.",
        "The eve will put “no” for “yes” in all that passes to the client.",
        "The eve will put nothing for the octets 00 ff in all that passes to the server.",
        "Without “STARTTLS” in the rest it goes no further.",
        "The other starts TLS with the other side and goes on if it is localhost.",
        "The other starts TLS (at least 1.2, at most 1.3) with the other side, shows a certificate of its own, "
        "and goes on if it is mail.lab.test.",
        "The other starts TLS with the other side and goes on whoever it is.",
    ]


def test_a_card_says_it_better() -> None:
    text = SENTENCES.replace('text = "hi\\n"', 'text = "hi\\n"\nsay = "A greeting, at last."')
    assert card(HEAD + text).as_written.steps[4].sentence == "A greeting, at last."


def test_octets_are_text_where_they_are() -> None:
    assert quoted(b"") == "nothing"
    assert quoted("héllo\r\n".encode()) == "“héllo\\r\\n”"
    assert quoted(b"\x83\xaa\x7e\x80") == "the octets 83 aa 7e 80"
    # The cut goes through the second é: what is left of it is no reason to call the whole binary.
    assert quoted("ééé".encode(), at_most=3) == "“é”… (6 octets)"
    assert spoken("first-client") == "the first client"
