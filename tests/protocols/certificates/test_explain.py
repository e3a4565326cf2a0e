"""OpenSSL's reasons in plain words: each with its section, none left with a gap."""

from typing import get_args

import pytest

from workbench.protocols.certificates.explain import CODES, explained
from workbench.protocols.certificates.values import ReasonKind

KINDS = set(get_args(ReasonKind))
OURS = {"none-shown", "damaged", "other"}
"""Reasons that no code of OpenSSL has."""


@pytest.mark.parametrize("code", CODES)
def test_each_code_has_its_sentence_and_section(code: int):
    kind, sentence, advice, source = explained(code, "the certificate (CN=x)", "its words")
    assert kind in KINDS - OURS
    assert "{}" not in sentence
    assert not sentence.endswith(".")
    assert not advice.endswith(".")
    assert source.startswith("RFC ")


def test_every_kind_is_reached_by_a_code():
    assert {kind for kind, _, _, _ in CODES.values()} == KINDS - OURS


def test_what_has_no_line_keeps_openssls_words():
    assert explained(12345, "the certificate", "something new")[:2] == (
        "other",
        "the certificate: something new",
    )
