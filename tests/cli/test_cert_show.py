"""`workbench cert show`: every field of a server's or a file's certificates, and what else a file holds."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.process import running
from tests.cli.terminal import Terminal
from tests.cli.waiting import wait_for
from tests.formats.x509.samples import ec_key
from tests.formats.x509.test_paper import CLEAR, GOOD, GOOD_PEM, PASSWORD, PEM, PKCS8, request
from tests.kit.cli import environment, run_cli


def test_a_server_is_shown_whatever_is_wrong_with_it(terminal: Terminal):
    said = terminal("cert", "show", "lab:tls-expired", "--json")
    assert said.code == 0
    document = said.document
    assert (document["source"], document["target"]) == ("server", "lab:tls-expired")
    assert document["tls"]["version"] == "TLSv1.3"
    own, between = document["certificates"]
    assert (own["subject"], own["mark"]) == ("CN=a server of the Lab", "the server's own")
    assert (between["is_authority"], between["mark"]) == (True, "signed the one before it")
    assert own["pem"].startswith("-----BEGIN CERTIFICATE-----\n")
    names = [field["name"] for field in own["fields"]]
    assert names[:3] == ["Version", "Serial number", "Signature algorithm"]
    extensions = next(field for field in own["fields"] if field["name"] == "Extensions")
    alternative = next(each for each in extensions["fields"] if each["name"] == "Subject alternative names")
    assert alternative["source"] == "RFC 5280 4.2.1.6"
    assert alternative["octets"]["stop"] > alternative["octets"]["start"]
    assert [each["text"] for each in alternative["fields"]] == ["localhost", "*.lab.test", "127.0.0.1", "::1"]


def test_a_file_is_shown_with_what_else_it_holds(terminal: Terminal, tmp_path: Path):
    path = tmp_path / "all.pem"
    path.write_bytes(GOOD_PEM + ec_key().private_bytes(PEM, PKCS8, CLEAR) + request().public_bytes(PEM))
    document = terminal("cert", "show", str(path), "--json").document
    assert (document["source"], document["file"]) == ("file", str(path))
    assert [each["place"] for each in document["certificates"]] == ["line 1"]
    assert [each["kind"] for each in document["others"]] == ["private key", "request"]
    assert "fields" not in document["others"][0]


def test_der_and_standard_input_are_read_too(terminal: Terminal, tmp_path: Path):
    path = tmp_path / "one.der"
    path.write_bytes(GOOD)
    assert len(terminal("cert", "show", str(path), "--json").document["certificates"]) == 1
    done = run_cli("cert", "show", "-", "--json", input=GOOD)
    assert (done.returncode, len(done.json["certificates"])) == (0, 1)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (ec_key().private_bytes(PEM, PKCS8, CLEAR), "it holds a private key (EC)"),
        (ec_key().private_bytes(PEM, PKCS8, PASSWORD), "it holds a private key under a password"),
        (request().public_bytes(PEM), "it holds a request for a certificate (CSR) of asked.test"),
        (b"<html>", "is a web page"),
        (b"", "is empty"),
        (b"\0\xff" * 999, "there is no certificate in"),
    ],
)
def test_a_file_without_a_certificate_says_what_it_is_and_what_to_do(
    terminal: Terminal, tmp_path: Path, data: bytes, words: str
):
    path = tmp_path / "file"
    path.write_bytes(data)
    said = terminal("cert", "show", str(path), "--json")
    assert said.code == 2
    failure = said.document["failure"]
    assert words in failure["what"]
    assert failure["try"]
    assert failure["stage"] == "open"


def test_damage_is_told_with_its_place(terminal: Terminal, tmp_path: Path):
    path = tmp_path / "cut.pem"
    path.write_bytes(GOOD_PEM[:400])
    (shown,) = terminal("cert", "show", str(path), "--json").document["certificates"]
    assert shown["damage"] == "line 1: its END is missing, so the block is cut off"
    assert shown["strict"]
    assert any("octet 0" in fault for fault in shown["faults"])


def test_people_read_fields_with_their_sections(terminal: Terminal, tmp_path: Path):
    path = tmp_path / "good.pem"
    path.write_bytes(GOOD_PEM)
    said = terminal("cert", "show", str(path))
    assert said.code == 0
    assert said.out.startswith("www.example.test  (1 of 1, line 1)\n")
    assert "  Validity: 2026-01-02 to 2027-01-02, 365 days  [RFC 5280 4.1.2.5]\n" in said.out
    assert "    Basic constraints, critical: an authority\n" in said.out


def test_a_folder_and_a_file_that_may_not_be_read_are_faults_of_this_machine(
    terminal: Terminal, tmp_path: Path
):
    said = terminal("cert", "show", str(tmp_path), "--json")
    assert (said.code, said.document["failure"]["errno"]) == (5, "EISDIR")


def test_nothing_heavy_is_loaded_before_a_certificate_is_asked_for():
    script = (
        "import sys; from workbench.cli.main import main; code = main(['cert', '--help'])\n"
        "print(code, 'OpenSSL' in sys.modules, 'cryptography' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment())
    assert done.stderr.strip() == "0 False False"


def test_ctrl_c_is_heard_while_standard_input_says_nothing():
    with running("cert", "show", "-") as verb:
        # The second thread is the one that waits for octets.
        wait_for(lambda: len(os.listdir(f"/proc/{verb.child.pid}/task")) > 1)
        verb.stop()
        assert verb.wait() == 130
        assert verb.child.stderr is not None
        assert b"stopped by Ctrl-C" in verb.child.stderr.read()
