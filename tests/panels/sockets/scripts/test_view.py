"""The page of scripts as a person uses it: mouse and keys on the real widgets.

What it is made of is tested through it: workbench.panels.sockets.scripts.actions,
workbench.panels.sockets.scripts.asking,
workbench.panels.sockets.scripts.models, workbench.panels.sockets.scripts.parts.texteditor,
workbench.panels.sockets.scripts.parts.views and workbench.panels.sockets.scripts.parts.shelfview.
"""

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit, QVBoxLayout, QWidget

from tests.kit.pulse import even_pulse
from tests.kit.scripted_peer import scripted_peer
from tests.panels.benches import Workplace
from tests.ui import sweep
from workbench.panels.sockets.scripts.models import ENTRY
from workbench.panels.sockets.scripts.view import ScriptsPage
from workbench.panels.sockets.view import SocketsPanel


class Alone(QWidget):
    """A frame with nothing but this page in it: the panel's other pages take their time."""

    def __init__(self, place: Workplace) -> None:
        super().__init__()
        self.page = ScriptsPage(place.bench, self)
        QVBoxLayout(self).addWidget(self.page)
        place.bench.registry.add_all(self.page.page_actions(), self.page)

    def show_page(self, page: str) -> None:
        """There is no other one."""

    def show_talk(self, page: object, talk: object) -> None:
        """There is no dock."""

    async def retire(self) -> None:
        await self.page.retire()


async def opened(app, appearance: str = "light") -> tuple[Workplace, Alone, ScriptsPage]:
    place = Workplace(app, appearance)
    frame = Alone(place)
    place.show(frame, 1280, 640)
    await place.until(lambda: frame.page.controller.state.is_loaded and place.feed.is_idle)
    return place, frame, frame.page


async def rested(place: Workplace, page: ScriptsPage) -> None:
    await place.until(lambda: place.feed.is_idle and not page._scope.jobs)


def typed(editor, text: str) -> None:
    editor.text_edit.setFocus()
    QTest.keyClicks(editor.text_edit, text)


async def answered(place: Workplace, text: str) -> None:
    """Type into the dialog that asks for a name, and press Enter."""

    def dialog() -> QInputDialog | None:
        return next(
            (w for w in QApplication.topLevelWidgets() if isinstance(w, QInputDialog) and w.isVisible()), None
        )

    await place.until(dialog)
    asked = dialog()
    assert asked is not None
    field = asked.findChild(QLineEdit)
    assert field is not None
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)
    await place.until(lambda: dialog() is None)


async def test_a_payload_is_typed_previewed_sent_and_put_into_the_console(app):
    place, panel, page = await opened(app)
    typed(page.payload.editor, r"no ${counter}\n")
    await rested(place, page)
    assert page.payload.preview_label.text() == "Would be sent now: 5 B"
    with scripted_peer([("expect", b"no 1\n"), ("send", b"yes"), ("finish",), ("wait_eof",)]) as peer:
        page.bar.set_text(str(peer))
        QTest.mouseClick(page.bar.button, Qt.MouseButton.LeftButton)
        await rested(place, page)
    assert page.verdict.verdict.word == "answered"
    assert page.payload.answer_label.text() == "Came back: 3 B"
    assert page.payload.answer.isVisible()
    await place.until(lambda: sweep.clipped(panel) == [])
    await place.close(panel)


async def test_a_payload_is_put_into_the_console_as_it_would_be_sent(app):
    place = Workplace(app)
    panel = SocketsPanel(place.bench)
    panel.show_page("scripts")
    place.show(panel, 1280, 640)
    page: ScriptsPage = panel.pages["scripts"]
    typed(page.payload.editor, r"no ${counter}\n")
    await place.until(lambda: page.console_button.isEnabled() and page.controller.state.preview == b"no 1\n")
    page.to_console()
    assert panel.page is panel.console
    assert panel.console.current.bytes.value() == b"no 1\n"
    panel.show_page("scripts")
    page.payload.editor.set_text("plain\\r\\n")
    page.to_console()
    assert panel.console.current.bytes.text() == "plain\\r\\n"
    await place.close(panel)


async def test_a_mistake_is_marked_at_its_place_and_nothing_is_sent(app):
    place, panel, page = await opened(app)
    page.bar.set_text("127.0.0.1:1")
    typed(page.payload.editor, "ab${couter}")
    await rested(place, page)
    assert "no macro" in page.payload.editor.problem.text()
    assert page.payload.editor.problem.isVisible()
    assert not page.console_button.isEnabled()
    QTest.keyClick(page.payload.editor.text_edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert page.payload.editor.text_edit.textCursor().selectedText() == "couter"
    assert page.verdict.verdict.word == ""
    await place.close(panel)


async def test_a_script_runs_and_every_step_is_marked(app):
    place, panel, page = await opened(app)
    page.show_script()
    QTest.mouseClick(page.script.example, Qt.MouseButton.LeftButton)
    with scripted_peer([("expect", b"hello 1\r\n"), ("send", b"hello 1\r\n"), ("wait_eof",)]) as peer:
        page.bar.set_text(str(peer))
        assert page.bar.button.text() == "Run"
        page.start()
        await rested(place, page)
    assert page.verdict.verdict.word == "passed"
    model = page.script.model
    assert [model.index(row, 1).data() for row in range(model.rowCount())] == ["passed"] * 4
    assert model.index(3, 4).data() == "FIN"
    QTest.mouseClick(page.script.record, Qt.MouseButton.LeftButton)
    assert 'send "hello 1\\r\\n"' in page.script.editor.text()
    await place.close(panel)


async def test_a_listener_answers_by_rules_until_it_is_closed(app):
    place, panel, page = await opened(app)
    page.show_rules()
    QTest.mouseClick(page.rules.example, Qt.MouseButton.LeftButton)
    await rested(place, page)
    assert page.rules.model.rowCount() == 3
    assert page.bar.text() == "127.0.0.1:0"
    page.start()
    await place.until(lambda: page.controller.state.address and place.feed.is_idle)
    assert page.bar.button.text() == "Close"
    host, _, port = page.controller.state.address.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"PING\r\n")
    assert await reader.readline() == b"220 ready\r\n"
    assert await reader.readline() == b"PONG 1\r\n"
    writer.close()
    await writer.wait_closed()
    await place.until(lambda: page.rules.model.index(1, 3).data() == "1")
    page.stop()
    await rested(place, page)
    assert page.verdict.verdict.word == "closed"
    await place.close(panel)


async def test_a_repetition_shows_its_limits_and_its_counts(app):
    place, panel, page = await opened(app)
    typed(page.payload.editor, r"x\n")
    page.show_repeat()
    assert "100,000" in page.repeat.limits.text()
    page.repeat.times.setValue(3)
    page.repeat.per_s.setValue(1000)
    with scripted_peer([("expect", b"x\n" * 3), ("send", b"y\n" * 3), ("wait_eof",)]) as peer:
        page.bar.set_text(str(peer))
        page.start()
        await rested(place, page)
    assert [label.text() for label in page.repeat.figures.values()] == ["3", "3", "0", "6", "6"]
    assert page.verdict.verdict.word == "done"
    await place.close(panel)


async def test_texts_are_saved_opened_renamed_deleted_and_had_back(app):
    place, panel, page = await opened(app)
    assert page.shelf.empty.isVisible()
    typed(page.payload.editor, "hello")
    QTest.mouseClick(page.shelf.save_button, Qt.MouseButton.LeftButton)
    await answered(place, "Mail/Greeting")
    await rested(place, page)
    assert page.shelf.tree.isVisible()
    folder = page.shelf.model.index(0, 0)
    entry = page.shelf.model.index(0, 0, folder)
    assert (folder.data(), entry.data()) == ("Mail", "Greeting")
    page.payload.editor.set_text("other")
    page.shelf.tree.setCurrentIndex(entry)
    QTest.mouseClick(
        page.shelf.tree.viewport(), Qt.MouseButton.LeftButton, pos=page.shelf.tree.visualRect(entry).center()
    )
    await rested(place, page)
    assert page.payload.editor.text() == "hello"
    QTest.mouseClick(page.shelf.rename_button, Qt.MouseButton.LeftButton)
    await answered(place, "Hi")
    await rested(place, page)
    root = [page.shelf.model.index(row, 0).data() for row in range(page.shelf.model.rowCount())]
    assert root == ["Mail", "Hi"]
    page.shelf.tree.setCurrentIndex(page.shelf.model.index(1, 0))
    assert page.shelf.model.index(1, 0).data(ENTRY).name == "Hi"
    page.delete()
    await rested(place, page)
    assert page.shelf.model.rowCount() == 1
    assert "had back" in page.verdict.verdict.sentence
    QTest.mouseClick(page.shelf.undo_button, Qt.MouseButton.LeftButton)
    await rested(place, page)
    page.shelf.words.setText("hell")
    await place.until(lambda: page.controller.state.found is not None and place.feed.is_idle)
    assert [page.shelf.model.index(row, 0).data() for row in range(page.shelf.model.rowCount())] == ["Hi"]
    await place.close(panel)


async def test_a_name_that_can_t_be_is_told_and_nothing_is_lost(app):
    place, panel, page = await opened(app)
    typed(page.payload.editor, "hello")
    page.save()
    await answered(place, "../out")
    await rested(place, page)
    assert "name" in page.notice.what.text()
    assert page.payload.editor.text() == "hello"
    await place.close(panel)


async def test_a_long_script_keeps_the_window_alive(app):
    place, panel, page = await opened(app)
    page.show_script()
    page.script.editor.set_text('repeat 120\nsend "x"\nexpect "x"\nend\nfinish')

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(100):
            writer.write(data)
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    page.bar.set_text(f"127.0.0.1:{server.sockets[0].getsockname()[1]}")
    with even_pulse():
        page.start()
        await rested(place, page)
    server.close()
    await server.wait_closed()
    assert page.verdict.verdict.word == "passed"
    await place.close(panel)


@pytest.mark.parametrize("appearance", ["light", "dark"])
async def test_every_view_has_names_and_no_clipped_words(app, appearance: str):
    place, panel, page = await opened(app, appearance)
    for show in (page.show_payload, page.show_script, page.show_rules, page.show_repeat):
        show()
        await rested(place, page)
        assert sweep.unnamed(panel) == []
        assert sweep.clipped(panel) == []
        assert sweep.without_tip(panel) == []
    await place.close(panel)
