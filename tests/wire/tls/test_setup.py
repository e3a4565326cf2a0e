"""Options that OpenSSL can't use are our mistake, and are told before anybody is talked to."""

import pytest

from tests.wire.tls.sides import authority, client, server
from workbench.errors import LocalMisuse
from workbench.wire.tls.certificate import certificate_values
from workbench.wire.tls.setup import pem_certificates, server_setup, sni_of
from workbench.wire.tls.values import Identity, TlsOptions, Trust


@pytest.mark.parametrize(
    "options",
    [
        {"ciphers": "NO-SUCH-CIPHER"},
        {"alpn": ("",)},
        {"alpn": ("x" * 256,)},
        {"alpn": ("\udcff",)},
        {"trust": Trust(False, b"no certificate")},
        {"trust": Trust(False, b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")},
        {"server_name": "x" * 300},
        {"sni": "no name"},
        {"identity": Identity(b"", b"")},
    ],
)
def test_what_can_not_be_used_is_refused_with_its_stage(options: dict[str, object]):
    with pytest.raises(LocalMisuse) as caught:
        client(**options)
    assert caught.value.what


def test_a_server_needs_an_identity_whose_key_belongs_to_it():
    with pytest.raises(LocalMisuse, match="needs a certificate"):
        server_setup(TlsOptions())
    wrong = Identity(authority().server().chain, authority().client().key)
    with pytest.raises(LocalMisuse, match="can't be used together"):
        server_setup(TlsOptions(identity=wrong))


def test_old_versions_can_still_be_asked_for():
    assert client(min_version="1.0", max_version="1.1").role == "client"
    assert server(max_version="1.1", min_version="1.0").role == "server"


def test_the_name_sent_is_the_name_expected_unless_told_otherwise():
    assert sni_of(TlsOptions(server_name="Host.Test")) == "host.test"
    assert sni_of(TlsOptions(server_name="127.0.0.1")) == ""
    assert sni_of(TlsOptions(server_name="host.test", sni="other.test")) == "other.test"
    assert sni_of(TlsOptions(server_name="host.test", sni="")) == ""


def test_certificates_of_a_file_are_read_whatever_stands_between_them():
    pem = b"some words\r\n" + authority().certificate + b"\nmore words\n" + authority().server().chain
    first, second = certificate_values(pem_certificates(pem))
    assert first.subject == first.issuer == second.issuer == "CN=the tests' authority"
    assert second.names == ("DNS:localhost", "DNS:*.lab.test", "IP:127.0.0.1", "IP:::1")
    assert (second.key, second.fault) == ("EC secp256r1", "")
