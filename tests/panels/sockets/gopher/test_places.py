"""What the page of Gopher takes for an address, and whose panel takes the others (without Qt)."""

import pytest

from workbench.errors import LocalMisuse
from workbench.panels import PANELS
from workbench.panels.sockets.gopher.places import (
    ELSEWHERE,
    PART_TIPS,
    TERMINATOR_TITLES,
    read_any,
    without_item,
)
from workbench.protocols.gopher.values import TERMINATORS


@pytest.mark.parametrize(
    "text", ["gopher://h/1/x", "lab:gopher", "h:70", "http://h/", "imap://h/", "sqlite://x"]
)
def test_addresses_of_ours_and_of_other_panels_are_taken(text: str):
    assert read_any(text)


@pytest.mark.parametrize("text", ["", "wais://h/", "gopher://h/0/%zz", "two words"])
def test_others_are_refused(text: str):
    with pytest.raises(LocalMisuse):
        read_any(text)


def test_every_other_scheme_has_a_panel_that_there_is():
    assert set(ELSEWHERE.values()) <= {panel.id for panel in PANELS}
    assert set(TERMINATOR_TITLES) == set(TERMINATORS)
    assert all(PART_TIPS.values())


@pytest.mark.parametrize(
    ("address", "left"),
    [
        ("lab:gopher/0/readme", "lab:gopher/"),
        ("gopher://h:71/7/s%09w", "gopher://h:71/"),
        ("lab:gopher", "lab:gopher"),
        ("h:70", "h:70"),
        ("half an addr", "half an addr"),
    ],
)
def test_an_item_is_taken_out_of_an_address(address: str, left: str):
    assert without_item(address) == left
