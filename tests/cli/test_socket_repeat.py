"""`workbench socket repeat`: figures, exit codes, places of mistakes, and Ctrl-C in the middle.

It stands on workbench.cli.socket_repeat_run and workbench.cli.transport.
"""

import pytest

from tests.cli.process import running
from tests.cli.terminal import Terminal
from tests.kit.ports import free_port
from tests.kit.scripted_peer import scripted_peer
from workbench.cli.socket_repeat_run import told
from workbench.protocols.raw.repeat import Counts


def test_all_are_sent_and_answered_at_the_rate_that_was_asked_for(terminal: Terminal):
    said = terminal(
        "socket",
        "repeat",
        "lab:echo",
        "--send",
        "no ${counter}\\n",
        "--count",
        "12",
        "--rate",
        "100/s",
        "--json",
    )
    document = said.document
    assert (said.code, document["ok"], document["ended"]) == (0, True, "done")
    assert document["sent"] == document["answered"] == {"count": 12, "octets": 9 * 5 + 3 * 6}
    assert (document["planned"], document["lost"], document["icmp_errors"]) == (12, 0, 0)
    assert document["rate"]["asked_per_s"] == 100
    assert 0 < document["rate"]["reached_per_s"] <= 101
    assert document["first_answer_ms"] > 0
    assert document["elapsed_ms"] >= 110


def test_datagrams_need_no_word_to_a_service_that_speaks_udp(terminal: Terminal):
    said = terminal(
        "socket", "repeat", "lab:udp-echo", "--send-hex", "00 ff", "--count", "3", "--rate", "500", "--json"
    )
    document = said.document
    assert (said.code, document["transport"]) == (0, "udp")
    assert document["answered"] == {"count": 3, "octets": 6}
    assert "lab:udp-echo speaks UDP" in said.err


def test_lost_ones_are_counted_and_the_relay_is_told(terminal: Terminal):
    said = terminal(
        "socket", "repeat", "lab:udp-echo", "--send", "x", "--count", "2", "--rate", "500", "--quiet", "0.05",
        "--relay", "drop=100", "--json",
    )  # fmt: skip
    document = said.document
    assert (said.code, document["failure"]["kind"], document["failure"]["stage"]) == (3, "TooSlow", "repeat")
    assert (document["sent"]["count"], document["lost"], document["ended"]) == (2, 2, "done")
    assert document["relay"]["switches"]["drop_percent"] == 100


def test_who_wants_no_answers_misses_none(terminal: Terminal):
    words = ("--send", "x", "--count", "3", "--rate", "500", "--no-answers")
    said = terminal("socket", "repeat", "lab:discard", *words, "--json")
    assert (said.code, said.document["lost"]) == (0, None)
    said = terminal("socket", "repeat", "lab:discard", *words)
    assert (said.code, said.out.partition(";")[0]) == (0, "sent 3 of 3, answered 0")


def test_what_came_and_ended_no_answer_is_not_called_silence(terminal: Terminal):
    said = terminal(
        "socket",
        "repeat",
        "lab:echo",
        "--send",
        "x",
        "--count",
        "2",
        "--rate",
        "500",
        "--quiet",
        "0.05",
        "--json",
    )
    assert said.code == 3
    assert "came, and in them no end of an answer" in said.document["failure"]["what"]
    said = terminal(
        "socket", "repeat", "lab:echo", "--send", "x", "--count", "2", "--rate", "500", "--answer-end", "x"
    )
    assert said.code == 0


def test_a_peer_that_ends_before_the_last_one_is_named_with_the_figures(terminal: Terminal):
    with scripted_peer([("expect", b"x\n"), ("send", b"y\n")]) as peer:
        said = terminal("socket", "repeat", str(peer), "--send", "x\\n", "--rate", "20", "--json")
    document = said.document
    assert (said.code, document["failure"]["kind"], document["ended"]) == (3, "LinkLost", "peer")
    assert document["failure"]["what"].startswith(f"the peer ended after {document['sent']['count']} of 10")
    assert document["answered"]["count"] == 1


@pytest.mark.parametrize("transport", [(), ("--udp",)])
def test_nobody_there(transport: tuple[str, ...], terminal: Terminal):
    port = free_port()
    said = terminal(
        "socket", "repeat", f"127.0.0.1:{port}", *transport, "--send", "x", "--count", "3", "--rate", "500",
        "--quiet", "0.05", "--json",
    )  # fmt: skip
    assert (said.code, said.document["failure"]["errno"]) == (3, "ECONNREFUSED")


def test_ctrl_c_ends_in_order_with_the_figures_so_far():
    words = ("socket", "repeat", "lab:echo", "--send", "x\\n", "--count", "1000", "--rate", "50", "--json")
    with running(*words) as verb:
        assert verb.child.stderr is not None
        assert verb.child.stderr.readline().endswith(b"; Ctrl-C stops it\n")
        verb.stop()
        document = verb.document()
        assert verb.wait() == 130
    assert (document["ok"], document["ended"], document["failure"]["kind"]) == (False, "stopped", "Stopped")
    assert 0 < document["sent"]["count"] < 1000


def test_under_tls_too(terminal: Terminal):
    said = terminal(
        "socket",
        "repeat",
        "lab:tls-echo",
        "--tls",
        "--send",
        "x\\n",
        "--count",
        "2",
        "--rate",
        "500",
        "--json",
    )
    assert (said.code, said.document["answered"]["count"]) == (0, 2)


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("lab:echo",), "what is to be sent?"),
        (("lab:echo", "--send", "x", "--send-hex", "00"), "can't be given together"),
        (("lab:echo", "--send", ""), "a stream carries no empty payload"),
        (("lab:echo", "--send", "${nothing}"), "--send"),
        (("lab:echo", "--send-hex", "0"), "--send-hex"),
        (("lab:echo", "--send", "x", "--count", "0"), "--count: '0' is no whole number from 1 to 100000"),
        (("lab:echo", "--send", "x", "--count", "1" * 50), "--count"),
        (("lab:echo", "--send", "x", "--rate", "0"), "--rate: '0' is no rate from 0.01 to 5000 a second"),
        (("lab:echo", "--send", "x", "--rate", "nan"), "--rate"),
        (("lab:echo", "--send", "x", "--rate", "5/m"), "--rate"),
        (("lab:echo", "--send", "x", "--answer-end", ""), "--answer-end: what ends an answer is missing"),
        (("lab:echo", "--send", "x", "--udp"), "lab:echo speaks TCP"),
        (("unix:/run/x", "--send", "x", "--udp"), "a Unix socket has no UDP"),
        (("http://h/", "--send", "x"), "no address that a socket can connect to"),
        (("lab:echo", "--send", "x", "--ca", "lab"), "--ca says how TLS is done"),
    ],
)
def test_a_mistake_is_told_before_anything_is_sent(words: tuple[str, ...], what: str, terminal: Terminal):
    said = terminal("socket", "repeat", *words, "--json")
    assert said.code == 2
    assert what in said.document["failure"]["what"]
    assert set(said.document) == {"schema", "ok", "failure"}


def test_the_figures_stand_in_one_line():
    counts = Counts(20, 12, 11, 384, 352, sending_s=0.5)
    assert told(counts) == "sent 12 of 20, answered 11, 1 without an answer; 384 B out, 352 B in, 22.0/s"
    assert told(counts, wants_answers=False).startswith("sent 12 of 20, answered 11; ")
