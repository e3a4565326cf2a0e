"""Any ASN.1 as fields: types, values, places, bounded."""

from hypothesis import given

from tests.formats.test_asn1 import VALUES, der
from workbench.formats.asn1 import walk
from workbench.formats.x509.tree import MAX_FIELDS, tree_field
from workbench.formats.x509.values import Field


def count(field: Field) -> int:
    return 1 + sum(map(count, field.fields))


@given(VALUES)
def test_a_tree_has_the_places_of_its_nodes(data: bytes):
    field = tree_field(data, walk(data))
    assert (field.start, field.stop) == (0, len(data))


def test_what_is_inside_a_string_hangs_below_it():
    data = der(4, der(0x30, der(2, b"\5")))
    field = tree_field(data, walk(data), name="Value")
    assert (field.name, field.text) == ("Value", "holds")
    assert [(each.name, each.text) for each in field.fields] == [("SEQUENCE", "1 value")]


def test_there_is_a_bound():
    data = der(0x30, b"\x05\0" * (MAX_FIELDS + 50))
    field = tree_field(data, walk(data))
    assert count(field) <= MAX_FIELDS + 1
    assert field.fields[-1].name == "…"
