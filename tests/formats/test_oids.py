"""Names of object identifiers, beside those of an independent library."""

from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID, NameOID, SignatureAlgorithmOID

from workbench.formats.oids import attribute_name, oid_name

OURS = {"serverAuth": "TLS server", "OCSPSigning": "OCSP signing"}


def test_signatures_and_attributes_have_the_names_that_others_give_them():
    for oid in (
        SignatureAlgorithmOID.RSA_WITH_SHA256,
        SignatureAlgorithmOID.RSA_WITH_SHA1,
        SignatureAlgorithmOID.ECDSA_WITH_SHA384,
        NameOID.COMMON_NAME,
        NameOID.ORGANIZATION_NAME,
        NameOID.EMAIL_ADDRESS,
        NameOID.DOMAIN_COMPONENT,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
        ExtensionOID.KEY_USAGE,
    ):
        assert oid_name(oid.dotted_string) == oid._name


def test_every_attribute_is_shortened_as_rfc_4514_has_it():
    assert [attribute_name(f"2.5.4.{number}") for number in (3, 6, 7, 8, 9, 10, 11)] == [
        *("CN", "C", "L", "ST", "STREET", "O", "OU")
    ]
    assert attribute_name("1.2.840.113549.1.9.1") == "emailAddress"
    assert attribute_name("1.2.3.4") == "1.2.3.4"


def test_what_nobody_knows_has_no_name():
    assert oid_name("1.2.3.4") == ""
    assert oid_name(ExtendedKeyUsageOID.SERVER_AUTH.dotted_string) == OURS["serverAuth"]
    assert oid_name(ExtendedKeyUsageOID.OCSP_SIGNING.dotted_string) == OURS["OCSPSigning"]
