"""Where the labels of the marks stand in the curve of a pipe: workbench.panels.sockets.flow.parts.curve."""

from workbench.panels.sockets.flow.parts.curve import Label, labels

GAP = 4.0
RIGHT = 500.0


def test_a_label_stands_behind_its_line_in_the_first_row():
    assert labels([(10.0, 80.0), (200.0, 60.0)], GAP, RIGHT) == [Label(14.0, 0), Label(204.0, 0)]


def test_one_that_would_run_into_the_one_before_it_stands_a_row_lower():
    found = labels([(10.0, 80.0), (20.0, 80.0), (30.0, 80.0)], GAP, RIGHT)
    assert [label.row for label in found] == [0, 1, 2]


def test_where_the_curves_have_labels_of_their_own_it_stands_before_its_line():
    (label,) = labels([(RIGHT, 40.0)], GAP, RIGHT)
    assert label.left + 40.0 <= RIGHT - GAP
    # Nothing is drawn over anything, though two marks end together.
    first, second = labels([(RIGHT - 30.0, 60.0), (RIGHT, 40.0)], GAP, RIGHT)
    assert first.row != second.row


def test_without_marks_there_are_no_labels():
    assert labels([], GAP, RIGHT) == []
