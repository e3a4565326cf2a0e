"""When TLS begins, and what is dialled."""

import pytest

from workbench.formats.target import Target, parse_target
from workbench.protocols.sasl.security import begins_with_tls, place_of
from workbench.protocols.sasl.values import Security


@pytest.mark.parametrize(
    ("text", "security", "expected"),
    [
        ("smtps://a", "auto", True),
        ("imaps://a", "auto", True),
        ("pop3s://a:1995", "auto", True),
        ("a:465", "auto", True),
        ("a:993", "auto", True),
        ("smtp://a", "auto", False),
        ("lab:smtp", "auto", False),
        ("smtp://a", "tls", True),
        ("smtps://a", "starttls", False),
        ("smtps://a", "plain", False),
    ],
)
def test_scheme_and_port_say_when_tls_begins(text: str, security: Security, expected: bool):
    assert begins_with_tls(parse_target(text), security) is expected


def test_a_folder_in_an_address_is_none_of_the_wires_business():
    assert place_of(parse_target("imap://a/INBOX"), 143) == Target("tcp", "a", 143)
    assert place_of(parse_target("lab:imap/INBOX"), 143) == Target("lab", "imap", None)
    assert place_of(Target("imap", "a", None), 143).port == 143
