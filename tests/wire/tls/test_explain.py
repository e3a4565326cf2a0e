"""The sentences about TLS say who did what, and what to think of it."""

import pytest

from tests.wire.tls.samples import TLS_SAMPLES
from workbench.wire.tls.explain import TLS_FACTS


def told(name: str, **changes: object) -> str:
    explanation = TLS_FACTS[name]({**TLS_SAMPLES[name], **changes})
    return f"{explanation.what}: {explanation.text}"


@pytest.mark.parametrize("name", TLS_SAMPLES)
def test_every_sentence_has_words_and_a_source(name: str):
    explanation = TLS_FACTS[name](TLS_SAMPLES[name])
    assert explanation.what
    assert explanation.text
    assert explanation.source.startswith("RFC ") or name == "tls.failed"


def test_the_verdict_can_not_be_overlooked():
    assert "is trusted" in told("tls.complete")
    assert "NOT TRUSTED: expired" in told("tls.complete", trusted=False, reason="expired")
    assert "showed nothing" in told("tls.complete", trusted=None)
    assert "resumed" in told("tls.complete", resumed=True)
    assert "NOT ACCEPTED: the peer's certificate" in told("tls.certificate")
    assert "accepted: certificate 2" in told("tls.certificate", accepted=True, depth=2)


def test_an_alert_has_a_sender():
    assert "we said" in told("tls.alert")
    assert "the peer said" in told("tls.alert", by="peer")


def test_roles_and_names_are_told():
    assert "localhost (SNI)" in told("tls.started")
    assert "no SNI" in told("tls.started", sni="")
    assert "waits for the client" in told("tls.started", role="server")
    assert "1 certificate" in told("tls.chain")
