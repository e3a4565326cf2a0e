"""The marker that does not occur: candidates are refused with their place, and MIME does the same."""

import email
from itertools import count

import pytest

from workbench.errors import LocalMisuse
from workbench.formats.framing.chop import say
from workbench.formats.framing.chosen import Chosen, choose_marker, random_marker


def candidates():
    numbers = count(1)
    return lambda: b"mark%d" % next(numbers)


@pytest.mark.covers("C5.13")
def test_the_second_candidate_is_taken_where_the_first_occurs():
    data = b"this text has mark1 in it"
    choice = choose_marker(data, candidates())
    assert choice == (b"mark2", ((b"mark1", 14),))
    wire = Chosen(candidates()).encode(data)
    assert wire.data == b"mark2\n" + data + b"\nmark2\n"
    assert "mark1 occurs at octet 14" in wire.marks[0].label
    assert [message.data for message in say(Chosen().decoder(), wire.data * 2).messages] == [data, data]


def test_random_markers_can_be_boundaries_of_mime():
    marker = random_marker()
    assert marker != random_marker()
    text = b"--inside--\n"
    letter = (
        b'Content-Type: multipart/mixed; boundary="' + marker + b'"\r\n\r\n'
        b"--" + marker + b"\r\n\r\n" + text + b"\r\n--" + marker + b"--\r\n"
    )
    (part,) = email.message_from_bytes(letter).get_payload()
    assert part.get_payload(decode=True).rstrip() == text.rstrip()


@pytest.mark.parametrize(
    ("stream", "at"), [(b"\n", 0), (b"a b\n", 1), (b"x" * 71, 70), (b"mark\r\n", 4), (b"\xe9\n", 0)]
)
def test_what_is_no_marker_line_is_refused(stream: bytes, at: int):
    assert say(Chosen().decoder(), stream).broken.at == at


def test_a_generator_that_never_finds_one_is_stopped():
    with pytest.raises(LocalMisuse, match="each of 1,000"):
        choose_marker(b"always", lambda: b"always")
    with pytest.raises(LocalMisuse, match="no marker"):
        choose_marker(b"x", lambda: b"two words")
    assert Chosen().remarks(b"x")[0].code == "needs-all"
