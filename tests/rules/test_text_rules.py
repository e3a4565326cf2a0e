"""What holds for every text file and for the shape of the checkout; each rule is shown to find what it is for."""

import os
import re

import pytest

from tests.rules import text_rules
from tests.rules.source import CHECKOUT, files, must_be_none, text_files


def test_no_index_is_named() -> None:
    must_be_none(found for file in text_files() for found in text_rules.no_index_is_named(*file))


def test_no_machine_is_named() -> None:
    must_be_none(found for file in text_files() for found in text_rules.no_machine_is_named(*file))


def test_the_top_of_the_checkout_is_known() -> None:
    names = {str(path.relative_to(CHECKOUT)).partition(os.sep)[0] for path in files()}
    must_be_none(text_rules.top_level_is_known(names))


def test_packaging_holds_no_init() -> None:
    paths = [str(path.relative_to(CHECKOUT)) for path in files("packaging")]
    assert paths
    must_be_none(text_rules.packaging_is_no_package(paths))


def test_every_module_has_its_test() -> None:
    texts = {path: text for path, text in text_files() if path.endswith(".py")}
    modules = {path: text for path, text in texts.items() if path.startswith("workbench/")}
    tests = {path: text for path, text in texts.items() if re.match(r"tests/(.*/)?test_", path)}
    must_be_none(text_rules.code_is_mirrored_by_tests(modules, tests))
    assert set(text_rules.TESTED_ELSEWHERE) <= set(modules)


def test_every_folder_of_tests_mirrors_a_room() -> None:
    folders = {
        path.parent.relative_to(CHECKOUT / "tests").parts[0]
        for path in files("tests")
        if path.parent.name != "tests"
    }
    rooms = {
        path.parent.relative_to(CHECKOUT).parts[1]
        for path in files("workbench")
        if path.parent.name != "workbench"
    }
    must_be_none(text_rules.folders_of_tests_are_known(folders, rooms))


# The words are put together here, so that this file itself stays clean.
@pytest.mark.parametrize(
    "line",
    [
        "https://py" + "pi.org/simple",
        "files.python" + "hosted.org",
        "--index" + "-url https://example.org",
        "--extra-index" + "-url x",
        "--find" + "-links /srv/wheels",
    ],
)
def test_an_index_is_found(line: str) -> None:
    assert [found.line for found in text_rules.no_index_is_named("lock.txt", f"# a lock\n{line}\n")] == [2]


@pytest.mark.parametrize(
    "line",
    [
        "cd /wo" + "rk/main",
        "'/ro" + "ot/x'",
        "/ho" + "me/anna/src",
        "~/.py" + "env/bin",
        "file:/" + "//srv/x",
    ],
)
def test_a_machine_is_found(line: str) -> None:
    assert list(text_rules.no_machine_is_named("notes.md", line))


@pytest.mark.parametrize(
    "line", ["--no-emit-index-url", "lab/homework/x", "https://example.org/work/x", "/tmp/x", "home/x"]
)
def test_harmless_words_pass(line: str) -> None:
    assert not list(text_rules.no_index_is_named("x", line))
    assert not list(text_rules.no_machine_is_named("x", line))


def test_one_more_folder_at_the_top_is_found() -> None:
    assert [found.path for found in text_rules.top_level_is_known(["tests", "scripts", "LICENSE"])] == [
        "scripts"
    ]


def test_an_init_in_packaging_is_found() -> None:
    assert list(text_rules.packaging_is_no_package(["packaging/__init__.py"]))
    assert not list(text_rules.packaging_is_no_package(["packaging/bootstrap.py", "workbench/__init__.py"]))


LONG = "x = 1\n" * 31


@pytest.mark.parametrize(
    ("module", "test", "words"),
    [
        ("workbench/clock.py", "tests/test_clock.py", ""),
        ("workbench/wire/dial.py", "tests/wire/test_dial.py", ""),
        ("workbench/wire/dial.py", "tests/wire/test_dial_cancelled.py", ""),
        ("workbench/wire/dial.py", "tests/wire/test_ends.py", "from workbench.wire.dial import dial"),
        ("workbench/wire/dial.py", "tests/wire/deep/test_x.py", "from workbench.wire import ends, dial"),
        ("workbench/cli/socket_.py", "tests/cli/test_socket.py", ""),
        ("workbench/panels/start/__init__.py", "tests/panels/start/test_start.py", ""),
        ("workbench/__main__.py", "tests/test_main.py", ""),
        ("workbench/lab/services/udp_echo.py", "tests/lab/test_services.py", "lab:udp-echo"),
        ("workbench/lab/services/echo.py", "tests/lab/test_services.py", "'echo'"),
    ],
)
def test_a_mirrored_module_passes(module: str, test: str, words: str) -> None:
    must_be_none(text_rules.code_is_mirrored_by_tests({module: LONG}, {test: words}))


@pytest.mark.parametrize(
    ("module", "test", "words"),
    [
        ("workbench/clock.py", "tests/wire/test_clock.py", ""),
        ("workbench/wire/dial.py", "tests/wire/test_stream.py", "from workbench.wire.dialect import x"),
        ("workbench/wire/dial.py", "tests/lab/test_x.py", "from workbench.wire.dial import dial"),
        ("workbench/ui/parts/dial.py", "tests/ui/test_dial.py", ""),
        ("workbench/lab/services/echo.py", "tests/lab/test_services.py", "lab:udp-echo"),
        ("workbench/lab/control.py", "tests/lab/test_services.py", "'control'"),
    ],
)
def test_a_module_without_a_test_is_found(module: str, test: str, words: str) -> None:
    assert list(text_rules.code_is_mirrored_by_tests({module: LONG}, {test: words}))


def test_a_folder_of_tests_without_a_room_is_found() -> None:
    assert [
        found.path for found in text_rules.folders_of_tests_are_known(["wire", "kit", "unit"], ["wire"])
    ] == ["tests/unit"]
