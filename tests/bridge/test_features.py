"""PySide's feature switches are off: importing a module after Qt does not read its source."""

import inspect
import sys
import types

from workbench.bridge.features import ignore_feature_switches


def test_modules_are_imported_without_reading_their_source(app, monkeypatch, tmp_path):
    assert ignore_feature_switches()
    read: list[types.ModuleType] = []
    real = inspect.getsource
    monkeypatch.setattr(inspect, "getsource", lambda thing: read.append(thing) or real(thing))
    (tmp_path / "imported_after_qt.py").write_text("WORD = 'PySide6'\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    import imported_after_qt

    assert imported_after_qt.WORD == "PySide6"
    assert read == []
    del sys.modules["imported_after_qt"]


def test_another_way_of_doing_it_is_left_alone(app, monkeypatch):
    monkeypatch.setitem(sys.modules, "shibokensupport.feature", types.ModuleType("shibokensupport.feature"))
    assert not ignore_feature_switches()
