"""What stands around a session: how it is protected, as a choice before and as chips afterwards."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from workbench.jobs.verdict import ChipText
from workbench.panels.sql.state import SqlState
from workbench.protocols.sql.database import TLS_MODES

TLS_TIPS = {
    "": "as the address says; else TLS where the server has it, unverified",
    "disable": "in clear",
    "prefer": "TLS where the server has it, else in clear; nobody is verified",
    "require": "TLS or nothing; nobody is verified",
    "verify-ca": "TLS, and the certificate must come from a known authority",
    "verify-full": "TLS, and the certificate must be this host's: the one that knows whom it talks to",
}


def tls_box() -> QComboBox:
    """Chooses sslmode; "" leaves it to the address."""
    box = QComboBox()
    for mode in ("", *TLS_MODES):
        box.addItem(f"TLS: {mode}" if mode else "TLS", mode)
        box.setItemData(box.count() - 1, TLS_TIPS[mode], Qt.ItemDataRole.ToolTipRole)
    box.setAccessibleName("TLS to a server")
    box.setToolTip("How a connection to a server is protected (sslmode); a file has none")
    return box


def chips_of(state: SqlState) -> tuple[ChipText, ...]:
    """Who answers, and who can read along."""
    if state.phase != "open":
        return ()
    chips = [ChipText(state.version, state.title)]
    facts = dict(state.facts)
    if "TLS" in facts:
        is_on = facts["TLS"] == "on"
        chips.append(
            ChipText(
                "TLS" if is_on else "in clear",
                "the connection is under TLS" if is_on else "anybody on the way reads statements and rows",
                "good" if is_on else "warning",
            )
        )
    if "journal" in facts:
        chips.append(ChipText(f"journal: {facts['journal']}", "how SQLite makes sure that nothing is lost"))
    return tuple(chips)
