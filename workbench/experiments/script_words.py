"""The words of a card in Python: its names, its places, its octets, and calls of what resources/script defines."""

import ast
import builtins
import keyword
from collections.abc import Callable
from typing import cast

from workbench.experiments.script_parts import parts
from workbench.experiments.values import Given, Step
from workbench.experiments.verbs import LOOPBACK, VERBS
from workbench.protocols.raw.code import literal
from workbench.protocols.raw.code_way import settings_lines
from workbench.wire.options import Setting

Writer = Callable[[Step], list[str]]
"""The lines of a step."""
SHORT = 200
"""Octets that are written out as they are; of more, what repeats itself is said once."""
RELAY = "relay"
WIDTH = 110
"""Characters of a line; a longer one is folded."""


def variable(name: object) -> str:
    """A card's name as Python's: "first-client" is first_client."""
    text = str(name).replace("-", "_")
    known = parts()
    is_taken = (
        keyword.iskeyword(text) or hasattr(builtins, text) or text in known.defined or text in known.imports
    )
    return f"{text}_" if is_taken else text


def place(given: Given) -> str:
    """Where a step connects to: the address of an earlier thing, or a server that the program is told."""
    to = str(given["to"])
    called = to.removeprefix("lab:")
    where = f"place(GIVEN[{called!r}])" if called != to and called != RELAY else f"{variable(called)}.place"
    return f"({given['at']!r}, {where}[1])" if "at" in given else where


def octets(data: object) -> str:
    """Octets as an expression."""
    found = cast(bytes, data)
    period = (found + found).find(found, 1) if len(found) > SHORT else len(found)
    return literal(found) if period == len(found) else f"{found[:period]!r} * {len(found) // period}"


def options(given: Given, host: str = LOOPBACK) -> str:
    """Socket options as setsockopt takes them, in a tuple."""
    settings = cast("tuple[Setting, ...]", given["options"])
    lines = (settings_lines((setting,), "", "", is_v6=":" in host) for setting in settings)
    return f"({', '.join(line.strip().removeprefix('.setsockopt') for line in lines)},)"


def assigned(step: Step, expression: str) -> str:
    """The value of an expression under the step's name, if it has one; a mere deed has none."""
    is_kept = step.name and VERBS[step.verb].makes != "deed"
    return f"{variable(step.name)} = {expression}" if is_kept else expression


def folded(line: str, width: int = WIDTH - 4) -> list[str]:
    """A line; if it is too long, the call in it with an argument on each line."""
    if len(line) <= width:
        return [line]
    try:
        (statement,) = ast.parse(line).body
    except SyntaxError:
        return [line]  # it is a part of something already
    call = statement.value if isinstance(statement, ast.Assign | ast.Expr) else None
    if not isinstance(call, ast.Call):
        return [line]
    shown = [ast.get_source_segment(line, each) for each in (*call.args, *call.keywords)]
    head = line.encode()[: call.func.end_col_offset].decode()
    return [f"{head}(", *(f"    {each}," for each in shown), ")"]


def thing(step: Step, key: str = "on") -> str:
    """What an earlier step made."""
    return variable(step.given[key])


def arguments(step: Step, *keys: str) -> str:
    """Those of the parameters that are given, by name."""
    return ", ".join(f"{key}={_value(step, key)}" for key in keys if key in step.given)


def called(function: str, *keys: str) -> Writer:
    """A writer: the step is one call of a function, with those parameters; without keys with all."""

    def write(step: Step) -> list[str]:
        asked = keys or tuple(step.given)
        return [assigned(step, f"{function}({arguments(step, *asked)})")]

    return write


def method(function: str, *keys: str) -> Writer:
    """The same of a method of what the step is done on."""

    def write(step: Step) -> list[str]:
        asked = keys or tuple(key for key in step.given if key != "on")
        return [assigned(step, f"{thing(step)}.{function}({arguments(step, *asked)})")]

    return write


def _value(step: Step, key: str) -> str:
    value = step.given[key]
    if key == "data":
        return octets(value)
    kinds = {param.name: param.kind for param in VERBS[step.verb].params}
    match kinds[key]:
        case "thing":
            return variable(value)
        case "place":
            return place(step.given)
        case "options":
            return options(step.given)
        case "text" | "hex" | "octets":
            return octets(value)
    return repr(value)
