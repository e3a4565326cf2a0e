"""Switches of a relay as people write them: delay=50,cut-after=100."""

from workbench.errors import LocalMisuse
from workbench.lab.relay.names import NAMES
from workbench.lab.relay.running import relay_switches
from workbench.lab.switches import Value, near, parse_switches, turn


def read_switches(text: str, transport: str) -> dict[str, Value]:
    """The switches that a text turns at a relay for "tcp" or "udp"; "" turns none.

    The Lab's own names (delay_ms, cut_after) are understood too.

    Raises: LocalMisuse with the place: no such switch, one of the other transport, or a wrong value.
    """
    is_udp = transport == "udp"
    known = {switch.name: switch for switch in relay_switches(transport)}
    others = relay_switches("tcp" if is_udp else "udp")
    given: dict[str, Value] = {}
    for word, value in parse_switches(text).items():
        start, end = _place(text, word)
        name = NAMES.get(word, word)
        if name in given:
            raise _mistake(f"{word} is given twice", text, start, end)
        if name not in known:
            if any(switch.name == name for switch in others):
                what = f"{word} means nothing to {'datagrams' if is_udp else 'a stream'}"
                raise _mistake(what, text, start, end, "leave it out" if is_udp else "it needs UDP")
            spelled = [option for option, called in NAMES.items() if called in known]
            raise _mistake(f"the relay has no switch {word!r}", text, start, end, near(word, spelled))
        try:
            turned = turn((known[name],), {name: value}, service="the relay")
        except LocalMisuse as misuse:
            if text[end : end + 1] == "=":
                start = end + 1
            advice = misuse.advice.replace(name, word, 1)
            what = misuse.what.replace(name, word, 1)
            raise _mistake(what, text, start, _end(text, start), advice) from misuse
        given[name] = turned.changed.get(name, known[name].default)
    return given


def _place(text: str, word: str) -> tuple[int, int]:
    """Where a switch's name stands: at the beginning or behind a comma."""
    start = 0 if text.startswith(word) and text[len(word) : len(word) + 1] in ("", "=", ",") else -1
    while start < 0 or text[start + len(word) : start + len(word) + 1] not in ("", "=", ","):
        start = text.index("," + word, start + 1) + 1
    return start, start + len(word)


def _end(text: str, at: int) -> int:
    """The end of the value that begins here."""
    comma = text.find(",", at)
    return comma if comma >= 0 else len(text)


def _mistake(what: str, text: str, start: int, end: int, advice: str = "") -> LocalMisuse:
    return LocalMisuse(what, text=text, start=start, end=end, stage="lab", advice=advice)
