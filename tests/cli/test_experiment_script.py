"""`workbench experiment script`: a program for people and programs, told what it needs, with the Lab's certificates."""

import subprocess
import sys

from tests.cli.documents import checked
from tests.cli.process import running
from tests.cli.terminal import Terminal
from tests.kit.cli import run_cli


def run_text(script: str, *argv: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "-", *argv], input=script, capture_output=True, text=True, timeout=60
    )


def test_the_program_is_printed_and_runs():
    done = run_cli("experiment", "script", "half-close")
    assert done.returncode == 0, done
    ran = run_text(done.stdout)
    assert ran.returncode == 0, ran.stderr
    assert " to 127.0.0.1:" in ran.stdout
    assert ran.stdout.endswith("Everything was seen as expected.\n")


def test_with_the_broken_part_it_fails(terminal: Terminal):
    said = terminal("experiment", "script", "half-close", "--broken")
    assert said.code == 0
    ran = run_text(said.out)
    assert ran.returncode == 1
    assert "!" in ran.stdout or "expected" in ran.stderr


def test_the_document_names_what_it_needs(terminal: Terminal):
    document = checked(terminal("experiment", "script", "one-at-a-time", "--json").document)
    assert document["servers"] == ["echo"]
    assert [need["name"] for need in document["needs"]] == ["echo"]
    assert document["packages"] == []
    document = checked(terminal("experiment", "script", "claimed-names", "--json").document)
    assert document["packages"] == ["dnspython"]
    document = checked(terminal("experiment", "script", "late-refusal", "--json").document)
    assert document["servers"] == ["new-server", "old-server"]
    assert {"authority", "identity"} < {need["name"] for need in document["needs"]}


def test_without_an_open_lab_there_is_no_certificate_to_write_in(terminal: Terminal):
    said = terminal("experiment", "script", "cut-under-tls", "--authority")
    assert said.code == 2
    assert "no Lab is open" in said.err
    # Where none is needed, none is asked for.
    assert terminal("experiment", "script", "half-close", "--authority").code == 0


def test_the_certificates_of_the_open_lab_stand_in_the_program():
    with running("lab", "start", "tls-self-signed", "tls-good", "--json") as verb:
        started = [verb.document() for _ in range(2)]
        done = run_cli("experiment", "script", "nobody-confirms", "--authority")
        assert done.returncode == 0, done
        assert "-----BEGIN CERTIFICATE-----" in done.stdout
        ran = run_text(done.stdout, *(f"{each['name']}={each['address']}" for each in started))
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "+ whether the client of the other trusts the other side: True" in ran.stdout
