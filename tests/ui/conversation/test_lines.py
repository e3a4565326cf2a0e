"""The rows of the Text form against a plain reading of the same events."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kit.turned_clock import TurnedClock
from tests.ui.conversation.conversations import happenings, recorded
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.ui.conversation.breaks import SLACK, RowBreaks
from workbench.ui.conversation.lines import EVERY, Place, TextLines, joined
from workbench.ui.conversation.rows import Rows

COLUMNS = 8


def expected_rows(transcript: Transcript, breaks: RowBreaks) -> list[tuple[int, bytes]]:
    """(event in which it begins, octets) of every row, by reading runs whole and cutting octet by octet."""
    runs: list[list[int]] = []
    for event in transcript.events():
        if runs and joined(transcript[runs[-1][-1]], event, 0):
            runs[-1].append(event.index)
        else:
            runs.append([event.index])
    found = []
    for run in runs:
        data = b"".join(transcript.data(transcript[index]) for index in run)
        owner = [index for index in run for _ in range(transcript[index].size)] or run
        start = 0
        while True:
            end = data.find(b"\n", start) + 1 or len(data)
            if end - start > COLUMNS + SLACK:
                end = start + COLUMNS
                back = next((n for n in range(4) if data[end - n] & 0xC0 != 0x80), 0)
                end -= back
            found.append((owner[start], data[start:end]))
            start = end
            if start >= len(data):
                break
    return found


def all_rows(lines: TextLines) -> list[tuple[int, bytes]]:
    return [(row.event.index, row.data) for first in range(0, len(lines), 7) for row in lines.read(first, 7)]


@given(happenings)
def test_the_rows_are_those_of_a_plain_reading(happened):
    transcript = recorded(happened)
    breaks = RowBreaks("utf-8", COLUMNS)
    lines = TextLines(Rows(transcript), breaks)
    while lines.step(0):
        pass
    expected = expected_rows(transcript, breaks)
    assert len(lines) == len(expected)
    assert all_rows(lines) == expected
    transcript.close()
    lines.close()


@given(happenings, st.integers(1, 5))
@settings(max_examples=50)
def test_rows_counted_while_the_conversation_goes_on_are_the_same(happened, pause):
    transcript = Transcript(clock=TurnedClock())
    tcp, udp = transcript.open("a", "tcp"), transcript.open("b", "udp")
    breaks = RowBreaks("utf-8", COLUMNS)
    lines = TextLines(Rows(transcript), breaks)
    for number, (what, data) in enumerate(happened):
        if what == "fact":
            tcp.fact("something")
        elif what == "udp":
            udp.received(data)
        else:
            getattr(tcp, what)(data)
        if number % pause == 0:
            lines.step(0)
    while lines.step(0):
        pass
    assert all_rows(lines) == expected_rows(transcript, breaks)
    assert lines.is_complete
    transcript.close()
    lines.close()


@given(happenings)
@settings(max_examples=50)
def test_every_octet_is_found_again_in_its_row(happened):
    transcript = recorded(happened)
    lines = TextLines(Rows(transcript), RowBreaks("utf-8", COLUMNS))
    while lines.step():
        pass
    for number in range(len(lines)):
        (row,) = lines.read(number, 1)
        assert lines.row_of(row.place) == number
        last = row.pieces[-1]
        at_end = Place(row.place.row + len(row.pieces) - 1, max(0, last.stop - 1))
        assert lines.row_of(at_end) == number
        assert sum(piece.stop - piece.start for piece in row.pieces) == len(row.data)
    transcript.close()
    lines.close()


@given(happenings, st.integers(1, 12))
@settings(max_examples=50)
def test_the_rows_before_a_place_lead_up_to_it(happened, count):
    transcript = recorded(happened)
    lines = TextLines(Rows(transcript), RowBreaks("utf-8", COLUMNS))
    while lines.step():
        pass
    everything = lines.read(0, len(lines))
    tail = lines.before(lines.end, count)
    assert b"".join(row.data for row in everything).endswith(b"".join(row.data for row in tail))
    assert len(tail) == min(count, len(everything))
    transcript.close()
    lines.close()


def test_a_checkpoint_stands_every_few_rows_and_not_for_each():
    transcript = Transcript(clock=TurnedClock())
    channel = transcript.open("a", "tcp")
    channel.received(b"x\n" * 100_000)
    lines = TextLines(Rows(transcript), RowBreaks("utf-8", 160))
    while lines.step():
        pass
    assert len(lines) == 100_000
    assert len(lines._spool) == 16 * (100_000 // EVERY + 1)
    (row,) = lines.read(99_999, 1)
    assert row.place == (0, 199_998)
    assert row.data == b"x\n"
    transcript.close()
    lines.close()


def test_a_line_without_end_becomes_full_rows():
    transcript = Transcript(clock=TurnedClock())
    channel = transcript.open("a", "tcp")
    for _ in range(16):
        channel.received(b"x" * 65_536)
    lines = TextLines(Rows(transcript), RowBreaks("utf-8", 160))
    while lines.step():
        pass
    assert len(lines) == -(-(16 * 65_536 - SLACK) // 160)
    assert lines.read(5_000, 1)[0].offset == 800_000
    transcript.close()
    lines.close()


def test_runs_end_with_direction_channel_fact_and_datagram():
    tcp = [("sent", b"a"), ("sent", b"b"), ("received", b"c"), ("fact", b""), ("received", b"d")]
    transcript = recorded([*tcp, ("udp", b"e"), ("udp", b"")])
    lines = TextLines(Rows(transcript), RowBreaks("utf-8", COLUMNS))
    while lines.step():
        pass
    assert [row.data for row in lines.read(0, 9)] == [b"ab", b"c", b"", b"d", b"e", b""]
    assert [piece.event.index for piece in lines.read(0, 1)[0].pieces] == [0, 1]
    assert all(row.begins_run for row in lines.read(0, 9))
    transcript.close()
    lines.close()


def test_secrets_are_masked_in_rows():
    transcript = Transcript(clock=TurnedClock())
    channel = transcript.open("a", "tcp")
    channel.sent(b"PASS hunter2\r\n", secret=[(5, 12)])
    lines = TextLines(Rows(transcript), RowBreaks("utf-8", 160))
    lines.step()
    assert lines.read(0, 1)[0].data == b"PASS *******\r\n"
    transcript.close()
    lines.close()


def test_lines_of_two_octets_a_character_end_at_whole_characters():
    transcript = Transcript(clock=TurnedClock())
    channel = transcript.open("a", "tcp")
    text = "a\u0a0ab\r\n" + "\U0001f600" * 10
    channel.received(text.encode("utf-16-le"))
    breaks = RowBreaks("utf-16-le", 10)
    lines = TextLines(Rows(transcript), breaks)
    while lines.step():
        pass
    rows = lines.read(0, 99)
    assert rows[0].data == "a\u0a0ab\r\n".encode("utf-16-le")
    assert "".join(row.data.decode("utf-16-le") for row in rows) == text
    transcript.close()
    lines.close()


def test_directions_of_a_filtered_list_flow_together():
    from workbench.ui.conversation.filtering import FilterForm, Filtering

    transcript = recorded([("received", b"on"), ("sent", b"?"), ("received", b"e\n")])
    filtering = Filtering(transcript)
    filtering.apply(FilterForm(direction=Direction.RECEIVED))
    while filtering.step():
        pass
    lines = TextLines(filtering.rows, RowBreaks("utf-8", 80))
    while lines.step():
        pass
    assert [row.data for row in lines.read(0, 9)] == [b"one\n"]
    filtering.close()
    transcript.close()
    lines.close()
