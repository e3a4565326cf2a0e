"""What a person may set, and the sentence for what cannot be."""

from dataclasses import FrozenInstanceError, fields

import pytest

from workbench.settings import Settings, problem_with
from workbench.settings.values import RULES, flat, shown


def test_the_defaults_are_acceptable() -> None:
    for each in fields(Settings):
        assert problem_with(each.name, getattr(Settings(), each.name)) == ""
    assert {each.name for each in fields(Settings)} == {*RULES, "shortcuts"}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("appearance", "blue", 'appearance is "blue", but must be "system", "light" or "dark"'),
        ("appearance", 1, "appearance is 1,"),
        ("appearance", [], "appearance is a list,"),
        ("scale_percent", 49, "a whole number from 50 to 300"),
        ("scale_percent", 301, "a whole number from 50 to 300"),
        ("scale_percent", 100.0, "scale_percent is 100.0,"),
        ("scale_percent", True, "scale_percent is true,"),
        ("scale_percent", "big", 'scale_percent is "big",'),
        pytest.param("scale_percent", 10**5000, "scale_percent is a huge number,", id="huge"),
        ("default_timeout_s", 0, "above 0"),
        ("default_timeout_s", -1.5, "above 0"),
        ("default_timeout_s", float("nan"), "is nan,"),
        ("default_timeout_s", float("inf"), "is inf,"),
        ("default_timeout_s", True, "is true,"),
        ("spool_after_mib", 0, "from 1 to 1024"),
        ("conversation_rows", 2, "from 3 to 60"),
        ("conversation_rows", {"a": 1}, "is a table,"),
        ("shortcuts", "Ctrl+X", "must be a table"),
        ("shortcuts", {"a": 1}, 'the shortcut of "a" is 1, but must be text'),
        ("shortcuts", {"a": {"b": False}}, 'the shortcut of "a.b" is false'),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(name: str, value: object, said: str) -> None:
    problem = problem_with(name, value)
    assert said in problem
    assert problem.isprintable()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("appearance", "dark"),
        ("scale_percent", 200),
        ("default_timeout_s", 5),
        ("default_timeout_s", 0.5),
        ("shortcuts", {"a": ""}),
    ],
)
def test_what_can_be_is_not_complained_of(name: str, value: object) -> None:
    assert problem_with(name, value) == ""


def test_values_are_shown_short_and_harmless() -> None:
    assert shown("x" * 100) == '"' + "x" * 38 + "…"
    assert shown("a\x1b[0m\nb") == '"a?[0m?b"'


def test_tables_in_tables_are_one_id() -> None:
    assert dict(flat({"a": {"b": {"c": 1}, "d": 2}, "e.f": 3})) == {"a.b.c": 1, "a.d": 2, "e.f": 3}
    deep: dict[str, object] = {}
    inner = deep
    for _ in range(100_000):
        inner["a"] = inner = {}
    assert len(list(flat(deep))) == 1


def test_settings_are_replaced_and_not_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().appearance = "dark"  # type: ignore[misc]  # that it cannot be is what this test shows
