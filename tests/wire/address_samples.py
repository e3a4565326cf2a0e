"""A sample of each fact of workbench.wire.explain_addresses, for the test of the sentences."""

ADDRESS_SAMPLES: dict[str, dict[str, object]] = {
    "service.complete": {"service": "http", "transport": "tcp", "port": 80, "sources": ["system", "IANA"]},
    "service.failed": {"service": "nosuch", "transport": "tcp", "sentence": "nobody knows it"},
    "lookup.started": {"call": "'::1', 80"},
    "lookup.complete": {"results": "[::1]:80", "count": 1},
    "lookup.failed": {"errno": "EAI_ADDRFAMILY", "sentence": "no such address"},
    "ipv6.layer": {
        "layer": "loopback",
        "word": "there",
        "sentence": "it answers",
        "source": "RFC 4291 2.5.3",
    },
    "interfaces.read": {"names": "lo, eth0"},
    "way.found": {"target": "192.0.2.9", "router": "192.0.2.1", "interface": "eth0", "source": "192.0.2.2"},
    "way.missing": {"target": "192.0.2.9", "errno": "ENETUNREACH", "sentence": "no way"},
    "reach.tested": {
        "address": "127.0.0.1:1",
        "word": "refused",
        "sentence": "nobody",
        "source": "RFC 9293 3.5.2",
    },
    "probe.open": {"local": "0.0.0.0:1"},
}
