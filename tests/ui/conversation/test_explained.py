"""The Explained form: rows read when painted, following, selecting by mouse and keys."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy, QTest
from PySide6.QtWidgets import QWidget

from tests.ui.conversation.conversations import echo, pings
from workbench.transcript.recorder import Transcript
from workbench.transcript.render import Explanation, line
from workbench.ui.conversation.columns import Column, Heads
from workbench.ui.conversation.explained import ExplainedView
from workbench.ui.conversation.explainedpaint import ShownLine
from workbench.ui.conversation.rows import Rows
from workbench.ui.conversation.signs import sign_of

LEFT = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def view(show: Callable[..., QWidget]) -> Iterator[ExplainedView]:
    made = ExplainedView()
    show(made, 900, 300)
    made.setFocus()
    yield made
    made.show_rows(None, None)


def put(view: ExplainedView, transcript: Transcript) -> Transcript:
    view.show_rows(Rows(transcript), None)
    return transcript


def row_place(view: ExplainedView, row: int) -> QPoint:
    return QPoint(300, (row - view.row_scroll.top) * view.row_height + view.row_height // 2)


def selected(view: ExplainedView, total: int) -> list[int]:
    return [index for index in range(total) if index in view.selection]


def test_of_a_million_events_only_those_to_be_seen_are_read(view: ExplainedView):
    transcript = put(view, pings(1_000_000))
    view.grab()
    screen = view.visible_rows + 1
    assert 0 < view.lines_read <= screen
    view.set_following(False)
    for top in (0, 123_456, 777_777):
        view.row_scroll.move_to(top)
        view.show_place()
        view.grab()
    assert view.lines_read <= 4 * screen
    transcript.close()


def test_rows_that_were_read_are_kept_for_the_next_paint(view: ExplainedView):
    transcript = put(view, echo())
    view.grab()
    before = view.lines_read
    view.grab()
    assert view.lines_read == before
    transcript.close()


def test_a_row_says_all_of_it_to_a_screen_reader(view: ExplainedView):
    transcript = put(view, echo())
    QTest.mouseClick(view.viewport(), LEFT, pos=row_place(view, 1))
    assert view.accessibleDescription() == "0.001500 seconds, sent, 9 octets, hello 0\\r\\n"
    transcript.close()


def test_the_end_is_followed_until_a_person_scrolls_up_and_again_from_the_end(view: ExplainedView):
    transcript = put(view, pings(200))
    channel = transcript.open("more", "tcp")
    told = QSignalSpy(view.following_changed)
    assert view.row_scroll.is_at_end
    channel.sent(b"x")
    view.grew()
    assert view.row_scroll.is_at_end

    view.scroll_rows(-3)
    assert not view.is_following
    top = view.row_scroll.top
    channel.sent(b"x")
    view.grew()
    assert view.row_scroll.top == top

    view.scroll_rows(1000)
    assert view.is_following
    channel.sent(b"x")
    view.grew()
    assert view.row_scroll.is_at_end
    assert [told.at(number) for number in range(told.count())] == [[False], [True]]
    transcript.close()


def test_what_a_person_points_at_does_not_run_away(view: ExplainedView):
    transcript = put(view, pings(200))
    QTest.mouseClick(view.viewport(), LEFT, pos=row_place(view, view.row_scroll.top + 2))
    assert not view.is_following
    transcript.close()


def test_switched_off_following_stays_off_at_the_end(view: ExplainedView):
    transcript = put(view, pings(200))
    view.set_following(False)
    view.scroll_rows(-5)
    view.scroll_rows(1000)
    assert not view.is_following
    transcript.close()


def test_keys_move_and_select(view: ExplainedView):
    transcript = put(view, pings(100))
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert (view.selection.current, view.row_scroll.top) == (0, 0)
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Down, SHIFT)
    QTest.keyClick(view, Qt.Key.Key_Down, SHIFT)
    assert selected(view, 100) == [1, 2, 3]
    QTest.keyClick(view, Qt.Key.Key_Up, SHIFT)
    assert selected(view, 100) == [1, 2]
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert view.selection.current == 2 + view.visible_rows
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.selection.current == 99
    assert view.is_following
    QTest.keyClick(view, Qt.Key.Key_A, CONTROL)
    assert selected(view, 101) == list(range(100))
    transcript.close()


def test_mouse_selects_ranges_and_single_rows(view: ExplainedView):
    transcript = put(view, echo())
    clicks = ((1, Qt.KeyboardModifier.NoModifier), (4, SHIFT), (2, CONTROL), (7, CONTROL))
    for row, modifier in clicks:
        QTest.mouseClick(view.viewport(), LEFT, modifier, row_place(view, row))
    assert selected(view, 12) == [1, 3, 4, 7]
    QTest.mousePress(view.viewport(), LEFT, pos=row_place(view, 2))
    QTest.mouseMove(view.viewport(), row_place(view, 5))
    QTest.mouseRelease(view.viewport(), LEFT, pos=row_place(view, 5))
    assert selected(view, 12) == [2, 3, 4, 5]
    transcript.close()


def test_copy_return_and_double_click_are_told(view: ExplainedView):
    transcript = put(view, echo())
    copied, activated = QSignalSpy(view.copy_asked), QSignalSpy(view.activated)
    QTest.keyClick(view, Qt.Key.Key_C, CONTROL)
    QTest.keyClick(view, Qt.Key.Key_Return)
    QTest.mouseDClick(view.viewport(), LEFT, pos=row_place(view, 1))
    assert (copied.count(), activated.count()) == (1, 2)
    transcript.close()


def test_a_column_tells_channels_apart_only_where_there_are_several(view: ExplainedView):
    transcript = put(view, echo())
    assert view.heads.isSectionHidden(Column.CHANNEL)
    width = view.heads.sectionSize(Column.WHAT)
    transcript.open("another", "tcp").sent(b"x")
    view.grew()
    assert not view.heads.isSectionHidden(Column.CHANNEL)
    assert view.heads.sectionSize(Column.WHAT) < width
    total = sum(view.heads.sectionSize(column) for column in Column)
    assert total == view.viewport().width()
    transcript.close()


def test_a_narrow_list_leaves_explanations_to_the_detail(view: ExplainedView):
    transcript = put(view, echo())
    view.resize(400, 300)
    assert view.heads.isSectionHidden(Column.EXPLAINED)
    view.resize(900, 300)
    assert not view.heads.isSectionHidden(Column.EXPLAINED)
    share = view.heads.sectionSize(Column.WHAT)
    assert 0.2 < share / 900 < 0.6
    transcript.close()


def test_explanations_that_quote_a_peer_are_made_harmless(view: ExplainedView):
    transcript = Transcript()
    transcript.open("a", "tcp").received(b"x")
    view.show_rows(Rows(transcript), lambda _t, _e: Explanation("\x1b[2J", "\u202etxt", "RFC \x07"))
    words = view.row_text(0)
    assert "\\e[2J" in words
    assert "⟨U+202E⟩txt" in words
    assert "␇" in words
    assert not any(each in words for each in "\x1b\u202e\x07")
    transcript.close()


def test_facts_have_signs_that_need_no_colour():
    transcript = Transcript()
    channel = transcript.open("a", "tcp")
    channel.fact("connect.failed", errno="ECONNREFUSED")
    channel.fact("end", kind="RST", by="peer")
    channel.fact("end", kind="FIN", by="peer")
    channel.sent(b"x")
    channel.received(b"x")
    signs = [sign_of(event) for event in transcript.events()]
    assert [sign.text for sign in signs] == ["✗", "!", "•", "→", "←"]
    assert len({sign.word for sign in signs}) == 5
    transcript.close()


def test_rows_are_as_high_as_their_letters_need(view: ExplainedView):
    assert view.row_height >= QFontMetrics(view.font()).height() + 4


def test_a_closed_transcript_shows_nothing(view: ExplainedView):
    transcript = put(view, echo())
    transcript.close()
    view.grab()
    view.grew()
    assert view.row_count() == 0


def test_the_heads_are_a_proper_model(app):
    heads = Heads(None)
    tester = QAbstractItemModelTester(heads, QAbstractItemModelTester.FailureReportingMode.Warning)
    assert heads.headerData(Column.ARROW, Qt.Orientation.Horizontal, Qt.ItemDataRole.AccessibleTextRole)
    del tester


def test_a_cell_is_cut_once_for_each_width(view: ExplainedView):
    transcript = Transcript()
    transcript.open("a", "tcp").received(b"x" * 500)
    shown = ShownLine(line(transcript, transcript[0]), sign_of(transcript[0]))
    wide, narrow = shown.what_in(600, view.measure), shown.what_in(100, view.measure)
    assert len(wide) > len(narrow) > 3
    assert narrow.endswith("…")
    assert shown.what_in(100, view.measure) is narrow
    assert shown.explained_in(100, QFontMetrics(view.font())) == ""
    transcript.close()
