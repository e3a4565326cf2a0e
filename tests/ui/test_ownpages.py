"""The window's own pages."""

from PySide6.QtWidgets import QLabel

from workbench.ui.ownpages import own_pages, page_actions


def test_pages_stand_behind_the_panels_and_hold_no_conversation(app):
    made = QLabel("a page")
    pages = own_pages(lambda: made, lambda: made, lambda: made)
    assert [page.id for page in pages] == ["settings", "diagnostics", "help"]
    assert all(page.is_page and not page.wants_conversation and page.order >= 900 for page in pages)
    assert pages[2].make() is made
    made.deleteLater()


def test_settings_and_diagnostics_have_one_action_each_that_goes_there():
    went = []
    settings, diagnostics = page_actions(went.append)
    settings.run()
    diagnostics.run()
    assert went == ["settings", "diagnostics"]
    assert (settings.menu, settings.shortcut, diagnostics.menu) == ("File", "Ctrl+,", "Help")
    pages = own_pages(lambda: QLabel(), lambda: QLabel(), lambda: QLabel())
    # No second one in the menu Go.
    assert [page.id for page in pages if page.menu] == ["help"]
