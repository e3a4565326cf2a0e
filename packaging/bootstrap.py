#!/usr/bin/env python3
"""From a fresh checkout to a running workbench: python3 packaging/bootstrap.py run|test|check|bench|rows|lock.

Needs Python 3.11 to 3.13 with its venv module and nothing else; makes .venv, installs exactly what packaging/lock.txt
names, then this checkout as an editable package. What is there already is left alone, so that a second call starts at
once and needs no network. As root on Debian or Ubuntu missing system libraries are installed; any other user is told
the one command that does it (exit 3). Progress for people goes to stderr.

The file stays readable for Python 3.6, so that an old interpreter can say what is wrong instead of a SyntaxError.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import runpy
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

OLDEST, NEWEST = (3, 11), (3, 13)

EXIT_WRONG = 1  # something was checked and is not right
EXIT_USAGE = 2
EXIT_MACHINE = 3  # this machine lacks something that a person has to bring

CHECKOUT = Path(__file__).resolve().parents[1]
VENV = CHECKOUT / ".venv"
LOCK = CHECKOUT / "packaging" / "lock.txt"
DISPLAY = CHECKOUT / "workbench" / "display.py"
STAMP = "network-workbench.json"

LOCK_HEAD = "# Made by: python3 packaging/bootstrap.py lock\n"

# Each line is one library under its Debian names: what apt is asked for first, then its name in later releases.
QT_PACKAGES = (
    ("libegl1",),
    ("libgl1",),
    ("libglib2.0-0", "libglib2.0-0t64"),
    ("libxkbcommon0",),
    ("libdbus-1-3",),
    ("libfontconfig1",),
    # Without any font Qt draws squares.
    ("fonts-dejavu-core",),
)
X11_PACKAGES = (
    ("libxkbcommon-x11-0",),
    ("libxcb-cursor0",),
    ("libxcb-icccm4",),
    ("libxcb-keysyms1",),
    ("libxcb-shape0",),
    ("libxcb-image0",),
    ("libxcb-render-util0",),
    ("libxcb-xkb1",),
)


class Stop(Exception):
    """The work can't go on; the text says why and what to do.

    Args:
        text: for a person, one sentence or a few lines.
        code: the exit code.
    """

    def __init__(self, text: str, code: int = EXIT_MACHINE) -> None:
        super().__init__(text)
        self.code = code


def python_complaint(version: "tuple[int, ...]", found: "list[str]") -> str:
    """Say why an interpreter can't be used, or return "".

    Args:
        version: (major, minor, ...) of the interpreter.
        found: names of other interpreters on this machine that could.
    """
    if OLDEST <= tuple(version[:2]) <= NEWEST:
        return ""
    supported = "{}.{} to {}.{}".format(*OLDEST, *NEWEST)
    advice = f"Run it with {found[0]}." if found else f"Install one of {supported} and run it with that."
    return f"Network Workbench needs Python {supported}; this is {version[0]}.{version[1]}. {advice}"


def other_pythons() -> "list[str]":
    """Return the supported interpreters on the path, the newest first: ["python3.13", ...]."""
    names = [f"python3.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    # A version manager's stand-in can be on the path with nothing behind it: only what starts counts.
    return [name for name in names if shutil.which(name) and starts(name)]


def starts(python: str) -> bool:
    """Say whether a program of that name runs an empty Python program."""
    return subprocess.call([python, "-c", ""], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


if not OLDEST <= sys.version_info[:2] <= NEWEST:
    sys.stderr.write(python_complaint(sys.version_info[:2], other_pythons()) + "\n")
    raise SystemExit(EXIT_MACHINE)


# ---- the system's libraries


def wanted_packages(*, root: bool, x11: bool) -> tuple[tuple[str, ...], ...]:
    """Return the libraries to look for: root is a container or CI and gets all, a person what the screen needs."""
    return QT_PACKAGES + X11_PACKAGES if root or x11 else QT_PACKAGES


def missing_packages(wanted: tuple[tuple[str, ...], ...], installed: set[str]) -> list[str]:
    """Return the first name of every library of which no name is installed."""
    return [names[0] for names in wanted if not installed.intersection(names)]


def apt_command(missing: list[str]) -> list[str]:
    """Return the command that installs packages without asking anything."""
    return ["apt-get", "install", "-y", "--no-install-recommends", *missing]


def sudo_sentence(missing: list[str]) -> str:
    """Return what a person who is not root has to do, once."""
    return (
        "Some libraries of this system that Qt needs are missing. Install them once, then call this again:\n"
        f"  sudo {' '.join(apt_command(missing))}"
    )


def is_debian(os_release: dict[str, str]) -> bool:
    """Say whether a system is Debian or descends from it, by the fields of /etc/os-release."""
    family = {os_release.get("ID", ""), *os_release.get("ID_LIKE", "").split()}
    return bool(family & {"debian", "ubuntu"})


def installed_packages(wanted: tuple[tuple[str, ...], ...]) -> set[str]:
    """Ask dpkg which of these packages are installed; about 20 ms and no network."""
    names = [name for line in wanted for name in line]
    asked = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *names],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # its complaint about names it doesn't know is our finding, not an error
        check=False,
        text=True,
    )
    pairs = [line.split() for line in asked.stdout.splitlines()]
    return {pair[0] for pair in pairs if pair[1:] == ["installed"]}


def ensure_system(environ: dict[str, str], *, root: bool) -> None:
    """Install the missing libraries as root; else ask for them.

    Raises:
        Stop: they are missing and we may not, or could not, install them.
    """
    import platform

    try:
        system = platform.freedesktop_os_release()
    except OSError:
        system = {}
    if not is_debian(system) or not shutil.which("dpkg-query"):
        say(
            "this is neither Debian nor Ubuntu: assuming that the libraries Qt needs and a font are installed"
        )
        return
    wanted = wanted_packages(root=root, x11=bool(environ.get("DISPLAY")))
    missing = missing_packages(wanted, installed_packages(wanted))
    if not missing:
        return
    if not root:
        raise Stop(sudo_sentence(missing))
    say(f"installing system libraries: {' '.join(missing)}")
    apt(apt_command(missing))


def apt(command: list[str]) -> None:
    """Run an apt-get command as root, with fresh package lists where the present ones don't serve.

    Raises:
        Stop: apt-get failed twice.
    """
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    has_lists = any(Path("/var/lib/apt/lists").glob("*_Packages*"))
    for attempt in ("with the lists at hand", "with fresh lists"):
        if not has_lists or attempt == "with fresh lists":
            subprocess.run(["apt-get", "update"], env=environ, stdout=sys.stderr, check=False)
            has_lists = True
        if subprocess.run(command, env=environ, stdout=sys.stderr, check=False).returncode == 0:
            return
    raise Stop(f"apt-get failed; its words stand above. The command was:\n  {' '.join(command)}")


# ---- the virtual environment


def venv_python() -> Path:
    """Return the path of .venv's interpreter, there or not."""
    return VENV / "bin" / "python"


def ensure_venv() -> None:
    """Make .venv, unless one is there, of a supported Python and in the place where it was made.

    Raises:
        Stop: this Python comes without venv or ensurepip.
    """
    if venv_python().exists():
        ask = "import sys; print(*sys.version_info[:2])"
        asked = subprocess.run([venv_python(), "-c", ask], stdout=subprocess.PIPE, check=False, text=True)
        version = tuple(map(int, asked.stdout.split())) if asked.returncode == 0 else (0, 0)
        # The scripts in it name the folder they were installed in.
        moved = "place" in outdated({"place": str(VENV)}, VENV / STAMP) and (VENV / STAMP).exists()
        if OLDEST <= version <= NEWEST and not moved:
            return
        say(f"{VENV} was made for another {'place' if moved else 'Python'}; making it anew")
        shutil.rmtree(VENV)
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        raise Stop(
            "This Python comes without its venv module. On Debian and Ubuntu it is a package of its own:\n"
            "  sudo apt-get install -y python3-venv"
        )
    say(f"making {VENV}")
    if subprocess.run([sys.executable, "-m", "venv", VENV], stdout=sys.stderr, check=False).returncode != 0:
        # Half an environment would be taken for a whole one by the next call.
        shutil.rmtree(VENV, ignore_errors=True)
        raise Stop(f"{VENV} could not be made; the words of Python's venv stand above")


def fingerprints() -> dict[str, str]:
    """Return what an installation depends on: the lock, and what pip reads of the project itself."""
    return {
        "lock": hashlib.sha256(LOCK.read_bytes()).hexdigest(),
        "project": hashlib.sha256((CHECKOUT / "pyproject.toml").read_bytes()).hexdigest(),
        "place": str(VENV),
    }


def outdated(now: dict[str, str], stamp: Path) -> set[str]:
    """Return which parts of an installation are no longer what the stamp says; all without a readable stamp."""
    try:
        then = json.loads(stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return set(now)
    if not isinstance(then, dict):
        return set(now)
    return {part for part, value in now.items() if then.get(part) != value}


def ensure_installed() -> None:
    """Bring .venv to what the lock and the project say; nothing is done when it is there already.

    Raises:
        Stop: pip failed.
    """
    stamp = VENV / STAMP
    now = fingerprints()
    changed = outdated(now, stamp)
    if not changed:
        return
    stamp.unlink(missing_ok=True)
    if "lock" in changed:
        say("installing what packaging/lock.txt names")
        pip("--require-hashes", "--requirement", str(LOCK))
    say("installing this checkout")
    pip("--no-deps", "--no-build-isolation", "--editable", str(CHECKOUT))
    stamp.write_text(json.dumps(now, indent=1) + "\n", encoding="utf-8")


def pip(*arguments: str) -> None:
    """Run pip install inside .venv.

    Raises:
        Stop: pip failed; its words stand on stderr.
    """
    command = [
        str(venv_python()),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
    ]
    if subprocess.run([*command, *arguments], stdout=sys.stderr, check=False).returncode != 0:
        raise Stop("pip failed; its words stand above")


def prepare() -> None:
    """Everything that comes before any verb.

    Raises:
        Stop: something is missing that we can't bring.
    """
    root = os.geteuid() == 0
    ensure_system(dict(os.environ), root=root)
    ensure_venv()
    ensure_installed()


# ---- the verbs


def run(arguments: list[str]) -> int:
    """Open the window; on a machine without a display make the tour and print its folder as the last line."""
    screen = runpy.run_path(str(DISPLAY))["display"]()
    if screen is not None and not screen.fault:
        return in_venv(["bin/workbench", *arguments], {})
    out = CHECKOUT / "build" / "tour"
    say("no display: making the tour, pictures of the real window at work")
    code = in_venv(["bin/workbench", "tour", "--out", str(out), *arguments], {"QT_QPA_PLATFORM": "offscreen"})
    if out.is_dir():
        print(out, flush=True)
    return code


def test(arguments: list[str]) -> int:
    """Run pytest; further arguments are pytest's own."""
    return pytest(arguments, {})


def pytest(arguments: list[str], environ: dict[str, str]) -> int:
    """Run the suite without a screen; the whole of it in two processes, where the machine has two processors."""
    is_whole = all(word.startswith("-") for word in arguments)
    # A file stays in one process, so that its real server starts once.
    spread = ["-n", "2", "--dist", "loadfile"] if is_whole and (os.cpu_count() or 1) > 1 else []
    command = ["bin/python", "-m", "pytest", *spread, *arguments]
    return in_venv(command, {"QT_QPA_PLATFORM": "offscreen", **environ})


def check(arguments: list[str]) -> int:
    """Run every check, also after one failed; return the first exit code that was not 0.

    --require-real makes a missing real server a failure; other arguments are pytest's.
    """
    environ = {}
    if "--require-real" in arguments:
        arguments = [word for word in arguments if word != "--require-real"]
        environ["WORKBENCH_REQUIRE_REAL"] = "1"
    steps = {
        "format": ["bin/ruff", "format", "--check", "."],
        "lint": ["bin/ruff", "check", "."],
        "types": ["bin/mypy"],
        "import contracts": ["bin/lint-imports"],
    }
    codes = {}
    for name, command in steps.items():
        say(f"check: {name}")
        codes[name] = in_venv(command, {})
    say("check: tests")
    codes["tests"] = pytest(arguments, environ)
    return summed_up(codes)


def summed_up(codes: dict[str, int]) -> int:
    """Name the steps that failed and return the first one's exit code; 0 when there is none."""
    failed = {name: code for name, code in codes.items() if code != 0}
    for name, code in failed.items():
        say(f"check: {name} failed (exit {code})")
    if not failed:
        say("check: all is well")
    return next(iter(failed.values()), 0)


def bench(arguments: list[str]) -> int:
    """Run the benchmarks of tests/bench, side by side with their peers.

    Raises:
        Stop: there are none in this checkout.
    """
    if not (CHECKOUT / "tests" / "bench" / "__main__.py").is_file():
        raise Stop("This checkout has no benchmarks: tests/bench/__main__.py is missing.", EXIT_USAGE)
    return in_venv(["bin/python", "-m", "tests.bench", *arguments], {})


def in_venv(command: list[str], environ: dict[str, str]) -> int:
    """Run a program of .venv in the checkout's folder and return its exit code; Ctrl-C is the program's."""
    sys.stdout.flush()
    with subprocess.Popen(
        [str(VENV / command[0]), *command[1:]], cwd=CHECKOUT, env={**os.environ, **environ}
    ) as child:
        while True:
            try:
                code = child.wait()
            except KeyboardInterrupt:
                # The terminal sent it to the whole group: the child ends in its own way, and we say how.
                continue
            return 128 - code if code < 0 else code


# ---- rows: which capability is shown where


class Row(NamedTuple):
    """One capability: its id, its sentence, and the names of the tests and paths of the cards that show it."""

    id: str
    says: str
    tests: list[str]
    experiments: list[str]


def rows(arguments: list[str]) -> int:
    """Print, for each row of tests/rows.toml, the tests and experiments that show it; --json for machines.

    Returns EXIT_WRONG when a test or an experiment names a row that there is not.
    """
    parser = argparse.ArgumentParser(prog="bootstrap.py rows", description=rows.__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    options = parser.parse_args(arguments)
    known = load_toml(CHECKOUT / "tests" / "rows.toml")["rows"]
    tests = covering_tests()
    cards = covering_cards(CHECKOUT / "resources" / "experiments")
    mistakes = unknown_rows(known, tests) + unknown_rows(known, cards)
    table = row_table(known, tests, cards)
    if options.json:
        print(
            json.dumps(
                {"schema": "rows/1", "rows": [row._asdict() for row in table], "mistakes": mistakes}, indent=1
            )
        )
    else:
        print(as_text(table))
    for mistake in mistakes:
        say(mistake)
    return EXIT_WRONG if mistakes else 0


def load_toml(path: Path) -> dict:  # type: ignore[type-arg]  # whatever TOML holds
    """Read a TOML file."""
    import tomllib

    return tomllib.loads(path.read_text(encoding="utf-8"))


def covering_tests() -> dict[str, list[str]]:
    """Let pytest collect the suite without running it: row id -> names of tests.

    Raises:
        Stop: the collection failed; pytest's own words are the reason.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "rows.json"
        command = [str(venv_python()), "-m", "pytest", "--collect-only", "-q", "--rows-out", str(out)]
        asked = subprocess.run(
            command, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, text=True
        )
        if asked.returncode != 0 or not out.exists():
            raise Stop(f"{asked.stdout[-4000:]}\nthe tests could not be collected", EXIT_WRONG)
        found: dict[str, list[str]] = json.loads(out.read_text(encoding="utf-8"))
        return found


def covering_cards(folder: Path) -> dict[str, list[str]]:
    """Read the `rows` of every experiment: row id -> paths of cards from the checkout."""
    cards: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.toml")):
        for row in load_toml(path).get("rows", []):
            cards.setdefault(row, []).append(path.relative_to(folder.parents[1]).as_posix())
    return cards


def unknown_rows(known: dict[str, str], named: dict[str, list[str]]) -> list[str]:
    """Return a sentence for each place that names a row which tests/rows.toml doesn't have."""
    return [
        f"{place}: there is no row {row!r} in tests/rows.toml"
        for row, places in named.items()
        if row not in known
        for place in places
    ]


def row_table(known: dict[str, str], tests: dict[str, list[str]], cards: dict[str, list[str]]) -> list[Row]:
    """Join what is known about each row, in the order of tests/rows.toml."""
    return [Row(row, says, tests.get(row, []), cards.get(row, [])) for row, says in known.items()]


def as_text(table: list[Row]) -> str:
    """The table for people: one line a row, its tests and experiments under it, and the sum last."""
    lines = []
    for row in table:
        lines.append(f"{row.id:<8} {row.says}")
        lines += [f"         {place}" for place in (*row.tests, *row.experiments)]
    shown = sum(1 for row in table if row.tests or row.experiments)
    lines.append(f"{shown} of {len(table)} rows are shown by a test or an experiment")
    return "\n".join(lines)


# ---- lock: what exactly is installed


def lock(arguments: list[str]) -> int:
    """Resolve pyproject.toml anew and write packaging/lock.txt: every file's hash, no address of any index.

    Versions already in the lock stay unless they no longer fit; --upgrade takes the newest of all.
    """
    parser = argparse.ArgumentParser(prog="bootstrap.py lock", description=lock.__doc__)
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that fit")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        say("fetching pip-tools into a folder of its own")
        subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
        python = folder / "venv" / "bin" / "python"
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "pip-tools"], stdout=sys.stderr, check=True
        )
        out = folder / "lock.txt"
        if LOCK.exists() and not options.upgrade:
            shutil.copy(LOCK, out)
        say("resolving")
        command = [str(python), "-m", "piptools", "compile", "--quiet", "--extra", "dev"]
        command += ["--output-file", str(out), "--generate-hashes", "--allow-unsafe", "--strip-extras"]
        command += ["--no-annotate", "--no-header", "--no-emit-options", "--no-emit-index-url"]
        command += ["--no-emit-trusted-host", "--no-emit-find-links"]
        subprocess.run([*command, "pyproject.toml"], cwd=CHECKOUT, stdout=subprocess.DEVNULL, check=True)
        LOCK.write_text(clean_lock(out.read_text(encoding="utf-8")), encoding="utf-8")
    say(f"wrote {LOCK}")
    return 0


def clean_lock(text: str) -> str:
    """Keep pins and hashes; drop comments and options: they can name the machine that resolved them.

    Raises:
        Stop: a line holds an address or a path in place of a version.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    kept = [line for line in lines if line.startswith("    --hash=") or line.lstrip()[0] not in "#-"]
    for line in kept:
        if "://" in line or " @ " in line:
            raise Stop(f"the lock would hold an address: {line.strip()}", EXIT_WRONG)
    return LOCK_HEAD + "\n".join(kept) + "\n"


def say(text: str) -> None:
    """One line of progress for a person."""
    print(f"bootstrap: {text}", file=sys.stderr, flush=True)


VERBS = {"run": run, "test": test, "check": check, "bench": bench, "rows": rows, "lock": lock}


def main(argv: list[str]) -> int:
    """Prepare this checkout and do what the first word says; the words behind it belong to the verb."""
    parser = argparse.ArgumentParser(
        prog="bootstrap.py",
        description="Install what Network Workbench needs into .venv, then start, test or check it.",
        epilog="Words behind the verb are handed on: 'test tests/wire -x' is pytest's tests/wire -x.",
    )
    parser.add_argument("verb", choices=VERBS)
    verb = parser.parse_args(argv[:1]).verb
    try:
        # The lock is made for machines that have none yet, and installs nothing here.
        if verb != "lock":
            prepare()
        return VERBS[verb](argv[1:])
    except Stop as stop:
        print(stop, file=sys.stderr)
        return stop.code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Who read our output (`rows | head`) wants no more of it: nor does anybody at the interpreter's end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
