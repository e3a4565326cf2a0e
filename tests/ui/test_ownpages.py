"""The window's own pages."""

from PySide6.QtWidgets import QLabel

from workbench.ui.ownpages import own_pages


def test_pages_stand_behind_the_panels_and_hold_no_conversation(app):
    made = QLabel("a page")
    pages = own_pages(lambda: made, lambda: made, lambda: made)
    assert [page.id for page in pages] == ["settings", "diagnostics", "help"]
    assert all(page.is_page and not page.wants_conversation and page.order >= 900 for page in pages)
    assert pages[2].make() is made
    made.deleteLater()
