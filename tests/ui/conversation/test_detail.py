"""The selected event: what it is and means, and its octets."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QWidget

from tests.ui.conversation.conversations import echo
from workbench.transcript.render import Explanation
from workbench.ui.conversation.detail import EventDetail


@pytest.fixture
def view(show: Callable[..., QWidget]) -> Iterator[EventDetail]:
    made = EventDetail()
    show(made, 500, 300)
    yield made
    made.clear()


def test_octets_are_shown_with_what_they_mean(view: EventDetail):
    transcript = echo()
    view.show_event(transcript, transcript[1], lambda _t, _e: Explanation("hi", "a greeting", "RFC 862"))
    assert view.head.text() == "→ sent 0.001500 s · 9 octets · tcp · lab:echo"
    assert view.explanation.text() == "a greeting · RFC 862"
    assert view.reference.text() == "RFC 862: Echo Protocol, 1983, Internet Standard"
    assert view.hex.provider.read(0, 99) == b"hello 0\r\n"
    assert not view.what.isVisible()
    assert "a greeting" in view.accessibleDescription()
    transcript.close()


def test_a_fact_shows_what_it_carries_instead_of_octets(view: EventDetail):
    transcript = echo(0)
    view.show_event(transcript, transcript[0], None)
    assert not view.hex.isVisible()
    assert not view.reference.isVisible()
    assert view.explanation.text() == "local: 127.0.0.1:50000\naddress: 127.0.0.1:7"
    view.show_event(transcript, transcript[1], None)
    assert view.hex.isVisible()
    transcript.close()


def test_a_secret_is_masked_and_marked(view: EventDetail):
    transcript = echo(0)
    view.show_event(transcript, transcript[1], None)
    assert view.hex.provider.read(0, 99) == b"PASS *******\r\n"
    assert view.hex.labels_at(6) == ["secret, masked"]
    transcript.close()


def test_selecting_by_hand_is_told_and_by_program_not(view: EventDetail):
    transcript = echo()
    told = QSignalSpy(view.octets_selected)
    view.show_event(transcript, transcript[1], None)
    view.select(1, 3)
    assert told.count() == 0
    view.hex.select(2, 5)
    assert told.at(0) == [1, 2, 5]
    transcript.close()


def test_hostile_words_of_a_fact_are_made_harmless(view: EventDetail):
    transcript = echo(0)
    transcript.open("a\u202eb", "tcp").fact("reply", text="\x1b[2J\u202e")
    view.show_event(transcript, transcript[len(transcript) - 1], None)
    shown = view.head.text() + view.what.text() + view.explanation.text()
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    transcript.close()
