"""Sparing the source: PySide's feature switches read the source file of every module that is imported after Qt.

WORKAROUND https://bugreports.qt.io/projects/PYSIDE (6.11.3, shibokensupport/feature.py): after each import it asks
inspect.getsource() whether the module's text mentions PySide6, to know whether snake_case names might be wanted there.
For our own panels that was 0.2 s of 0.3 s at the first visit. This program uses no feature switches, so the answer is
always no.
"""

import sys
from types import ModuleType


def ignore_feature_switches() -> bool:
    """Have PySide take every module for one without feature switches; returns whether that was possible."""
    import PySide6.QtCore  # noqa: F401 - loads the module that is changed here

    feature = sys.modules.get("shibokensupport.feature")
    if feature is None or not hasattr(feature, "_mod_uses_pyside"):
        # Another version does it in another way: imports are slower then, nothing else.
        return False
    feature._mod_uses_pyside = _uses_no_feature  # type: ignore[attr-defined]  # private, checked a line above
    return True


def _uses_no_feature(_module: ModuleType) -> bool:
    return False
