"""Tests beside real programs: skipped where one is missing, but a failure under WORKBENCH_REQUIRE_REAL=1.

@pytest.mark.real("ncat")
def test_ncat_hears_our_end(): ...
"""

import os
import shutil

import pytest

ADMIN_FOLDERS = ("/usr/local/sbin", "/usr/sbin", "/sbin")
"""Where Debian installs servers; often not on a user's path."""


def find_program(name: str) -> str | None:
    """Return the path of an installed program, servers in the administrator's folders included, or None."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), *ADMIN_FOLDERS])
    return shutil.which(name, path=path)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Look for every program that the test's `real` marks name."""
    for mark in item.iter_markers("real"):
        for program in mark.args:
            if find_program(program) is not None:
                continue
            if os.environ.get("WORKBENCH_REQUIRE_REAL") == "1":
                pytest.fail(f"{program} is not installed, and --require-real asks for it", pytrace=False)
            pytest.skip(f"{program} is not installed")
