"""The tables: what stands in a cell, and that Qt finds nothing wrong with them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from workbench.panels.files.models import EntriesModel, FactsModel, TransfersModel, facts_of
from workbench.panels.files.state import FilesState, Transfer
from workbench.protocols.ftp.values import Entry

pytestmark = pytest.mark.qt

FOLDER = Entry(b"old", "folder", 4096, "2026-03-01T12:30:00Z", facts=(("perm", "el"),), raw=b"type=dir; old")
LINK = Entry(
    b"l\x1b", "link", None, target=b"there", style="unix", guessed="year", owner="anna", rights="rwx"
)
WRONG = Entry(b"\xff..", "file", 5120)


def cells(model, row: int) -> list[object]:
    return [model.index(row, column).data() for column in range(model.columnCount())]


def test_entries_say_what_they_are(app):
    model = EntriesModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    entries = (FOLDER, LINK, WRONG)
    model.show_anew(entries)
    model.show_anew(entries)
    assert cells(model, 0) == ["old/", "", "2026-03-01 12:30:00Z", "el"]
    assert cells(model, 1)[0] == "l␛ → there"
    assert cells(model, 2)[:2] == ["\\xff..", "5.0 KiB"]
    assert model.index(2, 1).data(Qt.ItemDataRole.ToolTipRole) == "5,120 octets"
    assert model.headerData(1, Qt.Orientation.Horizontal) == "Size"
    assert model.at(7) is None
    model.deleteLater()


def test_facts_tell_everything_and_that_a_name_is_refused(app):
    model = FactsModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_entry(LINK)
    told = dict(facts_of(LINK))
    assert told["Kind"] == "link"
    assert told["Leads to"] == "there"
    assert "control character" in told["As a name here"]
    assert dict(facts_of(WRONG))["Name in octets"] == "ff 2e 2e"
    assert dict(facts_of(FOLDER))["fact perm"] == "el"
    assert model.rowCount() == len(told)
    model.show_entry(None)
    assert model.rowCount() == 0
    model.deleteLater()


def test_transfers_show_the_youngest_first_and_change_in_place(app):
    model = TransfersModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    first = Transfer(1, "download", "a", "/tmp/a", 5, 10, "running")
    model.show_transfers((first, Transfer(2, "upload", "b", "/tmp/b")))
    assert cells(model, 1) == ["↓ a", "5 B", "running 50 %", ""]
    assert cells(model, 0)[:3] == ["↑ b", "", "waits"]
    model.show_transfers(
        (Transfer(1, "download", "a", "/tmp/a", 10, 10, "done", "10 B"), Transfer(2, "upload", "b", ""))
    )
    assert cells(model, 1) == ["↓ a", "10 B", "done", "10 B"]
    model.deleteLater()


def test_the_state_says_why_not():
    state = FilesState()
    assert state.why_not_entry == state.why_not_download == state.why_not_up == "connect first"
    opened = FilesState(phase="open", entries=(FOLDER, Entry(b"p", "other")))
    assert opened.why_not_entry == "select a file or folder first"
    assert (
        FilesState(phase="open", entries=opened.entries, selected=1).why_not_download == "it is no plain file"
    )
    assert FilesState(phase="open", busy="listing").why_not_here == "listing first has to end"
    assert FilesState(phase="open", folder=b"/a").why_not_up == ""
