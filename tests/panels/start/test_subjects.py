"""What experiments are about, read from their cards."""

from typing import Any

import pytest

from workbench.experiments.card import all_cards
from workbench.experiments.values import Card
from workbench.panels.start.subjects import (
    ADDRESSES,
    BEGIN,
    DNS,
    END,
    GROUPS,
    MAIL,
    OTHER,
    STREAM,
    SUBJECTS,
    TLS,
    UDP,
    WAITING,
    by_subject,
    subject_of,
)

CARDS = {card.id: card for card in all_cards()}
MOST = 30
"""Entries of a group: a person looks through them without a search."""


def made(**fields: Any) -> Card:
    return CARDS["half-close"]._replace(**fields)


@pytest.mark.parametrize(
    ("panel", "rfc", "subject"),
    [
        ("dns", ("RFC 1035 3.5",), DNS),
        ("mail", ("RFC 3207 6",), MAIL),
        ("certificates", (), TLS),
        ("sockets", ("RFC 8446 6.1", "RFC 9293 3.6"), TLS),
        ("sockets", ("RFC 768",), UDP),
        ("sockets", ("RFC 6335 3", "RFC 768"), ADDRESSES),
        ("sockets", ("RFC 919 7",), GROUPS),
        ("sockets", ("RFC 3629 3",), STREAM),
        ("sockets", ("RFC 9293 2.2",), STREAM),
        ("sockets", ("RFC 9293 3.6.1",), END),
        ("sockets", ("RFC 9293 3.5",), BEGIN),
        # A section's number is no beginning of another one's: 3.1 is not 3.10.
        ("sockets", ("RFC 9293 3.10.1",), BEGIN),
        ("sockets", ("RFC 9293 3.1",), WAITING),
        ("sockets", ("RFC 9293",), WAITING),
        ("sockets", ("RFC 9293 3.5.2",), END),
        ("sockets", ("RFC 1",), OTHER),
        ("sockets", ("SQLite: Transaction",), OTHER),
        ("sockets", (), OTHER),
    ],
)
def test_panel_and_first_document_name_the_subject(panel: str, rfc: tuple[str, ...], subject: str):
    assert subject_of(made(panel=panel, rfc=rfc)) == subject


def test_every_card_has_a_subject_and_no_subject_has_more_than_one_looks_through():
    groups = by_subject(CARDS.values())
    assert sorted(card.id for _, cards in groups for card in cards) == sorted(CARDS)
    assert [subject for subject, _ in groups] == [each for each in SUBJECTS if each != OTHER]
    assert {subject: len(cards) for subject, cards in groups if len(cards) > MOST} == {}


def test_a_subject_without_cards_is_left_out_and_the_order_within_one_stays():
    later, earlier = made(id="b"), made(id="a")
    assert by_subject([later, earlier]) == ((END, (later, earlier)),)
    assert by_subject(()) == ()
