"""The part of the tour for calls by hand: half-close told call by call, and the error after it."""

from workbench.panels.guide import Guide
from workbench.panels.sockets.steps.view import StepsPage


async def tour(page: StepsPage, guide: Guide) -> None:
    """Lay the story of a half-close ready, tell it, see the answer that still came and the write that was refused."""
    page.story.setCurrentIndex(page.story.findData("half-close"))
    guide.click(page.begin_button)
    await guide.until("the story's calls are ready", lambda: page.upcoming.text()[:15], "next: a = socke")
    guide.click(page.next_button)
    await guide.until("the first call made a socket", lambda: page.holdings.rowCount(), 1)
    guide.click(page.play_button)
    await guide.until(
        "a write after the end is refused", lambda: page.verdict.verdict.word, "BrokenPipeError"
    )
    answers = [str(page.ladder.index(row, 2).data()) for row in range(page.ladder.rowCount())]
    guide.compare("what the other half still said arrived", "b'still\\r\\n'" in answers, True)
    page.table.selectRow(page.holdings.place_of("b"))
    await guide.until(
        "the lamp of half-closed is lit", lambda: page.lamps.lamps["HALF-CLOSED"].text()[:1], "◉"
    )
