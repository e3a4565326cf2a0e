"""What may stand in an envelope, and what a server makes of letters beyond ASCII."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse
from workbench.protocols.smtp.addresses import check_address, spelled


@pytest.mark.parametrize(
    "address",
    [
        "anna@lab.test",
        "a+b@x",
        '"a b"@x',
        '"a\\"@b"@x',
        "a@[127.0.0.1]",
        "a@[IPv6:::1]",
        "postmaster",
        "",
        "ü@b.c",
    ],
)
def test_addresses_pass(address: str):
    check_address(address)


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("a b@x", 1),
        ("a@x\r\nRCPT TO:<b@x>", 3),
        ("a\0@x", 1),
        ("a\udcff@x", 1),
        ("a@\udcff", 2),
        ("<a@x>", 0),
        ("a@x>", 3),
        ("a@b@x", 1),
        ("anna", 4),
        ("@x", 0),
        ("a@", 2),
        ("a@x ", 3),
        ('"a\r"@x', 2),
        ("a,b@x", 1),
        ("a" * 65 + "@x", 0),
        ("a@" + "x" * 256, 2),
    ],
)
def test_what_is_no_address_is_refused_with_its_place(address: str, place: int):
    with pytest.raises(LocalMisuse) as caught:
        check_address(address)
    assert caught.value.start == place


@given(st.text(max_size=30))
def test_nothing_that_passes_could_end_a_command_or_its_brackets(address: str):
    try:
        data = spelled(address, utf8=True).data
    except LocalMisuse as caught:
        place = caught.start
        assert place in range(len(address) + 1)
        return
    assert not {0x0D, 0x0A, 0x00}.intersection(data)
    assert data.startswith(b"<")
    assert data.endswith(b">")


def test_beyond_ascii_needs_smtputf8_but_for_the_domain():
    assert spelled("ü@b.test", utf8=True) == ("<ü@b.test>".encode(), True)
    assert spelled("u@bücher.test", utf8=False) == (b"<u@xn--bcher-kva.test>", False)
    with pytest.raises(LocalMisuse, match="SMTPUTF8") as caught:
        spelled("üb@b.test", utf8=False)
    assert caught.value.start == 0
