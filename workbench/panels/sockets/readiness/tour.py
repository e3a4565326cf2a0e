"""The tour of the page of readiness: the ticker heard by poll, a pair provoked until its last words, a race."""

from workbench.panels.guide import Guide
from workbench.panels.sockets.readiness.view import ReadinessPage
from workbench.protocols.readiness.values import FLAGS, Ready


async def tour(page: ReadinessPage, guide: Guide) -> None:
    """Watch the ticker and a made pair; light its lamps; race to three addresses."""
    lamps = page.lamps_view
    guide.click(lamps.empty.button)
    await guide.until("a line of the ticker is read", lambda: _cell(page, 0, -1).endswith("Z"), True)
    guide.click(lamps.pair)
    await guide.until("the pair is chosen", lambda: page.lamps.state.selected, 2)
    guide.click(lamps.reads)
    own, data, fin = (lamps.detail.buttons[what] for what in ("own-fin", "data", "fin"))
    guide.click(own)
    await guide.until("our half can be finished once", own.isEnabled, False)
    await guide.until("it is done", lambda: page.is_provoking, False)
    guide.click(data)
    await guide.until("data lights IN", lambda: "IN" in _lit(page, 1), True)
    await guide.until("that is done too", lambda: page.is_provoking, False)
    guide.click(fin)
    await guide.until(
        "data and the end are told together", lambda: _lit(page, 1), ["IN", "OUT", "HUP", "RDHUP"]
    )
    await guide.until("the trap is told", lambda: "== POLLIN" in lamps.detail.remark.text(), True)
    page.stop()
    page.show_race()
    guide.click(page.race_view.empty.button)
    await guide.until("somebody won", lambda: page.race_view.verdict.verdict.word, "connected")
    bars = [bar.outcome for bar in page.race_view.chart.bars if bar.name.startswith("connect")]
    guide.compare("the others lost in their own ways", bars, ["dropped", "failed", "won"])
    page.show_lamps()


def _cell(page: ReadinessPage, row: int, column: int) -> str:
    model = page.lamps_view.model
    return str(model.index(row, column % model.columnCount()).data() or "")


def _lit(page: ReadinessPage, row: int) -> list[str]:
    rows = page.lamps_view.model.rows
    lamps = rows[row].lamps if row < len(rows) else Ready(0)
    return [str(flag.name) for flag in FLAGS if flag in lamps]
