"""The Hex form: streams to choose from, the selected event marked, secrets masked."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QWidget

from tests.ui.conversation.conversations import echo
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.ui.conversation.streamhex import LOOKED_THROUGH, StreamHex


@pytest.fixture
def view(show: Callable[..., QWidget]) -> Iterator[StreamHex]:
    made = StreamHex()
    show(made, 620, 300)
    yield made
    made.show_transcript(None)


def offered(view: StreamHex) -> list[str]:
    return [view.chooser.itemText(place) for place in range(view.chooser.count())]


def test_the_first_stream_is_shown_and_the_others_offered(view: StreamHex):
    transcript = echo()
    view.show_transcript(transcript)
    assert offered(view) == ["→ sent", "← received"]
    assert view.stream == (0, Direction.SENT, "tcp")
    view.chooser.setCurrentIndex(1)
    view.chooser.activated.emit(1)
    assert view.stream == (0, Direction.RECEIVED, "tcp")
    assert len(view.hex.provider) == 27
    transcript.close()


def test_secrets_are_masked(view: StreamHex):
    transcript = echo(0)
    view.show_transcript(transcript)
    assert view.hex.provider.read(0, 99) == b"PASS *******\r\n"
    transcript.close()


def test_an_event_is_shown_in_its_stream_without_being_announced(view: StreamHex):
    transcript = echo()
    view.show_transcript(transcript)
    told = QSignalSpy(view.octets_selected)
    event = transcript[3]
    view.show_event(event, 1, 3)
    assert view.stream == (0, Direction.RECEIVED, "tcp")
    assert view.hex.selected_range == (event.offset + 1, event.offset + 3)
    assert told.count() == 0
    view.hex.select(0, 2)
    assert told.at(0) == [view.stream, 0, 2]
    view.show_event(transcript[0])
    assert view.hex.labels_at(event.offset) == []
    transcript.close()


def test_what_arrives_is_followed(view: StreamHex):
    transcript = Transcript()
    channel = transcript.open("a", "tcp")
    view.show_transcript(transcript)
    assert view.stream is None
    channel.received(bytes(10_000))
    view.grew()
    assert view.stream == (0, Direction.RECEIVED, "tcp")
    channel.received(bytes(10_000))
    view.grew()
    assert view.hex.first_visible > 15_000
    transcript.close()


def test_of_many_channels_the_streams_are_looked_for_when_the_list_opens(view: StreamHex):
    transcript = Transcript()
    channels = [transcript.open(str(number), "tcp") for number in range(LOOKED_THROUGH + 1)]
    channels[0].sent(b"x")
    view.show_transcript(transcript)
    channels[1].sent(b"x")
    view.grew()
    assert len(offered(view)) == 1
    view.chooser.opening.emit()
    assert offered(view) == ["→ sent · 0 0", "→ sent · 1 1"]
    transcript.close()
