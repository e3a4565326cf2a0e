"""Pages inside a panel: made when they are asked for, or one after the other once the panel was painted."""

import asyncio
from functools import partial

import pytest
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QWidget

from workbench.panels.latepages import LatePages


class Page(QWidget):
    """A page that keeps one word."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self.word = ""

    def draft(self) -> dict[str, object]:
        return {"word": self.word}

    def restore(self, draft: dict[str, object]) -> None:
        self.word = str(draft.get("word"))


@pytest.fixture
def owner(app):
    made = QWidget()
    made.resize(200, 100)
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def pages(owner: QWidget) -> LatePages:
    return LatePages(owner, dict.fromkeys(("one", "two", "three"), partial(Page, owner)))


def test_a_page_is_made_once_when_it_is_asked_for(pages: LatePages):
    made = QSignalSpy(pages.made)
    assert pages.get("two") is None
    assert pages["two"] is pages["two"] is pages.get("two")
    assert (made.count(), pages.ready, pages.ids) == (1, (pages["two"],), ("one", "two", "three"))
    assert "three" in pages
    assert "four" not in pages


async def test_of_many_pages_none_is_made_before_it_is_asked_for(app, owner: QWidget):
    pages = LatePages(owner, dict.fromkeys(("one", "two"), partial(Page, owner)), ahead=False)
    _ = pages["one"]
    owner.show()
    for _turn in range(20):
        await asyncio.sleep(0.002)
    assert pages.is_complete
    assert pages.get("two") is None
    pages.restore({"two": {"word": "kept"}})
    assert pages.drafts()["two"] == {"word": "kept"}
    assert pages["two"].word == "kept"


async def test_the_others_are_made_after_the_panel_was_painted(app, owner: QWidget, pages: LatePages):
    _ = pages["one"]
    for _turn in range(20):
        await asyncio.sleep(0)
    assert not pages.is_complete
    owner.show()
    while not pages.is_complete:  # noqa: ASYNC110 - painting has no event that could be awaited
        await asyncio.sleep(0.002)
    assert [page.word for page in pages.ready] == ["", "", ""]


async def test_what_has_ended_makes_nothing_by_itself(app, owner: QWidget, pages: LatePages):
    pages.end()
    owner.show()
    for _turn in range(50):
        await asyncio.sleep(0)
    assert pages.ready == ()


def test_a_draft_waits_for_its_page(pages: LatePages):
    pages.restore({"two": {"word": "kept"}, "three": 7, "other": {}})
    assert pages.drafts() == {"one": {}, "two": {"word": "kept"}, "three": {}}
    assert pages["two"].word == "kept"
    pages.restore({"two": {"word": "newer"}})
    assert pages.drafts()["two"] == {"word": "newer"}
    pages.restore(["nonsense"])
    assert pages["three"].word == ""
