"""Certificates beside `openssl x509`, `openssl verify` and `openssl s_server`: another program's reading of them."""

import asyncio
import contextlib
import re
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.documents import checked
from tests.cli.waiting import wait_for
from tests.kit.cli import run_cli
from tests.kit.ports import free_port
from tests.protocols.certificates.authorities import BETWEEN, ROOT, SERVER, Holder, issue
from tests.protocols.certificates.servers import showing
from tests.protocols.certificates.test_judge import ALONE, EXPIRED, NARROW, OTHER, TOO_DEEP
from tests.real.test_socket_verbs_with_ncat import listens
from workbench.formats.x509.certificate import read_certificate
from workbench.formats.x509.paper import read_papers
from workbench.formats.x509.values import Certificate, Field
from workbench.protocols.certificates.code import Recipe, openssl, openssl_of_file
from workbench.protocols.certificates.judge import judge_chain
from workbench.protocols.certificates.trust import pem

BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
EXTENSIONS = (
    "subjectAltName=DNS:www.example.test,DNS:*.example.test,IP:192.0.2.1,email:a@example.test",
    "keyUsage=critical,digitalSignature,keyEncipherment",
    "extendedKeyUsage=serverAuth,1.2.3.4",
    "certificatePolicies=1.2.3.4,2.23.140.1.2.1",
    "authorityInfoAccess=OCSP;URI:http://ocsp.example.test/",
    "crlDistributionPoints=URI:http://crl.example.test/1.crl",
    "nameConstraints=permitted;DNS:example.test,excluded;IP:192.0.2.0/255.255.255.0",
    "tlsfeature=status_request",
    "1.2.3.4.5=ASN1:UTF8String:some words",
)

pytestmark = pytest.mark.real("openssl")


def run(*words: str, data: bytes = b"") -> str:
    """The output of openssl, which must succeed."""
    done = subprocess.run(["openssl", *words], input=data, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


def every(fields: tuple[Field, ...]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from every(field.fields)


def texts(certificate: Certificate, name: str) -> list[str]:
    return [field.text for field in every(certificate.fields) if field.name == name]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A certificate that openssl made, with many extensions, as PEM."""
    folder = tmp_path_factory.mktemp("made")
    added = [word for extension in EXTENSIONS for word in ("-addext", extension)]
    run(
        *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "7", "-set_serial", "0x0123456789abcdef"),
        *("-keyout", str(folder / "key.pem"), "-out", str(folder / "made.pem")),
        *("-subj", "/C=ES/O=Example, Inc./CN=www.example.test", *added),
    )
    return (folder / "made.pem").read_bytes()


def test_what_openssl_made_is_read_in_words(made: bytes):
    (paper,) = read_papers(made)
    assert paper.certificate is not None
    certificate = paper.certificate
    assert (certificate.faults, certificate.strict, certificate.key) == ((), "", "RSA 2048")
    assert certificate.serial == "123456789abcdef"
    assert [str(name) for name in certificate.names] == [
        *("DNS:www.example.test", "DNS:*.example.test", "IP:192.0.2.1", "email:a@example.test")
    ]
    assert texts(certificate, "Key usage, critical") == ["digital signature, key encipherment"]
    assert texts(certificate, "Purpose") == ["TLS server (1.3.6.1.5.5.7.3.1)", "1.2.3.4"]
    assert texts(certificate, "Policy") == ["1.2.3.4", "domain validated (2.23.140.1.2.1)"]
    assert texts(certificate, "OCSP") == ["http://ocsp.example.test/"]
    assert texts(certificate, "List") == ["http://crl.example.test/1.crl"]
    assert texts(certificate, "Name constraints") == ["permitted DNS:example.test; excluded IP:192.0.2.0/24"]
    assert texts(certificate, "TLS feature") == ["status_request (OCSP must be stapled)"]
    assert texts(certificate, "UTF8String") == ["some words"]


def test_the_same_places_as_openssls_own_walker(made: bytes):
    """`openssl asn1parse` tells the place of every value; each field of ours stands on one of them."""
    (paper,) = read_papers(made)
    assert paper.certificate is not None
    told = run("asn1parse", data=made)
    places = {int(line.split(":")[0]) for line in told.splitlines() if re.match(r"\s*\d+:d=", line)}
    outer = [field for field in paper.certificate.fields if not field.name.startswith("Fingerprint")]
    assert {field.start for field in outer} <= places
    extensions = next(field for field in outer if field.name == "Extensions")
    assert {field.start for field in extensions.fields} <= places


def certificates() -> list[bytes]:
    """Some of this machine's authorities, which were made by many programs over thirty years."""
    if not BUNDLE.exists():
        return []
    found = [paper.data for paper in read_papers(BUNDLE.read_bytes()) if paper.kind == "certificate"]
    return found[::6]


def test_this_machines_authorities_are_read_as_openssl_does():
    found = certificates()
    if not found:
        pytest.skip("this machine has no ca-certificates")
    for der in found:
        ours = read_certificate(der)
        words = (
            "-noout",
            "-serial",
            "-subject",
            "-nameopt",
            "RFC2253,utf8,-esc_msb",
            "-fingerprint",
            "-sha256",
            "-enddate",
            "-dateopt",
            "iso_8601",
        )
        told = dict(
            line.split("=", 1) for line in run("x509", "-inform", "DER", *words, data=der).splitlines()
        )
        assert int(ours.serial, 16) == int(told["serial"], 16)
        assert ours.sha256 == told["sha256 Fingerprint"].replace(":", "").lower()
        assert (
            ours.subject.replace("organizationIdentifier", "2.5.4.97") == told["subject"]
            or "#" in told["subject"]
        )
        assert f"{ours.not_after:%Y-%m-%d %H:%M:%SZ}" == told["notAfter"]


@pytest.mark.parametrize(
    "chain",
    [(SERVER, BETWEEN), (OTHER, BETWEEN), (EXPIRED, BETWEEN), (SERVER,), (ALONE,), (TOO_DEEP, NARROW)],
    ids=lambda chain: chain[0].read.title,
)
@pytest.mark.parametrize("name", ["localhost", "other.test"])
def test_openssl_verify_comes_to_the_same_judgement(tmp_path: Path, chain: tuple[Holder, ...], name: str):
    for file, holders in (("root.pem", (ROOT,)), ("leaf.pem", chain[:1]), ("others.pem", chain[1:])):
        (tmp_path / file).write_bytes(b"".join(pem(holder.der) for holder in holders))
    untrusted = ["-untrusted", "others.pem"] if len(chain) > 1 else []
    words = ["openssl", "verify", "-no-CApath", "-no-CAstore", "-CAfile", "root.pem", *untrusted]
    done = subprocess.run(
        [*words, "-verify_hostname", name, "leaf.pem"], cwd=tmp_path, capture_output=True, timeout=60
    )
    judged = judge_chain([holder.read for holder in chain], ROOT.store(), name, datetime.now(UTC))
    assert judged.trusted is (done.returncode == 0), done
    if not judged.trusted:
        codes = {int(code) for code in re.findall(rb"error (\d+) at", done.stderr + done.stdout)}
        assert codes & {reason.code for reason in judged.reasons}, done


@contextlib.contextmanager
def s_server(folder: Path, holder: Holder, *chain: Holder, words: tuple[str, ...] = ()) -> Iterator[str]:
    """`openssl s_server` that shows this chain; yields where it listens."""
    identity = holder.identity()
    (folder / "server.pem").write_bytes(identity.chain + identity.key)
    (folder / "chain.pem").write_bytes(b"".join(pem(each.der) for each in chain))
    more = ("-cert_chain", "chain.pem") if chain else ()
    port = free_port()
    child = subprocess.Popen(
        ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", "server.pem", *more, *words],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: listens(port))
        yield f"127.0.0.1:{port}"
    finally:
        child.kill()
        child.communicate()


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_its_server_is_verified_by_a_file_of_authorities(tmp_path: Path, version: str):
    (tmp_path / "root.pem").write_bytes(pem(ROOT.der))
    trust = ("--trust", str(tmp_path / "root.pem"), "--json")
    with s_server(tmp_path, SERVER, BETWEEN, words=(version,)) as where:
        done = run_cli("cert", "verify", where, "--name", "localhost", *trust)
        document = checked(done.json)
        assert (done.returncode, document["trusted"]) == (0, True), done
        assert [each["subject"] for each in document["sent"]] == ["CN=server", "CN=between"]
        assert document["tls"]["version"] == {"-tls1_2": "TLSv1.2", "-tls1_3": "TLSv1.3"}[version]
        done = run_cli("cert", "verify", where, *trust)
        assert (done.returncode, [each["kind"] for each in done.json["reasons"]]) == (1, ["name"]), done


def test_strays_and_a_wrong_order_are_marked_and_still_judged(tmp_path: Path):
    (tmp_path / "root.pem").write_bytes(pem(ROOT.der))
    stray = issue("stray")
    with s_server(tmp_path, SERVER, stray, BETWEEN, ROOT) as where:
        words = ("--name", "localhost", "--trust", str(tmp_path / "root.pem"), "--json")
        document = checked(run_cli("cert", "verify", where, *words).json)
    assert document["trusted"] is True
    assert [each["mark"].split(":")[0] for each in document["sent"]] == [
        "the server's own",
        "a stray",
        "signed another one here, but stands out of order",
        "a root",
    ]


def test_a_server_that_sends_no_chain_is_told(tmp_path: Path):
    (tmp_path / "root.pem").write_bytes(pem(ROOT.der))
    with s_server(tmp_path, SERVER) as where:
        words = ("--name", "localhost", "--trust", str(tmp_path / "root.pem"), "--json")
        done = run_cli("cert", "verify", where, *words)
    assert done.returncode == 1
    (reason,) = done.json["reasons"]
    assert (reason["kind"], reason["code"]) == ("unknown-authority", 20)
    assert "was not sent" in reason["sentence"]


@pytest.mark.parametrize(("holder", "accepted"), [(SERVER, True), (EXPIRED, False), (OTHER, False)])
async def test_a_copied_command_comes_to_the_same_result(holder: Holder, accepted: bool):
    async with showing(holder.identity(BETWEEN)) as where:
        host, _, port = where.rpartition(":")
        script = openssl(Recipe(host, int(port), "localhost", ROOT.store().trust))
        done = await asyncio.to_thread(
            subprocess.run, ["bash", "-c", script], capture_output=True, text=True, timeout=60
        )
    assert (done.returncode == 0) is accepted, done
    assert "BEGIN CERTIFICATE" in done.stdout or not accepted


def test_a_copied_command_prints_a_file():
    script = openssl_of_file(pem(SERVER.der) + pem(BETWEEN.der))
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done
    assert done.stdout.count("Certificate:") == 2
