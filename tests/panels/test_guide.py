"""Every panel brings a tour that fits the guide: workbench.panels.guide, sockets.tour and start.tour.

The tours themselves run in tests/test_tour.py: workbench.panels.sockets.tour and workbench.panels.start.tour.
"""

import importlib
import inspect

import pytest

from workbench.panels import PANELS, PanelInfo
from workbench.panels.guide import Guide
from workbench.tour import TourGuide


@pytest.mark.parametrize("info", PANELS, ids=[info.id for info in PANELS])
def test_a_panel_and_its_tour_are_where_the_catalogue_says(app, info: PanelInfo):
    for entry in (info.entry, info.tour):
        module, _, name = entry.partition(":")
        assert callable(getattr(importlib.import_module(module), name))
    tour = getattr(importlib.import_module(info.tour.partition(":")[0]), info.tour.partition(":")[2])
    assert inspect.iscoroutinefunction(tour)
    assert list(inspect.signature(tour).parameters) == ["panel", "guide"]


def test_the_tours_guide_offers_all_that_a_guide_has():
    wanted = [name for name in vars(Guide) if not name.startswith("_")]
    assert wanted
    for name in wanted:
        mine, theirs = getattr(TourGuide, name), getattr(Guide, name)
        assert list(inspect.signature(mine).parameters) == list(inspect.signature(theirs).parameters)
