"""The Files panel as a person uses it: mouse and keys on the real widgets, against the Lab.

What it is made of is tested through it: the parts folder and beside, and workbench.panels.files.actions.
"""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QInputDialog, QMessageBox

from tests.kit.scripted_peer import scripted_peer
from tests.panels.benches import Workplace
from tests.ui import sweep
from workbench.lab.services.ftp.tree import FILES
from workbench.panels.files import tour, view
from workbench.panels.files.parts import beside, folder
from workbench.panels.files.view import FilesPanel


def click(widget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def names(panel: FilesPanel) -> list[str]:
    return [str(panel.model.index(row, 0).data()) for row in range(panel.model.rowCount())]


def select(panel: FilesPanel, name: str) -> None:
    panel.table.selectRow(names(panel).index(name))


def transfer(panel: FilesPanel, column: int = 2) -> str:
    return str(panel.beside.transfers.index(0, column).data() or "")


async def opened(
    app, target: str = "lab:ftp", user: str = "", folder: str = ""
) -> tuple[Workplace, FilesPanel]:
    place = Workplace(app)
    panel = FilesPanel(place.bench)
    place.show(panel)
    panel.user.setText(user)
    panel.beside.save_in.setText(folder)
    QTest.keyClicks(panel.bar.field, target)
    QTest.keyClick(panel.bar.field, Qt.Key.Key_Return)
    await place.until(lambda: panel.verdict.verdict.kind in ("good", "bad", "warning"))
    return place, panel


async def answer(place: Workplace, kind: type[QDialog], fill) -> None:
    """Wait for the dialog, fill it, and accept it."""

    def shown() -> list[QDialog]:
        return [
            each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()
        ]

    await place.until(shown)
    fill(shown()[0])


async def test_a_person_looks_around_and_downloads(app, tmp_path: Path):
    place, panel = await opened(app, folder=str(tmp_path))
    assert names(panel)[0] == "old/"
    assert "anonymous" in panel.verdict.text()
    assert "in clear" in panel.verdict.text()
    assert "select a file" in panel.left.download.toolTip()
    select(panel, "README.txt")
    await place.until(panel.left.download.isEnabled)
    assert panel.beside.facts.rowCount() > 5
    click(panel.left.download)
    await place.until(lambda: transfer(panel) == "done")
    assert (tmp_path / "README.txt").read_bytes() == FILES["README.txt"]
    select(panel, "old/")
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    await place.until(lambda: "1985.txt" in names(panel))
    assert panel.left.path.text() == "/old"
    click(panel.left.up)
    await place.until(lambda: "old/" in names(panel))
    panel.left.path.setFocus()
    panel.left.path.setText("/old/notes")
    QTest.keyClick(panel.left.path, Qt.Key.Key_Return)
    await place.until(lambda: "1998.txt" in names(panel))
    click(panel.bar.button)
    await place.until(lambda: panel.verdict.verdict.word == "closed")
    assert sweep.unnamed(panel) == []
    assert [talk.title for talk in place.talks if talk][-1] == "lab:ftp"
    await place.close(panel)


async def test_a_person_uploads_makes_renames_and_deletes(
    app, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "up.txt").write_bytes(b"abc")
    place, panel = await opened(app, user="student")

    async def chosen(*_asked: object) -> Path:
        return tmp_path / "up.txt"

    monkeypatch.setattr(view, "ask_open_file", chosen)
    assert place.registry.run("files.upload")
    await place.until(lambda: "up.txt" in names(panel))
    select(panel, "up.txt")
    await place.until(panel.left.rename.isEnabled)
    click(panel.left.rename)
    await answer(place, QInputDialog, lambda dialog: (dialog.setTextValue("other.txt"), dialog.accept()))
    await place.until(lambda: "other.txt" in names(panel))
    click(panel.left.make)
    await answer(place, QInputDialog, lambda dialog: (dialog.setTextValue("new"), dialog.accept()))
    await place.until(lambda: "new/" in names(panel))
    select(panel, "other.txt")
    await place.until(panel.left.delete.isEnabled)
    click(panel.left.delete)
    await answer(place, QMessageBox, lambda box: _press(box, "Delete"))
    await place.until(lambda: "other.txt" not in names(panel))
    await place.close(panel)


def _press(box: QMessageBox, word: str) -> None:
    next(button for button in box.buttons() if button.text() == word).click()


async def test_a_failure_stands_in_the_panel_and_leads_to_its_event(app):
    with scripted_peer(
        [("send", b"220 ok\r\n"), ("expect", b"USER anonymous\r\n"), ("send", b"530 no\r\n")]
    ) as peer:
        place, panel = await opened(app, str(peer))
    assert panel.verdict.verdict.kind == "bad"
    assert panel.notice.isVisible()
    assert "530" in panel.notice.failure.reply
    assert panel.bar.button.text() == "Connect"
    await place.until(lambda: sweep.clipped(panel) == [])
    panel.notice.dismissed.emit()
    await place.until(lambda: not panel.notice.isVisible())
    panel.notice.event_asked.emit(3)
    assert place.events == [3]
    await place.close(panel)


async def test_escape_stops_the_transfer_first_and_then_the_session(app, tmp_path: Path):
    place, panel = await opened(app, folder=str(tmp_path))
    select(panel, "large.bin")
    await place.until(panel.left.download.isEnabled)
    panel.download()
    await place.until(lambda: panel.controller.state.transfers)
    assert place.registry.run("files.cancel")
    await place.until(lambda: sum(len(scope.jobs) for scope in place.scopes) == 1)
    assert panel.controller.state.transfers[0].outcome in ("cancelled", "done")
    assert panel.controller.state.phase == "open"
    assert place.registry.run("files.cancel")
    await place.until(lambda: panel.verdict.verdict.word == "closed")
    await place.close(panel)


async def test_the_folder_for_downloads_is_chosen(app, tmp_path: Path):
    place = Workplace(app)
    panel = FilesPanel(place.bench)
    place.show(panel)
    click(panel.beside.choose)
    await answer(
        place,
        QFileDialog,
        lambda dialog: (
            dialog.setDirectory(str(tmp_path)),
            dialog.selectFile(str(tmp_path)),
            dialog.accept(),
        ),
    )
    await place.until(lambda: panel.controller.state.form.folder)
    assert Path(panel.controller.state.form.folder) in (tmp_path, tmp_path.parent)
    place.registry.run("files.facts")
    assert panel.beside.tabs.currentIndex() == 1
    place.registry.run("files.transfers")
    assert panel.beside.tabs.currentIndex() == 0
    await place.close(panel)


async def test_the_empty_panel_offers_the_lab(app):
    place = Workplace(app)
    panel = FilesPanel(place.bench)
    place.show(panel)
    assert panel.verdict.text() == "Nothing was opened yet."
    click(panel.left.empty.button)
    await place.until(lambda: "old/" in names(panel))
    await place.close(panel)


async def test_a_password_is_in_no_draft(app):
    place = Workplace(app)
    panel = FilesPanel(place.bench)
    panel.password.setText("swordfish")
    panel.user.setText("anna")
    assert "swordfish" not in str(panel.draft())
    assert panel.draft()["form"]["user"] == "anna"
    assert panel.password.echoMode() == panel.password.EchoMode.Password
    await place.close(panel)


@pytest.mark.parametrize("module", [beside, folder, tour])
def test_every_part_says_what_it_is_for(module):
    assert module.__doc__
