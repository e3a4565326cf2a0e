"""What the state answers by itself."""

from workbench.panels.certificates.state import TRUSTS, CertificatesState, Entry, find

TREE = (Entry("a", "A", children=(Entry("b", "B", children=(Entry("c", "C"),)),)), Entry("d", "D"))


def test_the_selected_entry_is_found_wherever_it_hangs():
    assert CertificatesState(entries=TREE, selected="c").entry == Entry("c", "C")
    assert CertificatesState(entries=TREE).entry is None
    assert find(TREE, "d") is TREE[1]


def test_an_empty_panel_does_nothing():
    state = CertificatesState()
    assert not state.is_running
    assert state.form.trust == TRUSTS[0][0] == "auto"
