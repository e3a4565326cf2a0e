"""The table of the benchmarks: bounds judged, numbers readable, nothing invented where a peer is missing."""

import json

import pytest

from tests.bench.__main__ import README
from tests.bench.figures import Budget, Figure, median, percentile
from tests.bench.readme import BEGIN, END, rewritten
from tests.bench.table import in_unit, summary, table

TIME = Figure("receive", "64 MiB", 0.12, "s", Budget(0.2, 0.08), peer="ncat", theirs=0.24)
RATE = Figure("lab", "connections", 6000.0, "/s", Budget(5000, 8000), more_is_better=True, peer="socat")


@pytest.mark.parametrize(
    ("ours", "more_is_better", "must", "aim", "mark"),
    [
        (0.05, False, 0.2, 0.08, "aim met"),
        (0.08, False, 0.2, 0.08, "aim met"),
        (0.1, False, 0.2, 0.08, "met"),
        (0.3, False, 0.2, 0.08, "missed"),
        (0.3, False, 0.2, None, "missed"),
        (0.1, False, None, 0.08, "aim not met"),
        (9000, True, 5000, 8000, "aim met"),
        (6000, True, 5000, 8000, "met"),
        (4000, True, 5000, 8000, "missed"),
        (1.0, False, None, None, ""),
        (None, False, 0.2, 0.08, "not measured"),
        (None, False, None, None, "not measured"),
    ],
)
def test_a_figure_is_judged_by_its_bounds(ours, more_is_better, must, aim, mark):
    assert Figure("a", "b", ours, "s", Budget(must, aim), more_is_better).mark == mark


def test_a_ratio_needs_both_figures():
    assert TIME.ratio == 0.5
    assert RATE.ratio is None
    assert Figure("a", "b", None, "s", peer="ncat", theirs=1.0).ratio is None


def test_a_missing_peer_is_said_and_not_invented():
    line = next(line for line in table([TIME, RATE]).splitlines() if "socat" in line)
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert cells == [
        "lab",
        "connections",
        "6,000/s",
        "socat",
        "not installed",
        "",
        "≥ 5,000/s",
        "≥ 8,000/s",
        "met",
        "",
    ]


def test_the_lines_of_a_table_are_equally_long_and_numbers_stand_at_the_right():
    lines = table(
        [TIME, RATE, Figure("window", "not\nseen", None, "s", note="Xvfb not installed")]
    ).splitlines()
    assert len(lines) == 5
    assert len({len(line) for line in lines}) == 1
    heads, rule, first = (line.strip("|").split("|") for line in lines[:3])
    for head, dashes, cell in zip(heads, rule, first, strict=True):
        if not cell.strip():
            continue
        if dashes.strip().endswith(":"):
            assert cell == cell.rstrip() + " ", head
        else:
            assert cell == " " + cell.lstrip(), head
    assert "0.120 s" in lines[2]
    assert "0.500x" in lines[2]
    assert "≤ 0.200 s" in lines[2]


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (None, "s", ""),
        (0.0123, "s", "0.012 s"),
        (1.2345, "ms", "1.23 ms"),
        (12.345, "MiB", "12.3 MiB"),
        (123.45, "MiB", "123 MiB"),
        (12345.6, "/s", "12,346/s"),
        (0.5, "x", "0.500x"),
        (0.0, "ms", "0.000 ms"),
        (0, "", "0"),
        (7.0, "", "7"),
    ],
)
def test_numbers_show_the_digits_that_say_something(value, unit, shown):
    assert in_unit(value, unit) == shown


def test_the_summary_names_what_was_missed():
    missed = TIME._replace(what="slow", ours=0.3)
    unknown = TIME._replace(ours=None)
    free = TIME._replace(budget=Budget())
    assert summary([TIME, RATE, missed, unknown, free]) == (
        "2 of 3 budgets kept; missed: slow (0.300 s); 1 not measured"
    )
    assert summary([TIME]) == "1 of 1 budgets kept"


def test_json_holds_the_bounds_and_the_verdict():
    told = json.loads(json.dumps(TIME.as_dict()))
    assert told["ours"] == 0.12
    assert (told["must"], told["aim"], told["mark"]) == (0.2, 0.08, "met")
    assert (told["peer"], told["theirs"], told["ratio"]) == ("ncat", 0.24, 0.5)
    assert json.loads(json.dumps(Figure("a", "b", None, "s").as_dict()))["peer"] is None


def test_median_and_percentile():
    assert median([3, 1, 2]) == 2
    assert median([4, 1, 2, 3]) == 2.5
    hundred = list(range(1, 101))
    assert (percentile(hundred, 50), percentile(hundred, 99), percentile(hundred, 100)) == (50, 99, 100)
    assert percentile([7.0], 99) == 7.0


MACHINE = {
    **dict.fromkeys(("cores", "memory_mib", "seconds", "load", "load_at_end"), 2),
    **dict.fromkeys(("processor", "kernel", "python", "qt"), "x"),
}


def test_the_table_of_the_readme_is_replaced_and_nothing_else():
    text = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    slow = TIME._replace(what="slow", ours=0.3)
    other = TIME._replace(budget=Budget(), peer="socat", theirs=0.06)
    once = rewritten(text, [TIME, other, slow, RATE, Figure("a", "b", None, "s")], MACHINE)
    assert once.startswith(f"before\n{BEGIN}\n| what ")
    assert once.endswith(f"\n{END}\nafter\n")
    lines = once.splitlines()
    assert "| 64 MiB | 0.120 s | ≤ 0.200 s ✓ | ncat | 0.240 s | 0.500x |" in lines
    assert "|  |  |  | socat | 0.060 s | 2.00x |" in lines
    assert "| slow | 0.300 s | ≤ 0.200 s ✗ | ncat | 0.240 s | 1.25x |" in lines
    assert "| connections | 6,000/s | ≥ 5,000/s ✓ | socat | not installed |  |" in lines
    assert "| b | not measured |  |  |  |  |" in lines
    assert rewritten(once, [TIME], MACHINE).count("\n") < once.count("\n")


def test_a_readme_without_a_place_for_it_is_left_alone():
    with pytest.raises(RuntimeError, match="no place"):
        rewritten("nothing here", [TIME], MACHINE)


def test_the_readme_has_a_place_for_the_figures():
    assert BEGIN in README.read_text(encoding="utf-8")
