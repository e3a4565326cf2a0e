"""Which conversations are still open, how they were left, and who closes them."""

import gc

from tests.ui.conversation.conversations import echo
from workbench.ui.conversation.filtering import FilterForm
from workbench.ui.conversation.shelf import MAX_OPENED, Shelf, Standing


def test_a_transcript_that_is_gone_is_forgotten():
    shelf = Shelf()
    first, second = echo(), echo()
    shelf.name(first, "first")
    shelf.name(second, "second")
    assert [title for title, _ in shelf.others(second)] == ["first"]
    first.close()
    assert shelf.others(second) == []
    del first
    gc.collect()
    assert shelf.title(second) == "second"
    second.close()


def test_what_nobody_left_stands_at_its_end():
    shelf = Shelf()
    transcript = echo()
    assert shelf.standing(transcript) == Standing()
    left = Standing(FilterForm(words="x"), top=7, is_following=False)
    shelf.leave(transcript, left)
    assert shelf.standing(transcript) == left
    transcript.close()


def test_the_oldest_opened_one_is_closed_for_a_newer_one_but_not_the_one_that_is_shown():
    shelf = Shelf()
    opened = [echo() for _ in range(MAX_OPENED + 2)]
    for number, transcript in enumerate(opened):
        shelf.own(transcript, str(number), opened[0])
    assert [bool(len(transcript)) for transcript in opened] == [True, False, False] + [True] * (
        MAX_OPENED - 1
    )
    assert shelf.owns(opened[0])
    assert not shelf.owns(opened[1])
    shelf.close()
    assert not any(len(transcript) for transcript in opened)
