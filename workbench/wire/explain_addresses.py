"""What the look-ups of services, addresses and routes mean, for `explain`."""

from collections.abc import Callable, Mapping

from workbench.transcript.render import Explanation

Values = Mapping[str, object]


def _service_complete(v: Values) -> Explanation:
    by = {"system": "this system's table", "IANA": "our extract of IANA's registry"}
    sources = v["sources"]
    told = [by.get(str(each), str(each)) for each in sources] if isinstance(sources, list) else []
    return Explanation(
        f"service {v['service']} is {v['port']}/{v['transport']}", f"says {' and '.join(told)}", "services(5)"
    )


def _service_failed(v: Values) -> Explanation:
    return Explanation(f"service {v['service']}/{v['transport']} unknown", str(v["sentence"]), "services(5)")


def _lookup_started(v: Values) -> Explanation:
    return Explanation(f"getaddrinfo({v['call']}) …", "asks the system", "RFC 3493 6.1")


def _lookup_complete(v: Values) -> Explanation:
    count = v["count"]
    text = (
        "one way to connect" if count == 1 else f"{count} ways to connect, in the order in which to try them"
    )
    return Explanation(f"getaddrinfo: {v['results']}", text, "RFC 6724")


def _lookup_failed(v: Values) -> Explanation:
    return Explanation(f"getaddrinfo failed {v['errno']}".rstrip(), str(v["sentence"]), "RFC 3493 6.1")


def _layer(v: Values) -> Explanation:
    return Explanation(f"IPv6, {v['layer']}: {v['word']}", str(v["sentence"]), str(v["source"]))


def _interfaces(v: Values) -> Explanation:
    return Explanation(
        f"interfaces: {v['names']}", "as the system lists them now; nothing was sent", "netdevice(7)"
    )


def _way(v: Values) -> Explanation:
    through = f" through {v['router']}" if v["router"] else " directly"
    return Explanation(
        f"{v['target']}:{through} by {v['interface'] or 'no interface'}, from {v['source']}",
        "what the system would do; nothing was sent",
        "RFC 1122 3.3.1",
    )


def _no_way(v: Values) -> Explanation:
    return Explanation(f"{v['target']}: no way {v['errno']}".rstrip(), str(v["sentence"]), "RFC 1122 3.3.1")


def _reach(v: Values) -> Explanation:
    return Explanation(f"{v['address']}: {v['word']}", str(v["sentence"]), str(v["source"]))


def _probe_open(v: Values) -> Explanation:
    return Explanation(
        f"UDP socket {v['local']} asks for errors",
        "answers of routers come back with the datagram they are about; no root is needed",
        "ip(7)",
    )


ADDRESS_FACTS: dict[str, Callable[[Values], Explanation]] = {
    "service.complete": _service_complete,
    "service.failed": _service_failed,
    "lookup.started": _lookup_started,
    "lookup.complete": _lookup_complete,
    "lookup.failed": _lookup_failed,
    "ipv6.layer": _layer,
    "interfaces.read": _interfaces,
    "way.found": _way,
    "way.missing": _no_way,
    "reach.tested": _reach,
    "probe.open": _probe_open,
}
