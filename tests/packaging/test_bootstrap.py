"""The decisions of packaging/bootstrap.py, without installing anything."""

import ast
import importlib.util
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.kit.rows_plugin import load_rows

CHECKOUT = Path(__file__).resolve().parents[2]
SCRIPT = CHECKOUT / "packaging" / "bootstrap.py"


@pytest.fixture
def bootstrap() -> ModuleType:
    """The script as a module of its own, by its path: packaging/ is no package."""
    spec = importlib.util.spec_from_file_location("network_workbench_bootstrap", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# ---- Python


def test_an_old_python_can_read_the_script() -> None:
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.mark.parametrize("version", [(3, 10, 13), (2, 7, 18), (3, 14, 0)])
def test_another_python_is_told_what_to_do(bootstrap: ModuleType, version: tuple[int, ...]) -> None:
    complaint = bootstrap.python_complaint(version, ["python3.12"])
    assert f"this is {version[0]}.{version[1]}" in complaint
    assert "3.11 to 3.13" in complaint
    assert "Run it with python3.12." in complaint
    assert "Install one of 3.11 to 3.13" in bootstrap.python_complaint(version, [])


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 9), (3, 13, 1)])
def test_a_supported_python_is_welcome(bootstrap: ModuleType, version: tuple[int, ...]) -> None:
    assert bootstrap.python_complaint(version, []) == ""


def test_the_versions_are_those_of_the_project(bootstrap: ModuleType) -> None:
    project = bootstrap.load_toml(CHECKOUT / "pyproject.toml")["project"]
    oldest, (major, minor) = bootstrap.OLDEST, bootstrap.NEWEST
    assert project["requires-python"] == f">={oldest[0]}.{oldest[1]},<{major}.{minor + 1}"


def test_an_old_python_exits_with_3_before_anything_else(tmp_path: Path) -> None:
    text = SCRIPT.read_text(encoding="utf-8").replace(
        "OLDEST, NEWEST = (3, 11), (3, 13)", "OLDEST, NEWEST = (3, 0), (3, 1)"
    )
    script = tmp_path / "packaging" / "bootstrap.py"
    script.parent.mkdir()
    script.write_text(text, encoding="utf-8")
    done = subprocess.run([sys.executable, script, "test"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (3, "")
    assert "needs Python 3.0 to 3.1" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["packaging"]


# ---- system libraries


def test_what_is_installed_is_not_asked_for(bootstrap: ModuleType) -> None:
    wanted = bootstrap.wanted_packages(root=True, x11=False)
    everything = {names[0] for names in wanted}
    assert bootstrap.missing_packages(wanted, everything) == []
    assert bootstrap.missing_packages(wanted, everything - {"libegl1"}) == ["libegl1"]


def test_a_library_counts_under_its_later_name(bootstrap: ModuleType) -> None:
    wanted = (("libglib2.0-0", "libglib2.0-0t64"),)
    assert bootstrap.missing_packages(wanted, {"libglib2.0-0t64"}) == []
    assert bootstrap.missing_packages(wanted, set()) == ["libglib2.0-0"]


def test_a_person_without_a_screen_needs_no_x11(bootstrap: ModuleType) -> None:
    assert ("libxcb-cursor0",) not in bootstrap.wanted_packages(root=False, x11=False)
    assert ("libxcb-cursor0",) in bootstrap.wanted_packages(root=False, x11=True)
    assert ("libxcb-cursor0",) in bootstrap.wanted_packages(root=True, x11=False)


def test_one_command_installs_all_that_is_missing(bootstrap: ModuleType) -> None:
    sentence = bootstrap.sudo_sentence(["libegl1", "libgl1"])
    assert (
        sentence.splitlines()[-1].strip() == "sudo apt-get install -y --no-install-recommends libegl1 libgl1"
    )


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({"ID": "debian"}, True),
        ({"ID": "ubuntu", "ID_LIKE": "debian"}, True),
        ({"ID": "linuxmint", "ID_LIKE": "ubuntu debian"}, True),
        ({"ID": "fedora"}, False),
        ({}, False),
    ],
)
def test_debian_and_its_children_are_known(
    bootstrap: ModuleType, fields: dict[str, str], answer: bool
) -> None:
    assert bootstrap.is_debian(fields) is answer


@pytest.fixture
def bare_debian(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A Debian on which nothing is installed; returns the apt commands that were run."""
    commands: list[list[str]] = []
    monkeypatch.setattr("platform.freedesktop_os_release", lambda: {"ID": "debian"})
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(bootstrap, "installed_packages", lambda wanted: set())
    monkeypatch.setattr(bootstrap, "apt", commands.append)
    return commands


def test_a_user_gets_the_command_and_exit_3(bootstrap: ModuleType, bare_debian: list[list[str]]) -> None:
    with pytest.raises(bootstrap.Stop, match=r"sudo apt-get install .*libegl1") as stopped:
        bootstrap.ensure_system({}, root=False)
    assert stopped.value.code == 3
    assert bare_debian == []


def test_root_installs_them(bootstrap: ModuleType, bare_debian: list[list[str]], capsys) -> None:
    bootstrap.ensure_system({}, root=True)
    (command,) = bare_debian
    assert command[:3] == ["apt-get", "install", "-y"]
    assert {"libegl1", "libxcb-cursor0", "fonts-dejavu-core"} <= set(command)
    assert "libegl1" in capsys.readouterr().err


def test_another_system_is_left_alone(
    bootstrap: ModuleType, bare_debian: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.setattr("platform.freedesktop_os_release", lambda: {"ID": "fedora"})
    bootstrap.ensure_system({}, root=True)
    assert bare_debian == []
    assert "assuming" in capsys.readouterr().err


def test_main_turns_a_stop_into_its_words_and_exit_code(
    bootstrap: ModuleType, bare_debian: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert bootstrap.main(["test"]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert "sudo apt-get install" in err


# ---- the environment


def test_a_missing_venv_module_names_its_package(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "ensurepip" else object())
    with pytest.raises(bootstrap.Stop, match="python3-venv") as stopped:
        bootstrap.ensure_venv()
    assert stopped.value.code == 3


def test_an_installation_is_outdated_by_its_parts(bootstrap: ModuleType, tmp_path: Path) -> None:
    stamp = tmp_path / "stamp.json"
    now = {"lock": "a", "project": "b"}
    assert bootstrap.outdated(now, stamp) == {"lock", "project"}
    for junk in ("", "[]", "{"):
        stamp.write_text(junk)
        assert bootstrap.outdated(now, stamp) == {"lock", "project"}
    stamp.write_text(json.dumps(now))
    assert bootstrap.outdated(now, stamp) == set()
    assert bootstrap.outdated({**now, "lock": "c"}, stamp) == {"lock"}


@pytest.fixture
def pip_calls(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> list[tuple[str, ...]]:
    """An environment in a folder of the test's own, with pip only listened to."""
    calls: list[tuple[str, ...]] = []
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(bootstrap, "pip", lambda *words: calls.append(words))
    return calls


def test_a_second_call_installs_nothing(
    bootstrap: ModuleType, pip_calls: list[tuple[str, ...]], capsys
) -> None:
    bootstrap.ensure_installed()
    assert [words[0] for words in pip_calls] == ["--require-hashes", "--no-deps"]
    pip_calls.clear()
    bootstrap.ensure_installed()
    assert pip_calls == []


def test_a_changed_project_does_not_install_the_lock_again(
    bootstrap: ModuleType, pip_calls: list[tuple[str, ...]], capsys
) -> None:
    bootstrap.ensure_installed()
    stamp = bootstrap.VENV / bootstrap.STAMP
    stamp.write_text(json.dumps({**json.loads(stamp.read_text()), "project": "older"}))
    pip_calls.clear()
    bootstrap.ensure_installed()
    assert [words[0] for words in pip_calls] == ["--no-deps"]


def test_an_installation_that_failed_is_tried_again(
    bootstrap: ModuleType, pip_calls: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    def fail(*words: str) -> None:
        raise bootstrap.Stop("pip failed")

    bootstrap.ensure_installed()
    stamp = bootstrap.VENV / bootstrap.STAMP
    stamp.write_text("{}")
    with monkeypatch.context() as failing:
        failing.setattr(bootstrap, "pip", fail)
        with pytest.raises(bootstrap.Stop):
            bootstrap.ensure_installed()
    pip_calls.clear()
    bootstrap.ensure_installed()
    assert len(pip_calls) == 2


# ---- verbs


@pytest.fixture
def started(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, str]]]:
    """What the verbs start in .venv; every program ends with 0."""
    calls: list[tuple[list[str], dict[str, str]]] = []

    def start(command: list[str], environ: dict[str, str]) -> int:
        calls.append((command, environ))
        return 0

    monkeypatch.setattr(bootstrap, "prepare", lambda: None)
    monkeypatch.setattr(bootstrap, "in_venv", start)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    return calls


@pytest.mark.parametrize("answers", [True, False])
def test_run_opens_the_window_where_a_screen_answers(
    bootstrap: ModuleType, started: list, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answers: bool
) -> None:
    monkeypatch.setenv("DISPLAY", str(tmp_path / "screen"))
    with socket.socket(socket.AF_UNIX) as screen:
        if answers:
            screen.bind(str(tmp_path / "screen"))
            screen.listen()
        assert bootstrap.main(["run"]) == 0
    [(command, _)] = started
    assert command[:2] == (["bin/workbench"] if answers else ["bin/workbench", "tour"])


def test_run_makes_the_tour_elsewhere_and_prints_its_folder_last(
    bootstrap: ModuleType, started: list, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys
) -> None:
    monkeypatch.setattr(bootstrap, "CHECKOUT", tmp_path)
    (tmp_path / "build" / "tour").mkdir(parents=True)
    assert bootstrap.main(["run"]) == 0
    assert started[0][0] == ["bin/workbench", "tour", "--out", str(tmp_path / "build" / "tour")]
    assert capsys.readouterr().out.splitlines()[-1] == str(tmp_path / "build" / "tour")


def test_test_hands_its_words_to_pytest(bootstrap: ModuleType, started: list) -> None:
    assert bootstrap.main(["test", "tests/wire", "-x", "--json"]) == 0
    assert started == [
        (["bin/python", "-m", "pytest", "tests/wire", "-x", "--json"], {"QT_QPA_PLATFORM": "offscreen"})
    ]


@pytest.mark.parametrize(("processors", "spread"), [(1, []), (2, ["-n", "2", "--dist", "loadfile"])])
def test_check_runs_every_step_on_both_processors_and_asks_for_real_programs(
    bootstrap: ModuleType, started: list, monkeypatch: pytest.MonkeyPatch, processors, spread, capsys
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    assert bootstrap.main(["check", "--require-real", "-q"]) == 0
    assert [command[0].rpartition("/")[2] for command, _ in started] == [
        "ruff",
        "ruff",
        "mypy",
        "lint-imports",
        "python",
    ]
    command, environ = started[-1]
    assert command[1:] == ["-m", "pytest", *spread, "-q"]
    assert environ["WORKBENCH_REQUIRE_REAL"] == "1"


def test_check_goes_on_after_a_failure_and_returns_the_first(
    bootstrap: ModuleType, started: list, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    codes = iter([0, 7, 0, 1, 0])
    monkeypatch.setattr(bootstrap, "in_venv", lambda command, environ: next(codes))
    assert bootstrap.main(["check"]) == 7
    assert list(codes) == []
    err = capsys.readouterr().err
    assert "lint failed (exit 7)" in err
    assert "import contracts failed (exit 1)" in err


def test_check_without_real_programs_does_not_ask_for_them(
    bootstrap: ModuleType, started: list, capsys
) -> None:
    bootstrap.main(["check"])
    assert "WORKBENCH_REQUIRE_REAL" not in started[-1][1]


def test_bench_needs_benchmarks(
    bootstrap: ModuleType, started: list, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys
) -> None:
    monkeypatch.setattr(bootstrap, "CHECKOUT", tmp_path)
    assert bootstrap.main(["bench"]) == 2
    (tmp_path / "tests" / "bench").mkdir(parents=True)
    (tmp_path / "tests" / "bench" / "__main__.py").touch()
    assert bootstrap.main(["bench", "--quick"]) == 0
    assert started == [(["bin/python", "-m", "tests.bench", "--quick"], {})]


def test_an_unknown_verb_is_wrong_usage(bootstrap: ModuleType, capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        bootstrap.main(["fly"])
    assert ended.value.code == 2


def test_a_program_gives_its_exit_code_or_its_signal(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "end"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\n[ "$1" = kill ] && kill -9 $$\nexit "$1"\n')
    program.chmod(0o755)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    assert bootstrap.in_venv(["bin/end", "5"], {}) == 5
    assert bootstrap.in_venv(["bin/end", "kill"], {}) == 128 + 9


# ---- rows


def write_card(checkout: Path, name: str, text: str) -> None:
    """An experiment of a small checkout."""
    folder = checkout / "resources" / "experiments"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.toml").write_text(text)


@pytest.fixture
def small_checkout(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list
) -> Path:
    """Two rows, one of them shown by a test."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "rows.toml").write_text('[rows]\n"C1.1" = "One."\n"C1.2" = "Two."\n')
    monkeypatch.setattr(bootstrap, "CHECKOUT", tmp_path)
    monkeypatch.setattr(bootstrap, "covering_tests", lambda: {"C1.1": ["tests/test_a.py::test_x"]})
    return tmp_path


def test_rows_join_tests_and_experiments(bootstrap: ModuleType, small_checkout: Path, capsys) -> None:
    write_card(small_checkout, "half", 'id = "half"\nrows = ["C1.1"]\n')
    assert bootstrap.main(["rows", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["rows"] == [
        {
            "id": "C1.1",
            "says": "One.",
            "tests": ["tests/test_a.py::test_x"],
            "experiments": ["resources/experiments/half.toml"],
        },
        {"id": "C1.2", "says": "Two.", "tests": [], "experiments": []},
    ]
    assert document["mistakes"] == []


def test_rows_are_told_to_people_too(bootstrap: ModuleType, small_checkout: Path, capsys) -> None:
    assert bootstrap.main(["rows"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "C1.1     One.",
        "         tests/test_a.py::test_x",
        "C1.2     Two.",
        "1 of 2 rows are shown by a test or an experiment",
    ]


def test_a_reader_that_wants_no_more_ends_it_quietly(
    bootstrap: ModuleType, small_checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    # Line by line, as to a terminal: the failure comes while rows are printed, not at the end.
    with open(writing, "w", buffering=1, encoding="utf-8") as gone:
        monkeypatch.setattr(sys, "stdout", gone)
        assert bootstrap.main(["rows"]) == 141
        print("nobody reads this, and nothing complains", file=gone)


def test_an_unknown_row_is_a_failure_with_its_place(
    bootstrap: ModuleType, small_checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    write_card(small_checkout, "half", 'rows = ["C9.1"]\n')
    monkeypatch.setattr(bootstrap, "covering_tests", lambda: {"C8.1": ["tests/test_a.py::test_x"]})
    assert bootstrap.main(["rows"]) == 1
    err = capsys.readouterr().err
    assert "resources/experiments/half.toml: there is no row 'C9.1'" in err
    assert "tests/test_a.py::test_x: there is no row 'C8.1'" in err


def test_a_suite_that_cannot_be_collected_is_a_failure(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "venv_python", lambda: Path(sys.executable))
    monkeypatch.setattr(bootstrap, "CHECKOUT", tmp_path)
    with pytest.raises(bootstrap.Stop, match="could not be collected") as stopped:
        bootstrap.covering_tests()
    assert stopped.value.code == 1


def test_the_rows_are_readable(bootstrap: ModuleType) -> None:
    assert bootstrap.load_toml(CHECKOUT / "tests" / "rows.toml")["rows"] == load_rows()


# ---- the lock


def test_a_lock_keeps_pins_and_hashes_only(bootstrap: ModuleType) -> None:
    raw = (
        "# by a tool in /srv/somewhere\n"
        "--index"
        "-url https://example.org/simple\n"
        "\n"
        "attrs==26.1.0 \\\n"
        "    --hash=sha256:aa \\\n"
        "    --hash=sha256:bb\n"
        "    # via something\n"
        "idna==3.20 \\\n"
        "    --hash=sha256:cc\n"
    )
    assert bootstrap.clean_lock(raw) == (
        bootstrap.LOCK_HEAD + "attrs==26.1.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n"
        "idna==3.20 \\\n    --hash=sha256:cc\n"
    )


@pytest.mark.parametrize("line", ["attrs @ file:/srv/x.whl", "attrs @ https://example.org/attrs.whl"])
def test_a_lock_with_an_address_is_not_written(bootstrap: ModuleType, line: str) -> None:
    with pytest.raises(bootstrap.Stop, match="address"):
        bootstrap.clean_lock(line + "\n")


def test_root_is_asked_of_the_system(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    monkeypatch.setattr(bootstrap, "ensure_system", lambda environ, *, root: seen.append(root))
    monkeypatch.setattr(bootstrap, "ensure_venv", lambda: None)
    monkeypatch.setattr(bootstrap, "ensure_installed", lambda: None)
    for uid in (0, 1000):
        monkeypatch.setattr(os, "geteuid", lambda uid=uid: uid)
        bootstrap.prepare()
    assert seen == [True, False]
