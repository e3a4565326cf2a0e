"""A download as a person makes it: a file chosen, held up, let go, cancelled, gone on with; mouse and keys.

What it is made of: the parts folder with downloadbar and unpackbar, and workbench.panels.web.downloads.
"""

import hashlib
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit

from tests.kit.pulse import even_pulse
from tests.panels.web.test_view import cell, click, sent, shown
from workbench.lab.services.http.files import FILE_SHA256, packed_file
from workbench.panels.web.parts import downloadbar, unpackbar

MIB = 2**20


async def chosen(place, page, path: Path) -> None:
    """Choose a file to download into, by the action and the dialog."""
    assert place.registry.run("web.download")
    await place.until(lambda: any(each.isVisible() for each in page.findChildren(QFileDialog)))
    dialog = next(each for each in page.findChildren(QFileDialog) if each.isVisible())
    dialog.findChild(QLineEdit, "fileNameEdit").setText(str(path))
    dialog.accept()


def stands(path: Path) -> int:
    """How much of a file that is not whole yet stands beside its place."""
    partial = path.with_name(f"{path.name}.partial")
    return partial.stat().st_size if partial.exists() else 0


async def over(place, page) -> None:
    await place.until(lambda: page.controller.state.attempts and not page.controller.state.is_running)
    await place.until(lambda: page.controller.state.seen.is_all and place.is_settled)


@pytest.mark.covers("C1.24")
async def test_the_first_page_is_seen_while_a_file_comes_and_the_window_never_waits(app, tmp_path: Path):
    place, panel, page = shown(app)
    page.bar.set_text("lab:http/file.gz")
    page._on_form_edited()
    bar, state = page.download_bar, page.controller
    assert bar.isHidden()
    # The pages behind this one have been made: that is not what is measured.
    await place.until(lambda: place.is_settled)
    await chosen(place, page, tmp_path / "f.gz")
    await place.until(lambda: state.state.received > 200_000)
    click(bar.hold)
    with even_pulse():
        await place.until(
            lambda: page.answer.lines.rowCount() > 100 and page.verdict.verdict.word == "held up"
        )
    assert page.lines_text(0).startswith("0000000 ")
    assert "held up" in bar.told.text()
    assert (bar.hold.text(), bar.isVisible(), bar.go_on.isVisible()) == ("Go on", True, False)
    assert "the first page, while the rest of it comes" in page.answer.about.text()
    assert "unpacked by gunzip" in page.answer.unpack.fault.text()
    assert not (tmp_path / "f.gz").exists()
    with even_pulse():
        assert place.registry.run("web.hold")
        await place.until(lambda: state.state.seen.is_all and not state.state.is_running and place.is_settled)
    assert (page.verdict.verdict.kind, page.verdict.verdict.word) == ("good", "saved")
    assert bar.isHidden()
    text, packed = packed_file()
    assert (tmp_path / "f.gz").read_bytes() == packed
    assert hashlib.sha256(packed).hexdigest() == state.state.sha256
    assert page.answer.hex.provider.read(0, 20) == text[:20]
    await place.close(panel)


@pytest.mark.covers("C2.8")
async def test_a_download_that_broke_off_is_gone_on_with_by_a_button_and_each_attempt_has_a_row(
    app, tmp_path: Path
):
    place, panel, page = shown(app)
    page.bar.set_text(f"lab:http/file?cut={MIB}")
    page.composer.policy.setCurrentIndex(2)
    await chosen(place, page, tmp_path / "f")
    await over(place, page)
    assert page.verdict.verdict.word == "broke off"
    assert "1.0 MiB of 3.0 MiB" in page.download_bar.told.text()
    assert (page.download_bar.hold.isVisible(), page.download_bar.progress.value()) == (False, 333)
    click(page.download_bar.go_on)
    await place.until(lambda: page.controller.state.attempts[-1].ended == "whole")
    await over(place, page)
    assert place.registry.run("web.attempts")
    model = page.answer.attempts
    assert [[cell(model, row, column) for column in range(4)] for row in range(2)] == [
        ["1", "0", "1,048,576", "broke off"],
        ["2", "1,048,576", "3,145,728", "whole"],
    ]
    assert "Range: bytes=1048576-" in str(model.index(1, 0).data(Qt.ItemDataRole.ToolTipRole))
    assert hashlib.sha256((tmp_path / "f").read_bytes()).hexdigest() == FILE_SHA256
    assert "2 attempts" in page.verdict.text()
    assert "SHA-256 48fb6661" in page.verdict.text()
    await place.close(panel)


async def test_cancelled_it_says_where_what_came_stands(app, tmp_path: Path):
    place, panel, page = shown(app)
    page.bar.set_text("lab:http/file")
    await chosen(place, page, tmp_path / "f")
    await place.until(lambda: stands(tmp_path / "f"))
    page.hold()
    assert place.registry.run("web.cancel")
    await place.until(lambda: page.verdict.verdict.word == "cancelled")
    assert f"they stand in {tmp_path / 'f'}.partial" in page.verdict.text()
    await place.until(lambda: page.download_bar.go_on.isVisible())
    assert place.registry.run("web.go_on")
    await place.until(lambda: page.verdict.verdict.word == "saved")
    assert [each.ended for each in page.controller.state.attempts] == ["cancelled", "whole"]
    await place.close(panel)


async def test_choosing_the_same_file_again_goes_on_with_what_is_there(app, tmp_path: Path):
    place, panel, page = shown(app)
    page.bar.set_text("lab:http/file")
    await chosen(place, page, tmp_path / "f.bin")
    await place.until(lambda: stands(tmp_path / "f.bin"))
    page.hold()
    page.stop()
    await place.until(lambda: page.verdict.verdict.word == "cancelled")
    # Another request, as after a restart: nothing is known of the file but what stands beside it.
    await sent(place, page, "lab:http/page")
    await place.until(lambda: page.verdict.verdict.word == "200 OK" and not page._job.is_running)
    page.bar.set_text("lab:http/file")
    await chosen(place, page, tmp_path / "f.bin")
    await place.until(lambda: page.verdict.verdict.word == "saved")
    (attempt,) = page.controller.state.attempts
    assert attempt.asked == attempt.start > 0
    assert hashlib.sha256((tmp_path / "f.bin").read_bytes()).hexdigest() == FILE_SHA256
    await place.close(panel)


async def test_a_body_is_unpacked_and_read_as_chosen(app):
    place, panel, page = shown(app)
    await sent(place, page, "lab:http/latin")
    box = page.answer.unpack
    assert box.isVisibleTo(page)
    assert page.lines_text(0) == "Grüße aus Köln, für 3 £."
    box.encoding.setCurrentIndex(box.encoding.findText("cp437"))
    box.encoding.activated.emit(box.encoding.currentIndex())
    await place.until(lambda: page.lines_text(0).startswith("Grⁿ▀e"))
    box.steps.setCurrentIndex(box.steps.findText("gunzip"))
    box.steps.activated.emit(box.steps.currentIndex())
    await place.until(lambda: "damaged" in box.fault.text())
    missing = box.steps.model().item(box.steps.findText("unzstd"))
    assert not missing.isEnabled()
    assert "no library" in missing.toolTip()
    await sent(place, page, "lab:http/page")
    await place.until(lambda: box.choice() == (None, ""))
    await place.close(panel)


async def test_the_policy_survives_a_restart(app):
    place, panel, page = shown(app)
    page.composer.policy.setCurrentIndex(1)
    page.composer.retries.setValue(7)
    draft = panel.draft()
    page.composer.policy.setCurrentIndex(0)
    page.composer.retries.setValue(0)
    panel.restore({"pages": {"request": {"policy": "never", "retries": "x"}}})
    assert page.composer.policy.currentData() == "resume"
    panel.restore(draft)
    form = page.controller.state.form
    assert (form.policy, form.retries) == ("again", 7)
    await place.close(panel)


def test_the_parts_have_their_own_words():
    assert "Ctrl+Alt+W" in downloadbar.HOLD
    assert "Ctrl+Alt+G" in downloadbar.GO_ON
    assert unpackbar.BY_ITSELF == "by itself"
