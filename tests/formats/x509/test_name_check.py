"""Names compared entry by entry, each with its reason; and never otherwise than the wire, which OpenSSL follows."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.formats.x509.name_check import check_names
from workbench.formats.x509.values import Name
from workbench.wire.tls.names import is_named


def dns(text: str) -> Name:
    return Name("DNS", text, text.encode())


def ip(text: str) -> Name:
    return Name("IP", text, ip_address(text).packed)


@pytest.mark.parametrize(
    ("expected", "name", "matched", "reason"),
    [
        ("www.ex.test", dns("www.ex.test"), True, "the same name"),
        ("WWW.ex.test", dns("www.EX.test"), True, "capital and small letters"),
        ("www.ex.test.", dns("www.ex.test"), True, "the same name"),
        ("bücher.test", dns("xn--bcher-kva.test"), True, "the same name"),
        ("a.ex.test", dns("*.ex.test"), True, "the star stands for “a”"),
        ("b.a.ex.test", dns("*.ex.test"), False, "“b.a” are several"),
        ("ex.test", dns("*.ex.test"), False, "here is none"),
        ("a.test", dns("*.test"), False, "whole top-level domain"),
        ("www.ex.test", dns("w*.ex.test"), False, "whole leftmost label"),
        ("www.ex.test", dns("www.*.test"), False, "whole leftmost label"),
        ("www.ex.test", dns("*"), False, "half the world"),
        ("www.ex.test", dns("*.other.test"), False, "another domain"),
        ("www.ex.test", dns("ex.test"), False, "the domain, not the host"),
        ("www.ex.test", dns("www.ex.test."), False, "ends with a dot"),
        ("www.ex.test", dns("mail.ex.test"), False, "another name"),
        ("good.test", Name("DNS", "good.test␀.evil", b"good.test\0.evil"), False, "no host name has"),
        ("www.ex.test", ip("192.0.2.1"), False, "this is an address"),
        ("www.ex.test", Name("email", "a@ex.test", b"a@ex.test"), False, "an e-mail address"),
        ("192.0.2.1", ip("192.0.2.1"), True, "the same octets"),
        ("192.0.2.1", ip("192.0.2.2"), False, "another address"),
        ("192.0.2.1", ip("::ffff:192.0.2.1"), False, "IPv6 is never IPv4"),
        ("::1", ip("::1"), True, "the same octets"),
        ("192.0.2.1", dns("192.0.2.1"), False, "never counts"),
        ("192.0.2.1", dns("www.ex.test"), False, "this is a DNS name"),
        ("192.0.2.1", Name("IP", "7f:00", b"\x7f\0"), False, "neither 4 nor 16"),
        ("no host name", dns("www.ex.test"), False, "is no host name"),
        ("", dns("www.ex.test"), False, "it is empty"),
    ],
)
def test_each_entry_has_its_reason(expected: str, name: Name, matched: bool, reason: str):
    checked = check_names(expected, [name])
    assert checked.matched is matched
    assert reason in checked.checks[0].reason
    assert checked.checks[0].source.startswith("RFC 9525")
    assert expected in checked.sentence


def test_the_common_name_does_not_count():
    checked = check_names("www.ex.test", [])
    assert not checked.matched
    assert "the common name doesn't count" in checked.sentence


def test_of_many_names_some_are_named():
    checked = check_names("other.test", [dns(f"n{number}.test") for number in range(30)])
    assert checked.sentence.endswith("DNS:n3.test and 26 more")


LABELS = st.sampled_from(["www", "a", "*", "ex", "test", "w*", "xn--bcher-kva", "WWW", ""])
HOSTS = st.lists(LABELS, min_size=1, max_size=4).map(".".join)


@given(
    HOSTS | st.sampled_from(["192.0.2.1", "::1"]),
    st.lists(HOSTS.map(dns) | st.just(ip("192.0.2.1")), max_size=4),
)
def test_the_wire_comes_to_the_same_result(expected: str, names: list[Name]):
    assert check_names(expected, names).matched == is_named(expected, [str(name) for name in names])
