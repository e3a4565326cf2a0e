"""What a person typed about TLS, made ready: each choice reaches OpenSSL, each mistake its field.

Handshakes made by it are in tests/panels/sockets/test_protected_sessions.py.
"""

from typing import get_args

import pytest

from workbench.formats.target import parse_target
from workbench.lab.authority import Authority
from workbench.lab.supervisor import LabAuthority
from workbench.protocols.raw.field import FieldError, FieldFault
from workbench.protocols.raw.protection import CHOICES, TlsForm, TrustIn, prepare, protection

AUTHORITY = Authority()
TARGET = parse_target("www.example.net:443")
HERE = parse_target("127.0.0.1:0", listening=True)


async def lab() -> LabAuthority:
    told = AUTHORITY.told()
    return LabAuthority(*(str(told[name]).encode() for name in LabAuthority._fields))


@pytest.fixture
def files(tmp_path):
    identity = AUTHORITY.server()
    (tmp_path / "ca.pem").write_bytes(AUTHORITY.certificate)
    (tmp_path / "cert.pem").write_bytes(identity.chain)
    (tmp_path / "key.pem").write_bytes(identity.key)
    (tmp_path / "both.pem").write_bytes(identity.chain + identity.key)
    (tmp_path / "other.pem").write_bytes(AUTHORITY.server().key)
    return tmp_path


async def test_the_target_is_who_is_expected_and_the_system_who_is_believed():
    options = (await protection(TlsForm(), TARGET, "client", None)).options
    assert (options.server_name, options.sni, options.trust.system) == ("www.example.net", None, True)
    assert options.untrusted == "stop"


async def test_a_lab_target_trusts_the_labs_authority_and_no_other():
    options = (await protection(TlsForm(), parse_target("lab:tls-echo"), "client", lab)).options
    assert options.server_name == "localhost"
    assert (options.trust.system, options.trust.certificates) == (False, AUTHORITY.certificate)


async def test_every_choice_reaches_the_options(files):
    form = TlsForm(
        True,
        untrusted="show",
        trust="file",
        trust_file=str(files / "ca.pem"),
        name="other",
        sni="mail.example.net",
        alpn=" smtp , imap",
        lowest="1.2",
        highest="1.3",
        identity="file",
        certificate=str(files / "both.pem"),
    )
    options = (await protection(form, TARGET, "client", None)).options
    assert (options.server_name, options.sni) == ("mail.example.net", "mail.example.net")
    assert options.alpn == ("smtp", "imap")
    assert (options.min_version, options.max_version, options.untrusted) == ("1.2", "1.3", "show")
    assert options.trust == (False, AUTHORITY.certificate)
    assert options.identity is not None
    assert options.identity.chain == options.identity.key
    assert (await protection(TlsForm(name="none"), TARGET, "client", None)).options.sni == ""


async def test_a_server_with_the_labs_certificate_meets_the_labs_clients():
    form = TlsForm(identity="lab", ask_client="require")
    options = (await protection(form, HERE, "server", lab)).options
    assert (options.ask_client, options.server_name) == ("require", "")
    assert options.trust.certificates == AUTHORITY.certificate
    assert options.identity is not None
    assert b"PRIVATE KEY" in options.identity.key


async def mistake(form: TlsForm, role: str = "client", ask=None) -> FieldError:
    with pytest.raises(FieldError) as caught:
        await protection(form, TARGET if role == "client" else HERE, role, ask)
    return caught.value


async def test_each_mistake_names_its_field_and_its_place(files):
    found = await mistake(TlsForm(trust="file", trust_file=str(files / "nothing.pem")))
    assert isinstance(found, FieldFault)
    assert found.field == "trust_file"
    assert (await mistake(TlsForm(trust="file", trust_file=str(files / "key.pem")))).field == "trust_file"
    assert (await mistake(TlsForm(name="other", sni=" "))).field == "sni"
    assert (await mistake(TlsForm(name="other", sni="a..b"))).field == "sni"
    long = await mistake(TlsForm(alpn=f"h2, {'x' * 256}"))
    assert (long.field, long.start, long.end) == ("alpn", 4, 260)
    assert (await mistake(TlsForm(lowest="1.3", highest="1.2"))).field == "highest"
    pair = TlsForm(identity="file", certificate=str(files / "cert.pem"), key=str(files / "other.pem"))
    assert (await mistake(pair)).field == "certificate"
    assert (await mistake(pair._replace(key=str(files / "no")))).field == "key"
    assert (await mistake(pair._replace(certificate="a\0b"))).field == "certificate"
    assert (await mistake(TlsForm(), "server")).field == "identity"
    assert (await mistake(TlsForm(trust="lab"))).field == "trust"


def test_the_choices_are_those_of_the_types():
    assert CHOICES["trust"] == get_args(TrustIn)
    assert set(CHOICES) <= set(TlsForm._fields)
    assert all(getattr(TlsForm(), name) in choices for name, choices in CHOICES.items())


async def test_a_server_that_asks_nobody_reads_no_file_of_authorities():
    form = TlsForm(identity="lab", trust="file", trust_file="/no/such/file")
    assert (await protection(form, HERE, "server", lab)).options.ask_client == "no"
    asking = form._replace(ask_client="ask")
    assert (await mistake(asking, "server", lab)).field == "trust_file"


async def test_the_lab_is_asked_when_it_is_needed_and_not_before():
    asked = []

    async def ask() -> LabAuthority:
        asked.append("the Lab")
        return await lab()

    prepared = prepare(TlsForm(identity="lab"), parse_target("lab:tls-echo"), "client")
    assert (asked, prepared.options.identity, prepared.options.trust) == ([], None, (False, b""))
    options = await prepared.completed(ask)
    assert asked == ["the Lab"]
    assert options.trust == (False, AUTHORITY.certificate)
    assert options.identity is not None
    alone = prepare(TlsForm(), TARGET, "client")
    assert await alone.completed(ask) is alone.options
    assert asked == ["the Lab"]


def test_what_only_a_client_has_is_no_concern_of_a_server():
    options = prepare(TlsForm(identity="lab", name="other", sni="a..b"), HERE, "server").options
    assert (options.sni, options.server_name) == (None, "")
