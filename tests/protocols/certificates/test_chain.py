"""A chain as it was sent: what each certificate in it is there for."""

from tests.protocols.certificates.authorities import BETWEEN, ROOT, SERVER, issue
from workbench.formats.x509.certificate import read_certificate
from workbench.protocols.certificates import chain
from workbench.protocols.certificates.chain import issued, marks, ordered

SENT = (SERVER.read, BETWEEN.read, ROOT.read)


def test_who_signed_whom_is_found_by_name_key_and_signature():
    assert issued(SERVER.read, BETWEEN.read)
    assert issued(ROOT.read, ROOT.read)
    assert not issued(SERVER.read, ROOT.read)
    impostor = issue("between", ROOT)
    assert not issued(SERVER.read, impostor.read)
    without_identifier = SERVER.read._replace(issuer_key_id=b"")
    assert not issued(without_identifier, impostor.read), "only the signature tells them apart"


def test_each_place_in_a_chain_is_told():
    assert marks(SENT) == (chain.OWN, "signed the one before it", chain.ROOT)
    assert marks((SERVER.read, ROOT.read, BETWEEN.read)) == (
        chain.OWN,
        chain.ROOT,
        "signed another one here, but stands out of order",
    )
    stray = issue("stray").read
    other = issue("other", issue("nobody")).read
    assert marks((SERVER.read, stray, other, BETWEEN.read, BETWEEN.read))[1:] == (
        chain.STRAY,
        chain.STRAY,
        "signed another one here, but stands out of order",
        chain.TWICE,
    )
    assert marks(()) == ()


def test_the_chain_of_a_file_is_put_in_order_whatever_its_order():
    assert ordered((ROOT.read, BETWEEN.read, SERVER.read)) == SENT
    assert ordered((BETWEEN.read, SERVER.read)) == SENT[:2]
    assert ordered((ROOT.read,)) == (ROOT.read,)
    assert ordered(()) == ()


def test_one_that_is_too_odd_for_the_library_is_told_apart_by_its_names():
    version_2 = bytes.fromhex("a003020101")
    odd = read_certificate(BETWEEN.der.replace(bytes.fromhex("a003020102"), version_2, 1))
    assert odd.strict
    assert issued(SERVER.read, odd)
    assert not issued(ROOT.read, odd)
