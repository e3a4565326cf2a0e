"""Every row that a test or an experiment names exists; each rule is shown to find what it is for."""

import pytest

from tests.kit.rows_plugin import load_rows
from tests.rules import row_rules
from tests.rules.source import CHECKOUT, files, must_be_none, parse, sources

KNOWN = {"C1.1": "One thing.", "C2.19b": "Another."}


def test_tests_name_rows_that_exist() -> None:
    rows = load_rows()
    must_be_none(
        found for source in sources("tests") for found in row_rules.marks_name_known_rows(source, rows)
    )


def test_experiments_name_rows_that_exist() -> None:
    rows = load_rows()
    cards = [path for path in files("resources/experiments") if path.suffix == ".toml"]
    must_be_none(
        found
        for card in cards
        for found in row_rules.cards_name_known_rows(str(card.relative_to(CHECKOUT)), card.read_text(), rows)
    )


def test_rows_are_sentences_of_their_own() -> None:
    must_be_none(row_rules.rows_are_sentences(load_rows()))


@pytest.mark.parametrize(
    ("mark", "complaint"),
    [
        ("@pytest.mark.covers('C9.99')", "no row 'C9.99'"),
        ("@pytest.mark.covers('C1.1', 'C2.19')", "no row 'C2.19'"),
        ("@mark.covers(ROW)", "write the id out"),
        ("@pytest.mark.covers()", "names no row"),
    ],
)
def test_a_wrong_mark_is_found(mark: str, complaint: str) -> None:
    source = parse(f"{mark}\ndef test_x(): pass\n", "tests/test_x.py")
    (found,) = row_rules.marks_name_known_rows(source, KNOWN)
    assert complaint in found.what
    assert found.line == 1


def test_a_right_mark_passes() -> None:
    source = parse("@pytest.mark.covers('C1.1', 'C2.19b')\ndef test_x(): pass\n")
    must_be_none(row_rules.marks_name_known_rows(source, KNOWN))


def test_a_wrong_card_is_found() -> None:
    card = 'id = "x"\nrows = ["C1.1", "C7.1"]\n'
    (found,) = row_rules.cards_name_known_rows("x.toml", card, KNOWN)
    assert str(found) == "x.toml:2: there is no row 'C7.1' in tests/rows.toml"


@pytest.mark.parametrize(
    "rows",
    [
        {"C1": "One."},
        {"C1.1": "no capital."},
        {"C1.1": "Two. Sentences."},
        {"C1.1": "No stop"},
        {"C1.1": "A.", "C1.2": "A."},
    ],
)
def test_a_wrong_row_is_found(rows: dict[str, str]) -> None:
    assert list(row_rules.rows_are_sentences(rows))


def test_right_rows_pass() -> None:
    must_be_none(
        row_rules.rows_are_sentences({**KNOWN, "I.1": "RFC 868.2 and example.org stand in a sentence."})
    )
