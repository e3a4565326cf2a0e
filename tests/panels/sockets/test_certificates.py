"""A handshake as rows: each decision with its reason, both chains, what a stranger wrote made harmless."""

from tests.panels.sockets.test_look import flat
from workbench.panels.sockets.certificates import tls_rows
from workbench.protocols.raw.tls_report import TlsReport

CERTIFICATE = {
    "subject": "CN=peer\u202e\x1b[31m",
    "issuer": "CN=root",
    "serial": "1f",
    "not_before": "2026-01-01T00:00:00Z",
    "not_after": "2027-01-01T00:00:00Z",
    "names": ["DNS:peer.test", "IP:127.0.0.1"],
    "key": "EC secp256r1",
    "sha256": "ab" * 32,
}
REPORT = TlsReport(
    role="client",
    version="TLSv1.3",
    cipher="TLS_AES_256_GCM_SHA384",
    bits=256,
    group="x25519",
    alpn="",
    sni="peer.test",
    expected="peer.test",
    resumed=False,
    trusted=False,
    reason="it has expired",
    sent=(CERTIFICATE,),
    verified=(CERTIFICATE, {"subject": "CN=root", "issuer": "CN=root"}),
    decisions=(
        {"depth": 1, "subject": "CN=root", "accepted": True, "code": 0, "sentence": "accepted"},
        {"depth": 0, "subject": "CN=peer", "accepted": False, "code": 10, "sentence": "it has expired"},
    ),
    alerts=({"by": "us", "alert": "certificate_expired", "number": 45, "level": "fatal", "sentence": "old"},),
    discarded=3,
    failure="",
)


def test_the_verdict_says_why_and_every_decision_stands_with_its_reason():
    rows = flat(tls_rows(REPORT))
    assert (rows["verdict"].kind, rows["verdict"].value) == (
        "bad",
        "peer.test is NOT verified: it has expired",
    )
    assert rows["verdict.discarded"].value == "3 B"
    assert (rows["decision.0"].name, rows["decision.0"].kind) == ("Number 1 of the chain", "good")
    assert (rows["decision.1"].name, rows["decision.1"].value) == (
        "The peer's own",
        "not accepted: it has expired",
    )
    assert rows["alert.0"].value == "certificate_expired (45), fatal"
    assert rows["agreed.alpn"].value == "none"


def test_both_chains_show_each_certificate_whole():
    rows = flat(tls_rows(REPORT))
    assert rows["sent"].value == "1 certificate"
    assert rows["verified"].value == "2 certificates"
    assert rows["sent.0.names"].value == "DNS:peer.test, IP:127.0.0.1"
    assert rows["sent.0.sha256"].value == "ab" * 32
    assert "verified.1" in rows
    assert "\x1b" not in rows["sent.0"].value
    assert "\u202e" not in rows["sent.0"].value


def test_a_handshake_that_failed_half_way_shows_how_far_it_came():
    rows = flat(
        tls_rows(REPORT._replace(version="", cipher="", failure="reset by the peer", alerts=(), sent=()))
    )
    assert rows["verdict"].value == "reset by the peer"
    assert "did not come" in rows["agreed"].value
    assert "agreed.version" not in rows
    assert "sent" not in rows
    assert "alerts" not in rows


def test_a_trusted_peer_is_good_and_a_silent_client_neither():
    assert tls_rows(REPORT._replace(trusted=True))[0].kind == "good"
    assert tls_rows(REPORT._replace(trusted=None))[0].kind == ""
