"""The judge of certificates: each decision on record, the policy obeyed, keys beside the events."""

import pytest
from OpenSSL import SSL, crypto

from tests.wire.tls.sides import authority
from workbench.transcript.recorder import Transcript
from workbench.wire.tls.certificate import certificate_value
from workbench.wire.tls.setup import pem_certificates
from workbench.wire.tls.values import Policy, TlsOptions
from workbench.wire.tls.watch import MAX_ALERTS, MAX_DECISIONS, NAME_MISMATCH, Watch

CONNECTION = SSL.Connection(SSL.Context(SSL.TLS_CLIENT_METHOD), None)
LEAF: crypto.X509 = pem_certificates(authority().server().chain)[0]


def watch(transcript: Transcript, policy: Policy = "stop", expected: str = "localhost") -> Watch:
    return Watch(transcript.open("c", "tcp"), TlsOptions(untrusted=policy), expected=expected)


@pytest.mark.parametrize(("policy", "goes_on"), [("stop", False), ("show", True)])
def test_the_policy_decides_what_follows_and_not_what_is_seen(policy: Policy, goes_on: bool):
    transcript = Transcript()
    judge = watch(transcript, policy)
    assert judge.on_certificate(CONNECTION, LEAF, 10, 0, 0) is goes_on
    assert judge.refused is not None
    assert (judge.refused.code, judge.refused.sentence) == (10, "certificate has expired")
    assert judge.name_matched is True
    assert transcript[0].values["accepted"] is False
    transcript.close()


def test_a_name_that_openssl_let_pass_is_refused_all_the_same():
    transcript = Transcript()
    judge = watch(transcript, expected="other.test")
    assert judge.on_certificate(CONNECTION, LEAF, 0, 0, 1) is False
    assert judge.refused is not None
    assert judge.refused.code == NAME_MISMATCH
    assert "DNS:localhost" in judge.refused.sentence
    transcript.close()


def test_a_chain_without_end_is_stopped_whatever_the_policy():
    transcript = Transcript()
    judge = watch(transcript, "show")
    answers = [judge.on_certificate(CONNECTION, LEAF, 0, 1, 1) for _ in range(MAX_DECISIONS + 1)]
    assert answers == [True] * MAX_DECISIONS + [False]
    transcript.close()


def test_alerts_keep_their_sender_and_a_close_notify_is_no_failure():
    transcript = Transcript()
    judge = watch(transcript)
    judge.on_alert("us", 2, 48)
    judge.on_alert("peer", 1, 0)
    assert judge.fatal_from_peer is None
    judge.on_alert("peer", 2, 40)
    assert judge.fatal_from_peer is not None
    assert judge.fatal_from_peer.name == "handshake_failure"
    assert [event.values["by"] for event in transcript.events()] == ["us", "peer", "peer"]
    transcript.close()


def test_keys_are_kept_beside_the_events():
    transcript = Transcript()
    judge = watch(transcript)
    judge.on_key(b"CLIENT_RANDOM 00 11")
    assert transcript.key_log == ["CLIENT_RANDOM 00 11"]
    assert judge.keylog == [b"CLIENT_RANDOM 00 11"]
    assert len(transcript) == 0
    transcript.close()


def test_a_warning_is_no_end_and_many_of_them_cost_nothing():
    transcript = Transcript()
    judge = watch(transcript)
    for _ in range(MAX_ALERTS + 50):
        judge.on_alert("peer", 1, 112)
    assert judge.fatal_from_peer is None
    assert len(judge.alerts) == MAX_ALERTS
    assert len(transcript) == MAX_ALERTS + 50
    judge.on_alert("us", 2, 10)
    assert judge.fatal_from_peer is None
    judge.on_alert("peer", 2, 40)
    assert judge.fatal_from_peer is not None
    assert judge.fatal_from_peer.name == "handshake_failure"
    transcript.close()


def test_what_was_looked_at_is_known_once_each_the_peers_own_first():
    transcript = Transcript()
    judge = watch(transcript)
    root = pem_certificates(authority().certificate)[0]
    for certificate, depth in ((root, 1), (LEAF, 0), (LEAF, 0)):
        judge.on_certificate(CONNECTION, certificate, 20, depth, 0)
    shown = [certificate_value(each).subject for each in judge.judged]
    assert shown == ["CN=a server of the Lab", "CN=the tests' authority"]
    transcript.close()
