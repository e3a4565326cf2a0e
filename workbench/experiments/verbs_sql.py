"""The verbs about databases: one opened, statements run on it, its transaction kept. As in verbs.py."""

from workbench.experiments.values import Given
from workbench.experiments.verb import TIMEOUT, Param, Verb, quoted, spoken, to_place

_ON = Param("on", "thing", "an open database", needed=True, of=("session",))


def _say_open(given: Given, name: str) -> str:
    return f"Open {to_place(given)} as {spoken(name)}."


def _say_run(given: Given, _name: str) -> str:
    value = (
        f", with {quoted(str(given['value']).encode())} beside it as its value" if "value" in given else ""
    )
    return f"At {spoken(given['on'])}, run “{given['text']}”{value}."


DATABASES = (
    Verb(
        "sql-open",
        "open a copy of a database of the Lab, one for the whole play; timeout_s: how long a lock is waited for",
        "session",
        (Param("to", "place", "a database of [lab]", needed=True, of=("session",)), TIMEOUT),
        _say_open,
    ),
    Verb(
        "sql-run",
        "run one statement, or several with semicolons between them",
        "result",
        (
            _ON,
            Param("text", "words", "the statements", needed=True),
            Param("value", "words", "a value for its one parameter, typed as a person would"),
        ),
        _say_run,
    ),
)
