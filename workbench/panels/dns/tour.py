"""The tour of the DNS panel: an answer and its octets, then an address that claims a name of somebody else."""

from PySide6.QtCore import QModelIndex, Qt

from workbench.panels.dns.view import DnsPanel
from workbench.panels.guide import Guide

NAME = "www.lab.test"
LIAR = "192.0.2.66"


async def tour(panel: DnsPanel, guide: Guide) -> None:
    """Ask the Lab's name server, look at the record's octets, then catch the address that lies."""
    guide.target("lab:dns")
    guide.compare("the empty panel offers the Lab", panel.empty.button.text(), f"Ask lab:dns for {NAME}")
    guide.click(panel.empty.button)
    await guide.until("there is an answer", lambda: panel.verdict.verdict.word, "answer")
    guide.compare("the address is in the table", _cell(panel, 4), "192.0.2.1")
    packet = panel.packet
    record = packet.model.of_record(0)
    address = packet.model.index(packet.model.rowCount(record) - 1, 0, record)
    guide.compare("the packet has a field for it", packet.model.value(address).name, "address")
    packet.fields.setCurrentIndex(address)
    marked = packet.hex.provider.read(*packet.hex.selected_range)
    guide.compare("whose octets are marked", marked.hex(" "), "c0 00 02 01")
    panel.bar.set_kind("reverse")
    panel.bar.set_text("")
    guide.type(panel.bar.field, LIAR)
    guide.click(panel.bar.button)
    await guide.until("the lie is found out", lambda: panel.verdict.verdict.word, "mismatch")
    guide.compare(
        "the evidence names the claim", "www.whitehouse.test." in _lines(panel, QModelIndex()), True
    )
    guide.compare("and the address that the name has", "203.0.113.1" in panel.verdict.verdict.sentence, True)
    await guide.until(
        "the conversation tells the verdict",
        lambda: any("mismatch" in row for row in guide.conversation()),
        True,
    )


def _cell(panel: DnsPanel, column: int) -> str:
    return str(panel.rows.index(0, column).data(Qt.ItemDataRole.DisplayRole) or "")


def _lines(panel: DnsPanel, parent: QModelIndex) -> list[str]:
    """The first column of the evidence, whole."""
    model = panel.evidence
    lines: list[str] = []
    for row in range(model.rowCount(parent)):
        index = model.index(row, 0, parent)
        lines += [str(index.data()), *_lines(panel, index)]
    return lines
