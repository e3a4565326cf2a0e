"""The palette's last line: a search of the help."""

import pytest

from workbench.ui.helpoffer import HelpOffer


class Page:
    def __init__(self) -> None:
        self.searched: list[str] = []

    def search_for(self, words: str) -> None:
        self.searched.append(words)


def test_it_takes_the_words_to_the_help() -> None:
    page, went = Page(), []

    def show(tab: str) -> Page:
        went.append(tab)
        return page

    (entry,) = HelpOffer(show).entries("  half   close ")
    assert entry.is_last
    assert "half close" in entry.text
    entry.run()
    assert (went, page.searched) == (["help"], ["half close"])


@pytest.mark.parametrize("words", ["", "   "])
def test_without_a_word_it_offers_nothing(words: str) -> None:
    assert list(HelpOffer(lambda _tab: None).entries(words)) == []


def test_a_help_that_is_not_there_is_no_fault() -> None:
    (entry,) = HelpOffer(lambda _tab: None).entries("x")
    entry.run()
