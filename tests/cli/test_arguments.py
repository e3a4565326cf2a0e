"""Command lines are read strictly, and a mistake points at the word or the character."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.cli.arguments import Argument, CommandLine, Parsed, Verb, near, parse, reading
from workbench.cli.output import Output
from workbench.errors import LocalMisuse


def number(text: str) -> int:
    if not text.isdecimal():
        raise LocalMisuse("no number", text=text, start=0, end=1)
    return int(text)


def nothing(_parsed: Parsed, _output: Output) -> int:
    return 0


VERB = Verb(
    "do",
    "do it",
    "thing.do/1",
    (
        Argument("PLACE", "where"),
        Argument("MORE", "others", many=True, needed=False),
        Argument("--number", "a number", "N", read=number, default=7),
        Argument("--word", "words", "W", many=True),
        Argument("--hex", "words too", "H", read=lambda text: f"hex {text}", joins="--word"),
        Argument("--quick", "a flag"),
        Argument("--json", "JSON"),
    ),
    nothing,
)


def read(*words: str) -> Parsed:
    return parse(VERB, CommandLine(("thing", "do", *words)), 2)


def refused(*words: str) -> LocalMisuse:
    with pytest.raises(LocalMisuse) as caught:
        read(*words)
    return caught.value


def test_what_is_not_given_has_its_default():
    parsed = read("here")
    assert (parsed["PLACE"], parsed["MORE"], parsed["--number"], parsed["--word"]) == ("here", (), 7, ())
    assert not parsed.flag("--quick")


def test_options_stand_anywhere_and_take_their_value_either_way():
    parsed = read("--number", "3", "here", "--quick", "there", "--word=a=b")
    assert (parsed["PLACE"], parsed["MORE"], parsed["--number"]) == ("here", ("there",), 3)
    assert parsed["--word"] == ("a=b",)
    assert parsed.flag("--quick")


def test_options_that_join_another_keep_the_order_of_both():
    parsed = read("here", "--word", "1", "--hex", "2", "--word", "3")
    assert parsed["--word"] == ("1", "hex 2", "3")


def test_an_option_that_only_joins_is_enough():
    assert read("here", "--hex", "2")["--word"] == ("hex 2",)


@pytest.mark.parametrize("text", ["", "-", "-x", "--", "--unknown", "-1"])
def test_a_value_may_begin_with_a_hyphen(text: str):
    assert read("here", "--word", text)["--word"] == (text,)


def test_two_hyphens_end_the_options():
    parsed = read("--", "--quick", "--")
    assert (parsed["PLACE"], parsed["MORE"], parsed.flag("--quick")) == ("--quick", ("--",), False)


def test_a_single_hyphen_is_a_word():
    assert read("-")["PLACE"] == "-"


@pytest.mark.parametrize(
    ("words", "marked", "what"),
    [
        (("here", "--numbr", "3"), "--numbr", "no option --numbr"),
        (("here", "-n", "3"), "-n", "no option -n"),
        (("here", "--word", "--quick"), "--quick", "--word needs a value"),
        (("here", "--word", "--number=3"), "--number=3", "--word needs a value"),
        (("here", "--quick=yes"), "--quick=yes", "--quick takes no value"),
        (("here", "--quick", "--quick"), "--quick", "--quick is given twice"),
        (("here", "--number", "3", "--number", "4"), "--number", "--number is given twice"),
    ],
)
def test_a_mistake_marks_the_word(words: tuple[str, ...], marked: str, what: str):
    misuse = refused(*words)
    assert what in misuse.what
    assert misuse.text[misuse.start : misuse.end] == marked
    assert misuse.text.startswith("workbench thing do here")


def test_the_second_of_two_equal_words_is_the_one_marked():
    misuse = refused("here", "--quick", "--quick")
    assert misuse.start == misuse.text.rindex("--quick")


@pytest.mark.parametrize(
    ("words", "what"), [((), "PLACE is missing"), (("here", "--word"), "--word needs a value")]
)
def test_what_is_missing_is_missing_at_the_end(words: tuple[str, ...], what: str):
    misuse = refused(*words)
    assert what in misuse.what
    assert misuse.start == misuse.end == len(misuse.text)


def test_one_word_too_many_is_marked():
    verb = VERB._replace(arguments=(Argument("PLACE", "where"),))
    with pytest.raises(LocalMisuse) as caught:
        parse(verb, CommandLine(("thing", "do", "a", "b c")), 2)
    misuse = caught.value
    assert misuse.text[misuse.start : misuse.end] == "'b c'"
    assert "workbench thing do --help" in misuse.advice


def test_a_mistake_in_a_value_names_the_option_and_the_place_in_it():
    misuse = refused("here", "--number", "x")
    assert (misuse.what, misuse.text, misuse.start, misuse.end) == ("--number: no number", "x", 0, 1)


def test_a_mistake_without_a_place_marks_the_whole_value():
    def read(_text: str) -> str:
        raise LocalMisuse("not that")

    with pytest.raises(LocalMisuse) as caught:
        reading("--word", "abc", read)
    assert (caught.value.text, caught.value.start, caught.value.end) == ("abc", 0, 3)


def test_a_near_name_is_offered():
    assert near("--numbr", {"--number": 0, "--word": 0}) == "did you mean --number?"
    assert near("xyzzy", ["--number"]) == ""


@given(st.lists(st.text(max_size=8), max_size=6))
def test_any_words_are_read_or_refused_with_a_place(words: list[str]):
    refusals: list[LocalMisuse] = []
    try:
        assert isinstance(read(*words)["PLACE"], str)
    except LocalMisuse as misuse:
        refusals.append(misuse)
    for misuse in refusals:
        assert misuse.start is not None
        assert misuse.end is not None
        assert 0 <= misuse.start <= misuse.end <= len(misuse.text)
