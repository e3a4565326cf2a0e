"""Values beside the text: typed from what a person wrote, counted and ordered as each database does."""

import contextlib
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse
from workbench.protocols.sql.parameters import Bound, Parameters, names_of, typed, within
from workbench.protocols.sql.split import split
from workbench.protocols.sql.values import Dialect


def bound(text: str, *given_: str, dialect: Dialect = "sqlite") -> Bound:
    statements = split(text, dialect)
    parameters = Parameters(given_, statements, dialect)
    made = [parameters.bind(one) for one in statements]
    parameters.check_used()
    return made[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("-3", -3),
        ("1.50", 1.5),
        (".5e1", 5.0),
        ("NULL", None),
        ("null", None),
        ("x'00fF'", b"\x00\xff"),
        ("''", ""),
        ("'it''s'", "it's"),
        ("'5'", "5"),
        ("abc", "abc"),
        ("", ""),
        ("99999999999999999999", "99999999999999999999"),
        ("9223372036854775808", "9223372036854775808"),
        ("2026-01-01", "2026-01-01"),
        ("x'0'", "x'0'"),
    ],
)
def test_a_value_is_what_it_looks_like(text: str, value: object):
    made = typed(text)
    assert made.value == value
    assert type(made.value) is type(value)


@given(st.text(max_size=30))
def test_any_text_becomes_a_value(text: str):
    assert typed(f"'{text.replace(chr(39), chr(39) * 2)}'").value == text
    typed(text)


def test_sqlite_gets_them_as_it_numbers_them_itself():
    text = "SELECT ?, ?3, :a, ?, @b, :a, ?1"
    made = bound(text, "1", "2", "3", "4", "a=A", "b=B")
    ours = [one.value for one in made.values]
    theirs = sqlite3.connect(":memory:").execute(text, ours).fetchone()
    # ?1 is the first, ?3 the third of the given; the bare one behind them follows the highest number so far.
    assert (theirs[0], theirs[1], theirs[2], theirs[4]) == (1, 3, "A", "B")
    assert theirs[5] == "A"
    assert theirs[6] == 1


def test_names_become_numbers_for_postgresql_and_places_find_back():
    made = bound("SELECT :long_name::int, $1, :long_name + oops", "5", "long_name=7", dialect="postgresql")
    assert made.text == "SELECT $2::int, $1, $2 + oops"
    assert [one.value for one in made.values] == [5, 7]
    assert made.place(made.text.index("oops")) == "SELECT :long_name::int, $1, :long_name + oops".index(
        "oops"
    )
    outer = within(made, "SELECT * FROM (", ") AS x ORDER BY 1")
    assert outer.place(outer.text.index("oops")) == made.place(made.text.index("oops"))


def test_several_statements_share_the_list():
    statements = split("SELECT ?; SELECT ?, :n", "sqlite")
    parameters = Parameters(("1", "n=N", "2"), statements, "sqlite")
    assert [[one.value for one in parameters.bind(each).values] for each in statements] == [[1], [2, "N"]]
    parameters.check_used()


def test_what_looks_named_is_a_plain_value_where_no_parameter_has_that_name():
    assert [one.value for one in bound("SELECT ?", "a=b").values] == ["a=b"]


@pytest.mark.parametrize(
    ("text", "given_", "place"),
    [("SELECT ?, ?", ("1",), (10, 11)), ("SELECT :a", (), (7, 9)), ("SELECT ?0", ("1",), (7, 9))],
)
def test_a_missing_value_is_a_mistake_with_its_place(
    text: str, given_: tuple[str, ...], place: tuple[int, int]
):
    with pytest.raises(LocalMisuse) as caught:
        bound(text, *given_)
    assert (caught.value.start, caught.value.end) == place


def test_one_too_many_is_a_mistake():
    with pytest.raises(LocalMisuse, match="1 value more"):
        bound("SELECT 1", "5")


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_nul_goes_nowhere(dialect: Dialect):
    with pytest.raises(LocalMisuse, match="NUL") as caught:
        bound("SELECT '\0'", dialect=dialect)
    assert caught.value.start == 8
    with pytest.raises(LocalMisuse, match="NUL"):
        bound("SELECT :a", "a=b\0c", dialect=dialect)


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_octets_that_are_no_utf8_go_nowhere(dialect: Dialect):
    """They stand in a command line's words as halves of characters."""
    with pytest.raises(LocalMisuse, match="no UTF-8") as caught:
        bound("SELECT '\udcff'", dialect=dialect)
    assert caught.value.start == 8
    with pytest.raises(LocalMisuse, match="no UTF-8"):
        bound("SELECT :a", "a=b\udcffc", dialect=dialect)


@given(st.text(alphabet="SELECT ?:@$1a;'\"-\n", max_size=40))
@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_any_text_is_bound_or_a_mistake_with_a_place_in_it(dialect: Dialect, text: str):
    for one in split(text, dialect):
        with contextlib.suppress(LocalMisuse):
            made = Parameters(["1"] * 8, (one,), dialect).bind(one)
            assert made.place(len(made.text)) == len(one.text)
            assert len(made.values) >= len(
                {name for name in names_of(one.text, dialect) if name and name.isdigit()}
            )
