"""A row of text laid out: places and octets lead to each other, also among wide characters."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.transcript.recorder import Transcript
from workbench.ui import theme
from workbench.ui.conversation.breaks import RowBreaks
from workbench.ui.conversation.fixedtext import FixedText
from workbench.ui.conversation.lines import TextLines
from workbench.ui.conversation.rows import Rows
from workbench.ui.conversation.selection import Spot
from workbench.ui.conversation.textrow import DrawnRow


@pytest.fixture
def measure(light: theme.Theme) -> FixedText:
    return FixedText(theme.fixed_font())


def drawn(data: bytes, measure: FixedText, cut: int = 0) -> DrawnRow:
    """The first row of some octets that came in one read, or in two."""
    transcript = Transcript()
    channel = transcript.open("a", "tcp")
    for part in (data[:cut], data[cut:]):
        if part:
            channel.received(part)
    lines = TextLines(Rows(transcript), RowBreaks("utf-8", 400))
    lines.step()
    made = DrawnRow(lines.read(0, 1)[0], transcript, lines.breaks, measure)
    lines.close()
    transcript.close()
    return made


letters = st.text("ab 世é\u0301\u202e→", min_size=1, max_size=40).map(str.encode)


@given(letters | st.binary(min_size=1, max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_every_cell_is_found_at_its_own_place(measure: FixedText, data: bytes):
    row = drawn(data.replace(b"\n", b" "), measure)
    edges = [row.x_of_cell(cell) for cell in range(len(row.cells) + 1)]
    assert edges == sorted(edges)
    assert edges[-1] == row.width
    for cell in range(len(row.cells)):
        if edges[cell + 1] - edges[cell] > 1:
            assert row.spot_at(edges[cell] + 0.1) == row.spot_of(row.cells.octets[cell])
    assert row.octet_of(row.spot_of(0)) == 0


def test_signs_and_letters_are_drawn_in_two_goes(measure: FixedText):
    row = drawn(b"\x01a\x02b\x03c\n", measure)
    texts = [each for stretch in row._stretches for each in row._texts_of(stretch)]
    assert [(text, is_quiet) for _, text, is_quiet in texts] == [
        ("    a    b    c", False),
        ("\\x01 \\x02 \\x03 \\n", True),
    ]


def test_a_wide_character_moves_what_follows(measure: FixedText):
    row = drawn("a世b".encode(), measure)
    assert row.x_of_cell(1) == pytest.approx(measure.width)
    assert row.x_of_cell(2) == pytest.approx(measure.width + measure.of("世"))
    assert row.box(1, 4, 20).width() == pytest.approx(measure.of("世"))


def test_the_cursor_steps_over_whole_characters(measure: FixedText):
    row = drawn("aé世".encode(), measure)
    spots = [Spot(0, 0)]
    while (spot := row.neighbour(spots[-1], 1)) is not None:
        spots.append(spot)
    assert [spot.octet for spot in spots] == [0, 1, 3, 6]
    assert row.neighbour(Spot(0, 3), -1) == Spot(0, 1)
    assert row.last_spot == Spot(0, 3)
    assert row.holds(Spot(0, 2))


def test_the_end_of_a_read_is_a_place_in_the_row(measure: FixedText):
    row = drawn(b"hello\n", measure, cut=2)
    assert row.boundaries == [pytest.approx(2 * measure.width)]
    assert row.octet_of(Spot(1, 1)) == 3
