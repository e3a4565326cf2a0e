"""The zones of the Lab's name server: what stands in them, and what a server in charge says."""

import dns.name
import dns.rcode
import dns.rdatatype
import pytest

from workbench.lab.services.dns.zones import Findings, load_zones

ZONES = load_zones()
KINDS = (
    *("A", "AAAA", "CNAME", "MX", "PTR", "NS", "TXT", "SOA"),
    *("SRV", "CAA", "TLSA", "HTTPS", "NAPTR", "LOC", "HINFO"),
)


def found(name: str, kind: str) -> Findings:
    return ZONES.find(dns.name.from_text(name), dns.rdatatype.from_text(kind))


def data(name: str, kind: str) -> list[str]:
    return sorted(item.to_text() for rrset in found(name, kind).answer for item in rrset)


@pytest.mark.parametrize("kind", KINDS)
def test_there_is_a_record_of_every_type_that_is_taken_apart(kind: str):
    owners = {
        "AAAA": "www",
        "CNAME": "alias",
        "PTR": "1.2.0.192.in-addr.arpa.",
        "SRV": "_echo._tcp",
        "TLSA": "_443._tcp.www",
        "HTTPS": "www",
        "NAPTR": "phone",
        "LOC": "place",
        "HINFO": "host",
    }
    owner = owners.get(kind, "")
    name = owner if owner.endswith(".") else f"{owner}.lab.test." if owner else "lab.test."
    assert data(name, kind)


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("1", ["www.lab.test."]),
        ("12", ["two-a.lab.test.", "two-b.lab.test."]),
        ("66", ["www.whitehouse.test."]),
        ("67", ["nowhere.lab.test."]),
        ("99", []),
    ],
)
def test_reverse_names_claim_what_the_experiments_need(address: str, names: list[str]):
    assert data(f"{address}.2.0.192.in-addr.arpa.", "PTR") == names


def test_one_address_lies():
    assert data("66.2.0.192.in-addr.arpa.", "PTR") == ["www.whitehouse.test."]
    assert data("www.whitehouse.test.", "A") == ["203.0.113.1"]


def test_a_small_block_is_handed_on_by_an_alias():
    assert data("10.2.0.192.in-addr.arpa.", "PTR") == ["10.0-15.2.0.192.in-addr.arpa.", "classless.lab.test."]


def test_an_empty_name_between_two_dots_exists():
    assert found("_tcp.lab.test.", "A").rcode == dns.rcode.NOERROR
    assert found("_udp.lab.test.", "A").rcode == dns.rcode.NXDOMAIN


def test_a_negative_answer_brings_the_soa_with_the_lesser_time():
    (soa,) = found("nosuch.lab.test.", "A").authority
    assert (str(soa.name), soa.ttl) == ("lab.test.", 300)


def test_below_a_cut_one_is_told_whom_to_ask():
    referral = found("a.b.below.lab.test.", "A")
    assert not referral.is_authoritative
    assert [rrset.rdtype for rrset in referral.authority] == [dns.rdatatype.NS]
    assert [str(rrset.name) for rrset in referral.additional] == ["ns.below.lab.test."]


def test_aliases_end_in_a_circle_too():
    assert len(found("loop-a.lab.test.", "A").answer) == 2


def test_mail_servers_come_with_their_addresses():
    assert {str(rrset.name) for rrset in found("lab.test.", "MX").additional} == {
        "mail.lab.test.",
        "second.lab.test.",
        "late.lab.test.",
    }


def test_what_is_served_and_broken_is_told_apart_from_what_is_not_served():
    assert found("a.broken.test.", "A").rcode == dns.rcode.SERVFAIL
    assert found("example.com.", "A").rcode == dns.rcode.REFUSED
