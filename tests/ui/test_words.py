"""Sentences of errors as people read them."""

import pytest

from workbench.errors import LinkLost
from workbench.ui.words import as_sentence, with_advice


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("nobody listens there", "Nobody listens there."),
        ("is it on?", "Is it on?"),
        ("\\x takes two digits", "\\x takes two digits."),
        ("  ", ""),
        ("élan", "Élan."),
    ],
)
def test_a_sentence_begins_large_and_ends_with_a_mark(text: str, sentence: str) -> None:
    assert as_sentence(text) == sentence


def test_advice_follows_what_is_wrong() -> None:
    assert with_advice(LinkLost("the peer is gone", advice="try again")) == "The peer is gone. Try again."
    assert with_advice(LinkLost("the peer is gone")) == "The peer is gone."
