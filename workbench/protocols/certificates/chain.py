"""A chain as it was sent: what each certificate is there for (RFC 8446 section 4.4.2)."""

from collections.abc import Sequence

from workbench.formats.x509.values import Certificate

OWN = "the server's own"
ROOT = "a root: it need not be sent, who trusts it has it"
TWICE = "sent before: once is enough"
STRAY = "a stray: it signed none of the others"


def issued(child: Certificate, parent: Certificate) -> bool:
    """Whether the parent signed the child: names, key identifiers and, where they can be computed, the signature."""
    if child.issuer_der != parent.subject_der or not child.issuer_der:
        return False
    if child.issuer_key_id and parent.key_id and child.issuer_key_id != parent.key_id:
        return False
    return _signed(child.der, parent.der)


def _signed(child: bytes, parent: bytes) -> bool:
    import warnings

    from cryptography import x509
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            one, other = (x509.load_der_x509_certificate(der) for der in (child, parent))
            one.verify_directly_issued_by(other)
    except InvalidSignature:
        return False
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion):
        # Too odd for the library: the names and identifiers must do, and the verdict is OpenSSL's anyhow.
        return True
    return True


def marks(sent: Sequence[Certificate], own: str = OWN) -> tuple[str, ...]:
    """One sentence for each certificate of a chain, in the order sent."""
    found: list[str] = []
    for at, certificate in enumerate(sent):
        if at == 0:
            found.append(own)
        elif any(certificate.sha256 == other.sha256 for other in sent[:at]):
            found.append(TWICE)
        elif certificate.is_self_issued:
            found.append(ROOT if _signs_any(certificate, sent) else STRAY)
        elif issued(sent[at - 1], certificate):
            found.append("signed the one before it")
        elif _signs_any(certificate, sent):
            found.append("signed another one here, but stands out of order")
        else:
            found.append(STRAY)
    return tuple(found)


def _signs_any(parent: Certificate, sent: Sequence[Certificate]) -> bool:
    return any(child is not parent and issued(child, parent) for child in sent)


def ordered(certificates: Sequence[Certificate]) -> tuple[Certificate, ...]:
    """The chain of the first one that is no authority (else the first of all): itself and then whoever signed it."""
    if not certificates:
        return ()
    chain = [next((each for each in certificates if not each.is_authority), certificates[0])]
    taken = {chain[0].sha256}
    while not chain[-1].is_self_issued:
        child = chain[-1]
        parent = next(
            (each for each in certificates if each.sha256 not in taken and issued(child, each)), None
        )
        if parent is None:
            break
        chain.append(parent)
        taken.add(parent.sha256)
    return tuple(chain)
