"""Entries of the catalogues: what they name, and all that the first visit of a panel would load."""

import subprocess
import sys

import pytest

from workbench.panels import PANELS
from workbench.panels.loading import load_entry


def test_an_entry_is_what_it_names():
    assert load_entry("workbench.panels:PANELS") is PANELS


@pytest.mark.parametrize("entry", ["workbench.panels:none", "workbench.panels", "workbench.none:it"])
def test_an_entry_that_names_nothing_raises(entry: str):
    with pytest.raises((AttributeError, ImportError)):
        load_entry(entry)


def test_of_a_panel_of_pages_the_first_page_is_loaded_too_and_no_other():
    asked = (
        "import sys\n"
        "from workbench.panels import PANELS\n"
        "from workbench.panels.loading import load_ahead\n"
        "load_ahead(next(info.entry for info in PANELS if info.id == 'web'))\n"
        "print(*(name in sys.modules for name in ('workbench.panels.web.view', 'workbench.panels.web.requestpage',"
        " 'workbench.panels.web.inspector.view')))"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert told.split() == ["True", "True", "False"]
