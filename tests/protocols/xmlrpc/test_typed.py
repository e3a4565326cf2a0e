"""Arguments as people type them: JSON, else a string, or the type that they chose."""

import pytest

from workbench.errors import LocalMisuse
from workbench.protocols.xmlrpc.typed import read_argument
from workbench.protocols.xmlrpc.values import Value


@pytest.mark.parametrize(
    ("text", "type_", "value"),
    [
        ("2", "", Value("int", 2)),
        ("2147483648", "", Value("i8", 2**31)),
        ("2.5", "", Value("double", 2.5)),
        ("true", "", Value("boolean", True)),
        ("null", "", Value("nil", None)),
        ('"2"', "", Value("string", "2")),
        ("hello world", "", Value("string", "hello world")),
        ("[1, []]", "", Value("array", (Value("int", 1), Value("array", ())))),
        ('{"a": 1}', "", Value("struct", (("a", Value("int", 1)),))),
        ('{"$base64": "AAEC"}', "", Value("base64", b"\0\1\2")),
        ('{"$dateTime": "20261123T10:00:00"}', "", Value("dateTime.iso8601", "20261123T10:00:00")),
        ('{"$i8": 1}', "", Value("i8", 1)),
        ('{"$string": "x"}', "", Value("string", "x")),
        ("2", "string", Value("string", "2")),
        ("2", "double", Value("double", 2.0)),
        ("0", "boolean", Value("boolean", False)),
        ("", "nil", Value("nil", None)),
        ("[]", "array", Value("array", ())),
    ],
)
def test_what_a_text_means(text: str, type_: str, value: Value) -> None:
    assert read_argument(text, type_) == value


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("two", "int"),
        ("2147483648", "int"),
        ("99999999999999999999", ""),
        ("NaN", ""),
        ("nan", "double"),
        ("yes", "boolean"),
        ("today", "dateTime.iso8601"),
        ("?", "base64"),
        ("x", "nil"),
        ("{", "struct"),
        ("[]", "struct"),
        ("x", "widget"),
        ("a\x01", ""),
        ("[" * 100 + "]" * 100, ""),
        ("[" * 100_000, "array"),
    ],
)
def test_what_can_not_be_meant_is_refused(text: str, type_: str) -> None:
    with pytest.raises(LocalMisuse):
        read_argument(text, type_)
