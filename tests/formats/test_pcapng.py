"""What stands in a block is read back by a reader that knows only the draft."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from tests.formats.capture import blocks, options, packets, secrets
from workbench.formats import pcapng

HEAD = pcapng.section("Workbench", "why") + pcapng.interface("recorded")


@given(st.lists(st.tuples(st.binary(max_size=70), st.integers(0, 2**64 - 1), st.text(max_size=40))))
def test_packets_come_back_with_time_and_comment(told):
    written = [pcapng.packet(data, time_ns, comment) for data, time_ns, comment in told]
    comments = [(data, time_ns, comment) for data, time_ns, comment in told]
    assert [(each.data, each.time_ns, each.comment) for each in packets(HEAD + b"".join(written))] == comments


@given(st.binary(max_size=200))
def test_secrets_come_back(key_log: bytes):
    assert secrets(HEAD + pcapng.tls_secrets(key_log) + pcapng.packet(b"E", 1)) == [key_log]


def test_the_section_says_who_wrote_it_and_what_to_know():
    section, interface = blocks(HEAD)
    assert options(section.body[16:]) == {1: b"why", 4: b"Workbench"}
    assert options(interface.body[8:]) == {2: b"recorded", 9: b"\x09"}


def test_a_comment_too_long_is_cut_between_characters():
    (found,) = packets(HEAD + pcapng.packet(b"E", 1, "ü" * 40_000))
    assert found.comment == "ü" * (pcapng.MAX_OPTION // 2)


def test_a_packet_without_comment_has_no_options():
    assert len(pcapng.packet(b"1234", 0)) == struct.calcsize("<IIIIIII") + 4 + 4
