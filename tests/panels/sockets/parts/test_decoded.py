"""The view of decoded octets, on real sessions with the Lab: named, answered by a person, never obeyed by itself.

Also workbench.panels.sockets.decoding.
"""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.panels.benches import Workplace
from tests.ui import sweep
from workbench.jobs.scope import Scope
from workbench.panels.sockets.controller import SessionController
from workbench.panels.sockets.parts.decoded import Decoded
from workbench.transcript.records import Direction


class Bench:
    """A session and the view of it."""

    def __init__(self, app, appearance: str = "light") -> None:
        self.place = Workplace(app, appearance)
        bench = self.place.bench
        self.controller = SessionController(bench.new_transcript(), bench.lab.resolve)
        self.scope: Scope = bench.new_scope("sockets")
        self.view = Decoded(self.controller, self.scope, bench.feed)
        self.controller.observe(lambda it: self.view.show_state(it.state))
        self.place.show(self.view, 620, 420)

    async def connect(self, target: str) -> None:
        self.controller.compose(target=target)
        self.scope.launch(self.controller.open(), name="open")
        await self.place.until(lambda: self.controller.state.phase == "open")

    def rows(self) -> list[str]:
        model = self.view.model
        return [f"{model.index(at, 0).data()} {model.index(at, 1).data()}" for at in range(model.rowCount())]

    async def leave(self) -> None:
        await self.place.close(self)

    def close(self) -> None:
        self.view.close()

    async def retire(self) -> None:
        """What the place asks of a panel."""
        await self.scope.retire()
        self.view.retire()
        self.controller.transcript.close()

    def deleteLater(self) -> None:
        self.view.deleteLater()


def click(widget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


@pytest.mark.covers("C1.21")
async def test_what_is_typed_gives_a_dialogue_and_negotiation_is_named_and_not_obeyed(app):
    bench = Bench(app)
    # A line protocol by hand, without Telnet: the greeter and what is typed.
    await bench.connect("lab:greet")
    await bench.place.until(lambda: len(bench.rows()) == 1)
    await bench.controller.send(b"Hello Anna\r\n")
    await bench.place.until(lambda: len(bench.rows()) == 3)
    assert bench.rows()[0].startswith("← +OK this is the Lab")
    assert bench.rows()[1:] == ["→ Hello Anna\\r\\n", "← +OK hello, Anna\\r\\n"]
    assert bench.view.model.rowCount() == 3
    await bench.leave()
    # A server that negotiates: FF FB 01 is shown by its name, and nothing goes back by itself.
    bench = Bench(app)
    await bench.connect("lab:telnet")
    await bench.place.until(lambda: len(bench.rows()) >= 5)
    received = bench.controller.transcript.stream(bench.controller.state.selected, Direction.RECEIVED, "tcp")
    assert received.read(0, 3) == bytes.fromhex("fffb01")
    assert bench.rows()[0] == "← IAC WILL ECHO"
    assert "4 wishes" in bench.view.line.text()
    assert (
        len(bench.controller.transcript.stream(bench.controller.state.selected, Direction.SENT, "tcp")) == 0
    )
    # A person answers: all are refused at once.
    click(bench.view.refuse)
    await bench.place.until(lambda: "← [you say DONT ECHO]\\r\\n" in "".join(bench.rows()))
    assert [row for row in bench.rows() if row.startswith("→")] == [
        "→ IAC DONT ECHO",
        "→ IAC DONT SUPPRESS-GO-AHEAD",
        "→ IAC WONT TERMINAL-TYPE",
        "→ IAC WONT NAWS",
    ]
    await bench.leave()


async def test_one_answer_is_chosen(app):
    bench = Bench(app)
    await bench.connect("lab:telnet")
    await bench.place.until(lambda: len(bench.rows()) >= 5)
    bench.view.verb.setCurrentText("DO")
    bench.view.option.setCurrentText("no such")
    click(bench.view.send_option)
    assert "No option of Telnet" in bench.view.line.text()
    bench.view.option.setCurrentText("echo")
    click(bench.view.send_option)
    await bench.place.until(lambda: "→ IAC DO ECHO" in bench.rows())
    await bench.place.until(lambda: any("you say DO ECHO" in row for row in bench.rows()))
    await bench.leave()


async def test_a_websocket_is_spoken_by_hand(app):
    bench = Bench(app)
    bench.view.language.setCurrentIndex(1)
    await bench.connect("lab:websocket")
    click(bench.view.greet)
    await bench.place.until(lambda: bench.controller.state.peer.received > 100)
    QTest.keyClicks(bench.view.words, "hello")
    QTest.keyClick(bench.view.words, Qt.Key.Key_Return)
    await bench.place.until(lambda: len(bench.rows()) == 2)
    assert bench.rows() == ["→ FIN text masked, 5 B: hello", "← FIN text, 5 B: hello"]
    click(bench.view.send_ping)
    await bench.place.until(lambda: len(bench.rows()) == 4)
    bench.view.words.setText("soon")
    click(bench.view.send_close)
    assert "A close has a code first" in bench.view.line.text()
    bench.view.words.setText("1000 bye")
    click(bench.view.send_close)
    await bench.place.until(lambda: len(bench.rows()) == 6)
    assert bench.rows()[-1] == "← FIN close, 2 B: 1000"
    await bench.leave()


async def test_nothing_can_be_sent_before_there_is_a_connection_and_nothing_is_clipped(app):
    bench = Bench(app, "dark")
    bench.view.show_state(bench.controller.state)
    assert not bench.view.refuse.isEnabled()
    assert sweep.unnamed(bench.view) == []
    assert sweep.without_tip(bench.view) == []
    for language in (0, 1):
        bench.view.language.setCurrentIndex(language)
        await bench.place.until(lambda: sweep.clipped(bench.view) == [])
    await bench.leave()
