"""The comparison: a list of what differs, both places side by side, differing octets marked."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy
from PySide6.QtWidgets import QWidget

from workbench.transcript.recorder import Transcript
from workbench.ui.conversation.comparisonview import ComparisonView, FindingsModel


@pytest.fixture
def view(show: Callable[..., QWidget]) -> Iterator[ComparisonView]:
    made = ComparisonView()
    show(made, 1200, 400)
    yield made
    made.release()


@pytest.fixture
def pair() -> Iterator[tuple[Transcript, Transcript]]:
    left, right = Transcript(), Transcript()
    for transcript, line in ((left, b"hello"), (right, b"hallo")):
        channel = transcript.open("a", "tcp")
        channel.sent(b"same")
        channel.received(bytes(5_000) + line + bytes(100))
        transcript.open("b", "tcp").received(line)
    yield left, right
    left.close()
    right.close()


def finished(view: ComparisonView, pair: tuple[Transcript, Transcript]) -> ComparisonView:
    view.compare(pair[0], "today", pair[1], "yesterday")
    while view.work():
        pass
    return view


def words(view: ComparisonView) -> list[list[str]]:
    model = view.model
    return [
        [str(model.data(model.index(row, column))) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_every_stream_that_differs_has_a_row(view: ComparisonView, pair):
    assert words(finished(view, pair)) == [
        ["← received · channel 0 tcp", "5,001", "5.0 KiB", "5.0 KiB", "octet 5001 is 65 here and 61 there"],
        ["← received · channel 1 tcp", "1", "5 B", "5 B", "octet 1 is 65 here and 61 there"],
    ]
    assert view.heading.text() == "2 streams differ, 1 is equal."


def test_a_row_shows_its_place_on_both_sides_with_the_difference_marked(view: ComparisonView, pair):
    finished(view, pair)
    chosen = QSignalSpy(view.finding_chosen)
    view.table.selectRow(1)
    view.table.selectRow(0)
    assert chosen.count() == 2
    for side in (view.left, view.right):
        assert side.selected_range == (5_001, 5_002)
        assert side.first_visible <= 5_001
        assert side.labels_at(5_001) == ["differs"]
        assert side.labels_at(5_000) == []


def test_both_sides_scroll_together(view: ComparisonView, pair):
    finished(view, pair)
    view.table.selectRow(0)
    view.left.scroll_rows(-50)
    assert view.right.first_visible == view.left.first_visible


def test_what_only_one_side_has_is_shown_there(view: ComparisonView):
    left, right = Transcript(), Transcript()
    left.open("a", "tcp").sent(b"only here")
    finished(view, (left, right))
    assert words(view)[0][4] == "equal for 0 octets, then only one side goes on"
    assert (len(view.left.provider), len(view.right.provider)) == (9, 0)
    left.close()
    right.close()


def test_equal_conversations_have_no_rows(view: ComparisonView):
    left, right = Transcript(), Transcript()
    assert words(finished(view, (left, right))) == []
    assert view.heading.text() == "Neither conversation carried octets."
    left.close()
    right.close()


def test_the_model_is_a_proper_model(app, view: ComparisonView, pair):
    finished(view, pair)
    model = FindingsModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.show_rows(view.model.rows[:1])
    model.show_rows(view.model.rows)
    assert model.rowCount() == 2
    model.show_rows([])
    assert model.rowCount() == 0
    del tester


def test_it_lets_go_of_both_conversations(view: ComparisonView, pair):
    finished(view, pair)
    view.release()
    assert (len(view.left.provider), len(view.right.provider)) == (0, 0)
    assert not view.has_work
    assert not view.work()
