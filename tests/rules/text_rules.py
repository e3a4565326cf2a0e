"""Rules for every text file of the checkout: nothing in it belongs to one machine or names a package index."""

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from tests.rules.source import Finding

INDEX = re.compile(
    r"pypi[.]org|pythonhosted[.]org|registry[.]npmjs|deb[.]debian[.]org|archive[.]ubuntu[.]com|proxy[.]golang[.]org"
    r"|--(?:extra-)?index[-]url|--find[-]links|--trusted[-]host"
)
"""A lock file or script that names an index works only where that index is reached."""

MACHINE = re.compile(r"(?<![\w.-])/(?:work|root|Users|home/(?!me/)\w+)/|[.]pyenv|file:[/]{3}")
"""Paths that exist on somebody's machine; /home/me/ is nobody's, for examples."""

TOP_LEVEL = frozenset(
    {
        *("pyproject.toml", "README.md", "LICENSE", "CONTRIBUTING.md", "CHANGELOG.md", ".gitignore"),
        *(".ci", "workbench", "resources", "tests", "packaging"),
    }
)
"""What stands at the top of the checkout; one more folder is a decision, to be written here."""

TEST_ROOMS = frozenset(
    {"kit", "rules", "packaging", "contract", "journeys", "oracles", "fuzz", "real", "bench"}
)
"""Folders of tests/ that mirror no room of workbench/."""

SMALL = 30
"""A module of at most so many lines (a catalogue, a handful of constants) needs no test of its own."""

CATALOGUED = ("workbench/lab/services/",)
"""Modules that are started by their name in a catalogue: a test that says "udp-echo" or lab:udp-echo names udp_echo."""

TESTED_ELSEWHERE: dict[str, str] = {}
"""Modules without a test in their own room, each with the reason and the place of its test."""


def no_index_is_named(path: str, text: str) -> Iterator[Finding]:
    """Every installation takes what pip and apt are set up for on that machine."""
    yield from _matches(INDEX, path, text, "names a package index")


def no_machine_is_named(path: str, text: str) -> Iterator[Finding]:
    """Nothing depends on where somebody once worked."""
    yield from _matches(MACHINE, path, text, "is a path of one machine")


def top_level_is_known(names: Iterable[str]) -> Iterator[Finding]:
    """A new folder at the top is noticed."""
    for name in sorted(set(names) - TOP_LEVEL):
        yield Finding(name, 1, "is not one of the entries of the checkout")


def packaging_is_no_package(paths: Iterable[str]) -> Iterator[Finding]:
    """With an __init__.py our folder would hide the library of that name from everything run in the checkout."""
    for path in paths:
        if PurePosixPath(path).parts[0] == "packaging" and path.endswith("__init__.py"):
            yield Finding(path, 1, "hides the library `packaging`")


def code_is_mirrored_by_tests(modules: dict[str, str], tests: dict[str, str]) -> Iterator[Finding]:
    """A module workbench/ROOM/a/b.py is tested in tests/ROOM/: by a/test_b*.py, or by any test there that names it.

    Args:
        modules: path -> text of workbench/.
        tests: path -> text of tests/.
    """
    # What each test names is read once: a pattern of its own for each module would read all tests a thousand times.
    named = {test: _names(words) for test, words in tests.items()}
    for path, text in modules.items():
        if text.count("\n") <= SMALL or path in TESTED_ELSEWHERE:
            continue
        place = PurePosixPath(path).relative_to("workbench")
        room = f"tests/{place.parts[0]}/" if len(place.parts) > 1 else "tests/test_"
        name = place.parent.name if place.stem == "__init__" else place.stem
        twin = f"tests/{place.parent.as_posix()}/".replace("/./", "/") + f"test_{name.strip('_')}"
        dotted = "workbench." + ".".join(place.with_suffix("").parts).removesuffix(".__init__")
        if any(test.startswith(twin) or (test.startswith(room) and dotted in named[test]) for test in tests):
            continue
        if path.startswith(CATALOGUED):
            entry = name.replace("_", "[-_]")
            called = re.compile(rf"\blab:{entry}\b|([\"']){entry}\1")
            if any(test.startswith(room) and called.search(words) for test, words in tests.items()):
                continue
        yield Finding(path, 1, f"no test: {twin}.py, or a test in {room} that names {dotted}")


def _names(words: str) -> set[str]:
    """The modules that a test names: by dots, each with the packages around it, or in an import of one line."""
    found: set[str] = set()
    for dotted in re.findall(r"\bworkbench(?:\.\w+)+", words):
        parts = dotted.split(".")
        found.update(".".join(parts[:end]) for end in range(2, len(parts) + 1))
    for parent, what in re.findall(r"from (workbench[\w.]*) import ([^\n]*)", words):
        found.update(f"{parent}.{word}" for word in re.findall(r"\w+", what))
    return found


def folders_of_tests_are_known(folders: Iterable[str], rooms: Iterable[str]) -> Iterator[Finding]:
    """Every folder of tests/ mirrors a room, or is one of the few that can't."""
    for name in sorted(set(folders) - set(rooms) - TEST_ROOMS):
        yield Finding(f"tests/{name}", 1, "mirrors no room of workbench/")


def _matches(pattern: re.Pattern[str], path: str, text: str, what: str) -> Iterator[Finding]:
    for number, line in enumerate(text.splitlines(), 1):
        if found := pattern.search(line):
            yield Finding(path, number, f"{found[0]!r} {what}")
