"""The SQL panel as a person uses it: mouse and keys on the real widgets, against the Lab and a file.

What it is made of is tested through it: workbench.panels.sql.actions and workbench.panels.sql.models, and of the parts
workbench.panels.sql.parts.around, workbench.panels.sql.parts.editor,
workbench.panels.sql.parts.results, workbench.panels.sql.parts.strip and workbench.panels.sql.parts.tree.
"""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit

from tests.kit.pulse import even_pulse
from tests.kit.scripted_peer import scripted_peer
from tests.panels.benches import Workplace
from tests.ui import sweep
from workbench.panels.bench import Document
from workbench.panels.sql import tour, view
from workbench.panels.sql.models import MAX_CELL, cell_text
from workbench.panels.sql.view import SqlPanel
from workbench.protocols.sql.values import Column

COUNT = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT {}) SELECT i, 'row ' || i AS name FROM n"


def click(widget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def cells(panel: SqlPanel) -> list[list[str]]:
    model = panel.results.rows
    return [
        [model.text(row, column) for column in range(model.columnCount())]
        for row in range(min(model.rowCount(), 50))
    ]


def sentence(panel: SqlPanel) -> str:
    return panel.verdict.text()


async def opened(app, target: str = "sqlite::memory:") -> tuple[Workplace, SqlPanel]:
    place = Workplace(app)
    panel = SqlPanel(place.bench)
    place.show(panel)
    QTest.keyClicks(panel.bar.field, target)
    QTest.keyClick(panel.bar.field, Qt.Key.Key_Return)
    await place.until(lambda: panel.controller.state.phase not in ("idle", "opening"))
    await drawn(place, panel)
    return place, panel


async def drawn(place: Workplace, panel: SqlPanel) -> None:
    """Return once the widgets show the state as it is."""
    await place.until(lambda: panel._shown is panel.controller.state)


async def run(place: Workplace, panel: SqlPanel, text: str) -> None:
    panel.editor.setPlainText(text)
    click(panel.writing.run_all)
    await place.until(lambda: panel.controller.state.results and not panel.controller.state.busy)
    await drawn(place, panel)


async def test_a_person_reads_the_story(app):
    place = Workplace(app)
    panel = SqlPanel(place.bench)
    place.show(panel)
    click(panel.tree.empty.button)
    await place.until(lambda: panel.tree.model.rowCount() > 5)
    assert "lighthouse" in panel.editor.toPlainText()
    click(panel.writing.run)
    await place.until(lambda: cells(panel))
    assert ["1987-11-08", "2", "NULL"] in cells(panel)
    item = panel.tree.model.item(1)
    panel.tree.tree.expand(item.index())
    await place.until(lambda: item.rowCount() == 4)
    assert item.child(1).text().startswith("name   TEXT")
    panel.tree.tree.setCurrentIndex(item.index())
    QTest.keyClick(panel.tree.tree, Qt.Key.Key_Return)
    assert panel.editor.toPlainText().endswith('SELECT * FROM "keepers";')
    QTest.keyClick(panel.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    place.registry.run("sql.run")
    await place.until(lambda: len(cells(panel)) == 3)
    assert sweep.unnamed(panel) == []
    click(panel.bar.button)
    await place.until(lambda: panel.verdict.verdict.word == "closed")
    await place.close(panel)


async def test_the_transaction_strip_is_always_true(app):
    place, panel = await opened(app)
    await run(place, panel, "CREATE TABLE t (a); BEGIN; INSERT INTO t VALUES (1); SAVEPOINT s")
    assert panel.strip.word.text() == "◐ Transaction open"
    assert "savepoints: s" in panel.strip.words.text()
    assert not panel.strip.begin.isEnabled()
    click(panel.strip.rollback)
    await place.until(panel.strip.begin.isEnabled)
    assert panel.strip.word.text() == "● No transaction"
    click(panel.strip.begin)
    await place.until(panel.strip.commit.isEnabled)
    click(panel.strip.commit)
    await place.until(lambda: not panel.strip.commit.isEnabled())
    await place.until(lambda: "COMMIT was carried out" in sentence(panel))
    await place.close(panel)


async def test_a_mistake_is_marked_where_it_stands(app):
    place, panel = await opened(app)
    await run(place, panel, "SELECT '😀';\nSELECT nix;")
    marks = [mark.cursor.selectedText() for mark in panel.editor.extraSelections()]
    assert "nix" in marks
    assert panel.notice.isVisible()
    panel.results.show_part(1)
    assert panel.results.run.rowCount() == 2
    assert "no such column" in str(panel.results.run.index(1, 2).data())
    QTest.keyClicks(panel.editor, " ")
    await place.until(
        lambda: not [one for one in panel.editor.extraSelections() if one.cursor.selectedText() == "nix"]
    )
    await place.close(panel)


async def test_null_octets_and_long_values_each_look_like_what_they_are(app):
    place, panel = await opened(app)
    await run(
        place,
        panel,
        "SELECT NULL, '', 'NULL', x'00ff10', printf('%.300c', 'x'), 'two' || char(10) || 'lines', 7",
    )
    row = cells(panel)[0]
    assert row[0:3] == ["NULL", "", "NULL"]
    model = panel.results.rows
    grey = [model.index(0, at).data(Qt.ItemDataRole.ForegroundRole) for at in (0, 2)]
    assert grey[0] is not None
    assert grey[1] is None
    assert row[3].startswith("00 ff 10")
    assert "3 B" in row[3]
    assert len(row[4]) < MAX_CELL + 40
    assert "\n" not in row[5]
    panel.results.table.setCurrentIndex(model.index(0, 3))
    QTest.keyClick(panel.results.table, Qt.Key.Key_Return)
    assert panel.results.value_hex.isVisible()
    panel.results.table.setCurrentIndex(model.index(0, 5))
    assert panel.results.value_text.toPlainText() == "two\nlines"
    panel.results.table.setCurrentIndex(model.index(0, 0))
    assert "NULL, no value" in panel.results.value_title.text()
    assert cell_text(b"\xff" * 2_000_000, Column("x", "bytea", 17))
    await place.close(panel)


async def test_many_rows_are_shown_while_they_come_and_the_window_goes_on(app):
    place, panel = await opened(app)
    panel.editor.setPlainText(COUNT.format(300_000))
    with even_pulse():
        click(panel.writing.run)
        await place.until(lambda: panel.results.rows.rowCount())
        assert cells(panel)[0] == ["1", "row 1"]
        await place.until(lambda: panel.results.rows.rowCount() == 300_000)
        panel.results.table.scrollToBottom()
        await place.until(
            lambda: panel.results.table.rowAt(panel.results.table.viewport().height() - 5) > 299_000
        )
    assert panel.results.rows.text(299_999, 1) == "row 300000"
    await place.until(lambda: not panel.controller.state.busy)
    await drawn(place, panel)
    click_header(panel, 0)
    await place.until(lambda: "sorted by i" in sentence(panel))
    await place.until(lambda: not panel.controller.state.busy)
    await drawn(place, panel)
    click_header(panel, 0)
    await place.until(lambda: cells(panel) and cells(panel)[0][0] == "300000")
    await place.close(panel)


def click_header(panel: SqlPanel, column: int) -> None:
    header = panel.results.table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(column) + 10, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


async def test_escape_cancels_what_runs_and_then_closes(app):
    place, panel = await opened(app)
    panel.editor.setPlainText(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    )
    click(panel.writing.run)
    await place.until(lambda: panel.controller.state.busy)
    place.registry.run("sql.cancel")
    await place.until(lambda: panel.verdict.verdict.word == "cancelled")
    assert panel.controller.state.phase == "open"
    place.registry.run("sql.cancel")
    await place.until(lambda: panel.verdict.verdict.word == "closed")
    await place.close(panel)


async def test_a_password_in_the_target_leaves_it_at_once_and_is_in_no_draft(app):
    place = Workplace(app)
    panel = SqlPanel(place.bench)
    place.show(panel)
    for character in "postgresql://anna:geheim":
        QTest.keyClicks(panel.bar.field, character)
        assert "geh" not in json.dumps(panel.draft())
    QTest.keyClicks(panel.bar.field, "@")
    assert panel.bar.text() == "postgresql://anna@"
    assert panel.password.text() == "geheim"
    with scripted_peer([("stall",)]) as peer:
        panel.bar.set_text(f"postgresql://anna:geheim@127.0.0.1:{peer.port}/d")
        panel.open_target(f"postgresql://anna:geheim@127.0.0.1:{peer.port}/d")
        panel.start()
        await place.until(lambda: panel.controller.state.stage in ("greeting", "tls"))
        talks = [talk.title for talk in place.talks if talk]
        jobs = [job.title for scope in place.scopes for job in scope.jobs]
        assert "geheim" not in json.dumps(panel.draft()) + str(talks) + str(jobs) + sentence(panel)
        await place.close(panel)


async def test_rows_are_exported_to_the_file_that_was_chosen(app, tmp_path: Path):
    place, panel = await opened(app)
    await run(place, panel, "SELECT 1 AS a, NULL AS b")
    click(panel.results.export)

    await place.until(lambda: panel.findChildren(QFileDialog))
    dialog = panel.findChildren(QFileDialog)[0]
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    await place.until(field.isVisible)
    field.setText(str(tmp_path / "x.csv"))
    dialog.accept()
    await place.until(lambda: panel.verdict.verdict.word == "exported")
    assert (tmp_path / "x.csv").read_bytes() == b"a,b\r\n1,\r\n"
    await place.close(panel)


async def test_a_document_becomes_the_text_and_copies_follow_the_database(app):
    place, panel = await opened(app)
    panel.take(Document("x.sql", "text/plain", "SELECT 'ä';".encode()))
    assert panel.editor.toPlainText() == "SELECT 'ä';"
    talk = panel.current_talk()
    assert talk is not None
    assert [title for title, _ in talk.copies] == ["Python", "sqlite3"]
    await run(place, panel, "SELECT 1")
    assert "sqlite3.connect" in talk.copies[0][1]()
    await place.close(panel)


def test_the_tour_speaks_of_what_is_there():
    assert tour.CHANGE.startswith("UPDATE log")
    assert "missing" in view.STORY


@pytest.mark.parametrize("target", ["sqlite:/nowhere/x.db", "http://h/", "sqlite:x?mode=odd"])
async def test_what_is_no_database_is_told(app, target: str):
    place, panel = await opened(app, target)
    assert panel.controller.state.phase == "failed"
    assert panel.notice.isVisible()
    assert panel.tree.empty.button.isVisible()
    await place.close(panel)
