"""Lanes are read from what was recorded: also of a proxy, of TLS in the middle, of a conversation cut short."""

from workbench.transcript.recorder import Transcript
from workbench.wire.race import lanes_of, sentence_of


def told(*facts: tuple[str, dict]) -> Transcript:
    transcript = Transcript()
    channel = transcript.open("t", "tcp")
    for name, values in facts:
        if name in ("received", "sent"):
            getattr(channel, name)(values["data"], layer=values.get("layer", ""))
        else:
            channel.fact(name, **values)
    return transcript


CONNECTED = (
    ("resolve.numeric", {"host": "127.0.0.1"}),
    ("connect.started", {"address": "127.0.0.1:1"}),
    ("connect.complete", {"address": "127.0.0.1:1", "local": "127.0.0.1:2"}),
)


def steps(transcript: Transcript) -> list[tuple[str, str]]:
    shown = [(lane.step, lane.outcome) for lane in lanes_of(transcript)]
    transcript.close()
    return shown


def test_nothing_recorded_is_no_lane():
    transcript = told()
    assert lanes_of(transcript) == ()
    assert sentence_of(()) == ""
    transcript.close()


def test_an_address_needs_no_look_up_and_an_open_end_runs_on():
    assert steps(told(*CONNECTED)) == [("resolve", "done"), ("connect", "won"), ("answer", "running")]


def test_the_first_octet_ends_it_and_later_ones_change_nothing():
    said = ("received", {"data": b"hello"})
    transcript = told(*CONNECTED, ("sent", {"data": b"x"}), said, ("received", {"data": b"again"}))
    assert lanes_of(transcript)[-1].note == "5 B"
    assert steps(transcript)[-1] == ("answer", "done")


def test_under_tls_the_answer_is_waited_for_after_the_handshake():
    transcript = told(
        *CONNECTED,
        ("received", {"data": b"220 ready\r\n"}),
        ("tls.started", {}),
        ("received", {"data": b"\x16\x03\x03"}),
        ("tls.complete", {}),
        ("received", {"data": b"page", "layer": "tls"}),
    )
    assert [lane.name for lane in lanes_of(transcript)][-2:] == ["TLS handshake", "first octet"]
    assert lanes_of(transcript)[-1].note == "4 B"
    assert steps(transcript)[2:] == [("tls", "done"), ("answer", "done")]


def test_a_handshake_that_fails_and_an_end_before_the_answer_are_told():
    transcript = told(
        *CONNECTED,
        ("tls.started", {}),
        ("tls.failed", {"what": "no shared version"}),
        ("end", {"kind": "FIN"}),
    )
    tls = next(lane for lane in lanes_of(transcript) if lane.step == "tls")
    assert (tls.outcome, tls.note) == ("failed", "no shared version")
    answer = next(lane for lane in lanes_of(transcript) if lane.step == "answer")
    assert (answer.outcome, answer.note) == ("failed", "it ended before")
    transcript.close()


def test_a_proxys_dialogue_is_a_lane_and_its_octets_are_no_answer():
    transcript = told(
        *CONNECTED,
        ("proxy.started", {"proxy": "socks5://p:1", "kind": "socks5", "target": "t:1", "login": False}),
        ("received", {"data": b"\x05\x00", "layer": "proxy"}),
        ("proxy.complete", {"proxy": "socks5://p:1", "target": "t:1", "bound": ""}),
        ("received", {"data": b"abc"}),
    )
    assert [lane.name for lane in lanes_of(transcript)][2:] == ["socks5://p:1", "first octet"]
    assert steps(transcript)[2:] == [("proxy", "done"), ("answer", "done")]


def test_a_look_up_that_fails_is_a_lane_with_its_symbol():
    transcript = told(
        ("resolve.started", {"host": "nobody.test"}),
        ("resolve.failed", {"host": "nobody.test", "errno": "EAI_NONAME", "sentence": "no such name"}),
    )
    (lane,) = lanes_of(transcript)
    assert (lane.outcome, lane.note, lane.event) == ("failed", "EAI_NONAME", 1)
    transcript.close()


def test_a_unix_socket_has_one_attempt():
    transcript = told(
        ("connect.started", {"address": "unix:/x"}), ("connect.complete", {"address": "unix:/x", "local": ""})
    )
    assert lanes_of(transcript)[0].family == "Unix"
    assert sentence_of(lanes_of(transcript)) == "unix:/x was tried alone, and answered"
    transcript.close()


def test_another_channels_events_are_not_its_own():
    transcript = told(*CONNECTED)
    transcript.open("other", "tcp").fact("connect.started", address="127.0.0.1:9")
    assert len(lanes_of(transcript)) == 3
    assert [lane.name for lane in lanes_of(transcript, 1)] == ["127.0.0.1:9"]
    transcript.close()
