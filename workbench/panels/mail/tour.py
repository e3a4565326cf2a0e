"""The tour of the Mail panel: a letter is written and sent to lab:smtp, then read by IMAP, part by part."""

from workbench.panels.guide import Guide
from workbench.panels.mail.view import MailPanel

SUBJECT = "Grüße vom Rundgang"


async def tour(panel: MailPanel, guide: Guide) -> None:
    """Send, list, read: what was written arrives, and each part knows its octets."""
    guide.target("lab:smtp")
    guide.compare("an empty panel offers the Lab", panel.reader.empty.button.text(), "Read lab:imap")
    panel.show_composer()
    page = panel.composer
    page.bar.set_text("lab:smtp")
    guide.type(page.fields["sender"], "Ben <ben@lab.test>")
    guide.type(page.fields["to"], "anna@lab.test")
    page.fields["subject"].setText(SUBJECT)
    guide.type(page.text, "Sent by the tour.")
    page.html.setPlainText('<p>Sent by <b>the tour</b>. <img src="http://tracker.test/x.gif" width=1></p>')
    await guide.until("the letter is ready", lambda: "ready to send" in page.about.text(), True)
    guide.click(page.bar.button)
    await guide.until("the server accepts it", lambda: page.verdict.verdict.word, "accepted")
    panel.show_reader()
    reader = panel.reader
    guide.target("lab:imap")
    guide.click(reader.empty.button)
    await guide.until("the mailbox is listed", lambda: reader.verdict.verdict.word, "listed")
    guide.compare(
        "the newest letter is the one that was sent", str(reader.letters.index(0, 1).data()), SUBJECT
    )
    reader.letters_table.selectRow(0)
    reader.letters_table.activated.emit(reader.letters.index(0, 0))
    await guide.until("it is read", lambda: reader.parts.rowCount(), 1)
    reader.tree.setCurrentIndex(reader.parts.index_of(2))
    reader.detail.tabbed.turn_to(1)
    await guide.until(
        "its page is drawn", lambda: "Sent by the tour." in reader.detail.page.toPlainText(), True
    )
    guide.compare("without the remote picture", reader.detail.page.refused, [])
    found = [
        str(reader.detail.findings.index(row, 0).data()) for row in range(reader.detail.findings.rowCount())
    ]
    guide.compare("which is named", any("tracking picture" in each for each in found), True)
    await guide.until(
        "the conversation explains the command",
        lambda: any("UID FETCH" in row for row in guide.conversation()),
        True,
    )
