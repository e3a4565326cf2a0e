"""`workbench schema [NOUN [VERB]]`: what the documents of a verb look like, as JSON Schema (draft 2020-12).

Parts that several schemas share stand once, in failure.json. What is printed holds them, bundled as the standard says
(Core section 9.3), so that it can be used by itself.
"""

import json
from typing import Any

from workbench import assets
from workbench.cli.arguments import Argument, Parsed, Verb, near
from workbench.cli.options import JSON
from workbench.cli.output import Output
from workbench.errors import LocalMisuse

FOLDER = "schemas"
SUFFIX = ".json"
SHARED = "failure"
"""The schema whose $defs the others refer to."""


def schema_names() -> list[str]:
    """The names of all schemas, "socket.talk" and so on."""
    return [name.rpartition("/")[2].removesuffix(SUFFIX) for name in assets.names(FOLDER, SUFFIX)]


def schema(name: str) -> dict[str, Any]:
    """The schema of this name, with the shared parts that it refers to.

    Raises: LocalMisuse: there is none; LocalFault: the installation is damaged.
    """
    known = schema_names()
    if name not in known:
        advice = near(name, known) or f"there are: {', '.join(known)}"
        raise LocalMisuse(f"there is no schema {name!r}", text=name, start=0, end=len(name), advice=advice)
    text = assets.read_text(f"{FOLDER}/{name}{SUFFIX}")
    found: dict[str, Any] = json.loads(text)
    if name != SHARED and f'"{SHARED}{SUFFIX}#' in text:
        found.setdefault("$defs", {})[f"{SHARED}{SUFFIX}"] = json.loads(
            assets.read_text(f"{FOLDER}/{SHARED}{SUFFIX}")
        )
    return found


def _run(parsed: Parsed, output: Output) -> int:
    words: tuple[str, ...] = parsed["WORD"]
    if words:
        output.octets(json.dumps(schema(".".join(words)), indent=2).encode() + b"\n")
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
