"""Judging files: every reason with its words, and never otherwise than an independent verifier."""

import pytest
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, VerificationError
from cryptography.x509.verification import Store as Believed

from tests.protocols.certificates.authorities import BETWEEN, DAY, NOW, ROOT, SERVER, Holder, issue
from workbench.formats.x509.certificate import read_certificate
from workbench.protocols.certificates.judge import judge_chain
from workbench.protocols.certificates.values import Judgement


def judge(*chain: Holder, name: str = "localhost", by: Holder = ROOT, at=NOW) -> Judgement:
    return judge_chain([each.read for each in chain], by.store(), name, at)


def kinds(judgement: Judgement) -> list[str]:
    return [reason.kind for reason in judgement.reasons]


def test_a_good_one_is_accepted_and_what_was_not_checked_is_told():
    judgement = judge(SERVER, BETWEEN)
    assert judgement.trusted
    assert [each.title for each in judgement.verified] == ["server", "between", "root"]
    assert judgement.sentence == "accepted for localhost by the test's authority, up to root"
    assert len(judgement.as_dict()["not_checked"]) >= 3  # type: ignore[arg-type]  # a list
    assert "secure" not in judgement.sentence


def test_without_a_name_none_is_compared_and_it_is_told():
    judgement = judge(SERVER, BETWEEN, name="")
    assert judgement.trusted
    assert judgement.name is None
    assert judgement.sentence.endswith("no name was compared")


EXPIRED = issue("expired", BETWEEN, names=("localhost",), is_authority=False, days=(-30, -1))
EARLY = issue("early", BETWEEN, names=("localhost",), is_authority=False, days=(5, 30))
OTHER = issue("other", BETWEEN, names=("other.test",), is_authority=False)
ALONE = issue("alone", names=("localhost",), is_authority=False)
NO_AUTHORITY = issue("below a server", SERVER, names=("localhost",), is_authority=False)
NARROW = issue("narrow", ROOT, path_length=0)
TOO_DEEP = issue("too deep", issue("below narrow", NARROW), names=("localhost",), is_authority=False)
MAY_NOT_SIGN = issue("may not sign", ROOT, may_sign=False)
BY_THAT = issue("by that", MAY_NOT_SIGN, names=("localhost",), is_authority=False)


@pytest.mark.parametrize(
    ("chain", "kind", "words"),
    [
        ((EXPIRED, BETWEEN), "expired", "has expired: it ended on"),
        ((EARLY, BETWEEN), "not-yet-valid", "is not valid yet: it begins on"),
        ((OTHER, BETWEEN), "name", "it is not for localhost: it holds DNS:other.test"),
        ((ALONE,), "self-signed", "signed by itself"),
        ((SERVER,), "unknown-authority", "is not in this store, and was not sent"),
        ((NO_AUTHORITY, SERVER, BETWEEN), "not-an-authority", "stands where an authority must"),
        ((BY_THAT, MAY_NOT_SIGN), "not-an-authority", "stands where an authority must"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_thing_that_is_wrong_is_the_reason(chain: tuple[Holder, ...], kind: str, words: str):
    judgement = judge(*chain)
    assert not judgement.trusted
    assert kinds(judgement) == [kind]
    assert words in judgement.sentence
    assert judgement.reasons[0].source


def test_all_that_is_wrong_is_told_at_once():
    judgement = judge(EXPIRED, BETWEEN, name="other.test", by=issue("another root"))
    assert set(kinds(judgement)) == {"unknown-authority", "expired", "name"}
    assert judgement.sentence.endswith("and 2 more reasons")


def test_a_signature_that_is_wrong_is_found():
    changed = SERVER.der[:-1] + bytes((SERVER.der[-1] ^ 1,))
    judgement = judge_chain([read_certificate(changed), BETWEEN.read], ROOT.store(), "localhost", NOW)
    assert kinds(judgement) == ["signature"]


def test_one_that_nobody_can_read_is_damaged_and_says_where():
    judgement = judge_chain([read_certificate(SERVER.der[:200])], ROOT.store(), "", NOW)
    assert kinds(judgement) == ["damaged"]
    assert "octet 0" in judgement.sentence


@pytest.mark.parametrize(
    "chain", [(SERVER, BETWEEN), (OTHER, BETWEEN), (ALONE,), (SERVER,), (TOO_DEEP, NARROW)]
)
@pytest.mark.parametrize("name", ["localhost", "other.test"])
@pytest.mark.parametrize("later", [0, 60])
def test_an_independent_verifier_agrees(chain: tuple[Holder, ...], name: str, later: int):
    """cryptography's own shares nothing with OpenSSL's. Dates: ours are looked at by the clock that we give."""
    verifier = (
        PolicyBuilder()
        .store(Believed([ROOT.certificate]))
        .time((NOW + later * DAY).replace(tzinfo=None))
        .build_server_verifier(x509.DNSName(name))
    )
    try:
        verifier.verify(chain[0].certificate, [each.certificate for each in chain[1:]])
        accepted = True
    except VerificationError:
        accepted = False
    assert judge(*chain, name=name, at=NOW + later * DAY).trusted is accepted
