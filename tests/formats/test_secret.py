"""A password in an address: taken out of it, whatever stands around it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.formats.secret import split_password, without_password


@pytest.mark.parametrize(
    ("text", "without", "password"),
    [
        ("postgresql://anna:geheim@h/d", "postgresql://anna@h/d", "geheim"),
        ("postgresql://anna:a@b@h/d", "postgresql://anna@h/d", "a@b"),
        ("postgresql://anna:a/b@h", "postgresql://anna@h", "a/b"),
        ("postgresql://anna:@h", "postgresql://anna@h", ""),
        ("postgresql://h/d?password=x&sslmode=require", "postgresql://h/d?sslmode=require", "x"),
        ("postgresql://h/d?sslmode=require&password=x", "postgresql://h/d?sslmode=require", "x"),
        ("postgresql://h:5432/x@y", "postgresql://h:5432/x@y", ""),
        ("sqlite:/a:b@c", "sqlite:/a:b@c", ""),
        ("lab:sql", "lab:sql", ""),
        ("[::1]:80", "[::1]:80", ""),
    ],
)
def test_it_is_split_off(text: str, without: str, password: str):
    assert split_password(text) == (without, password)


@given(st.text(alphabet="abc@:%!$ü", min_size=3, max_size=12))
def test_no_password_stays_in_the_address(password: str):
    marked = f"{password}Z"
    text = f"postgresql://anna:{marked}@host/d"
    assert split_password(text) == ("postgresql://anna@host/d", marked)
    assert "Z" not in without_password(text)


@pytest.mark.parametrize(
    "typed", ["postgresql://anna:gehe", "postgresql://anna:gehe/x", "postgresql://anna:ge@he"]
)
def test_one_that_is_still_being_typed_is_kept_nowhere(typed: str):
    assert "ge" not in without_password(typed).replace("postgresql", "")


@given(st.text(max_size=60))
def test_any_text_is_survived(text: str):
    assert len(without_password(text)) <= len(text)
    split_password(text)
