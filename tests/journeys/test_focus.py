"""Where the keys go after Enter in a target field: to where one goes on, the same in every panel."""

import pytest
from PySide6.QtCore import Qt

from tests.journeys.person import Workbench
from workbench.panels.pages import PagedPanel
from workbench.ui.targetbar import TargetBar

PLACES = [
    ("sockets", "console", "lab:echo", "Bytes to send"),
    ("sockets", "gopher", "lab:gopher", "Menu"),
    ("sockets", "discovery", "lab:mdns", "Peers"),
    ("dns", "", "www.lab.test", "Records of the answer"),
    ("web", "request", "lab:http/page", "Text of the body"),
    ("web", "inspector", "lab:http/page", "Tree"),
    ("web", "calls", "lab:xmlrpc", "Methods"),
    ("mail", "", "lab:imap", "Letters"),
    ("files", "", "lab:ftp", "Files at the server"),
    ("sql", "", "lab:sql", "Statements"),
    ("certificates", "", "lab:tls-good", "Chain"),
]


@pytest.mark.parametrize(("panel", "page", "target", "goes_on"), PLACES)
async def test_after_enter_the_keys_go_on_where_the_person_does(
    app, panel: str, page: str, target: str, goes_on: str
):
    async with Workbench(app) as person:
        view = person.go(panel)
        if page:
            assert isinstance(view, PagedPanel)
            view.show_page(page)
        await person.shown()
        bar = next(bar for bar in view.findChildren(TargetBar) if bar.isVisible())
        if panel == "dns":
            view.server.field.setText("lab:dns")
        bar.set_text(target)
        bar.target_box.setFocus()
        person.key(bar.field, Qt.Key.Key_Return)

        def name() -> str:
            focus = person.window.focusWidget()
            return focus.accessibleName() if focus is not None else ""

        await person.until(lambda: name() == goes_on)
        await person.shown()
        assert name() == goes_on
