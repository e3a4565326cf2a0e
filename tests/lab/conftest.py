"""Fixtures of the Lab's tests."""

from pathlib import Path

import pytest

from tests.lab.houses import places_in
from workbench.settings.places import Places


@pytest.fixture
def places(own_home: Path) -> Places:
    """The program's places in a folder of this test's own."""
    return places_in(own_home)
