"""Automatic replies: any number of rules, each a pattern and what is done when it is heard, as a text that people keep.

    on connect                      once, as soon as somebody is there
      reply "220 ready ${counter}\\r\\n"
    on "PING\\r\\n"                  these octets, wherever the reads cut them
      delay 200ms                   before the reply
      reply "PONG\\r\\n"
    on hex 01 02
      reply hex 06
    on regex "(?i)^quit.*\\r\\n"
      reply "221 bye\\r\\n"
      then finish                   keep (if nothing is said), finish (FIN), reset (RST) or close

Of a stream the earliest match in what was not answered yet counts; of two at one place the upper rule. What stands up
to the end of a match is answered by it. A datagram is looked at alone, and one rule answers it. Replies are payloads
with macros, whose counters go on over all connections.

A person's pattern can't stop the loop: one that takes too long is off for the rest of that connection, and that is
recorded. A peer that makes us answer more than it takes waits: nothing piles up here.
"""

import asyncio
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from workbench.errors import LinkLost, LocalMisuse
from workbench.formats.macro import Template
from workbench.formats.macro_run import Run
from workbench.formats.payload import Piece
from workbench.formats.place import mistake
from workbench.protocols.raw.link import Link
from workbench.protocols.raw.script_words import Reading, Word, read_lines
from workbench.protocols.raw.serve import DatagramWatcher
from workbench.transcript.recorder import Channel
from workbench.wire.datagram import Datagram, Received

Then = Literal["keep", "finish", "reset", "close"]

REMEMBERED: Final = 64 * 1024
"""Octets without an answer that a pattern can look back over."""
PATTERN_TIMEOUT_S: Final = 0.004
"""For one look: what takes longer would be felt in the window."""
MAX_RULES: Final = 500
MAX_DELAY_S: Final = 60.0
MAX_LATE: Final = 1000
"""Datagrams whose answer is delayed; of more at once the answer is left out, as a network would."""
_THENS: Final = ("keep", "finish", "reset", "close")
_WORDS: Final = "on, reply, delay or then"


class Rule(NamedTuple):
    """One rule. number counts from 1; when: its condition as written; octets, pattern: the one or the other."""

    number: int
    line: int
    start: int
    end: int
    when: str
    on_connect: bool = False
    octets: bytes = b""
    pattern: object = None
    reply: Template | None = None
    delay_s: float = 0.0
    then: Then = "keep"


class Deed(NamedTuple):
    """What a rule does now. data: None for no reply."""

    rule: Rule
    data: bytes | None


class Rules:
    """Rules in force, for any number of connections: what `Server` and `serve_rules` take as their reply.

    Args:
        source: as written. rules: in their order. run: counters and chance of the replies.
    """

    def __init__(self, source: str, rules: Sequence[Rule], run: Run | None = None) -> None:
        self.source = source
        self.rules = tuple(rules)
        self.run = run or Run()
        self.matched: dict[int, int] = {}
        """How often each rule answered, by its number."""

    def check_transport(self, transport: str) -> None:
        """Raises: LocalMisuse, at its place: a rule that datagrams can't follow."""
        for rule in self.rules if transport == "udp" else ():
            if rule.then != "keep" or rule.on_connect:
                what = "datagrams have no connection that could begin or end"
                raise mistake(self.source, rule.start, rule.end, what, "leave it out, or listen by TCP")

    def hearing(self, channel: Channel | None = None) -> "Hearing":
        """Ears for one connection. channel: where it is recorded which rule matched."""
        return Hearing(self, channel)

    def answer(self, data: bytes) -> bytes | None:
        """The reply to one message, without its delay; None for silence."""
        hearing = self.hearing()
        hearing.hear(data)
        deed = hearing.next()
        return deed.data if deed is not None else None

    async def converse(self, link: Link) -> None:
        """Answer one connection until it ends, or a rule ends it. Raises: as Link.read and send."""
        hearing = self.hearing(link.stream.channel)
        for rule in self.rules:
            greeting = hearing.made(rule) if rule.on_connect else None
            if greeting is not None and not await self._do(link, greeting):
                return
        while data := await link.read():
            hearing.hear(data)
            while (deed := hearing.next()) is not None:
                if not await self._do(link, deed):
                    return

    async def _do(self, link: Link, deed: Deed) -> bool:
        """Carry one out; False when this connection is to be given back."""
        rule = deed.rule
        if rule.delay_s:
            await asyncio.sleep(rule.delay_s)
        if deed.data:
            await link.send(deed.data)
        if rule.then == "finish":
            await link.stream.finish()
            # Nothing more can be answered; what still comes is heard to its end.
            while await link.read():
                pass
        elif rule.then == "reset":
            link.stream.abort()
        return rule.then == "keep"


class Hearing:
    """What one connection said and nobody answered yet."""

    def __init__(self, rules: Rules, channel: Channel | None) -> None:
        self._rules = rules
        self._channel = channel
        self._window = b""
        self._at = 0
        self._off: set[int] = set()
        self._found: dict[int, tuple[int, int] | None] = {}

    def hear(self, data: bytes) -> None:
        """Take the next octets."""
        rest = self._window[self._at :]
        self._window = rest[max(0, len(rest) - REMEMBERED) :] + data
        self._at = 0
        self._found = {}

    def next(self) -> Deed | None:
        """What is to be done next; None until more is heard."""
        while True:
            best: tuple[int, int, Rule] | None = None
            for rule in self._rules.rules:
                if rule.on_connect or rule.number in self._off:
                    continue
                place = self._place(rule)
                if place is not None and (best is None or place[0] < best[0]):
                    best = (*place, rule)
            if best is None:
                return None
            self._at = best[1]
            if (deed := self.made(best[2])) is not None:
                return deed

    def made(self, rule: Rule) -> Deed | None:
        """The deed of a rule that has matched; None when its reply can't be made: then it is off."""
        try:
            data = rule.reply.render(self._rules.run) if rule.reply is not None else None
        except LocalMisuse as misuse:
            self._off.add(rule.number)
            self._fact("rule.off", rule=rule.number, why=misuse.what)
            return None
        self._rules.matched[rule.number] = self._rules.matched.get(rule.number, 0) + 1
        self._fact(
            "rule.matched",
            rule=rule.number,
            when=rule.when,
            delay_ms=round(rule.delay_s * 1000),
            then=rule.then,
        )
        return Deed(rule, data)

    def _place(self, rule: Rule) -> tuple[int, int] | None:
        """Where the rule matches next. Looked for again only when that place was answered, or more has come."""
        if rule.number in self._found:
            known = self._found[rule.number]
            if known is None or known[0] >= self._at:
                return known
        found = self._searched(rule)
        self._found[rule.number] = found
        return found

    def _searched(self, rule: Rule) -> tuple[int, int] | None:
        if rule.pattern is None:
            start = self._window.find(rule.octets, self._at)
            return (start, start + len(rule.octets)) if start >= 0 else None
        try:
            # From where the last answer ended: that is the beginning that ^ means.
            match = rule.pattern.search(self._window[self._at :], timeout=PATTERN_TIMEOUT_S)  # type: ignore[attr-defined]  # of the package regex
        except TimeoutError:
            self._off.add(rule.number)
            self._fact("rule.off", rule=rule.number, why="its pattern takes too long on what came")
            return None
        if match is None or match.start() == match.end():
            return None
        return match.start() + self._at, match.end() + self._at

    def _fact(self, name: str, **values: object) -> None:
        if self._channel is not None:
            self._channel.fact(name, **values)


async def serve_rules(
    socket_: Datagram, rules: Rules, watcher: DatagramWatcher | None = None, *, limit: int | None = None
) -> None:
    """As serve.serve_datagrams, by rules: a delayed answer keeps nobody else waiting.

    Raises: LocalMisuse: a rule is about connections.
    """
    rules.check_transport("udp")
    late: set[asyncio.Task[None]] = set()
    heard = 0
    try:
        while socket_.is_open and (limit is None or heard < limit):
            try:
                received = await socket_.receive()
                heard += 1
                if watcher is not None:
                    watcher.heard(received)
                hearing = rules.hearing(socket_.channel_of(received.source))
                hearing.hear(received.data)
                deed = hearing.next()
                if deed is None or deed.data is None:
                    continue
                if not deed.rule.delay_s:
                    await _reply(socket_, deed, received, watcher)
                elif len(late) < MAX_LATE:
                    task = asyncio.create_task(
                        _reply(socket_, deed, received, watcher), name=f"reply to {received.source}"
                    )
                    late.add(task)
                    task.add_done_callback(late.discard)
            except LinkLost:
                # An ICMP error about an answer of ours: recorded; the others still want theirs.
                continue
        if late:
            await asyncio.wait(tuple(late))
    finally:
        for task in tuple(late):
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


async def _reply(socket_: Datagram, deed: Deed, received: Received, watcher: DatagramWatcher | None) -> None:
    if deed.rule.delay_s:
        await asyncio.sleep(deed.rule.delay_s)
    try:
        await socket_.send(deed.data or b"", received.source)
    except LinkLost:
        return
    if watcher is not None:
        watcher.replied(received)


def parse_rules(source: str) -> Rules:
    """Read rules. Raises: LocalMisuse with the place of the mistake; no rule at all is one too."""
    rules: list[Rule] = []
    for line in read_lines(source):
        reading = Reading(source, line)
        word = reading.take("", "")
        if word.is_quoted or word.text not in ("on", "reply", "delay", "then"):
            raise reading.wrong(f"{word.text[:40]!r} begins no line of a rule", f"write {_WORDS}", word)
        if word.text == "on":
            _check_does(source, rules)
            if len(rules) >= MAX_RULES:
                raise reading.wrong(f"more than {MAX_RULES} rules", "one regex can stand for several", word)
            rules.append(_condition(source, reading, len(rules) + 1))
        elif not rules:
            raise reading.wrong("this belongs to no rule", 'begin one before it, like on "PING"', word)
        else:
            rules[-1] = _completed(reading, word, rules[-1])
        reading.done()
    _check_does(source, rules)
    if not rules:
        raise mistake(
            source, 0, 0, "there is no rule here", 'write one, like on "PING" and below it reply "PONG"'
        )
    return Rules(source, rules)


def _condition(source: str, reading: Reading, number: int) -> Rule:
    line = reading.line
    quote = line.words[-1].is_quoted
    when = (
        source[line.words[1].start - line.words[1].is_quoted : line.end + quote]
        if len(line.words) > 1
        else ""
    )
    rule = Rule(number, line.number, line.start, line.end, when)
    if reading.take_if("connect") is not None:
        return rule._replace(on_connect=True)
    if reading.take_if("regex") is not None:
        return rule._replace(pattern=reading.pattern()[1])
    if reading.take_if("hex") is not None:
        return rule._replace(octets=_some(reading, reading.octets()))
    reading.take_if("text")
    word = reading.next
    template = reading.template()
    if template.has_macros:
        raise reading.wrong("a macro is filled in when something is sent", "write a regex instead", word)
    data = b"".join(part.data for part in template.parts if isinstance(part, Piece))
    return rule._replace(octets=_some(reading, data))


def _some(reading: Reading, data: bytes) -> bytes:
    if not data:
        raise reading.wrong(
            "nothing is listened for: this matches everything", "write octets", reading.line.words[-1]
        )
    return data


def _completed(reading: Reading, word: Word, rule: Rule) -> Rule:
    if word.text == "reply":
        if rule.reply is not None:
            raise reading.wrong("this rule has a reply already", "put both into one text", word)
        return rule._replace(reply=reading.template())
    if word.text == "delay":
        place = reading.next
        seconds = reading.seconds()
        if seconds > MAX_DELAY_S:
            raise reading.wrong(f"longer than {MAX_DELAY_S:g} s", "nobody waits so long", place)
        return rule._replace(delay_s=seconds)
    place = reading.take("what then?", f"write one of {', '.join(_THENS)}")
    if place.text not in _THENS or place.is_quoted:
        raise reading.wrong(f"{place.text[:40]!r} is no end", f"write one of {', '.join(_THENS)}", place)
    return rule._replace(then=place.text)  # type: ignore[arg-type]  # one of them


def _check_does(source: str, rules: list[Rule]) -> None:
    """Raises: LocalMisuse: the last rule does nothing."""
    if rules and rules[-1].reply is None and rules[-1].then == "keep":
        rule = rules[-1]
        raise mistake(source, rule.start, rule.end, "this rule does nothing", "write reply or then below it")
