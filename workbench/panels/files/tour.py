"""The tour of the Files panel: look into lab:ftp under TLS, download a file, see both lanes of the conversation."""

import tempfile
from pathlib import Path

from workbench.panels.files.view import FilesPanel
from workbench.panels.guide import Guide

NAME = "README.txt"


async def tour(panel: FilesPanel, guide: Guide) -> None:
    """Connect, list, select, download; the file is there, and the conversation shows how it came."""
    guide.target("lab:ftp")
    guide.compare("an empty panel offers the Lab", panel.left.empty.button.text(), "Look into lab:ftp")
    with tempfile.TemporaryDirectory(prefix="workbench-tour-") as folder:
        panel.beside.save_in.setText(folder)
        panel.bar.set_text("lab:ftp")
        guide.click(panel.tls)
        guide.click(panel.bar.button)
        await guide.until("the folder is listed", lambda: panel.verdict.verdict.word, "listed")
        guide.compare("by the command for programs", "MLSD" in panel.verdict.text(), True)
        names = [str(panel.model.index(row, 0).data()) for row in range(panel.model.rowCount())]
        guide.compare("folders come first", names[0], "old/")
        panel.table.selectRow(names.index(NAME))
        await guide.until("the file can be downloaded", panel.left.download.isEnabled, True)
        guide.click(panel.left.download)
        await guide.until("the transfer is done", lambda: _cell(panel, 2), "done")
        place = Path(folder) / NAME
        guide.compare("the file is there, whole", (place.exists(), _cell(panel, 1)), (True, "180 B"))
        guide.compare(
            "its data connection resumed the session", "1 of 1 resumed" in panel.verdict.text(), True
        )
    await guide.until(
        "the conversation explains the command",
        lambda: any(f"RETR /{NAME}" in row for row in guide.conversation()),
        True,
    )
    panel.beside.save_in.setText("")


def _cell(panel: FilesPanel, column: int) -> str:
    return str(panel.beside.transfers.index(0, column).data() or "")
