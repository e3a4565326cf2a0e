"""From the words of a command line to an exit code: find the noun, find the verb, run it, and end in order.

Exit codes: 0 done; 1 an answer that says no; 2 wrong usage; 3 no answer; 4 a broken answer; 5 this machine; 70 a fault
of the workbench; 130 Ctrl-C, 143 SIGTERM, 141 nobody reads our output any more (128 and the signal's number).
"""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import NoReturn

from workbench import __version__
from workbench.cli.arguments import CommandLine, Verb, near, parse
from workbench.cli.nouns import NOUNS, Noun, find_noun
from workbench.cli.output import STDERR, STDOUT, Output
from workbench.errors import LocalMisuse, WorkbenchError

CLOSED_OUTPUT = 141
INTERRUPTED = 130


def main(argv: Sequence[str]) -> int:
    """Run `workbench ARGV` and return its exit code. Nothing is raised: every failure becomes a sentence and a code."""
    _hold_places()
    output = Output(
        as_json="--json" in _options(argv),
        out=STDOUT if sys.stdout is not None else None,
        err=STDERR if sys.stderr is not None else None,
    )
    try:
        code = _dispatch(CommandLine(argv), output)
    except WorkbenchError as failure:
        code = output.fail(failure)
    except KeyboardInterrupt:
        # CPython remembers an interrupt that came while a string was evaluated (a dataclass being made, at import), and
        # would end `python -m workbench` by the signal although it was caught here; evaluating another one clears that.
        eval("0")
        code = _interrupted(output)
    except Exception as error:  # noqa: BLE001 - the border where our own bugs become a report
        code = _crashed(error, output)
    finally:
        _end_early_lab()
    return _last_word(code, output)


def _interrupted(output: Output) -> int:
    """Ctrl-C where no loop runs, or the second one: in words, and as the document where none was written."""
    if output.as_json and not output.has_document:
        import signal

        from workbench.cli.running import Stopped

        output.fail(Stopped(signal.SIGINT))
    else:
        output.note("workbench: stopped by Ctrl-C")
    return INTERRUPTED


def _hold_places() -> None:
    """Where we were started without input or outputs (`<&-`), no socket or file of ours may take their numbers. Input
    that is closed has nothing in it; closed outputs stay None, and `Output` knows.
    """
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    if sys.stdin is None:
        with suppress(OSError):
            sys.stdin = os.fdopen(0, closefd=False, encoding="utf-8")


def _last_word(code: int, output: Output) -> int:
    """What could not be said changes how it ended: a result that nobody got is no success."""
    if output.fault is not None:
        return output.fail(output.fault)
    return CLOSED_OUTPUT if output.is_closed and code == 0 else code


def _options(argv: Sequence[str]) -> Sequence[str]:
    """The words in which options may stand."""
    return argv[: argv.index("--")] if "--" in argv else argv


def _dispatch(line: CommandLine, output: Output) -> int:
    words = line.words
    if not words or words[0] in ("--help", "-h"):
        from workbench.cli.help import overview

        output.octets(overview(NOUNS))
        return 0
    if words[0] in ("--version", "-V"):
        output.line(f"workbench {__version__}")
        return 0
    noun = find_noun(words[0])
    if noun is None:
        raise _unknown_noun(line)
    if not noun.module:
        _started_elsewhere(noun, line)
    _begin_early_lab(words)
    verbs: tuple[Verb, ...] = import_module(noun.module).VERBS
    verb, start = _find_verb(noun, verbs, line)
    if verb is None:
        from workbench.cli.help import noun_help

        output.octets(noun_help(noun, verbs))
        return 0
    output.schema = verb.schema
    if {"--help", "-h"} & set(_options(words[start:])):
        from workbench.cli.help import verb_help

        output.octets(verb_help(noun, verb))
        return 0
    outcome = verb.run(parse(verb, line, start), output)
    if isinstance(outcome, int):
        return outcome
    from workbench.cli.running import run

    return run(outcome, output)


def _find_verb(noun: Noun, verbs: Sequence[Verb], line: CommandLine) -> tuple[Verb | None, int]:
    """The verb that is meant and where its arguments begin; None where only help is asked for."""
    if len(verbs) == 1 and not verbs[0].name:
        return verbs[0], 1
    names = {verb.name: verb for verb in verbs}
    word = line.words[1] if len(line.words) > 1 else ""
    if word in ("--help", "-h"):
        return None, 1
    if word in names:
        return names[word], 2
    advice = near(word, names) or f"{noun.name} can: {', '.join(names)}"
    what = f"{noun.name} has no verb {word!r}" if word else f"what should {noun.name} do?"
    raise line.mistake(1, what, advice)


def _unknown_noun(line: CommandLine) -> LocalMisuse:
    word = line.words[0]
    names = [noun.name for noun in NOUNS]
    if word.startswith("lab:") or "://" in word or (":" in word and not word.startswith("-")):
        return line.mistake(
            0, f"{word!r} is an address; what should be done with it?", f"workbench socket talk {word}"
        )
    what = f"there is no option {word}" if word.startswith("-") else f"there is no {word!r}"
    return line.mistake(0, what, near(word, names) or f"there are: {', '.join(names)}")


def _started_elsewhere(noun: Noun, line: CommandLine) -> NoReturn:
    """The window and the tour are started by `__main__`, which alone may know Qt."""
    raise LocalMisuse(
        f"{noun.name} is started by `workbench {' '.join(line.words)}` as a program, not from here"
    )


def _crashed(error: Exception, output: Output) -> int:
    import traceback

    output.note("".join(traceback.format_exception(error)).rstrip())
    return output.fail(
        WorkbenchError(
            f"a fault in the workbench itself: {type(error).__name__}: {error}",
            committed="maybe",
            advice="what stands above this line says where; please report it",
        )
    )


def _begin_early_lab(words: Sequence[str]) -> None:
    """A Lab process takes as long to start as our own imports: let both begin now."""
    if any(word.startswith(("lab:", "@lab:", "--relay")) for word in words) and "--help" not in words:
        from workbench.cli.lab_access import begin_early

        begin_early()


def _end_early_lab() -> None:
    access = sys.modules.get("workbench.cli.lab_access")
    if access is not None:
        access.end_early()
