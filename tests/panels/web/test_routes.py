"""The ways of a request."""

import pytest

from workbench.lab.relay.running import checked_switches
from workbench.panels.web.routes import ROUTES


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.id)
def test_a_relay_takes_every_routes_switches(route):
    assert checked_switches("tcp", route.switches) is not None
    assert route.title
    assert route.what
