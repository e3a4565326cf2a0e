"""The diagnostics page."""

from collections.abc import Callable

import pytest
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui import sweep
from workbench.ui import process
from workbench.ui.diagnostics import DiagnosticsPage, SectionModel
from workbench.ui.process import Section

Show = Callable[..., QWidget]


class Figures:
    """What the page asks for."""

    def __init__(self) -> None:
        self.asked = 0
        self.late = "0"

    def give(self) -> tuple[Section, ...]:
        self.asked += 1
        loop = Section("Loop", (("late turns", self.late), ("longest gap", "3 ms")), f"stack {self.late}")
        return loop, Section("Memory", (("resident", "80 MiB"),))


@pytest.fixture
def figures() -> Figures:
    return Figures()


@pytest.fixture
def page(show: Show, figures: Figures) -> DiagnosticsPage:
    made = DiagnosticsPage(figures.give)
    show(made, 900, 500)
    return made


def test_figures_are_shown_in_their_sections(page: DiagnosticsPage) -> None:
    model = page.model
    assert [model.index(at, 0).data() for at in range(model.rowCount())] == ["Loop", "Memory"]
    loop = model.index(0, 0)
    assert model.rowCount(loop) == 2
    assert model.index(0, 1, loop).data() == "0"
    assert page.tree.isExpanded(loop)


def test_it_looks_anew_while_it_is_seen_and_not_when_hidden(page: DiagnosticsPage, figures: Figures) -> None:
    figures.late = "7"
    page._looks.setInterval(5)
    assert QSignalSpy(page._looks.timeout).wait(60_000)
    assert page.model.index(0, 1, page.model.index(0, 0)).data() == "7"
    page.hide()
    assert not page._looks.isActive()


def test_a_fresh_look_closes_nothing_and_keeps_the_choice(page: DiagnosticsPage, figures: Figures) -> None:
    page.tree.collapse(page.model.index(1, 0))
    page.tree.setCurrentIndex(page.model.index(0, 0, page.model.index(0, 0)))
    figures.late = "9"
    page.refresh()
    assert not page.tree.isExpanded(page.model.index(1, 0))
    assert page.tree.currentIndex().isValid()
    assert page.details.toPlainText() == "stack 9"


def test_the_report_is_copied_as_it_is_now(page: DiagnosticsPage, figures: Figures) -> None:
    figures.late = "3"
    page.copy.click()
    text = QApplication.clipboard().text()
    assert "late turns: 3" in text
    assert "resident: 80 MiB" in text
    QApplication.clipboard().clear()


def test_the_real_report_fits_the_page(show: Show) -> None:
    page = DiagnosticsPage(process.report)
    show(page, 1000, 500)
    page.focus_start()
    assert page.tree.hasFocus()
    assert page.model.rowCount() >= 6
    assert sweep.unnamed(page) == []
    assert sweep.clipped(page) == []


def test_the_model_is_sound(app: QApplication) -> None:
    model = SectionModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show([Section("A", (("x", "1"), ("y", "2"))), Section("B", ())])
    reset = QSignalSpy(model.modelReset)
    model.show([Section("A", (("x", "3"), ("y", "4"))), Section("B", ())])
    assert reset.count() == 0
    assert model.index(1, 1, model.index(0, 0)).data() == "4"
    model.show([Section("A", (("x", "3"),))])
    assert reset.count() == 1
    assert model.section_at(model.index(0, 0, model.index(0, 0))) == model.sections[0]
    model.show([])
    assert model.rowCount() == 0
