"""A panel of several pages: tabs, keys, drafts, targets and the conversation of the page in front."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from tests.panels.benches import Workplace
from workbench.panels import pages
from workbench.panels.bench import Talk
from workbench.panels.pages import Frame, PagedPanel, PageInfo
from workbench.panels.sockets import pages as sockets_pages
from workbench.transcript.recorder import Transcript
from workbench.ui.actions import Action


class OnePage(QWidget):
    """A page with one field."""

    draft_changed = Signal()

    def __init__(self, bench, frame: Frame) -> None:
        super().__init__()
        self.frame = frame
        self.field = QLineEdit()
        QVBoxLayout(self).addWidget(self.field)
        self.talk = Talk(Transcript(), title=type(self).__name__)
        self.how = self.is_retired = None

    def page_actions(self) -> tuple[Action, ...]:
        name = type(self).__name__.lower()
        return (Action(f"web.{name}", "Do it", self.field.clear, context=f"web/{name}"),)

    def draft(self) -> dict[str, object]:
        return {"text": self.field.text()}

    def restore(self, draft) -> None:
        self.field.setText(str(draft.get("text")))

    def focus_start(self) -> None:
        self.field.setFocus()

    def open_target(self, target: str, how: str = "") -> None:
        self.field.setText(target)
        self.how = how

    def current_talk(self) -> Talk | None:
        return self.talk

    async def retire(self) -> None:
        self.talk.transcript.close()
        self.is_retired = True


class OtherPage(OnePage):
    """Another one."""


PAGES = (
    PageInfo("one", "One", f"{__name__}:OnePage", "The first"),
    PageInfo("other", "Other", f"{__name__}:OtherPage", "The second"),
)


def shown(app) -> tuple[Workplace, PagedPanel]:
    place = Workplace(app)
    panel = PagedPanel(place.bench, "web", "Some", PAGES)
    place.show(panel)
    return place, panel


async def test_actions_turn_the_pages_and_the_conversation_follows(app):
    place, panel = shown(app)
    assert isinstance(panel.page, OnePage)
    assert place.registry.shortcut_of("web.page_other") == "Ctrl+Alt+2"
    assert place.registry.run("web.page_other")
    assert isinstance(panel.page, OtherPage)
    assert place.talks[-1] is panel.page.talk is panel.current_talk()
    # A page behind the front one changes nothing that is seen.
    first = panel.pages["one"]
    before = list(place.talks)
    panel.show_talk(first, first.talk)
    assert place.talks == before
    panel.show_talk(panel.page, None)
    assert place.talks[-1] is None
    await place.close(panel)


async def test_a_target_goes_to_the_page_that_is_named_else_to_the_first(app):
    place, panel = shown(app)
    panel.open_target("a:1", "other")
    assert (panel.page.field.text(), panel.page.how) == ("a:1", "")
    panel.open_target("b:2", "listen")
    assert (type(panel.page), panel.page.field.text(), panel.page.how) == (OnePage, "b:2", "listen")
    await place.close(panel)


async def test_drafts_are_kept_by_page_and_retiring_ends_every_page(app):
    place, panel = shown(app)
    panel.restore({"page": "other", "pages": {"one": {"text": "1"}, "other": {"text": "2"}}})
    assert panel.draft() == {"page": "other", "pages": {"one": {"text": "1"}, "other": {"text": "2"}}}
    panel.restore({"page": 7, "pages": "junk"})
    assert panel.page.field.text() == "2"
    pages = panel.pages.ready
    assert place.registry.find("web.otherpage") is not None
    await place.close(panel)
    assert [page.is_retired for page in pages] == [True, True]
    assert place.registry.find("web.otherpage") is None


async def test_a_tall_page_does_not_make_the_others_tall(app):
    place, panel = shown(app)
    panel.pages["other"].setMinimumHeight(900)
    panel.show_page("other")
    await place.until(lambda: panel.minimumSizeHint().height() > 900)
    panel.show_page("one")
    await place.until(lambda: panel.minimumSizeHint().height() < 200)
    await place.close(panel)


def test_every_page_of_the_sockets_panel_is_named_once():
    ids = [info.id for info in sockets_pages.PAGES]
    assert len(set(ids)) == len(ids) <= 10  # one digit key each
    assert ids[0] == sockets_pages.CONSOLE


async def test_the_modules_of_a_page_are_loaded_when_its_visit_is_likely_and_nothing_is_made(
    app, monkeypatch
):
    place, panel = shown(app)
    loaded: list[str] = []
    monkeypatch.setattr(pages, "load_entry", loaded.append)
    panel._foresight.foreseen.emit(1)
    assert loaded == [PAGES[1].entry]
    assert panel.pages.get("other") is None
    monkeypatch.undo()
    await place.close(panel)
