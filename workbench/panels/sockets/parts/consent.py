"""Asking before datagrams to everybody leave this machine, and before everybody may come to it."""

from PySide6.QtWidgets import QWidget

from workbench.bridge.ask import confirm
from workbench.panels.sockets.deeds import Deeds


async def consent(parent: QWidget, deeds: Deeds) -> bool | None:
    """Ask what has to be asked before a session is opened.

    Returns:
        Whether something may leave for everybody; None where a person said no.
    """
    who = deeds.who_may_come
    if who:
        detail = f"{who[0].upper()}{who[1:]} may connect as long as it listens. You are asked once."
        if not await confirm(parent, "Listen for everybody?", detail, "Listen", is_dangerous=True):
            return None
        deeds.agree()
    what = deeds.what_leaves
    if what and not await agreed(parent, what):
        return None
    return bool(what)


async def agreed(parent: QWidget, what: str) -> bool:
    """Whether a person agrees to what everybody on a network would hear, told in a sentence."""
    detail = f"{what[0].upper()}{what[1:]}. On loopback, lab:beacon answers in the same way."
    return await confirm(parent, "Send to everybody on this network?", detail, "Open", is_dangerous=True)
