"""The two trees as Qt asks them, and fields found by their octets."""

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from tests.formats.x509.test_certificate import GOOD
from workbench.formats.x509.certificate import read_certificate
from workbench.formats.x509.values import Field
from workbench.panels.certificates.models import ChainModel, FieldsModel
from workbench.panels.certificates.state import Entry

FIELDS = read_certificate(GOOD).fields
FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


def test_the_fields_are_a_tree_as_qt_wants_it(app):
    model = FieldsModel()
    tester = QAbstractItemModelTester(model, FATAL)
    assert model.show(FIELDS)
    assert not model.show(FIELDS)
    assert model.rowCount() == len(FIELDS)
    first = model.index(0, 0)
    assert first.data() == "Version"
    assert model.index(0, 2).data() == "RFC 5280 4.1.2.1"
    names = next(row for row in model.walk() if row.value.name == "Subject alternative names")
    index = model.index_of(names)
    assert model.rowCount(index) == 9
    child = model.index(0, 1, index)
    assert child.data() == "www.example.test"
    assert child.parent() == index
    assert model.show(())
    assert model.rowCount() == 0
    tester.deleteLater()


def test_an_octet_leads_to_the_smallest_field_that_holds_it(app):
    model = FieldsModel()
    model.show(FIELDS)
    at = GOOD.index(b"*.example.test") + 3
    found = model.deepest(at, at + 1)
    assert found is not None
    assert (found.value.name, found.value.text) == ("DNS name", "*.example.test")
    assert model.deepest(len(GOOD) + 5, len(GOOD) + 6) is None


def test_a_fault_has_a_sign_and_words(app):
    model = FieldsModel()
    model.show((Field("Serial number", "0", 1, 2, "RFC 5280 4.1.2.2", "its number", "it is zero"),))
    cell = model.index(0, 0)
    assert cell.data(Qt.ItemDataRole.DecorationRole) is not None
    assert "it is zero" in cell.data(Qt.ItemDataRole.ToolTipRole)
    assert "it is zero" in model.index(0, 1).data(Qt.ItemDataRole.AccessibleTextRole)


def test_entries_have_signs_that_are_words_too(app):
    model = ChainModel()
    tester = QAbstractItemModelTester(model, FATAL)
    model.show((Entry("a", "Verdict", "refused", "bad"), Entry("b", "group", children=(Entry("c", "leaf"),))))
    assert model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "Verdict, wrong"
    assert model.index(0, 0).data(Qt.ItemDataRole.DecorationRole) is not None
    row = model.row_of("c")
    assert row is not None
    assert model.index_of(row).parent() == model.index(1, 0)
    assert model.row_of("nothing") is None
    assert model.value_at(QModelIndex()) is None
    tester.deleteLater()
