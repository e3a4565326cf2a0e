"""What an answer says: seven results that are no error of the link, told apart."""

import itertools

import dns.flags
import pytest

from tests.protocols.dns.messages import NAME, SOA, build
from workbench.protocols.dns.codec import decode
from workbench.protocols.dns.outcome import MAX_CHAIN, Judged, judge, negative_ttl, told
from workbench.protocols.dns.sentences import OUTCOMES
from workbench.protocols.dns.values import Outcome, Question

QUESTION = Question(NAME, "A")


def judged(*records: str, **how) -> Judged:
    kind = how.pop("kind", "A")
    return judge(Question(NAME, kind), decode(build(*records, kind=kind, **how).to_wire()))


def test_an_answer_of_the_type():
    found = judged("www.lab.test. 300 A 192.0.2.1")
    assert (found.outcome, [record.data for record in found.found]) == (Outcome.ANSWER, ["192.0.2.1"])


def test_a_name_without_this_type():
    assert judged(authority=(SOA,)).outcome is Outcome.NODATA
    assert judged().outcome is Outcome.NODATA


def test_a_name_that_does_not_exist():
    assert judged(rcode="NXDOMAIN", authority=(SOA,)).outcome is Outcome.NXDOMAIN


@pytest.mark.parametrize(
    ("rcode", "outcome"),
    [
        ("SERVFAIL", Outcome.SERVFAIL),
        ("REFUSED", Outcome.REFUSED),
        ("FORMERR", Outcome.FORMERR),
        ("NOTIMP", Outcome.NOTIMP),
        ("NOTAUTH", Outcome.OTHER),
    ],
)
def test_a_server_that_does_not_answer_the_question(rcode: str, outcome: Outcome):
    assert judged(rcode=rcode).outcome is outcome


def test_a_referral_to_the_server_in_charge():
    assert judged(authority=("lab.test. 300 NS ns1.lab.test.",)).outcome is Outcome.REFERRAL
    assert judged(authority=("lab.test. 300 NS ns1.lab.test.",), flags=dns.flags.AA).outcome is Outcome.NODATA


def test_aliases_are_followed_in_whatever_order_they_stand():
    found = judged(
        "b.lab.test. 300 A 192.0.2.1",
        "a.lab.test. 300 CNAME b.lab.test.",
        "www.lab.test. 300 CNAME A.lab.test.",
    )
    assert found.outcome is Outcome.ANSWER
    assert [name.lower() for name in found.chain] == ["www.lab.test.", "a.lab.test.", "b.lab.test."]


def test_records_that_belong_to_no_link_of_the_chain_are_no_answer():
    assert judged("evil.lab.test. 300 A 203.0.113.66").outcome is Outcome.NODATA
    found = judged("www.lab.test. 300 CNAME a.lab.test.", "www.lab.test. 300 A 203.0.113.66")
    assert (found.outcome, found.found) == (Outcome.ALIAS, ())


def test_an_alias_that_leads_out_of_what_the_server_knows():
    assert judged("www.lab.test. 300 CNAME www.example.com.").outcome is Outcome.ALIAS


def test_an_alias_whose_target_has_no_such_record():
    assert judged("www.lab.test. 300 CNAME a.lab.test.", authority=(SOA,)).outcome is Outcome.NODATA


def test_aliases_in_a_circle_end():
    assert judged("www.lab.test. 300 CNAME www.lab.test.").outcome is Outcome.LOOP
    assert (
        judged("www.lab.test. 300 CNAME b.test.", "b.test. 300 CNAME www.lab.test.").outcome is Outcome.LOOP
    )
    names = [NAME, *(f"n{n}.lab.test." for n in range(MAX_CHAIN + 4))]
    records = [f"{a} 300 CNAME {b}" for a, b in itertools.pairwise(names)]
    assert judged(*records).outcome is Outcome.LOOP


def test_who_asks_for_an_alias_gets_it():
    found = judged("www.lab.test. 300 CNAME a.lab.test.", kind="CNAME")
    assert [record.data for record in found.found] == ["a.lab.test."]


def test_who_asks_for_anything_gets_everything():
    found = judged("www.lab.test. 300 A 192.0.2.1", 'www.lab.test. 300 TXT "x"', kind="ANY")
    assert len(found.found) == 2


def test_mail_servers_stand_in_the_order_of_delivery():
    found = judged(
        "www.lab.test. 300 MX 50 d.lab.test.",
        "www.lab.test. 300 MX 9 b.lab.test.",
        "www.lab.test. 300 MX 10 a.lab.test.",
        kind="MX",
    )
    assert [record.data for record in found.found] == ["9 b.lab.test.", "10 a.lab.test.", "50 d.lab.test."]


def test_how_long_nothing_is_remembered_is_the_lesser_of_two():
    message = decode(build(rcode="NXDOMAIN", authority=(SOA,)).to_wire())
    assert negative_ttl(message) == 300
    low = SOA.replace("lab.test. 300 SOA", "lab.test. 900 SOA")
    assert negative_ttl(decode(build(authority=(low,)).to_wire())) == 600
    assert negative_ttl(decode(build().to_wire())) is None


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_its_words_and_its_source(outcome: Outcome):
    message = decode(build(rcode="NOTAUTH").to_wire())
    words = told(QUESTION, Judged(outcome, (NAME, "a.test."), ()), message)
    assert words.word
    assert "{" not in words.word + words.sentence
    assert words.source.startswith("RFC ")


def test_no_two_outcomes_are_told_alike():
    assert len({told.word for told in OUTCOMES.values()}) == len(Outcome)
    assert len({told.sentence for told in OUTCOMES.values()}) == len(Outcome)
