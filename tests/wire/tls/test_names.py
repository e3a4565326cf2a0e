"""Names of certificates as RFC 9525 matches them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.wire.tls.names import dns_form, is_address, is_named


@pytest.mark.parametrize(
    ("expected", "names", "matches"),
    [
        ("www.example.test", ["DNS:www.example.test"], True),
        ("WWW.Example.TEST", ["DNS:www.example.test"], True),
        ("www.example.test.", ["DNS:www.example.test"], True),
        ("www.example.test", ["DNS:*.example.test"], True),
        ("a.www.example.test", ["DNS:*.example.test"], False),
        ("example.test", ["DNS:*.example.test"], False),
        ("www.example.test", ["DNS:w*.example.test"], False),
        ("www.test", ["DNS:*.test"], False),
        ("www.example.test", ["DNS:*"], False),
        ("bücher.test", ["DNS:xn--bcher-kva.test"], True),
        ("127.0.0.1", ["IP:127.0.0.1"], True),
        ("127.0.0.1", ["DNS:127.0.0.1"], False),
        ("::1", ["IP:0:0:0:0:0:0:0:1"], True),
        ("127.0.0.1", ["IP:::ffff:127.0.0.1"], False),
        ("localhost", [], False),
        ("localhost", ["IP:127.0.0.1", "DNS:localhost"], True),
        ("good.test", ["DNS:good.test\0.evil.test"], False),
    ],
)
def test_a_name_matches_as_the_document_says(expected: str, names: list[str], matches: bool):
    assert is_named(expected, names) is matches


@given(st.text(max_size=30), st.lists(st.text(max_size=30), max_size=3))
def test_any_text_gets_an_answer(expected: str, names: list[str]):
    assert is_named(expected, names) in (True, False)


def test_addresses_and_names_are_told_apart():
    assert is_address("::1")
    assert not is_address("localhost")
    assert dns_form("Bücher.TEST.") == "xn--bcher-kva.test"
