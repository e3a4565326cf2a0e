"""The Text form: flowing text, harmless whatever the peer sends, selected octet by octet."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QWidget

from tests.ui.conversation.conversations import echo, pings
from workbench.errors import LocalMisuse
from workbench.formats.charset import visible
from workbench.transcript.recorder import Transcript
from workbench.transcript.render import line
from workbench.ui import theme
from workbench.ui.conversation.lines import SLICE_NS, TextLines
from workbench.ui.conversation.rows import Rows
from workbench.ui.conversation.selection import Spot
from workbench.ui.conversation.textpaint import ARROW_WIDTH, CHANNEL_WIDTH, TIME_WIDTH
from workbench.ui.conversation.textview import TextView

LEFT = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
HOSTILE = b"\x1b[2J\x1b]0;owned\x07 \xe2\x80\xaegnp.exe\xe2\x80\xac \xe2\x80\x8b\xff\xfe \x9b31m line\r\n"


@pytest.fixture
def view(show: Callable[..., QWidget]) -> Iterator[TextView]:
    made = TextView()
    show(made, 900, 300)
    made.setFocus()
    yield made
    made.release()


def put(view: TextView, transcript: Transcript, *, all_of_it: bool = True) -> Transcript:
    view.show_rows(Rows(transcript), None)
    while all_of_it and view.work():
        pass
    view.grab()
    return transcript


def painted(view: TextView) -> list[str]:
    """What stands in the rows that were painted last."""
    assert view._window is not None
    return [view._words_of(row) for row in view._window.seen]


def place(view: TextView, row: int, column: float) -> QPoint:
    width = view.measure.width
    return QPointF(view.gutter + column * width + 1, (row + 0.5) * view.row_height).toPoint()


def test_reads_flow_together_and_directions_apart(view: TextView):
    transcript = put(view, echo(1))
    assert painted(view) == [
        line(transcript, transcript[0]).what,
        "hello 0\\r\\n",
        "hello 0\\r\\n",
        "PASS *******\\r\\n",
        line(transcript, transcript[5]).what,
    ]
    transcript.close()


def test_boundaries_of_reads_stand_between_the_letters(view: TextView):
    transcript = put(view, echo(1))
    assert view._window is not None
    drawn = view._drawn_row(view._window.seen[2])
    assert drawn.boundaries == [pytest.approx(3 * view.measure.width)]
    transcript.close()


def test_a_hundred_thousand_hostile_lines_are_painted_harmless(view: TextView):
    transcript = Transcript()
    channel = transcript.open("hostile", "tcp")
    for _ in range(100):
        channel.received(HOSTILE * 1_000)
    put(view, transcript, all_of_it=False)
    assert view.has_work or view.row_count() == 100_000
    while view.work():
        pass
    assert view.row_count() == 100_000
    view.set_following(False)
    for row in (0, 50_000, 99_990):
        view.row_scroll.move_to(row)
        view.show_place()
        view.grab()
        words = painted(view)
        assert words
        for text in words:
            assert visible(text) == text
            assert text.endswith("\\r\\n")
            assert text.startswith("\\e[2J\\e]0;owned\\a ⟨U+202E⟩gnp.exe⟨U+202C⟩ ⟨U+200B⟩⟨FF⟩⟨FE⟩ ⟨9B⟩31m")
    assert len(view._drawn) <= 256
    transcript.close()


def test_one_endless_line_is_cut_into_rows_as_wide_as_the_view(view: TextView):
    transcript = Transcript()
    transcript.open("a", "tcp").received(b"x" * 3_000_000)
    put(view, transcript)
    columns = len(painted(view)[0])
    assert view.row_count() == -(-(3_000_000 - 4) // columns)
    assert columns * view.measure.width <= view.viewport().width() - view.gutter
    transcript.close()


def test_another_width_keeps_what_is_at_the_top(view: TextView):
    transcript = Transcript()
    transcript.open("a", "tcp").received(b"".join(b"%04d %s\n" % (n, b"x" * 200) for n in range(500)))
    put(view, transcript)
    view.go_to(Spot(0, 206 * 250))
    view.grab()
    assert painted(view)[view.row_scroll.page // 3].startswith("0250")
    top = view._window.seen[0].place if view._window else None
    view.resize(600, 300)
    while view.work():
        pass
    view.grab()
    assert view._window is not None
    assert view._window.seen[0].place == top
    transcript.close()


def test_the_end_is_followed(view: TextView):
    transcript = put(view, pings(100))
    channel = transcript.open("more", "tcp")
    channel.received(b"the last line")
    view.grew()
    view.grab()
    assert painted(view)[-1] == "the last line"
    view.scroll_rows(-5)
    assert not view.is_following
    channel.received(b", and on")
    view.grew()
    view.grab()
    assert painted(view)[-1] != "the last line, and on"
    view.set_following(True)
    view.grab()
    assert painted(view)[-1] == "the last line, and on"
    transcript.close()


def test_the_end_of_a_long_conversation_is_seen_at_once(view: TextView, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(TextLines.step, "__defaults__", (SLICE_NS,))
    transcript = put(view, pings(20_000), all_of_it=False)
    assert view.has_work
    assert painted(view)[-1] == "pong\\r\\n"
    assert view._window is not None
    assert view._window.seen[-1].event.index == 19_999
    transcript.close()


def test_a_drag_selects_octets_over_reads_and_directions(view: TextView):
    transcript = put(view, echo(1))
    changes = QSignalSpy(view.selection_changed)
    QTest.mousePress(view.viewport(), LEFT, pos=place(view, 1, 2))
    QTest.mouseMove(view.viewport(), place(view, 2, 2))
    QTest.mouseMove(view.viewport(), place(view, 2, 5))
    QTest.mouseRelease(view.viewport(), LEFT, pos=place(view, 2, 5))
    assert view.selection.range == (Spot(1, 2), Spot(3, 2))
    assert changes.count() >= 2
    assert view.accessibleDescription() == "received, hello 0\\r\\n"
    transcript.close()


def test_keys_move_the_cursor_by_letters_and_rows(view: TextView):
    transcript = put(view, echo(1))
    QTest.mouseClick(view.viewport(), LEFT, pos=place(view, 1, 3))
    assert view.selection.cursor == Spot(1, 3)
    moves = [
        (Qt.Key.Key_Right, Spot(1, 4)),
        (Qt.Key.Key_Down, Spot(3, 1)),
        (Qt.Key.Key_Left, Spot(3, 0)),
        (Qt.Key.Key_Left, Spot(2, 2)),
        (Qt.Key.Key_Home, Spot(2, 0)),
        (Qt.Key.Key_Left, Spot(1, 8)),
        (Qt.Key.Key_Right, Spot(2, 0)),
        (Qt.Key.Key_End, Spot(3, 5)),
    ]
    for key, expected in moves:
        QTest.keyClick(view, key)
        assert view.selection.cursor == expected, key
    QTest.keyClick(view, Qt.Key.Key_Up, SHIFT)
    assert view.selection.range == (Spot(1, 8), Spot(3, 5))
    QTest.keyClick(view, Qt.Key.Key_Home, CONTROL)
    assert view.selection.cursor == Spot(0, 0)
    QTest.keyClick(view, Qt.Key.Key_A, CONTROL)
    assert view.selection.range == (Spot(0, 0), Spot(5, 0))
    transcript.close()


def test_another_encoding_reads_the_same_octets_anew(view: TextView):
    transcript = Transcript()
    transcript.open("a", "tcp").received("größe\n".encode("latin-1"))
    put(view, transcript)
    assert painted(view) == ["gr⟨F6⟩⟨DF⟩e\\n"]
    view.set_encoding("ISO-8859-1")
    view.grab()
    assert painted(view) == ["größe\\n"]
    with pytest.raises(LocalMisuse):
        view.set_encoding("klingon")
    assert view.encoding == "latin-1"
    transcript.close()


def test_a_character_over_two_reads_of_other_directions_is_whole_in_the_end(view: TextView):
    transcript = Transcript()
    channel = transcript.open("a", "tcp")
    channel.received("é".encode()[:1])
    view.show_rows(Rows(transcript), None)
    view.grab()
    assert painted(view) == ["⟨C3⟩"]
    channel.sent(b"?")
    channel.received("é".encode()[1:])
    view.grew()
    view.grab()
    assert painted(view) == ["⋯", "?", "é"]
    transcript.close()


def test_an_empty_datagram_is_a_row(view: TextView):
    transcript = Transcript()
    transcript.open("a", "udp").sent(b"")
    put(view, transcript)
    assert painted(view) == ["(empty datagram)"]
    transcript.close()


def test_a_closed_transcript_shows_nothing(view: TextView):
    transcript = put(view, echo())
    transcript.close()
    view.grew()
    view.grab()
    assert painted(view) == []


def test_a_second_channel_makes_room_for_its_number_and_rows_shorter(view: TextView):
    transcript = Transcript()
    transcript.open("a", "tcp").received(b"x" * 5_000)
    put(view, transcript)
    gutter, columns = view.gutter, len(painted(view)[0])
    assert gutter >= theme.metric(TIME_WIDTH + ARROW_WIDTH)
    transcript.open("b", "tcp").received(b"y")
    view.grew()
    view.grab()
    assert view.gutter == pytest.approx(gutter + theme.metric(CHANNEL_WIDTH), abs=1)
    assert len(painted(view)[0]) < columns
    transcript.close()


def test_what_came_while_nobody_looked_is_counted_when_it_is_shown(view: TextView):
    transcript = put(view, pings(10))
    view.hide()
    channel = transcript.open("more", "tcp")
    for _ in range(50):
        channel.received(b"line\n")
    view.grew()
    told = QSignalSpy(view.work_appeared)
    view.show()
    assert told.count() == 1
    assert view.row_count() == 60
    transcript.close()
