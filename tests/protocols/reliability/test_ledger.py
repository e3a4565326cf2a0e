import pytest

from workbench.protocols.reliability.ledger import Ledger
from workbench.protocols.reliability.message import Message


def ledger(sent: int, *numbers: int, changed: int = 0) -> Ledger:
    came = [Message(number, True) for number in numbers] + [Message(None, False)] * changed
    return Ledger(sent, tuple(came))


@pytest.mark.parametrize(
    ("made", "fates", "sentence"),
    [
        (ledger(3, 0, 1, 2), ["arrived"] * 3, "all 3 arrived once, whole and in order"),
        (ledger(3, 0, 2), ["arrived", "lost", "arrived"], "2 of 3 arrived, 1 lost"),
        (ledger(2, 0, 1, 1), ["arrived", "twice"], "2 of 2 arrived, 1 more than once"),
        (ledger(2, 0, 0, 0, 1), ["3 times", "arrived"], "2 of 2 arrived, 1 more than once"),
        (ledger(3, 2, 0, 1), ["overtaken", "overtaken", "arrived"], "3 of 3 arrived, 2 overtaken"),
        (
            ledger(2, 1, 1, 0, 0),
            ["twice, overtaken", "twice"],
            "2 of 2 arrived, 2 more than once, 1 overtaken",
        ),
        (ledger(2, 0, changed=1), ["arrived", "lost"], "1 of 2 arrived, 1 lost, 1 changed on the way"),
        (ledger(0), [], "all 0 arrived once, whole and in order"),
    ],
)
def test_what_became_of_each(made: Ledger, fates: list[str], sentence: str):
    assert list(made.fates()) == fates
    assert made.sentence == sentence
    assert made.is_perfect == sentence.startswith("all")


def test_why_the_way_ended_is_told():
    assert Ledger(2, (Message(0, True),), "reset").sentence == "1 of 2 arrived, 1 lost; reset"
