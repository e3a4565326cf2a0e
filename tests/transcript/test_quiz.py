"""Questions about a recorded conversation, and how answers are graded."""

import pytest

from tests.kit.turned_clock import TurnedClock
from workbench.transcript.quiz import Question, questions
from workbench.transcript.recorder import Transcript

OURS, THEIRS = "127.0.0.1:50123", "127.0.0.1:7"


def talk(*, began: bool = True, layer: str = "tcp", peer: str = THEIRS, end: str = "peer") -> Transcript:
    transcript = Transcript(clock=TurnedClock())
    transcript.open("another", layer)
    channel = transcript.open("lab:echo", layer)
    channel.named(local=OURS if began else THEIRS, peer=peer if began else OURS)
    if layer == "udp":
        channel.fact("datagram.open", local=OURS, peer=peer if began else "")
    elif began:
        channel.fact("connect.complete", local=OURS, address=peer)
    else:
        channel.fact("accept.complete", local=THEIRS, peer=OURS)
    (channel.sent if began else channel.received)(b"hello\r\n")
    if end == "us":
        channel.fact("finish.sent")
    channel.fact("end", kind="FIN", by="peer", sentence="the peer finished")
    return transcript


def rightly(asked: tuple[Question, ...]) -> list[str]:
    return [question.choices[question.right] for question in asked]


@pytest.mark.covers("C1.25")
def test_a_right_and_a_wrong_answer_are_graded_by_the_record():
    transcript = talk()
    began, ephemeral, spoke, ended = questions(transcript, 1)
    assert began.choices == (OURS, THEIRS)
    assert began.grade(0)
    assert not began.grade(1)
    assert ephemeral.choices == ("50123", "7")
    assert ephemeral.grade(0)
    assert not ephemeral.grade(1)
    assert spoke.grade(0)
    assert ended.grade(1)
    assert "50123" in ephemeral.why
    transcript.close()


@pytest.mark.parametrize(
    ("made", "right"),
    [
        ({"end": "us"}, [OURS, "50123", OURS, OURS]),
        ({"began": False}, [OURS, "50123", OURS, OURS]),
        ({"layer": "udp"}, [OURS, "50123", OURS, THEIRS]),
    ],
)
def test_the_record_knows_who_began_who_spoke_and_who_ended(made: dict[str, object], right: list[str]):
    transcript = talk(**made)  # type: ignore[arg-type]
    assert rightly(questions(transcript, 1)) == right
    transcript.close()


def test_nothing_is_asked_where_the_record_tells_nothing():
    transcript = talk(peer="unix:/run/x")
    assert questions(transcript, 0) == questions(transcript, 1) == ()
    silent = transcript.open("no beginning", "tcp")
    silent.named(local=OURS, peer=THEIRS)
    assert questions(transcript, 2) == ()
    with pytest.raises(IndexError):
        questions(transcript, 3)
    transcript.close()
