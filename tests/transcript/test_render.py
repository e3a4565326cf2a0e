"""Lines for people: facts in words, octets as one visible line."""

import pytest

from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.transcript.render import PREVIEW_OCTETS, Explanation, line
from workbench.wire.explain import explain


def test_a_fact_without_an_explainer_still_says_what_happened():
    transcript = Transcript()
    transcript.open("c", "tcp").fact("resolve.complete", host="x", addresses=["::1", "127.0.0.1"], note="")
    shown = line(transcript, transcript[0])
    assert shown.what == "resolve.complete: host x, addresses ::1, 127.0.0.1"
    assert (shown.size, shown.direction) == (None, Direction.NONE)
    transcript.close()


def test_a_fact_that_holds_a_sentence_says_that():
    transcript = Transcript()
    transcript.open("c", "tcp").fact("relay.cut", direction="to-client", sentence="it was\x1b cut")
    assert line(transcript, transcript[0]).what == "relay.cut: it was␛ cut"
    transcript.close()


def test_octets_show_as_one_line_with_escapes_and_no_controls():
    transcript = Transcript()
    transcript.open("c", "tcp").received(b"a\r\n\x1b[2J\xe2\x80\xae\xff" + b"z" * 300)
    shown = line(transcript, transcript[0])
    assert shown.what.startswith("a\\r\\n")
    assert shown.what.endswith(" …")
    assert len(shown.what) < PREVIEW_OCTETS * 2
    for bad in ("\x1b", "‮", "\n"):
        assert bad not in shown.what
    assert shown.size == 311
    transcript.close()


def test_an_explainer_has_the_word():
    transcript = Transcript()
    transcript.open("c", "tcp").sent(b"QUIT\r\n")
    shown = line(
        transcript, transcript[0], lambda _t, _e: Explanation("QUIT", "ends the session", "RFC 5321 4.1.1.10")
    )
    assert (shown.what, shown.text, shown.source) == ("QUIT", "ends the session", "RFC 5321 4.1.1.10")
    transcript.close()


@pytest.mark.parametrize(
    "values", [{}, {"asked": 5}, {"asked": None, "leads_to": [1]}, {"sentence": {"a": 1}}]
)
def test_a_fact_that_a_strangers_file_left_without_its_values_is_shown_plainly(values: dict[str, object]):
    transcript = Transcript()
    channel = transcript.open("read back", "tcp")
    for name in ("target", "resolve.numeric", "connect.complete", "end", "tls.certificate", "option.set"):
        channel.fact(name, **values)
        shown = line(transcript, transcript[-1], explain)
        assert all(isinstance(each, str) for each in (shown.what, shown.text, shown.source))
        assert shown.what
    transcript.close()
