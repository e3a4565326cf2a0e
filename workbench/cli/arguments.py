"""Command lines: verbs and their arguments as data, read strictly, the place of every mistake known.

Not argparse, because a mistake here is a value (LocalMisuse with its place, as JSON where asked) and not a printed
line and an exit; because options of different names must keep their order (`--send A --send-hex 0d --send B`); and
because a verb starts some milliseconds earlier without it. An option is `--name VALUE` or `--name=VALUE`, in full, in
any order with the others; `--` ends the options.
"""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from workbench.errors import LocalMisuse

if TYPE_CHECKING:
    from workbench.cli.output import Output

T = TypeVar("T")


class Argument(NamedTuple):
    """One argument of a verb.

    name: "--timeout" for an option, "TARGET" for one that is known by its position.
    what: one line of help. value: what stands for an option's value in the help ("S"); "" for a flag.
    read: turns the text into a value; raises LocalMisuse with the place in that text.
    default: the value when it is not given. many: may be given several times; its value is a tuple, () for none.
    needed: a positional that must be there. joins: the name of another option in whose list this one's values go,
    so that the order of both is kept; that other one is `many`.
    """

    name: str
    what: str
    value: str = ""
    read: Callable[[str], Any] | None = None
    default: Any = None
    many: bool = False
    needed: bool = True
    joins: str = ""

    @property
    def is_option(self) -> bool:
        """Whether it is given by name."""
        return self.name.startswith("--")


class Parsed:
    """The values of one command line, by the argument's name; every declared argument has one."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def given(self, name: str) -> bool:
        """Whether an option was given, of a verb that may have it: any value, or the flag."""
        return self._values.get(name) not in (None, False, ())

    def flag(self, name: str) -> bool:
        """Whether a flag was given."""
        return self._values.get(name) is True


class Verb(NamedTuple):
    """One command.

    name: "talk"; "" where the noun is its own verb. schema: of its documents, "socket.talk/1".
    run: takes Parsed and Output; returns the exit code or a coroutine that does. more: further help, examples.
    """

    name: str
    what: str
    schema: str
    arguments: tuple[Argument, ...]
    run: "Callable[[Parsed, Output], int | Coroutine[Any, Any, int]]"
    more: str = ""


HELP = Argument("--help", "show this")


class CommandLine:
    """The words after `workbench`, able to point at one of them."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)

    def mistake(self, index: int, what: str, advice: str = "") -> LocalMisuse:
        """A LocalMisuse at the word of this index; an index behind the last one says that something is missing."""
        import shlex

        shown = [shlex.quote(word) for word in ("workbench", *self.words)]
        index += 1
        start = sum(len(word) + 1 for word in shown[:index])
        text = " ".join(shown)
        if index >= len(shown):
            return LocalMisuse(what, text=text, start=len(text), end=len(text), advice=advice)
        return LocalMisuse(what, text=text, start=start, end=start + len(shown[index]), advice=advice)


def parse(verb: Verb, line: CommandLine, start: int) -> Parsed:
    """The values of a command line's words from `start` on.

    Raises: LocalMisuse with the place of the mistake, in the command line or in the one value that is wrong.
    """
    return _Reading(verb, line, start).parsed()


class _Reading:
    def __init__(self, verb: Verb, line: CommandLine, start: int) -> None:
        self._verb = verb
        self._line = line
        self._place = start
        self._options = {argument.name: argument for argument in verb.arguments if argument.is_option}
        self._positional = [argument for argument in verb.arguments if not argument.is_option]
        self._values: dict[str, Any] = {
            argument.name: () if argument.many else argument.default
            for argument in verb.arguments
            if not argument.joins
        }
        self._given: set[str] = set()

    def parsed(self) -> Parsed:
        words = self._line.words
        only_positional = False
        while self._place < len(words):
            word = words[self._place]
            if word == "--" and not only_positional:
                only_positional = True
            elif word.startswith("-") and word != "-" and not only_positional:
                self._option(word)
            else:
                self._position(word)
            self._place += 1
        for argument in self._positional:
            if argument.needed and argument.name not in self._given:
                raise self._line.mistake(len(words), f"{argument.name} is missing", argument.what)
        return Parsed(self._values)

    def _option(self, word: str) -> None:
        name, equals, text = word.partition("=")
        option = self._options.get(name)
        if option is None:
            raise self._unknown(name)
        if option.name in self._given and not (option.many or option.joins):
            raise self._line.mistake(self._place, f"{name} is given twice")
        self._given.add(name)
        if not option.value:
            if equals:
                raise self._line.mistake(self._place, f"{name} takes no value")
            self._values[name] = True
            return
        self._take(option, text if equals else self._following(option))

    def _following(self, option: Argument) -> str:
        words = self._line.words
        if self._place + 1 == len(words):
            raise self._line.mistake(len(words), f"{option.name} needs a value", _described(option))
        text = words[self._place + 1]
        # A forgotten value would else swallow the next option; any other text may begin with a hyphen.
        if text.partition("=")[0] in self._options:
            advice = f"to give this very text as the value write {option.name}={text}"
            raise self._line.mistake(self._place + 1, f"{option.name} needs a value before {text}", advice)
        self._place += 1
        return text

    def _position(self, word: str) -> None:
        for argument in self._positional:
            if argument.many or argument.name not in self._given:
                self._given.add(argument.name)
                self._take(argument, word)
                return
        raise self._line.mistake(self._place, "this is one argument too many", _usage_advice(self._verb))

    def _take(self, argument: Argument, text: str) -> None:
        value = reading(argument.name, text, argument.read) if argument.read is not None else text
        into = argument.joins or argument.name
        if argument.many or argument.joins:
            self._values[into] = (*self._values[into], value)
        else:
            self._values[into] = value

    def _unknown(self, name: str) -> LocalMisuse:
        advice = near(name, self._options)
        if name.startswith("-") and not name.startswith("--"):
            advice = advice or "options are written in full, with two hyphens"
        return self._line.mistake(
            self._place, f"there is no option {name} here", advice or _usage_advice(self._verb)
        )


def reading(name: str, text: str, read: Callable[[str], T]) -> T:
    """What `read` makes of an argument's text; a mistake says which argument it is in, and where.

    For values that depend on other arguments, and can't be read before all are known, a verb calls this itself.
    """
    try:
        return read(text)
    except LocalMisuse as misuse:
        raise in_argument(name, text, misuse) from misuse


def in_argument(name: str, text: str, misuse: LocalMisuse) -> LocalMisuse:
    """The same mistake, which says that it is in this argument; where no place is known, all of the text is wrong."""
    known = misuse.start is not None
    return LocalMisuse(
        f"{name}: {misuse.what}" if name.startswith("--") else misuse.what,
        text=misuse.text if known else text,
        start=misuse.start if known else 0,
        end=misuse.end if known else len(text),
        stage=misuse.stage,
        advice=misuse.advice,
        source=misuse.source,
    )


def _described(option: Argument) -> str:
    return f"{option.name} {option.value}: {option.what}"


def _usage_advice(verb: Verb) -> str:
    noun = verb.schema.partition("/")[0].replace(".", " ")
    return f"`workbench {noun} --help` shows what there is"


def near(name: str, known: Mapping[str, object] | Sequence[str]) -> str:
    """What may have been meant, as a sentence; "" where nothing is near."""
    import difflib

    close = difflib.get_close_matches(name, list(known), n=3, cutoff=0.6)
    return f"did you mean {' or '.join(close)}?" if close else ""
