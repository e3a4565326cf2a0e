"""The phase ladder as a widget."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy, QTest
from PySide6.QtWidgets import QWidget

from tests.ui import sweep
from workbench.errors import LinkLost
from workbench.ui.ladder import PhaseLadder
from workbench.wire.phases import NAMES, phases

Show = Callable[..., QWidget]


@pytest.fixture
def ladder(show: Show) -> PhaseLadder:
    holder = QWidget()
    made = PhaseLadder(holder)
    show(holder, 600, 300)
    made.resize(600, 300)
    return made


def column(ladder: PhaseLadder, number: int) -> list[str]:
    return [str(ladder.model.index(row, number).data()) for row in range(len(NAMES))]


def test_the_failing_rung_is_marked_with_its_failure_and_a_word(ladder: PhaseLadder) -> None:
    QAbstractItemModelTester(ladder.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert set(column(ladder, 1)) == {"not reached"}
    failure = LinkLost("nobody listens", stage="connect", errno_name="ECONNREFUSED", transcript_index=7)
    ladder.show_rungs(phases(None, failure=failure))
    assert column(ladder, 0) == list(NAMES)
    assert column(ladder, 1) == ["done"] * 3 + ["failed"] + ["not reached"] * 3
    assert column(ladder, 2)[3] == "nobody listens (ECONNREFUSED)"
    icons = [ladder.model.index(row, 0).data(Qt.ItemDataRole.DecorationRole) for row in range(len(NAMES))]
    assert [icon is not None for icon in icons] == [True] * 4 + [False] * 3
    assert sweep.unnamed(ladder) == []


def test_enter_on_a_rung_asks_for_its_event(ladder: PhaseLadder) -> None:
    asked = QSignalSpy(ladder.event_asked)
    ladder.show_rungs(phases(None, failure=LinkLost("x", stage="connect", transcript_index=7)))
    ladder.table.setFocus()
    ladder.table.setCurrentIndex(ladder.model.index(3, 0))
    QTest.keyClick(ladder.table, Qt.Key.Key_Return)
    ladder.table.setCurrentIndex(ladder.model.index(6, 0))
    QTest.keyClick(ladder.table, Qt.Key.Key_Return)
    assert [asked.at(at) for at in range(asked.count())] == [[7]]
