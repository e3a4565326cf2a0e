"""What is wrong in a form is told of the option that filled it, with the place and the same culprit."""

from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.kit.scripted_peer import scripted_peer
from workbench.cli.arguments import Parsed
from workbench.cli.fields import name_options, named_by_options
from workbench.errors import LocalFault, LocalMisuse, Untrusted, WorkbenchError
from workbench.protocols.raw.field import FieldError, FieldFault, in_field, mistake_in
from workbench.wire.tls.values import UNTRUSTED_ADVICE

GIVEN = Parsed({"--ca": "ca.pem", "--option": ("TTL=1", "TTL=900"), "--cert": None})
OPTIONS = {"trust_file": "--ca", "options": "--option", "certificate": "--cert"}


def told(error: FieldError) -> WorkbenchError:
    with pytest.raises(WorkbenchError) as caught, named_by_options(GIVEN, OPTIONS):
        raise error
    assert type(caught.value) in (LocalMisuse, LocalFault)
    return caught.value


def test_a_place_stays_where_it_was_and_without_one_all_of_the_text_is_wrong():
    misuse = LocalMisuse("no", text="TTL=1 TTL=900", start=10, end=13, advice="less")
    placed = told(in_field("options", misuse))
    assert (placed.what, placed.advice) == ("--option: no", "less")
    assert isinstance(placed, LocalMisuse)
    assert placed.caret() == "TTL=1 TTL=900\n" + " " * 10 + "^^^"
    whole = told(in_field("trust_file", LocalMisuse("there is no certificate in it")))
    assert isinstance(whole, LocalMisuse)
    assert whole.caret() == "ca.pem\n^^^^^^"


def test_what_was_not_given_has_no_place_and_what_has_no_option_no_name():
    missing = told(mistake_in("certificate", "it is missing"))
    assert isinstance(missing, LocalMisuse)
    assert (missing.what, missing.caret()) == ("--cert: it is missing", "")
    assert told(mistake_in("sni", "that is no name")).what == "that is no name"


def test_a_fault_of_this_machine_stays_one():
    fault = FieldFault("ca.pem can't be read: no", stage="input", errno_name="ENOENT")
    fault.field = "trust_file"
    named = told(fault)
    assert (named.what, named.errno_name, named.exit_code) == ("--ca: ca.pem can't be read: no", "ENOENT", 5)


def test_what_the_wire_advises_is_told_with_its_options():
    failure = Untrusted("it has expired", advice=UNTRUSTED_ADVICE)
    name_options(failure, "--client-ca")
    assert failure.advice.endswith("(--show-untrusted, --client-ca FILE)")
    other = Untrusted("it has expired", advice="ask its holder")
    name_options(other)
    assert other.advice == "ask its holder"


@pytest.mark.parametrize(
    ("words", "what", "caret"),
    [
        (("--tls", "--alpn", f"h2,{'x' * 256}"), "--alpn: ", "\n   ^^"),
        (("--tls", "--sni", "a..b"), "--sni: ", ""),
        (("--tls", "--ca", "HERE"), "--ca: there is no certificate in it", "HERE\n^"),
        (("--tls", "--cert", "HERE"), "--cert: ", "HERE\n^"),
        (("--tls", "--key", "HERE"), "--key without", ""),
        (("--tls", "--cert", "lab", "--key", "HERE"), "--key without", ""),
        (("--local", "unix:/x"), "--local: unix:/x is no address to call from", "unix:/x\n^^^^^^^"),
        (
            ("--option", "NODELAY=1", "--option", "TTL=999"),
            "--option: ",
            "NODELAY=1 TTL=999\n" + " " * 14 + "^^^",
        ),
        (("--proxy", "ftp://x:1"), "--proxy: ", "ftp://x:1\n^"),
        (("--proxy", ""), "--proxy must not be empty", ""),
        (("--proxy", " "), "--proxy must not be empty", ""),
        (("--option", "TTL=3", "--option", ""), "--option must not be empty", ""),
        (("--proxy", "socks5://x:1", "--proxy-user", "me"), "--proxy-password-file: ", ""),
        (("--proxy", "socks5://x:1", "--proxy-password-file", "HERE"), "--proxy-user: ", ""),
    ],
)
def test_the_option_and_the_place_are_named(
    words: tuple[str, ...], what: str, caret: str, terminal: Terminal, tmp_path: Path
):
    here = tmp_path / "words.txt"
    here.write_text("no certificate\n")
    said = terminal("socket", "talk", "127.0.0.1:9", *(str(here) if w == "HERE" else w for w in words))
    assert said.code == 2
    assert f"workbench: {what}" in said.err
    shown = caret.replace("HERE", str(here)).replace("\n", "\n  ")
    assert shown in said.err


@pytest.mark.parametrize("option", ["--ca", "--cert"])
def test_a_file_that_can_not_be_read_names_its_option(option: str, terminal: Terminal, tmp_path: Path):
    said = terminal("socket", "talk", "127.0.0.1:9", "--tls", option, str(tmp_path), "--json")
    failure = said.document["failure"]
    assert (said.code, failure["kind"], failure["errno"]) == (5, "LocalFault", "EISDIR")
    assert failure["what"].startswith(f"{option}: {tmp_path} can't be read")


@pytest.mark.parametrize(
    ("kind", "asked", "answer"),
    [
        ("socks5", b"\x05\x01\x00", b"\x05\xff"),
        ("http", b"CONNECT x.test:7 HTTP/1.1\r\nHost: x.test:7\r\n\r\n", b"HTTP/1.1 407 Login\r\n\r\n"),
    ],
)
def test_a_proxy_that_wants_a_login_names_its_options(
    kind: str, asked: bytes, answer: bytes, terminal: Terminal
):
    with scripted_peer([("expect", asked), ("send", answer)]) as peer:
        said = terminal("socket", "talk", "x.test:7", "--proxy", f"{kind}://{peer}", "--json")
    assert said.code == 1
    advice = said.document["failure"]["try"]
    assert advice == "give the proxy a user and a password (--proxy-user, --proxy-password-file)"
