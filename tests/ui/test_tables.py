"""The model of tables: heads, cells and their dress, and rows that stay when others are shown."""

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QAbstractItemModelTester

from workbench.ui import theme
from workbench.ui.tables import MAX_CELL, NO_INDEX, RIGHT, Column, TableModel

Role = Qt.ItemDataRole


class Ware(NamedTuple):
    name: str
    price: int
    note: str = ""


class Wares(TableModel):
    columns = (Column("Ware", "What it is called"), Column("Price", is_number=True, is_fixed=True))

    def key(self, row: Ware) -> str:
        return row.name

    def cell(self, row: Ware, column: int) -> str:
        return row.name if column == 0 else f"{row.price:,}"

    def tip(self, row: Ware, column: int) -> str:
        return row.note

    def sign(self, row: Ware, column: int) -> tuple[str, str] | None:
        return ("warning", "warning") if column == 0 and row.price > 100 else None

    def colour(self, row: Ware, column: int) -> str:
        return "error" if row.price < 0 else ""


def shown(model: TableModel, role: Role = Role.DisplayRole) -> list[list[object]]:
    return [
        [model.index(row, column).data(role) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_a_row_is_shown_as_its_class_says(app):
    model = Wares((Ware("tea", 1200, "green"), Ware("x" * (MAX_CELL + 1), -1)))
    assert shown(model) == [["tea", "1,200"], ["x" * MAX_CELL, "-1"]]
    assert shown(model, Role.ToolTipRole) == [["green", "green"], [None, None]]
    assert shown(model, Role.AccessibleTextRole)[0] == ["Ware: tea", "Price: 1,200"]
    assert shown(model, Role.TextAlignmentRole)[0] == [None, RIGHT]
    assert shown(model, Role.FontRole)[0] == [None, theme.fixed_font()]
    assert shown(model, Role.ForegroundRole) == [[None, None], [theme.colour("error")] * 2]
    signs = shown(model, Role.DecorationRole)
    assert [sign is None for sign in (*signs[0], *signs[1])] == [False, True, True, True]
    assert model.rowCount(model.index(0, 0)) == model.columnCount(model.index(0, 0)) == 0
    assert model.at(7) is None


def test_heads_say_what_stands_below(app):
    model = Wares()
    across = Qt.Orientation.Horizontal
    assert [model.headerData(at, across) for at in range(3)] == ["Ware", "Price", None]
    assert [model.headerData(at, across, Role.ToolTipRole) for at in range(2)] == ["What it is called", None]
    assert [model.headerData(at, across, Role.TextAlignmentRole) for at in range(2)] == [None, RIGHT]
    assert model.headerData(0, Qt.Orientation.Vertical) is None


WARES = st.lists(st.sampled_from("abcde"), unique=True).flatmap(
    lambda names: st.tuples(*(st.builds(Ware, st.just(name), st.integers(0, 3)) for name in names))
)


@pytest.mark.usefixtures("app")
@given(before=WARES, now=WARES)
def test_any_rows_follow_any_others_as_views_expect(before: tuple[Ware, ...], now: tuple[Ware, ...]):
    model = Wares(before)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.show_rows(now)
    assert shown(model) == [[ware.name, f"{ware.price:,}"] for ware in now]
    tester.deleteLater()


@pytest.mark.parametrize(
    ("now", "stays"),
    [
        ([Ware("a", 1), Ware("b", 9)], True),
        ([Ware("new", 0), Ware("a", 1), Ware("b", 2)], True),
        ([Ware("a", 1), Ware("b", 2), Ware("c", 3)], True),
        ([Ware("b", 2)], True),
        ([Ware("a", 1)], False),
        ([Ware("x", 1), Ware("y", 2)], False),
    ],
)
def test_what_is_selected_stays_while_its_row_does(app, now: list[Ware], stays: bool):
    model = Wares([Ware("a", 1), Ware("b", 2)])
    chosen = QItemSelectionModel(model)
    chosen.setCurrentIndex(model.index(1, 0), QItemSelectionModel.SelectionFlag.SelectCurrent)
    model.show_rows(now)
    current = chosen.currentIndex()
    assert (current.isValid() and current.data() == "b") == stays


def test_only_what_changed_is_told(app):
    model = Wares([Ware("a", 1), Ware("b", 2)])
    told: list[str] = []
    model.modelReset.connect(lambda: told.append("all"))
    model.rowsInserted.connect(lambda _parent, first, last: told.append(f"in {first} {last}"))
    model.rowsRemoved.connect(lambda _parent, first, last: told.append(f"out {first} {last}"))
    model.dataChanged.connect(lambda *_: told.append("cells"))
    model.show_rows([Ware("a", 1), Ware("b", 2)])
    assert told == []
    model.show_rows([Ware("a", 1), Ware("c", 3), Ware("b", 2)])
    assert told == ["in 1 1"]
    model.show_rows([Ware("a", 5), Ware("b", 2)])
    assert told[1:] == ["out 1 1", "cells"]
    same = model.rows
    model.show_anew(same)
    assert len(told) == 3
    model.show_anew([Ware("a", 5)])
    assert told[3:] == ["all"]
    model.touch()
    assert told[4:] == ["cells"]
    assert model.place_of("a") == 0
    assert model.place_of("z") == -1
    assert model.rowCount(NO_INDEX) == 1


def test_what_nobody_can_say_is_hatched_and_a_screen_reader_may_hear_other_words(app):
    class Told(Wares):
        def is_unknown(self, row: Ware, column: int) -> bool:
            return column == 1

        def spoken(self, row: Ware, column: int) -> str:
            return f"the ware {row.name}"

    model = Told([Ware("a", 1)])
    brush = model.index(0, 1).data(Qt.ItemDataRole.BackgroundRole)
    assert brush.style() == Qt.BrushStyle.BDiagPattern
    assert model.index(0, 0).data(Qt.ItemDataRole.BackgroundRole) is None
    assert model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "the ware a"
