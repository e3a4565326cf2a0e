"""The Lab's authority: what it issues is accepted by an independent judge, and each flaw is the one asked for."""

import pytest
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from workbench.lab.authority import Authority, lab_authority

AUTHORITY = Authority()


def judge(flaw: str) -> list[x509.Certificate]:
    """The chain that cryptography's own verifier builds; it shares nothing with OpenSSL's."""
    root = x509.load_pem_x509_certificate(AUTHORITY.certificate)
    leaf = x509.load_pem_x509_certificate(AUTHORITY.server(flaw).chain)  # type: ignore[arg-type]  # a plain str here
    verifier = PolicyBuilder().store(Store([root])).build_server_verifier(x509.DNSName("localhost"))
    return verifier.verify(leaf, [])


def test_a_server_of_the_lab_is_accepted():
    assert len(judge("none")) == 2


@pytest.mark.parametrize("flaw", ["expired", "not-yet", "wrong-name", "self-signed", "unknown-authority"])
def test_every_flaw_is_found(flaw: str):
    with pytest.raises(VerificationError):
        judge(flaw)


@pytest.mark.parametrize("role", ["client", "server"])
def test_a_user_is_vouched_for_in_either_role_and_gets_the_key(role: str):
    told = AUTHORITY.told()
    certificate = x509.load_pem_x509_certificate(str(told[f"{role}_certificate"]).encode())
    certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(str(told["certificate"]).encode()))
    assert "PRIVATE KEY" in str(told[f"{role}_key"])


def test_a_process_has_one_authority():
    assert lab_authority() is lab_authority()
