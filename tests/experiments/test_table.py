"""Strict reading of tables; the mistakes that a card can hold are in test_card."""

import pytest

from workbench.errors import LocalMisuse
from workbench.experiments.table import MAX_TEXT, Table, shown


def test_what_is_there_is_read_by_kind() -> None:
    table = Table({"a": "text", "b": 7, "c": ["x", "y"], "d": {"e": "inner"}}, "card.toml")
    assert table.text("a") == "text"
    assert table.whole("b", 0, 9) == 7
    assert table.texts("c") == ("x", "y")
    assert table.table("d").text("e") == "inner"
    assert table.names == ["a", "b", "c", "d"]
    table.done()


def test_what_is_missing_has_its_default() -> None:
    table = Table({}, "card.toml")
    assert table.text("a", default="b") == "b"
    assert table.whole("a", 0, 9, default=3) == 3
    assert table.texts("a", needed=False) == ()
    assert not table.has("a")


def test_a_place_leads_from_the_file_to_the_key() -> None:
    inner = Table({"a": {"b": 1}}, "card.toml").table("a")
    with pytest.raises(LocalMisuse, match=r"^card\.toml, a, b: must be text, not 1$"):
        inner.text("b")


def test_asking_whether_a_key_is_there_does_not_excuse_it() -> None:
    table = Table({"a": 1}, "card.toml")
    assert table.has("a")
    with pytest.raises(LocalMisuse, match="the key 'a' means nothing here"):
        table.done()


def test_the_longest_text_fits_and_one_more_character_does_not() -> None:
    table = Table({"a": "x" * MAX_TEXT, "b": "x" * (MAX_TEXT + 1)}, "card.toml")
    assert len(table.text("a")) == MAX_TEXT
    with pytest.raises(LocalMisuse, match="are the most"):
        table.text("b")


def test_a_long_value_is_cut_in_a_sentence() -> None:
    assert shown("x" * 100) == "'" + "x" * 38 + "…"
    assert shown(10**5000) == "a number of thousands of digits"
