"""`workbench schema [NOUN [VERB]]`: what the documents of a verb look like, as JSON Schema (draft 2020-12)."""

from workbench import assets
from workbench.cli.arguments import Argument, Parsed, Verb, near
from workbench.cli.options import JSON
from workbench.cli.output import Output
from workbench.errors import LocalMisuse

FOLDER = "schemas"
SUFFIX = ".json"


def schema_names() -> list[str]:
    """The names of all schemas, "socket.talk" and so on."""
    return [name.rpartition("/")[2].removesuffix(SUFFIX) for name in assets.names(FOLDER, SUFFIX)]


def schema_text(name: str) -> str:
    """The schema of this name, as JSON.

    Raises: LocalMisuse: there is none; LocalFault: the installation is damaged.
    """
    known = schema_names()
    if name not in known:
        advice = near(name, known) or f"there are: {', '.join(known)}"
        raise LocalMisuse(f"there is no schema {name!r}", text=name, start=0, end=len(name), advice=advice)
    return assets.read_text(f"{FOLDER}/{name}{SUFFIX}")


def _run(parsed: Parsed, output: Output) -> int:
    words: tuple[str, ...] = parsed["WORD"]
    if words:
        output.octets(schema_text(".".join(words)).encode())
        return 0
    names = schema_names()
    if output.as_json:
        output.document({"schemas": names}, ok=True)
        return 0
    for name in names:
        output.line(name)
    return 0


VERBS = (
    Verb(
        "",
        "print the JSON Schema of a verb's documents, or list all schemas",
        "schema/1",
        (Argument("WORD", "the verb: socket talk", many=True, needed=False), JSON),
        _run,
        "  workbench schema socket talk\n  workbench schema",
    ),
)
