"""Benchmarks beside the peers, as a table: bootstrap.py bench [--only NAME] [--quick] [--json FILE] [--readme].

It judges nothing by its exit code: figures of a busy or another machine are figures, not failures. Loopback only.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench import (
    capture,
    datagrams,
    echo,
    following,
    hexlog,
    hexview,
    lab,
    letters,
    machine,
    markup,
    mime,
    opening,
    places,
    protected,
    readme,
    receive,
    results,
    searching,
    terminal,
    transfers,
    web,
    window,
)
from tests.bench.children import Children
from tests.bench.figures import Figure
from tests.bench.table import summary, table

Measure = Callable[[Children], list[Figure]]

MEASUREMENTS: dict[str, Measure] = {
    module.NAME: module.measure
    for module in (
        window,
        opening,
        terminal,
        lab,
        echo,
        receive,
        protected,
        following,
        datagrams,
        hexlog,
        hexview,
        places,
        searching,
        capture,
        transfers,
        results,
        web,
        markup,
        mime,
        letters,
    )
}
README = Path(__file__).parents[2] / "README.md"


def main(argv: Sequence[str]) -> int:
    """Measure and print; returns 0, or 2 for a wrong command line."""
    parser = argparse.ArgumentParser(prog="bootstrap.py bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=MEASUREMENTS, help="this one; may be given again")
    parser.add_argument("--quick", action="store_true", help="leave the parts out that take gigabytes")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write everything to a file")
    parser.add_argument("--readme", action="store_true", help="also write the table into README.md")
    asked = parser.parse_args(argv)
    described = machine.describe()
    _note(machine.sentence(described))
    began = time.monotonic()
    figures: list[Figure] = []
    with Children(is_quick=asked.quick) as children:
        for name in asked.only or MEASUREMENTS:
            began_s = time.monotonic()
            figures += _measured(name, children)
            _note(f"measured: {name}, {time.monotonic() - began_s:.0f} s, load {os.getloadavg()[0]:.2f}")
    described["load_at_end"] = round(os.getloadavg()[0], 2)
    described["seconds"] = round(time.monotonic() - began, 1)
    print(_report(described, figures), flush=True)
    if asked.json is not None:
        document = {"schema": "bench/1", "machine": described, "figures": [f.as_dict() for f in figures]}
        asked.json.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if asked.readme:
        README.write_text(
            readme.rewritten(README.read_text(encoding="utf-8"), figures, described), encoding="utf-8"
        )
    return 0


def _measured(name: str, children: Children) -> list[Figure]:
    """The figures of one measurement; what failed is said in their place, and the others go on."""
    try:
        return MEASUREMENTS[name](children)
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        return [Figure(name, "the whole measurement", None, "s", note=f"failed: {error}")]


def _report(described: dict[str, object], figures: Sequence[Figure]) -> str:
    lines = [
        table(figures),
        "",
        f"Ratio is ours by theirs. {summary(figures)}.",
        f"Machine: {machine.sentence(described)}, {described['load_at_end']} at the end.",
        f"It took {described['seconds']} s.",
        "Children run with compiled modules, as on a user's machine (PYTHONDONTWRITEBYTECODE is taken away).",
    ]
    if isinstance(described["load"], float) and described["load"] > machine.QUIET_LOAD:
        lines.append("This machine was busy when it began: read the figures with that in mind.")
    return "\n".join(lines)


def _note(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
