"""STYLE's rules hold in workbench/, and each is shown to find what it is for."""

import pytest

from tests.rules import code_rules
from tests.rules.code_rules import RULES, Rule
from tests.rules.source import must_be_none, parse, sources

BAD = {
    code_rules.no_nested_event_loop: [
        "dialog.exec()",
        "app.exec_()",
        "exec('x')",
        "QApplication.processEvents()",
        "loop = QEventLoop()",
        "QMessageBox.question(None, 'a', 'b')",
        "QtWidgets.QFileDialog.getOpenFileName()",
    ],
    code_rules.no_foreign_slots: [
        "from qasync import asyncSlot",
        "@qasync.asyncSlot()\nasync def f(): ...",
        "@asyncClose\nasync def f(): ...",
    ],
    code_rules.signals_connect_to_methods: [
        "b.clicked.connect(lambda: f(1))",
        "b.clicked.connect(partial(f, 1))",
        "b.clicked.connect(functools.partial(f, 1))",
        "def f(b):\n    def g(): ...\n    b.clicked.connect(g)",
    ],
    code_rules.no_swallowed_errors: [
        "try: f()\nexcept: g()",
        "try: f()\nexcept Exception: pass",
        "try: f()\nexcept (ValueError, BaseException):\n    'whatever'",
        "for x in y:\n    try: f()\n    except Exception: continue",
        "with contextlib.suppress(Exception): f()",
    ],
    code_rules.public_names_are_documented: [
        "def f(): 'doc'",
        "'doc'\ndef f(): pass",
        "'doc'\nasync def f(): pass",
        "'doc'\nclass C: pass",
        "",
    ],
    code_rules.files_are_small: ["x = 1\n" * 401],
    code_rules.nothing_forks: [
        "os.fork()",
        "pty.fork()",
        "multiprocessing.get_context('fork')",
        "multiprocessing.set_start_method('forkserver')",
        "multiprocessing.Process(target=f)",
        "ProcessPoolExecutor(2)",
        "subprocess.Popen(['x'], preexec_fn=f)",
    ],
    code_rules.sockets_are_made_in_the_wire: [
        "socket.socket()",
        "socket.create_connection(('localhost', 1))",
        "asyncio.start_server(f)",
        "loop.create_datagram_endpoint(f)",
        "asyncio.get_running_loop().create_connection(f)",
    ],
    code_rules.exceptions_to_checks_have_reasons: [
        "x = f()  # type: ignore",
        "x = f()  # type: ignore[misc]",
        "x = f()  # noqa",
        "x = f()  # noqa: E501",
        "# ruff: noqa",
    ],
    code_rules.nothing_is_left_to_do: [
        "x = 1  # TODO later",
        "# FIXME",
        "def f(): raise NotImplementedError",
        "async def f(): raise NotImplementedError('x')",
    ],
}

GOOD = {
    code_rules.no_nested_event_loop: [
        "dialog.open()",
        "asyncio.create_subprocess_exec('ls')",
        "box.question(x)",
    ],
    code_rules.no_foreign_slots: ["from qasync import QEventLoop"],
    code_rules.signals_connect_to_methods: [
        "b.clicked.connect(self._on_clicked)",
        "sock.connect(('127.0.0.1', 1))",
        "def g(): ...\ndef f(b): b.clicked.connect(g)",
    ],
    code_rules.no_swallowed_errors: [
        "try: f()\nexcept OSError: pass",
        "try: f()\nexcept Exception as error: tell(error)",
        "with contextlib.suppress(OSError): f()",
    ],
    code_rules.public_names_are_documented: ["'doc'\ndef f(): 'doc'\ndef _g(): pass\nclass C:\n    'doc'"],
    code_rules.files_are_small: ["x = 1\n" * 400],
    code_rules.nothing_forks: [
        "multiprocessing.get_context('spawn').Process(target=f)",
        "ProcessPoolExecutor(1, mp_context=multiprocessing.get_context('spawn'))",
    ],
    code_rules.sockets_are_made_in_the_wire: ["wire.create_server(f)", "text = 'socket.socket()'"],
    code_rules.exceptions_to_checks_have_reasons: [
        "x = f()  # type: ignore[misc]  # the stub is older than the call",
        "x = f()  # noqa: ASYNC109, E501 - asyncio's own signature",
        "x = f()  # noqa: E501 (one service, one line)",
    ],
    code_rules.nothing_is_left_to_do: [
        "# LATER: faster",
        "kind = 'TODO'",
        "class Base:\n    def f(self): raise NotImplementedError",
    ],
}


def _shown(value: object) -> str:
    """The same name in every process: an address would be another one in each."""
    return str(getattr(value, "__name__", value))[:60]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_holds(rule: Rule) -> None:
    must_be_none(finding for source in sources("workbench") for finding in rule(source))


@pytest.mark.parametrize(
    ("rule", "text"),
    [(rule, text) for rule, texts in BAD.items() for text in texts],
    ids=_shown,
)
def test_the_rule_bites(rule: Rule, text: str) -> None:
    assert list(rule(parse(text)))


@pytest.mark.parametrize(
    ("rule", "text"),
    [(rule, text) for rule, texts in GOOD.items() for text in texts],
    ids=_shown,
)
def test_the_rule_lets_pass_what_is_right(rule: Rule, text: str) -> None:
    must_be_none(rule(parse(text)))


def test_every_rule_is_shown_to_bite() -> None:
    assert {*BAD, code_rules.files_are_nouns} == set(RULES)


@pytest.mark.parametrize(
    "path",
    [
        "workbench/wire/utils.py",
        "workbench/helpers/x.py",
        "workbench/ui/panel_manager.py",
        "workbench/misc.py",
    ],
)
def test_a_name_that_says_nothing_is_found(path: str) -> None:
    assert list(code_rules.files_are_nouns(parse("", path)))


def test_names_hold_in_the_other_folders_too() -> None:
    elsewhere = sources("tests", "packaging")
    assert elsewhere
    must_be_none(finding for source in elsewhere for finding in code_rules.files_are_nouns(source))


def test_the_wire_may_make_sockets() -> None:
    assert not list(
        code_rules.sockets_are_made_in_the_wire(parse("socket.socket()", "workbench/wire/dial.py"))
    )


def test_there_is_code_to_judge() -> None:
    assert {"errors", "clock"} <= {source.stem for source in sources("workbench")}
