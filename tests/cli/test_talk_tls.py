"""`workbench socket talk --tls`: the verdict is always told, and decides the exit code."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.terminal import Terminal
from tests.kit.cli import run_cli
from workbench.lab.authority import Authority


def talk(terminal: Terminal, *words: str) -> tuple[int, Any]:
    said = terminal("socket", "talk", *words, "--json")
    return said.code, said.document


def test_the_lab_is_trusted_by_itself(terminal: Terminal):
    code, document = talk(terminal, "lab:tls-echo", "--tls", "--send", "hello")
    assert code == 0
    tls = document["tls"]
    assert (tls["version"], tls["trusted"], tls["reason"], tls["name_matched"]) == ("TLSv1.3", True, "", True)
    assert (tls["server_name"], tls["sni"], tls["alpn"], tls["resumed"]) == (
        "localhost",
        "localhost",
        "",
        False,
    )
    assert tls["cipher"].startswith("TLS_")
    assert tls["verified"][0]["subject"] == "CN=a server of the Lab"
    assert all(decision["accepted"] for decision in tls["decisions"])
    assert document["sent"]["octets"] == 5
    assert document["received"]["text"] == "hello"
    assert (document["end"], document["end_by"]) == ("close_notify", "peer")
    assert [event["octets"] for event in document["events"] if event.get("layer") == "tls"] == [5, 5]


def test_whom_nobody_vouches_for_is_untrusted_and_says_why(terminal: Terminal):
    code, document = talk(terminal, "lab:tls-echo", "--tls", "--sni", "elsewhere.test", "--send", "secret")
    assert code == 1
    failure = document["failure"]
    assert (failure["kind"], failure["stage"]) == ("Untrusted", "tls")
    assert "not for elsewhere.test" in failure["what"]
    assert failure["try"].endswith("(--show-untrusted, --ca FILE)")
    assert document["tls"]["trusted"] is False
    assert document["tls"]["version"] is None
    assert document["tls"]["sent"][0]["subject"] == "CN=a server of the Lab"
    assert [(alert["by"], alert["alert"]) for alert in document["tls"]["alerts"]] == [
        ("us", "bad_certificate")
    ]
    assert document["sent"]["octets"] == 0


def test_shown_all_the_same_it_is_told_and_goes_on(terminal: Terminal, tmp_path: Path):
    other = tmp_path / "other.pem"
    other.write_bytes(Authority("another").certificate)
    words = ("lab:tls-echo", "--tls", "--ca", str(other), "--show-untrusted", "--send", "x")
    code, document = talk(terminal, *words)
    assert code == 0
    assert document["tls"]["trusted"] is False
    assert "certificate" in document["tls"]["reason"]
    assert document["received"]["text"] == "x"
    code, document = talk(terminal, *(word for word in words if word != "--show-untrusted"))
    assert (code, document["failure"]["kind"]) == (1, "Untrusted")


def test_people_read_plaintext_and_the_verdict():
    done = run_cli("socket", "talk", "lab:tls-echo", "--tls", "--send", "hello")
    assert done.returncode == 0, done
    assert done.stdout == "hello"
    assert "the peer is trusted" in done.stderr
    assert "→ 5 B" in done.stderr


def test_a_server_that_wants_to_know_us_is_shown_the_labs_certificate(terminal: Terminal):
    words = ("lab:tls-client-cert", "--tls", "--expect", "vouched for by the Lab")
    code, document = talk(terminal, *words, "--cert", "lab")
    assert (code, document["matched"]) == (0, True)
    code, document = talk(terminal, *words)
    assert code == 1
    assert (document["failure"]["kind"], document["failure"]["reply"]) == ("Refused", "certificate_required")


def test_a_certificate_of_ones_own_comes_from_files(terminal: Terminal, tmp_path: Path):
    identity = Authority("mine").client()
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    chain.write_bytes(identity.chain)
    key.write_bytes(identity.key)
    words = ("lab:tls-client-cert", "--tls", "--cert", str(chain), "--key", str(key))
    code, document = talk(terminal, *words)
    assert (code, document["failure"]["reply"]) == (1, "unknown_ca")
    code, document = talk(terminal, *words[:-2])
    assert (code, document["failure"]["kind"]) == (2, "LocalMisuse")


def test_a_port_without_tls_is_named_so(terminal: Terminal):
    code, document = talk(terminal, "lab:greet", "--tls")
    assert (code, document["failure"]["kind"], document["failure"]["stage"]) == (4, "PeerMisbehaved", "tls")
    assert "no TLS" in document["failure"]["what"]


@pytest.mark.parametrize(
    "words",
    [
        ("127.0.0.1:1", "--ca", "lab"),
        ("127.0.0.1:1", "--show-untrusted"),
        ("127.0.0.1:1", "--udp", "--tls", "--send", "x"),
        ("127.0.0.1:1", "--tls", "--key", "FILE"),
        ("127.0.0.1:1", "--tls", "--ca", "\0"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anybody_is_asked(words: tuple[str, ...], terminal: Terminal):
    code, document = talk(terminal, *words)
    assert (code, document["failure"]["kind"]) == (2, "LocalMisuse")


def test_a_file_that_is_not_there_is_this_machines_matter(terminal: Terminal, tmp_path: Path):
    code, document = talk(terminal, "127.0.0.1:1", "--tls", "--ca", str(tmp_path / "none.pem"))
    assert (code, document["failure"]["kind"]) == (5, "LocalFault")


NOT_IN_CLEAR = (
    "OpenSSL",
    "cryptography",
    *(f"workbench.protocols.raw.{name}" for name in ("field", "protection", "tls_report", "wayform")),
    "workbench.wire.proxy",
    "workbench.wire.tls.values",
)


def test_in_clear_nothing_of_tls_or_of_the_way_is_even_loaded():
    code = (
        "import sys; from workbench.cli.main import main; status = main(sys.argv[1:]); "
        f"print(status, *(name for name in {NOT_IN_CLEAR!r} if name in sys.modules), file=sys.stderr)"
    )
    import subprocess
    import sys

    from tests.kit.cli import environment

    done = subprocess.run(
        [sys.executable, "-c", code, "socket", "talk", "lab:echo", "--send", "x", "--json"],
        capture_output=True,
        env=environment(),
        timeout=60,
    )
    assert done.stderr.decode().splitlines()[-1] == "0"
    assert "tls" not in json.loads(done.stdout)
