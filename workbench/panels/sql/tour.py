"""The tour of the SQL panel: open the story, run its statements, see a transaction open and roll back."""

from workbench.panels.guide import Guide
from workbench.panels.sql.view import SqlPanel

CHANGE = "UPDATE log SET entry = 'Nothing happened.' WHERE night = '1987-11-09';"
QUESTION = "SELECT seen, ship, remark FROM missing;"


async def tour(panel: SqlPanel, guide: Guide) -> None:
    """Open lab:sql, change within a transaction, roll back, ask who is missing; the conversation has it all."""
    guide.target("lab:sql")
    guide.compare("an empty panel offers the Lab", panel.tree.empty.button.text(), "Open the story")
    panel.editor.setPlainText(f"BEGIN;\n{CHANGE}\nSELECT count(*) AS changes FROM changes;")
    panel.bar.set_text("lab:sql")
    guide.click(panel.bar.button)
    await guide.until("the tables are listed", lambda: _names(panel)[:3], ["changes", "keepers", "letters"])
    guide.click(panel.writing.run_all)
    await guide.until("the transaction is open", panel.strip.word.text, "◐ Transaction open")
    await guide.until("the trigger has written it down", lambda: _cell(panel, 0), "1")
    guide.click(panel.strip.rollback)
    await guide.until("and closed again", panel.strip.word.text, "● No transaction")
    panel.editor.setPlainText("SELECT count(*) AS changes FROM changes;")
    guide.click(panel.writing.run)
    await guide.until("as if nothing had been said", lambda: _cell(panel, 0), "0")
    panel.editor.setPlainText(QUESTION)
    guide.click(panel.writing.run)
    await guide.until("one ship never arrived", lambda: _cell(panel, 1), "Octet")
    guide.compare("in one row", panel.verdict.verdict.sentence.startswith("one row"), True)
    await guide.until(
        "the conversation has the statement",
        lambda: any(QUESTION.rstrip(";") in row for row in guide.conversation()),
        True,
    )


def _names(panel: SqlPanel) -> list[str]:
    return [panel.tree.model.item(row).text() for row in range(panel.tree.model.rowCount())]


def _cell(panel: SqlPanel, column: int) -> str:
    return panel.results.rows.text(0, column)
