"""The tour of the Certificates panel: a server whose certificate is somebody else's, and why it is refused."""

from PySide6.QtCore import QModelIndex

from workbench.panels.certificates.view import CertificatesPanel
from workbench.panels.guide import Guide


async def tour(panel: CertificatesPanel, guide: Guide) -> None:
    """Look at a good one, then at the wrong name; the name is the reason, and one field's octets are marked."""
    view = panel.look
    guide.compare("an empty panel offers the Lab", view.empty.button.text(), "Look at lab:tls-good")
    guide.click(view.empty.button)
    await guide.until("the good one is accepted", lambda: view.verdict.verdict.word, "accepted")
    guide.target("lab:tls-wrong-name")
    view.bar.set_text("lab:tls-wrong-name")
    guide.click(view.bar.button)
    await guide.until("somebody else's is refused", lambda: view.verdict.verdict.word, "refused")
    guide.compare(
        "the name is the reason, not the authority",
        view.verdict.verdict.sentence,
        "it is not for localhost: it holds DNS:elsewhere.test",
    )
    guide.compare("the verdict stands first", _cell(view.chain_tree.currentIndex()), "Verdict")
    guide.compare("two were sent", _titles(panel, "sent"), ["a server of the Lab", ISSUING])
    guide.compare("the root is this side's own", view.chain.row_of("built/2") is not None, True)
    own = view.chain.row_of("sent/0")
    if own is not None:
        view.chain_tree.setCurrentIndex(view.chain.index_of(own))
    await guide.until("its fields stand at the right", lambda: view.fields.top[0].value.name, "Version")
    found = next((row for row in view.fields.walk() if row.value.text == "elsewhere.test"), None)
    guide.compare("its one name is a field", found is not None, True)
    if found is not None:
        view.fields_tree.setCurrentIndex(view.fields.index_of(found))
        marked = view.hex.selected_range
        guide.compare(
            "its octets are marked", own.value.data[slice(*marked)][2:] if own else b"", b"elsewhere.test"
        )
    await guide.until(
        "the conversation tells the decision",
        lambda: any("elsewhere.test" in row for row in guide.conversation()),
        True,
    )


ISSUING = "Network Workbench Lab issuing authority"


def _cell(index: QModelIndex) -> str:
    return str(index.data() or "")


def _titles(panel: CertificatesPanel, key: str) -> list[str]:
    row = panel.look.chain.row_of(key)
    return [each.value.title for each in row.rows] if row is not None else []
