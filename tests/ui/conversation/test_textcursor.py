"""Where keys lead the cursor of the Text form."""

from workbench.transcript.recorder import Transcript
from workbench.ui import theme
from workbench.ui.conversation.breaks import RowBreaks
from workbench.ui.conversation.fixedtext import FixedText
from workbench.ui.conversation.lines import Place, TextLines, TextRow
from workbench.ui.conversation.rows import Rows
from workbench.ui.conversation.selection import Spot
from workbench.ui.conversation.textcursor import TextCursor
from workbench.ui.conversation.textrow import DrawnRow
from workbench.ui.hexselect import Step

TEXT = b"a long line\nx\nanother line\n\nend"


def test_up_and_down_keep_their_column_over_short_rows(light: theme.Theme):
    transcript = Transcript()
    transcript.open("a", "tcp").received(TEXT)
    lines = TextLines(Rows(transcript), RowBreaks("utf-8", 80))
    lines.step()
    measure = FixedText(theme.fixed_font())

    def draw(row: TextRow) -> DrawnRow:
        return DrawnRow(row, transcript, lines.breaks, measure)

    cursor, spot = TextCursor(draw), Spot(0, 6)

    def go(step: Step, page: int = 2) -> int:
        nonlocal spot
        number = lines.row_of(Place(0, spot.octet))
        assert number is not None
        spot = cursor.target(step, spot, number, lines, page) or spot
        return spot.octet

    places = [TEXT.index(b"x"), TEXT.index(b"another") + 6, TEXT.index(b"\nend"), len(TEXT) - 1]
    assert [go(Step.DOWN) for _ in range(5)] == [places[0] + 1, *places[1:], places[3]]
    assert go(Step.PAGE_UP) == places[1]
    cursor.forget_goal()
    assert go(Step.LEFT) == places[1] - 1
    assert go(Step.UP) == places[0] + 1
    assert go(Step.FIRST) == 5
    assert go(Step.LAST) == places[3]
    assert go(Step.RIGHT) == len(TEXT)
    lines.close()
    transcript.close()
