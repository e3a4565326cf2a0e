"""A result in plain words knows no Qt, and is nothing at first."""

from workbench.jobs.verdict import NO_VERDICT, ChipText, Verdict


def test_nothing_came_of_nothing():
    assert Verdict("none", "", "", ()) == NO_VERDICT


def test_a_chip_needs_no_more_than_its_words():
    assert ChipText("3 ms") == ("3 ms", "", "")
