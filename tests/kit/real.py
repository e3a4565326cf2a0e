"""Tests beside real programs: skipped where one is missing, but a failure under WORKBENCH_REQUIRE_REAL=1.

@pytest.mark.real("ncat")
def test_ncat_hears_our_end(): ...

A server that only root can start says so: @pytest.mark.real("vsftpd", root=True).
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
    """Look for all that the test's `real` marks ask for, before any fixture starts a server."""
    for mark in item.iter_markers("real"):
        for program in mark.args:
            if find_program(program) is None:
                _missing(f"{program} is not installed")
        if mark.kwargs.get("root") and os.geteuid() != 0:
            _missing(f"only root can start {', '.join(mark.args)}")


def _missing(what: str) -> None:
    if os.environ.get("WORKBENCH_REQUIRE_REAL") == "1":
        pytest.fail(f"{what}, and --require-real asks for it", pytrace=False)
    pytest.skip(what)
