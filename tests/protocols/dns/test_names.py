"""Names and addresses as people type them, with the place of every mistake; beside dnspython's own."""

import dns.name
import dns.reversename
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse
from workbench.protocols.dns.names import (
    address_of,
    for_people,
    is_address,
    parse_address,
    parse_name,
    parse_server,
    plain_address,
    reverse_name,
    unicode_of,
)


def placed(mistake: LocalMisuse, text: str) -> None:
    """The mistake has a place in the text."""
    assert mistake.start is not None
    assert mistake.end is not None
    assert 0 <= mistake.start <= mistake.end <= len(text)


@pytest.mark.parametrize(
    ("typed", "wire", "shown"),
    [
        ("www.lab.test", "www.lab.test.", "www.lab.test."),
        ("www.lab.test.", "www.lab.test.", "www.lab.test."),
        ("WWW.Lab.test", "WWW.Lab.test.", "WWW.Lab.test."),
        (".", ".", "."),
        ("_dmarc.lab.test", "_dmarc.lab.test.", "_dmarc.lab.test."),
        ("*.lab.test", "*.lab.test.", "*.lab.test."),
        ("-odd-.test", "-odd-.test.", "-odd-.test."),
        (r"a\.b.test", r"a\.b.test.", r"a\.b.test."),
        (r"a\000\255.test", r"a\000\255.test.", r"a\000\255.test."),
        ("bücher.example", "xn--bcher-kva.example.", "bücher.example."),
        ("xn--bcher-kva.example", "xn--bcher-kva.example.", "bücher.example."),
        ("Bücher.EXAMPLE", "xn--bcher-kva.EXAMPLE.", "bücher.EXAMPLE."),
        ("10.0-15.2.0.192.in-addr.arpa", "10.0-15.2.0.192.in-addr.arpa.", "10.0-15.2.0.192.in-addr.arpa."),
    ],
)
def test_a_name_is_read(typed: str, wire: str, shown: str):
    assert parse_name(typed) == (typed, wire, shown)


@pytest.mark.parametrize(
    ("typed", "marked", "why"),
    [
        ("a..b", ".", "missing beside this dot"),
        (".lab", ".", "missing beside this dot"),
        ("x" * 64 + ".test", "x" * 64, "at most 63 octets, this has 64"),
        ("a b.test", " ", "stands in no name"),
        ("a\tb", "\t", "stands in no name"),
        ("a\\", "\\", "a backslash alone"),
        ("a\\25.test", "\\25", "three of them"),
        ("a\\256.test", "\\256", "at most 255"),
        ("192.0.2.1", "192.0.2.1", "an address, not a name"),
        ("2001:db8::1", "2001:db8::1", "an address, not a name"),
        ("faß.example", "ß", "two different names"),
        ("www．lab", "．", "no dot"),
        (".".join(["x" * 63] * 4), ".".join(["x" * 63] * 4), "at most 255 octets on the wire, this has 257"),
    ],
)
def test_a_mistake_is_shown_at_its_place(typed: str, marked: str, why: str):
    with pytest.raises(LocalMisuse, match=why) as caught:
        parse_name(typed)
    mistake = caught.value
    assert mistake.start is not None
    assert typed[mistake.start : mistake.end] == marked
    assert mistake.advice
    assert mistake.caret()


def test_an_empty_name_says_what_to_write():
    with pytest.raises(LocalMisuse, match="empty"):
        parse_name("")


@given(st.text(max_size=80))
def test_any_text_is_a_name_that_dnspython_takes_or_a_mistake_with_a_place(text: str):
    try:
        name = parse_name(text)
    except LocalMisuse as mistake:
        placed(mistake, text)
        return
    assert dns.name.from_text(name.wire).to_text() == name.wire


@given(st.lists(st.binary(min_size=1, max_size=20), min_size=1, max_size=4))
def test_what_dnspython_writes_is_read_as_the_same_labels(labels: list[bytes]):
    text = dns.name.Name([*labels, b""]).to_text()
    if is_address(text) or b" " in b"".join(labels):
        return
    assert parse_name(text).wire == text


def test_letters_that_would_deceive_stay_as_they_are_on_the_wire():
    for label in ("xn--", "xn--a", "xn--\\000", "xn--99999999", "xn--80ak6aa92e-"):
        assert unicode_of(f"{label}.test.") == f"{label}.test."


def test_a_sentence_has_no_dot_of_a_name_at_its_end():
    assert for_people("www.lab.test.") == "www.lab.test"
    assert for_people("xn--bcher-kva.lab.test.") == "bücher.lab.test"
    assert for_people(".") == "the root"


# ---- addresses


@pytest.mark.covers("C4.30")
@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("10.11.12.13", "13.12.11.10.in-addr.arpa."),
        ("2001:db8::1", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa."),
    ],
)
def test_an_address_and_its_reverse_name_lead_to_each_other(address: str, name: str):
    parsed = parse_address(address)
    assert reverse_name(parsed) == name
    assert address_of(name) == parsed
    assert dns.reversename.from_address(address).to_text() == name


@given(st.ip_addresses())
def test_every_address_has_the_reverse_name_that_dnspython_gives_it(address):
    name = reverse_name(address)
    assert name == dns.reversename.from_address(str(plain_address(address))).to_text()
    assert address_of(name.upper()) == plain_address(address)


@pytest.mark.parametrize(
    "name", ["www.lab.test.", "2.0.192.in-addr.arpa.", "x.2.0.192.in-addr.arpa.", "arpa.", "."]
)
def test_other_names_are_no_addresses(name: str):
    assert address_of(name) is None


def test_an_ipv4_address_within_ipv6_is_that_address():
    assert reverse_name(parse_address("::ffff:192.0.2.1")) == "1.2.0.192.in-addr.arpa."
    assert plain_address(parse_address("0:0::1")) == plain_address(parse_address("::1"))


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("192.0.2", "four numbers, this has three"),
        ("010.0.0.1", "leading zero"),
        ("fe80::1%lo", "DNS knows none"),
        ("256.1.1.1", "255"),
        ("1:2", "eight groups"),
        ("www.lab.test", "no address"),
        ("", "empty"),
        ("0x7f.1", "decimal"),
    ],
)
def test_what_other_programs_make_something_up_from_is_refused(typed: str, why: str):
    with pytest.raises(LocalMisuse, match=why) as caught:
        parse_address(typed)
    assert caught.value.start is not None


# ---- servers


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("lab:dns", "lab:dns"),
        ("@lab:dns", "lab:dns"),
        ("192.0.2.53", "192.0.2.53:53"),
        ("@192.0.2.53:5353", "192.0.2.53:5353"),
        ("::1", "[::1]:53"),
        ("[::1]:5353", "[::1]:5353"),
        ("ns1.example.com", "ns1.example.com:53"),
    ],
)
def test_a_server_is_read_with_port_53_where_none_is_written(typed: str, shown: str):
    server = parse_server(typed)
    assert str(server) == shown
    assert server.text == typed


@pytest.mark.parametrize(
    "typed", ["", "@", "lab:", "@127.0.0.1:99999", "http://x", "unix:/x", "2001:db8:::1", "a b"]
)
def test_a_server_that_is_none_has_its_mistake_at_a_place(typed: str):
    with pytest.raises(LocalMisuse) as caught:
        parse_server(typed)
    mistake = caught.value
    assert mistake.start is not None
    assert mistake.end is not None
    assert 0 <= mistake.start <= mistake.end <= len(typed)
    assert mistake.text == typed


@given(st.text(max_size=60))
def test_any_text_is_a_server_or_a_mistake_with_a_place(text: str):
    try:
        parse_server(text)
    except LocalMisuse as mistake:
        placed(mistake, text)
