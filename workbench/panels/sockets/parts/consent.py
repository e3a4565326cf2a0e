"""Asking before datagrams to everybody leave this machine."""

from PySide6.QtWidgets import QWidget

from workbench.bridge.ask import confirm


async def agreed(parent: QWidget, what: str) -> bool:
    """Whether a person agrees to what everybody on a network would hear, told in a sentence."""
    detail = f"{what[0].upper()}{what[1:]}. On loopback, lab:beacon answers in the same way."
    return await confirm(parent, "Send to everybody on this network?", detail, "Open", is_dangerous=True)
