"""`workbench selfcheck`: everything at once, as people and programs see it."""

import pytest

from tests.cli.documents import checked
from tests.cli.terminal import Terminal
from tests.kit.cli import run_cli
from workbench.cli import checks
from workbench.cli.checks import Check, Checked, Finding


@pytest.mark.covers("I.4")
def test_this_machine_has_what_is_needed():
    done = run_cli("selfcheck", "--json", timeout=60)
    document = checked(done.json)
    states = {check["name"]: check["state"] for check in document["checks"]}
    assert done.returncode == 0, done
    for name in ("loopback-v4", "loopback-udp", "ports", "clock", "lab", "qt", "python", "resources"):
        assert states[name] == "ok"
    assert states["resolver"] in ("ok", "off")
    assert states["outside"] in ("ok", "off")


def test_the_lab_works_without_a_way_outside(monkeypatch: pytest.MonkeyPatch):
    from workbench.cli import checks_packages

    assert checks_packages.lab().works


def found(works: bool) -> list[Checked]:
    finding = Finding(works, "so it is", "do that")
    return [Checked(Check("x", "The thing", lambda: finding, needed=True), finding)]


def test_something_needed_that_is_missing_is_a_fault_of_this_machine(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(checks, "run_checks", lambda: found(works=False))
    said = terminal("selfcheck", "--json")
    assert said.code == 5
    document = said.document
    assert (document["ok"], document["checks"][0]["state"]) == (False, "missing")
    assert "The thing" in document["failure"]["what"]


def test_for_people_it_is_a_line_a_check(terminal: Terminal, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checks, "run_checks", lambda: found(works=True))
    said = terminal("selfcheck")
    assert said.code == 0
    assert said.out.splitlines()[0] == "✓ ok       The thing  so it is"
    assert "try: do that" in said.out
    assert "everything that is needed is there" in said.err
