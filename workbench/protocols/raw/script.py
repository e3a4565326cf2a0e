"""Scripts that send and expect: a conversation with its expectations, as a text that people write and keep.

    # one statement a line; a text is a payload with macros (formats.macro)
    timeout 5s                          for every expectation that names no time of its own (10 s)
    seed 7                              makes ${random} and ${uuid} the same each time
    expect "220 "                       these octets come, wherever the reads cut them; what stands before them passes
    expect hex 0d 0a                    within 2s
    expect regex "^250[ -]SIZE (\\d+)" within 2s
    expect nothing for 500ms
    send "EHLO client.example\\r\\n"
    send hex de ad be ef
    repeat 3 every 100ms                the lines up to `end`, so many times
      send "${counter}\\r\\n"
    end
    wait 200ms
    starttls                            TLS from here on
    guard                               no more is to be sent: our half is finished, a later send fails
    finish                              our half ends (FIN)
    expect end FIN within 5s            the peer's half ends so: FIN, RST, close_notify, truncated, or any
    reset                               RST
    close

A script is read as a whole before anything is sent; a mistake is a LocalMisuse at its place in the text.
"""

from collections.abc import Callable, Iterator
from typing import Final, Literal, NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.macro import Template
from workbench.formats.payload import Piece
from workbench.formats.place import mistake
from workbench.protocols.raw.script_words import Line, Reading, read_lines

Kind = Literal[
    "send", "expect", "silence", "end", "wait", "starttls", "guard", "finish", "reset", "close", "repeat"
]

DEFAULT_TIMEOUT_S: Final = 10.0
MAX_DEPTH: Final = 8
MAX_STEPS: Final = 100_000
"""Steps that a script may come to, repetitions counted: each leaves a result."""
ENDS: Final = ("any", "FIN", "RST", "close_notify", "truncated")
STREAM_ONLY: Final = ("starttls", "guard", "finish", "reset", "end")
"""What datagrams have not."""


class Statement(NamedTuple):
    """One statement. line counts from 1; text: as written.

    template: of send. octets, pattern: what an expectation awaits, the one or the other; seconds: how long it may take,
    or a wait's. end: one of ENDS. times, body: of repeat.
    """

    kind: Kind
    line: int
    start: int
    end_at: int
    text: str
    template: Template | None = None
    octets: bytes = b""
    pattern: object = None
    seconds: float = 0.0
    end: str = "any"
    times: int = 1
    body: "tuple[Statement, ...]" = ()


class Script(NamedTuple):
    """A script that was read. total: steps with all repetitions."""

    source: str
    statements: tuple[Statement, ...]
    seed: int | None
    total: int

    @property
    def starts_tls(self) -> bool:
        """Whether TLS begins in the middle."""
        return any(statement.kind == "starttls" for statement in flat(self.statements))

    def check_transport(self, transport: str) -> None:
        """Raises: LocalMisuse, at its place: a statement that datagrams don't know."""
        if transport != "udp":
            return
        for each in flat(self.statements):
            if each.kind in STREAM_ONLY:
                what = f"{each.text.split()[0]} is for streams: datagrams have no end and no TLS"
                raise mistake(self.source, each.start, each.end_at, what, "leave it out, or take TCP")


def flat(statements: tuple[Statement, ...]) -> Iterator[Statement]:
    """All statements, those of repetitions once."""
    for each in statements:
        yield each
        yield from flat(each.body)


def unrolled(statements: tuple[Statement, ...]) -> Iterator[Statement]:
    """All statements as they are carried out; of repeat only its body, with a wait between two rounds."""
    for each in statements:
        if each.kind != "repeat":
            yield each
            continue
        for number in range(each.times):
            if number and each.seconds:
                yield each._replace(kind="wait", body=())
            yield from unrolled(each.body)


def parse_script(source: str) -> Script:
    """Read a script. Raises: LocalMisuse with the place of the mistake; an empty script is one too."""
    parser = _Parser(source)
    statements = parser.block(0)
    if not statements:
        advice = 'write what to send and to expect, like send "hello\\r\\n"'
        raise mistake(source, 0, 0, "this script says nothing", advice)
    return Script(source, statements, parser.seed, parser.total(statements))


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.lines = read_lines(source)
        self.at = 0
        self.timeout_s = DEFAULT_TIMEOUT_S
        self.seed: int | None = None
        self.opened: list[Line] = []

    def block(self, depth: int) -> tuple[Statement, ...]:
        found: list[Statement] = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            self.at += 1
            reading = Reading(self.source, line)
            word = reading.take("", "")
            if not word.is_quoted and word.text == "end":
                reading.done()
                if not self.opened:
                    raise reading.wrong("nothing is repeated here that could end", "leave it out", word)
                self.opened.pop()
                return tuple(found)
            read = _STATEMENTS.get(word.text) if not word.is_quoted else None
            if read is None:
                what = f"{word.text[:40]!r} is no statement"
                raise reading.wrong(what, f"write one of {', '.join(_STATEMENTS)}", word)
            made = read(self, reading, depth)
            if made is not None:
                found.append(made)
        if self.opened:
            line = self.opened[-1]
            what = "this repeat never ends"
            raise mistake(
                self.source, line.start, line.end, what, "write end on a line behind its last statement"
            )
        return tuple(found)

    def total(self, statements: tuple[Statement, ...]) -> int:
        """Steps with all repetitions. Raises: LocalMisuse: too many."""
        number = 0
        for each in statements:
            times = self.total(each.body) * each.times + (each.times - 1 if each.seconds else 0)
            number += times if each.kind == "repeat" else 1
            if number > MAX_STEPS:
                what = f"this comes to more than {MAX_STEPS} steps"
                raise mistake(self.source, each.start, each.end_at, what, "repeat it less often")
        return number

    # ---- statements

    def made(self, kind: Kind, reading: Reading, **values: object) -> Statement:
        reading.done()
        line = reading.line
        text = self.source[line.start : line.end + (line.words[-1].is_quoted)]
        return Statement(kind, line.number, line.start, line.end, text)._replace(**values)  # type: ignore[arg-type]  # fields of it

    def send(self, reading: Reading, _depth: int) -> Statement:
        return self.made("send", reading, template=reading.template())

    def expect(self, reading: Reading, _depth: int) -> Statement:
        if reading.take_if("end") is not None:
            return self.expect_end(reading)
        if reading.take_if("nothing") is not None:
            if reading.take_if("for") is None:
                raise reading.wrong("for how long?", "write expect nothing for 500ms", reading.next)
            return self.made("silence", reading, seconds=reading.seconds())
        if reading.take_if("regex") is not None:
            _, pattern = reading.pattern()
            return self.made("expect", reading, pattern=pattern, seconds=self.within(reading))
        if reading.take_if("hex") is not None:
            octets = reading.octets()
        else:
            reading.take_if("text")
            octets = self.constant(reading)
        return self.made("expect", reading, octets=octets, seconds=self.within(reading))

    def constant(self, reading: Reading) -> bytes:
        word = reading.next
        template = reading.template()
        if template.has_macros:
            what = "a macro is filled in when something is sent; nobody knows what the peer will make of it"
            raise reading.wrong(what, "write the octets, or a regex", word)
        data = b"".join(part.data for part in template.parts if isinstance(part, Piece))
        if not data:
            raise reading.wrong("nothing is awaited: the text is empty", "write expect nothing for 1s", word)
        return data

    def expect_end(self, reading: Reading) -> Statement:
        word = reading.next
        end = "any"
        if word is not None and word.text != "within":
            if word.text not in ENDS or word.is_quoted:
                raise reading.wrong(f"{word.text[:40]!r} is no end", f"write one of {', '.join(ENDS)}", word)
            end = reading.take("", "").text
        return self.made("end", reading, end=end, seconds=self.within(reading))

    def within(self, reading: Reading) -> float:
        if reading.take_if("within") is not None:
            return reading.seconds()
        return self.timeout_s

    def wait(self, reading: Reading, _depth: int) -> Statement:
        return self.made("wait", reading, seconds=reading.seconds())

    def timeout(self, reading: Reading, _depth: int) -> None:
        self.timeout_s = reading.seconds()
        reading.done()

    def seeded(self, reading: Reading, _depth: int) -> None:
        self.seed = reading.number(0, 999_999_999)
        reading.done()

    def repeat(self, reading: Reading, depth: int) -> Statement:
        if depth + 1 > MAX_DEPTH:
            raise reading.wrong(
                f"more than {MAX_DEPTH} repetitions in each other", "write it with less", reading.next
            )
        count = reading.number(1, MAX_STEPS)
        every_s = reading.seconds() if reading.take_if("every") is not None else 0.0
        made = self.made("repeat", reading, times=count, seconds=every_s)
        self.opened.append(reading.line)
        body = self.block(depth + 1)
        if not body:
            raise mistake(
                self.source, made.start, made.end_at, "nothing is repeated", "write what, before end"
            )
        return made._replace(body=body)


_Read = Callable[[_Parser, Reading, int], Statement | None]


def _plain(kind: Kind) -> _Read:
    def read(parser: _Parser, reading: Reading, _depth: int) -> Statement:
        return parser.made(kind, reading)

    return read


_STATEMENTS: Final[dict[str, _Read]] = {
    "send": _Parser.send,
    "expect": _Parser.expect,
    "wait": _Parser.wait,
    "repeat": _Parser.repeat,
    "timeout": _Parser.timeout,
    "seed": _Parser.seeded,
    "starttls": _plain("starttls"),
    "guard": _plain("guard"),
    "finish": _plain("finish"),
    "reset": _plain("reset"),
    "close": _plain("close"),
}


def place_of(source: str, misuse: LocalMisuse) -> tuple[int, int]:
    """The line and the column, both from 1, of a mistake in a script."""
    start = misuse.start or 0
    return source.count("\n", 0, start) + 1, start - (source.rfind("\n", 0, start) + 1) + 1
