"""Trees of facts as values and as text."""

from workbench.panels.sockets.rows import Row, as_text


def test_only_options_can_be_set():
    assert [
        Row("k", "n", kind=kind).is_settable for kind in ("flag", "count", "linger", "figure", "untold", "")
    ] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


def test_a_tree_as_text_is_indented():
    tree = (Row("a", "Agreed", "TLSv1.3", children=(Row("a.b", "ALPN", "h2"),)), Row("c", "Alerts"))
    assert as_text(tree) == "Agreed:  TLSv1.3\n  ALPN:  h2\nAlerts\n"
