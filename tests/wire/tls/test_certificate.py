"""Certificates of OpenSSL as values: none is so odd that reading it raises."""

from OpenSSL import crypto

from tests.wire.tls.sides import authority
from workbench.wire.tls.certificate import certificate_value
from workbench.wire.tls.setup import pem_certificates

LEAF = pem_certificates(authority().server().chain)[0]


def test_one_of_a_version_that_the_library_refuses_is_shown_with_its_fault():
    der = crypto.dump_certificate(crypto.FILETYPE_ASN1, LEAF)
    odd = der.replace(bytes.fromhex("a003020102"), bytes.fromhex("a003020101"), 1)
    assert odd != der
    value = certificate_value(crypto.load_certificate(crypto.FILETYPE_ASN1, odd))
    assert "can't be read" in value.fault
    assert value.der == odd
    assert certificate_value(LEAF).fault == ""
