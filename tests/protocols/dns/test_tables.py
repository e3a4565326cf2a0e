"""The tables of sentences: every name of the standards has its line, and every line is true.

They stand in workbench.protocols.dns.rtypes, workbench.protocols.dns.sentences and workbench.protocols.dns.edns.
"""

import dns.edns
import dns.opcode
import dns.rcode
import pytest

from workbench.protocols.dns.codec import FLAGS, known_types
from workbench.protocols.dns.edns import EXTENDED_ERRORS, OPTIONS, option_named, option_said, option_source
from workbench.protocols.dns.rtypes import COMMON, KINDS, UNKNOWN, kind_of
from workbench.protocols.dns.sentences import FLAG_TEXTS, IGNORED_TEXTS, OPCODE_TEXTS, RCODE_TEXTS

RFC_1035 = (
    *("A", "NS", "MD", "MF", "CNAME", "SOA", "MB", "MG"),
    *("MR", "NULL", "WKS", "PTR", "HINFO", "MINFO", "MX", "TXT"),
)
"""RFC 1035 section 3.2.2, whole."""


@pytest.mark.parametrize("type_", [*RFC_1035, *COMMON])
def test_every_type_of_the_first_standard_and_of_the_list_is_explained(type_: str):
    assert kind_of(type_) is not UNKNOWN
    assert type_ in known_types() or type_ in ("MD", "MF", "MB", "MG", "MR", "MINFO")


@pytest.mark.parametrize("type_", KINDS)
def test_a_sentence_is_one_and_has_its_section(type_: str):
    kind = KINDS[type_]
    assert kind.text
    assert kind.text[0].islower()
    assert not kind.text.endswith(".")
    assert kind.source.startswith("RFC ")
    assert all(part.name and part.text for part in kind.parts)


def test_a_type_without_a_line_says_so():
    assert kind_of("TYPE65280") is UNKNOWN


def test_every_flag_is_explained_set_and_unset():
    assert set(FLAG_TEXTS) == {name for _, name in FLAGS}
    assert all(on != off and source.startswith("RFC ") for on, off, source in FLAG_TEXTS.values())


def test_every_operation_and_every_result_is_explained():
    assert set(OPCODE_TEXTS) >= {code.name for code in dns.opcode.Opcode}
    names = {dns.rcode.to_text(code) for code in dns.rcode.Rcode}
    # BADSIG and BADVERS have one number; only the second can be in an answer to a plain question.
    assert set(RCODE_TEXTS) >= names - {"BADSIG"}


def test_every_option_has_the_number_that_dnspython_gives_it():
    for code, (name, source) in OPTIONS.items():
        assert source.startswith("RFC ")
        if code in {int(known) for known in dns.edns.OptionType}:
            assert dns.edns.OptionType.to_text(code).replace("-", "") in (
                name.replace("-", ""),
                "REPORTCHANNEL",
            )
    assert (option_named(4242), option_source(4242)) == ("4242", "RFC 6891 section 6.1.2")


def test_every_extended_error_has_its_meaning():
    assert set(EXTENDED_ERRORS) >= {int(code) for code in dns.edns.EDECode}


@pytest.mark.parametrize(
    ("code", "data", "said"),
    [
        (15, b"\x00\x12no", "18: prohibited (no)"),
        (15, b"\xff\xff", "65535: an unknown error"),
        (15, b"\x00", "00"),
        (3, b"ns\x1b", "ns␛"),
        (12, bytes(9), "9 octets"),
        (10, b"\x01\x02", "01 02"),
    ],
)
def test_an_option_says_what_it_holds(code: int, data: bytes, said: str):
    assert option_said(code, data) == said


def test_every_reason_not_to_accept_has_its_words():
    assert set(IGNORED_TEXTS) == {"source", "id", "question", "query", "malformed"}
