"""`--relay SWITCHES`: a relay of the Lab between us and the target, switched as the words say."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.target import Target

if TYPE_CHECKING:
    from workbench.cli.conversation import Conversation
    from workbench.formats.proxy_address import Proxy
    from workbench.lab.switches import Value


class RelayWish(NamedTuple):
    """A relay to go through. switches: those that differ from a relay that changes nothing."""

    switches: "dict[str, Value]"

    def as_dict(self) -> dict[str, object]:
        """What JSON shows of it."""
        return {"switches": dict(self.switches)}

    def resolver(
        self, conversation: "Conversation", proxy: "Proxy | None"
    ) -> Callable[[Target], Awaitable[Target]]:
        """Leads every target to the relay, and the relay to it; a proxy is gone to straight: the relay is behind it."""

        async def lead(target: Target) -> Target:
            if proxy is not None and target == proxy.target:
                return await conversation.resolve(target)
            return await conversation.relayed(target, self.switches)

        return lead


def read_relay(text: str, *, is_udp: bool) -> RelayWish:
    """The relay that a text asks for: "delay=50,cut-after=100", or "" for one that changes nothing.

    Switches are called as `workbench relay` calls them; the Lab's own names (delay_ms, cut_after) are understood too.

    Raises: LocalMisuse with the place: no such switch, one of the other transport, or a wrong value.
    """
    from workbench.cli.relay import OPTIONS
    from workbench.lab.relay.running import relay_switches
    from workbench.lab.switches import near, parse_switches, turn

    names = {option.removeprefix("--"): name for option, name in OPTIONS.items()}
    known = {switch.name: switch for switch in relay_switches("udp" if is_udp else "tcp")}
    others = relay_switches("tcp" if is_udp else "udp")
    given: dict[str, Value] = {}
    for word, value in parse_switches(text).items():
        start, end = _place(text, word)
        name = names.get(word, word)
        if name in given:
            raise _mistake(f"{word} is given twice", text, start, end)
        if name not in known:
            if any(switch.name == name for switch in others):
                what = f"{word} means nothing to {'datagrams' if is_udp else 'a stream'}"
                raise _mistake(what, text, start, end, "leave --udp out" if is_udp else "it needs --udp")
            spelled = [option for option, called in names.items() if called in known]
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
    return RelayWish(given)


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
