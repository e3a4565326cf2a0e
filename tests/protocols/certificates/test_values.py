"""What documents say of a judgement."""

import pytest

from tests.protocols.certificates.authorities import ROOT
from workbench.protocols.certificates.values import NOT_CHECKED, Judgement, Reason


@pytest.mark.covers("C15.35")
def test_a_judgement_says_what_was_not_checked_and_never_that_all_is_well():
    accepted = Judgement(True, (), ROOT.store())
    assert accepted.as_dict()["not_checked"] == list(NOT_CHECKED)
    assert len(NOT_CHECKED) >= 3
    refused = Judgement(False, (Reason("expired", 10, 0, "CN=x", "it has expired"),), ROOT.store())
    assert refused.sentence == "it has expired"
    assert refused.as_dict()["reasons"][0]["advice"] is None  # type: ignore[index]  # a list of dictionaries
    for judgement in (accepted, refused):
        assert "secure" not in judgement.sentence
        assert "safe" not in judgement.sentence
