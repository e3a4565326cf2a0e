"""What stands in the catalogues as "module:name" (panels, their pages, their tours), loaded when it is wanted."""

import importlib
from typing import Any


def load_entry(entry: str) -> Any:
    """What "module:name" names; its module is loaded now, if it was not."""
    module, _, name = entry.partition(":")
    return getattr(importlib.import_module(module), name)


def load_ahead(entry: str) -> None:
    """Load what the making of a panel will load: its module and, of a panel of pages (PAGES), the first page's."""
    module = importlib.import_module(entry.partition(":")[0])
    for page in getattr(module, "PAGES", ())[:1]:
        load_entry(page.entry)
