"""STYLE's rules for code, each a function from one Source to its findings; the reasons stand with each rule."""

import ast
import re
from collections.abc import Callable, Iterator

from tests.rules.source import Finding, Source

Rule = Callable[[Source], Iterator[Finding]]

NO_NOUN = frozenset({"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers"})

MAX_LINES = 400
"""A file longer than that has two jobs."""

THE_LOOP = "workbench/bridge/loop.py"
"""Turns Qt's own event loop, the outermost one."""

MODAL = {
    "QMessageBox": {"about", "aboutQt", "critical", "information", "question", "warning"},
    "QFileDialog": {
        *("getExistingDirectory", "getExistingDirectoryUrl", "getOpenFileName", "getOpenFileNames"),
        *("getOpenFileUrl", "getOpenFileUrls", "getSaveFileName", "getSaveFileUrl"),
    },
    "QInputDialog": {"getDouble", "getInt", "getItem", "getMultiLineText", "getText"},
    "QColorDialog": {"getColor"},
    "QFontDialog": {"getFont"},
}
"""Static calls of Qt that run an event loop of their own until a person answers."""

SOCKET_MAKERS = frozenset(
    {
        *("socket.socket", "socket.create_connection", "socket.create_server", "socket.socketpair"),
        *("asyncio.open_connection", "asyncio.start_server"),
        *("asyncio.open_unix_connection", "asyncio.start_unix_server"),
    }
)
LOOP_SOCKET_MAKERS = frozenset(
    {
        *("create_connection", "create_server", "create_datagram_endpoint"),
        *("create_unix_connection", "create_unix_server"),
    }
)

SOCKET_ROOMS = {
    "workbench/wire/": "every socket of the engines is made and recorded here",
    "workbench/bridge/loop.py": "the loop's own waking pair",
    "workbench/cli/checks_": "the self-check asks this machine, not a peer: there is no conversation to record",
    "workbench/display.py": "only whether a screen answers: nothing is said to it, and there is nothing to record",
    "workbench/lab/sharing.py": "the Lab's meeting place, a Unix socket between our own processes",
}


def no_nested_event_loop(source: Source) -> Iterator[Finding]:
    """A loop inside the loop loses steps of other tasks: `await ask(dialog)` over open() instead."""
    for node in _calls(source):
        name = _name(node.func)
        if name in ("exec", "exec_") and source.path != THE_LOOP:
            yield source.at(node, f"{name}(): await ask(dialog), which uses open()")
        if name == "processEvents":
            yield source.at(node, "processEvents(): do the work in small awaits")
        if name == "QEventLoop":
            yield source.at(node, "QEventLoop: there is one loop, and it runs")
        if isinstance(node.func, ast.Attribute) and name in MODAL.get(_name(node.func.value), set()):
            yield source.at(node, f"{ast.unparse(node.func)}() blocks until a person answers: await ask(...)")


def no_foreign_slots(source: Source) -> Iterator[Finding]:
    """qasync's asyncSlot keeps no reference to its task, and asyncClose spins."""
    for node in ast.walk(source.tree):
        names = {alias.name for alias in node.names} if isinstance(node, ast.ImportFrom) else {_name(node)}
        for name in names & {"asyncSlot", "asyncClose"}:
            yield source.at(node, f"{name}: slots call scope.launch(..., name=...)")


def signals_connect_to_methods(source: Source) -> Iterator[Finding]:
    """A lambda, a partial or a function made on the spot keeps a closed panel alive; a bound method does not."""
    inner = {
        function.name
        for outer in ast.walk(source.tree)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef)
        for function in ast.walk(outer)
        if isinstance(function, ast.FunctionDef) and function is not outer
    }
    for node in _calls(source):
        if not isinstance(node.func, ast.Attribute) or node.func.attr != "connect":
            continue
        for argument in node.args:
            if isinstance(argument, ast.Lambda):
                yield source.at(
                    node, "a lambda is connected: connect a method, differences sit on the sender"
                )
            if isinstance(argument, ast.Call) and _name(argument.func) == "partial":
                yield source.at(
                    node, "a partial is connected: connect a method, differences sit on the sender"
                )
            if isinstance(argument, ast.Name) and argument.id in inner:
                yield source.at(node, f"the inner function {argument.id} is connected: connect a method")


def no_swallowed_errors(source: Source) -> Iterator[Finding]:
    """What nobody can answer travels on: no bare except, no `except Exception: pass`, no suppress(Exception)."""
    wide = {"Exception", "BaseException"}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler):
            if node.type is None:
                yield source.at(node, "a bare except: name what you can answer")
            elif _names_in(node.type) & wide and all(map(_does_nothing, node.body)):
                yield source.at(node, "every error is swallowed: name what you can answer")
        if isinstance(node, ast.Call) and _name(node.func) == "suppress":
            for argument in node.args:
                if _name(argument) in wide:
                    yield source.at(node, "every error is suppressed: name what you can answer")


def public_names_are_documented(source: Source) -> Iterator[Finding]:
    """A module opens with its job; a public class or function says what comes back."""
    if not ast.get_docstring(source.tree):
        yield source.at(source.tree, "the module has no docstring")
    for node in source.tree.body:
        kind = {ast.ClassDef: "class", ast.FunctionDef: "function", ast.AsyncFunctionDef: "coroutine"}.get(
            type(node)
        )
        if kind is None:
            continue
        assert isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        if not node.name.startswith("_") and not ast.get_docstring(node):
            yield source.at(node, f"the {kind} {node.name} has no docstring")


def files_are_nouns(source: Source) -> Iterator[Finding]:
    """If only `utils` fits, there are two things in it."""
    for part in source.path.removesuffix(".py").split("/"):
        for word in set(part.split("_")) & NO_NOUN:
            yield Finding(source.path, 1, f"{part!r} says nothing: name the noun instead of {word!r}")


def files_are_small(source: Source) -> Iterator[Finding]:
    """One file, one job."""
    count = source.text.count("\n")
    if count > MAX_LINES:
        yield Finding(
            source.path, MAX_LINES, f"{count} lines, more than {MAX_LINES}: which noun can move out?"
        )


def nothing_forks(source: Source) -> Iterator[Finding]:
    """The window's process holds threads and Qt's connection to the screen: children are spawned."""
    for node in _calls(source):
        called = ast.unparse(node.func)
        words = {argument.value for argument in node.args if isinstance(argument, ast.Constant)}
        keywords = {keyword.arg for keyword in node.keywords}
        if called in ("os.fork", "os.forkpty", "pty.fork"):
            yield source.at(node, f"{called}() forks")
        if _name(node.func) in ("get_context", "set_start_method") and words & {"fork", "forkserver"}:
            yield source.at(node, "the start method forks: spawn")
        if called in ("multiprocessing.Process", "multiprocessing.Pool"):
            yield source.at(node, f"{called}() forks by default: take it from get_context('spawn')")
        if _name(node.func) == "ProcessPoolExecutor" and "mp_context" not in keywords:
            yield source.at(node, "ProcessPoolExecutor() forks by default: mp_context=get_context('spawn')")
        if "preexec_fn" in keywords:
            yield source.at(node, "preexec_fn runs Python in a forked child")


def sockets_are_made_in_the_wire(source: Source) -> Iterator[Finding]:
    """What the wire doesn't know of is not recorded."""
    if source.path.startswith(tuple(SOCKET_ROOMS)):
        return
    for node in _calls(source):
        called = ast.unparse(node.func)
        of_a_loop = _name(node.func) in LOOP_SOCKET_MAKERS and "loop" in called.rpartition(".")[0]
        if called in SOCKET_MAKERS or of_a_loop:
            yield source.at(node, f"{called}(): sockets are made in workbench/wire")


def exceptions_to_checks_have_reasons(source: Source) -> Iterator[Finding]:
    """`# type: ignore[code]` and `# noqa: CODE` are followed by why."""
    for number, line in enumerate(source.text.splitlines(), 1):
        for mark in re.finditer(
            r"#\s*(?:type: ignore|(?:ruff: )?noqa)(?P<code>\[[\w, -]+\]|: ?[A-Z]+\d+(, ?[A-Z]+\d+)*)?", line
        ):
            rest = line[mark.end() :].strip(" #-():,;")
            if not mark["code"] or not rest:
                yield Finding(source.path, number, f"{mark[0]!r} needs its code and a reason behind it")


def nothing_is_left_to_do(source: Source) -> Iterator[Finding]:
    """A debt is written as LATER: with what and why; anything unfinished is no part of a change."""
    for number, line in enumerate(source.text.splitlines(), 1):
        comment = line.partition("#")[2]
        if found := re.search(r"\b(TODO|FIXME|XXX)\b", comment):
            yield Finding(source.path, number, f"{found[0]} in a comment")
    # In a method it may be the one that a subclass writes; a function has no subclass.
    for function in source.tree.body:
        for node in (
            ast.walk(function) if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) else ()
        ):
            if isinstance(node, ast.Raise) and node.exc and "NotImplementedError" in _names_in(node.exc):
                yield source.at(node, "NotImplementedError: a stub")


RULES: tuple[Rule, ...] = (
    no_nested_event_loop,
    no_foreign_slots,
    signals_connect_to_methods,
    no_swallowed_errors,
    public_names_are_documented,
    files_are_nouns,
    files_are_small,
    nothing_forks,
    sockets_are_made_in_the_wire,
    exceptions_to_checks_have_reasons,
    nothing_is_left_to_do,
)


def _calls(source: Source) -> Iterator[ast.Call]:
    return (node for node in ast.walk(source.tree) if isinstance(node, ast.Call))


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def _names_in(node: ast.AST) -> set[str]:
    return {_name(inner) for inner in ast.walk(node)} - {""}


def _does_nothing(statement: ast.stmt) -> bool:
    is_word = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.Pass | ast.Continue) or is_word
