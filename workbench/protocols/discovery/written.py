"""How people write a plan's parts: where the group is, when to speak, what else to tell. Mistakes have their place."""

from workbench.errors import LocalMisuse
from workbench.formats.target import Target, parse_target
from workbench.protocols.discovery.values import GAP_S, HOMES, MOST_TIMES, Language, Txt
from workbench.wire.multicast import check_group

MAX_FOR_S = 86_400.0


def read_target(text: str, language: Language) -> Target:
    """GROUP:PORT, [V6GROUP]:PORT, lab:NAME; "" is where the language lives. Raises: LocalMisuse."""
    if not text:
        group, port = HOMES[language]
        return Target("udp", group, port, "", f"{group}:{port}")
    target = parse_target(text)
    if not target.is_lab:
        if target.port is None or target.scheme not in ("tcp", "udp"):
            raise LocalMisuse(
                f"{text[:60]} is no group with a port",
                text=text,
                start=0,
                end=len(text),
                advice="write GROUP:PORT, like 239.255.1.1:5007, or lab:mdns",
            )
        try:
            check_group(target.host)
        except LocalMisuse as error:
            raise LocalMisuse(
                error.what,
                text=text,
                start=text.find(target.host),
                end=text.find(target.host) + len(target.host),
                advice=error.advice,
                source=error.source,
            ) from error
    return target


def read_times(text: str) -> tuple[float, ...]:
    """Seconds with commas between: "0, 1, 3". Raises: LocalMisuse: no such numbers, or too close together."""
    times: list[float] = []
    at = 0
    for piece in text.split(","):
        bare = piece.strip()
        is_number = bare.replace(".", "", 1).isdecimal() and bare.isascii() and len(bare) < 12
        if not is_number or float(bare) > MAX_FOR_S:
            raise LocalMisuse(
                f"{bare[:20]!r} is no number of seconds",
                text=text,
                start=at,
                end=at + len(piece),
                advice="write when to speak, with commas between: 0, 1, 3",
            )
        if times and float(bare) - times[-1] < GAP_S:
            raise LocalMisuse(
                f"each time comes at least {GAP_S:g} s after the one before",
                text=text,
                start=at,
                end=at + len(piece),
                advice="what is sent to a group costs everybody in it a moment",
            )
        times.append(float(bare))
        at += len(piece) + 1
    if len(times) > MOST_TIMES:
        raise LocalMisuse(f"at most {MOST_TIMES} times can be given", text=text, start=0, end=len(text))
    return tuple(times)


def read_txt(text: str) -> Txt:
    """NAME=VALUE. Raises: LocalMisuse."""
    name, equals, value = text.partition("=")
    if not equals or not name or not name.isascii() or not name.isprintable():
        raise LocalMisuse(
            f"{text[:40]!r} is no NAME=VALUE",
            text=text,
            start=0,
            end=max(1, len(name)),
            source="RFC 6763 section 6.4",
        )
    return Txt(name, value)
