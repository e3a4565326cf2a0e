"""The panel's models, by Qt's own tester and on their own."""

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from tests.protocols.dns.messages import SAMPLES, build, response
from workbench.panels.dns.evidence import packet_of
from workbench.panels.dns.models import EvidenceModel, FieldsModel, RowsModel
from workbench.panels.dns.state import Node, Packet, Row
from workbench.protocols.dns.values import Said

ROWS = (
    Row("answer", "www.lab.test.", 300, "A", "192.0.2.1", 0),
    Row("additional", "ns1.lab.test.", 300, "A", "192.0.2.53", 3),
)
TREE = (Node("a", "b", "good", 1500, 0, (Node("c", "d"), Node("e", "f", "bad"))), Node("g", "h", "warning"))


def packet(data: bytes) -> Packet:
    return packet_of(Said("answer by UDP", False, "udp", data))


@pytest.fixture
def tested(app):
    """Qt's tester watches a model; kept until the test ends."""
    testers = []

    def watch(model):
        testers.append(QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal))
        return model

    yield watch
    testers.clear()


def test_rows_are_shown_and_found(tested):
    model = tested(RowsModel())
    model.show_rows(ROWS)
    assert (model.rowCount(), model.row_of(3), model.row_of(9)) == (2, 1, -1)
    assert model.at(1) == ROWS[1]
    assert model.at(2) is None
    assert model.index(0, 4).data(Qt.ItemDataRole.AccessibleTextRole) == "Data: 192.0.2.1"
    model.show_rows(())
    assert model.rowCount() == 0


def test_evidence_is_a_tree_with_signs_and_words(tested):
    model = tested(EvidenceModel())
    model.show_values(TREE)
    root = model.index(0, 0)
    assert (model.rowCount(), model.rowCount(root)) == (2, 2)
    assert model.index(0, 2).data() == "1.5 µs"
    assert model.parent(model.index(1, 0, root)) == root
    assert not model.index(0, 0).data(Qt.ItemDataRole.DecorationRole).isNull()
    assert model.index(0, 0, root).data(Qt.ItemDataRole.DecorationRole) is None
    assert model.index(0, 1, root).data(Qt.ItemDataRole.AccessibleTextRole) == "Answer: d"


@pytest.mark.parametrize("sample", SAMPLES[::5], ids=lambda text: text.split()[2])
def test_fields_are_a_tree_whose_records_open_on_demand(tested, sample: str):
    model = tested(FieldsModel())
    model.show_packet(packet(response(sample, kind=sample.split()[2])))
    record = model.of_record(0)
    assert model.hasChildren(record)
    assert model.rowCount(record) >= 6
    assert not model.of_record(1).isValid()
    model.show_packet(None)
    assert model.rowCount() == 0
    assert not model.hasChildren()


def test_every_octet_leads_to_a_field_that_carries_it(tested):
    data = build(*SAMPLES[:8], kind="ANY").to_wire()
    model = tested(FieldsModel())
    model.show_packet(packet(data))
    for place in range(len(data)):
        index = model.at_octets(place, place + 1)
        found = model.place(index)
        assert found is not None
        assert found.start <= place < found.stop
    assert not model.at_octets(len(data), len(data) + 1).isValid()
    assert model.place(QModelIndex()) is None


def test_opening_one_record_makes_no_others():
    model = FieldsModel()
    model.show_packet(packet(response(*(f"www.lab.test. 300 A 192.0.2.{n}" for n in range(200)))))
    model.rowCount(model.of_record(7))
    inner = [branch._inner is not None for branch in model._root.inner(model._below)]
    assert sum(inner) == 1


def test_octets_that_are_no_message_have_no_fields_and_a_reason():
    made = packet(b"junk")
    assert made.message is None
    assert made.said
    model = FieldsModel()
    model.show_packet(made)
    assert model.rowCount() == 0
