"""The scripts run without the workbench, and end as the remedy says."""

import subprocess
import sys

import pytest

from workbench.protocols.flow.code import python
from workbench.protocols.flow.values import REMEDIES, Pipe

PIPE = Pipe(octets=200_000)


def run(script: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-I", "-W", "error", "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("remedy", ["read", "interleave", "both"])
def test_a_script_stalls_and_frees_itself(remedy):
    code, out, err = run(python(PIPE, remedy))
    assert (code, err) == (0, "")
    taken, echoed = out.splitlines()
    assert int(taken.split()[4]) < 100_000
    assert echoed == "echoed: 200000 hash equal"


def test_a_script_gives_up():
    code, _out, err = run(python(PIPE, "deadline", 0.1))
    assert code == 1
    assert err.strip() == "gave up: unknown how much arrived"
    assert run(python(PIPE, "none"))[2].strip() == "stalled"


def test_what_fits_needs_no_remedy():
    assert run(python(Pipe(octets=1000), "none"))[1].splitlines()[1] == "echoed: 1000 hash equal"


def test_every_remedy_has_a_script():
    for remedy, *_ in REMEDIES:
        compile(python(Pipe(octets=1), remedy), remedy, "exec")
