"""One of each fact that TLS records, as the code records it."""

TLS_SAMPLES: dict[str, dict[str, object]] = {
    "tls.discarded": {"octets": 5, "hex": "68656c6c6f"},
    "tls.started": {
        "role": "client",
        "server_name": "localhost",
        "sni": "localhost",
        "alpn": [],
        "untrusted": "stop",
    },
    "tls.certificate": {"depth": 0, "subject": "CN=x", "accepted": False, "code": 10, "sentence": "expired"},
    "tls.alert": {
        "by": "us",
        "level": "fatal",
        "number": 48,
        "alert": "unknown_ca",
        "sentence": "nobody it trusts",
    },
    "tls.chain": {"sent": [{"subject": "CN=x"}], "verified": []},
    "tls.complete": {
        "role": "client",
        "version": "TLSv1.3",
        "cipher": "TLS_AES_128_GCM_SHA256",
        "resumed": False,
        "trusted": True,
        "reason": "",
    },
    "tls.failed": {"stage": "tls", "what": "the handshake failed"},
    "tls.finished": {},
    "tls.finish.failed": {},
    "tls.end": {"kind": "close_notify", "by": "peer", "sentence": "the peer finished"},
}
