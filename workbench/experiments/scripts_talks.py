"""The steps of conversations that are written down, in a script: scripts that expect, rules, calls by hand."""

import re

from workbench.errors import LocalMisuse
from workbench.experiments.script_words import Writer, assigned, place, thing, variable
from workbench.experiments.values import Step
from workbench.protocols.calls.arguments import Argument, Line, Where, parse_line, read
from workbench.protocols.calls.spec import CALLS, FILE_CALLS
from workbench.protocols.raw.rules import Rule, parse_rules
from workbench.protocols.raw.script import Statement, parse_script, unrolled

_NO_FORM = "script"


# Scripts and rules ---------------------------------------------------------------------------------------------------


def _run_script(step: Step) -> list[str]:
    from workbench.formats.macro_run import Run

    run = Run()
    statements = [
        _statement(each, run) for each in unrolled(parse_script(str(step.given["script"])).statements)
    ]
    lines = (f"    {line}," for line in (place(step.given), *statements))
    return [f"{assigned(step, 'Talk')}(", *lines, ")"]


def _statement(each: Statement, run: object) -> str:
    from workbench.formats.macro_run import Run

    assert isinstance(run, Run)
    match each.kind:
        case "send":
            assert each.template is not None
            return f"('send', {each.template.render(run)!r})"
        case "expect":
            return f"('expect', {_pattern(each.octets, each.pattern)!r}, {each.seconds})"
        case "silence" | "wait":
            return f"({each.kind!r}, {each.seconds})"
        case "end":
            return f"('expect_end', {each.end!r}, {each.seconds})"
        case "finish" | "guard":
            return "('finish',)"
        case "reset" | "close":
            return f"({each.kind!r},)"
    raise LocalMisuse(f"{each.text} has no form in a program of its own", stage=_NO_FORM)


def _pattern(octets: bytes, pattern: object) -> bytes:
    """As Python's re takes it."""
    if pattern is None:
        return re.escape(octets)
    found = getattr(pattern, "pattern", pattern)
    return found if isinstance(found, bytes) else str(found).encode()


def _answer_by_rules(step: Step) -> list[str]:
    lines = (f"    {_rule(rule)}," for rule in parse_rules(str(step.given["rules"])).rules)
    return [f"{assigned(step, 'Ruled')}(", f"    {thing(step)},", *lines, ")"]


def _rule(rule: Rule) -> str:
    from workbench.formats.macro_run import Run

    run = Run()
    first, second = (rule.reply.render(run) if rule.reply is not None else b"" for _ in "12")
    if first != second:
        # Of what changes from one reply to the next, a counter from 1 has a form: its place is written %d.
        reply = first.replace(b"1", b"%d", 1)
        if reply.replace(b"%d", b"2") != second:
            raise LocalMisuse(f"the reply to {rule.when} has no form in a program of its own", stage=_NO_FORM)
        first = reply
    pattern = None if rule.on_connect else _pattern(rule.octets, rule.pattern)
    return f"({pattern!r}, {first!r}, {rule.delay_s}, {rule.then!r})"


# Calls by hand -------------------------------------------------------------------------------------------------------


def _call(step: Step) -> list[str]:
    line = parse_line(str(step.given["line"]))
    target = variable(step.name) if step.name else "call"
    made = f"{line.made}{', _' * (line.call == 'accept')} = " if line.made else ""
    lines = [f"with Call({line.on}) as {target}:", f"    {made}{target}.result = {_python(line)}"]
    is_file = line.on.startswith("f")
    if line.call == "makefile":
        lines.append(f"{target}.look({line.on}, {line.made})")
    elif not is_file:
        lines.append(f"{target}.look({line.made or line.on})")
    return lines


def _python(line: Line) -> str:
    name = FILE_CALLS.get(line.call, line.call) if line.on.startswith("f") else line.call
    spec = CALLS[name]
    args = {param.name: read(param, line.given.get(param.name, "")) for param in spec.params}
    return _spoken(line.on, name, args)


def _spoken(on: str, name: str, args: dict[str, Argument]) -> str:
    match name:
        case "socket":
            protocol = [args["protocol"].code] if args["protocol"].value else []
            return f"socket.socket({', '.join([args['family'].code, args['type'].code, *protocol])})"
        case "poll":
            return f"poll({on})"
        case "spin":
            return f"spin({on}, {args['seconds'].code})"
        case "makefile":
            return f"{on}.makefile({args['mode'].code})"
        case "file_write":
            data = args["data"].value
            assert isinstance(data, bytes)
            return f"{on}.write({data.decode()!r})"
        case "readline" | "flush" | "file_close" | "detach" | "dup":
            return f"{on}.{name.removeprefix('file_')}()"
        case "unplug" | "adopt" | "read" | "write" | "file_read" | "connect_ex":
            raise LocalMisuse(f"the call {name} has no form in a program of its own", stage=_NO_FORM)
    shown = {key: _argument(each) for key, each in args.items()}
    if shown.pop("times", "1") != "1":
        shown["data"] += f" * {args['times'].code}"
    if shown.get("buflen") == "0":
        del shown["buflen"]
    return f"{on}.{name}({', '.join(filter(None, shown.values()))})"


def _argument(each: Argument) -> str:
    if isinstance(each.value, Where) and each.value.lab:
        return f"place(GIVEN[{each.value.lab.removeprefix('lab:')!r}])"
    return each.code


WRITE_TALKS: dict[str, Writer] = {
    "run-script": _run_script,
    "answer-by-rules": _answer_by_rules,
    "call": _call,
}
