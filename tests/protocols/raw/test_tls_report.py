"""A handshake read back from the record: whole, half-way, of the right channel, and none."""

from workbench.protocols.raw.tls_report import tls_report
from workbench.transcript.recorder import Transcript

CERTIFICATE = {"subject": "CN=peer", "issuer": "CN=root"}
AGREED = {
    "version": "TLSv1.3",
    "cipher": "TLS_AES_128_GCM_SHA256",
    "bits": 128,
    "group": "x25519",
    "alpn": "h2",
    "sni": "peer.test",
    "resumed": False,
}


def started(channel) -> int:
    return channel.fact(
        "tls.started", role="client", server_name="peer.test", sni="peer.test", untrusted="stop"
    )


def test_a_whole_handshake_says_who_was_verified():
    transcript = Transcript()
    channel, other = transcript.open("a", "tcp"), transcript.open("b", "tcp")
    channel.fact("tls.discarded", octets=7, hex="00")
    started(channel)
    other.fact("tls.alert", by="peer", alert="no concern of ours", number=1, level="fatal", sentence="")
    channel.fact("tls.certificate", depth=0, subject="CN=peer", accepted=True, code=0, sentence="accepted")
    channel.fact("tls.chain", sent=[CERTIFICATE], verified=[CERTIFICATE, CERTIFICATE])
    channel.fact("tls.complete", **AGREED, trusted=True, reason="", name_matched=True)
    report = tls_report(transcript, channel.number, 0)
    assert report is not None
    assert (len(report.sent), len(report.verified), len(report.decisions), report.alerts) == (1, 2, 1, ())
    assert report.verdict == "peer.test is verified"
    shown = report.as_dict()
    assert {name: shown[name] for name in AGREED} == AGREED
    assert (shown["trusted"], shown["reason"], shown["name_matched"]) == (True, "", True)
    assert (shown["server_name"], shown["untrusted"], len(shown["decisions"])) == ("peer.test", "stop", 1)
    assert report.sentence == (
        "TLSv1.3 TLS_AES_128_GCM_SHA256; peer.test is verified; ALPN h2; "
        "7 octets in clear came before and were discarded"
    )
    transcript.close()


def test_one_that_was_stopped_tells_why_and_shows_what_was_seen():
    transcript = Transcript()
    channel = transcript.open("a", "tcp")
    first = started(channel)
    channel.fact("tls.chain", sent=[CERTIFICATE], verified=[])
    channel.fact("tls.failed", kind="Untrusted", what="it has expired", stage="tls")
    report = tls_report(transcript, channel.number, first)
    assert report is not None
    assert (report.trusted, report.failure, report.version) == (False, "it has expired", "")
    assert report.verdict == "peer.test is NOT verified: it has expired"
    shown = report.as_dict()
    assert (shown["trusted"], shown["reason"]) == (False, "it has expired")
    assert shown["version"] is shown["resumed"] is shown["name_matched"] is None
    assert (shown["sent"], shown["verified"]) == ([CERTIFICATE], [])
    transcript.close()


def test_a_server_whose_client_showed_nothing_verified_nobody():
    transcript = Transcript()
    channel = transcript.open("a", "tcp")
    channel.fact("tls.started", role="server", server_name="", sni="", untrusted="stop")
    channel.fact("tls.complete", **{**AGREED, "alpn": ""}, trusted=None, reason="", name_matched=None)
    report = tls_report(transcript, channel.number, 0)
    assert report is not None
    assert report.verdict == "the client showed no certificate, and need not"
    transcript.close()


def test_without_a_handshake_there_is_no_report():
    transcript = Transcript()
    channel = transcript.open("a", "tcp")
    after = started(channel) + 1
    assert tls_report(transcript, channel.number, after) is None
    transcript.close()
