"""The control of each kind of switch, and what the page makes of turned ones."""

import pytest
from PySide6.QtTest import QSignalSpy

from workbench.lab.catalogue import SERVICES, find_service
from workbench.lab.switches import Switch
from workbench.panels.start.parts.service import ServicePage, SwitchEditor
from workbench.ui import theme


@pytest.fixture
def page(app):
    theme.apply(app, "light", 100)
    made = ServicePage()
    yield made
    made.deleteLater()


def find_switch(service: str, name: str) -> Switch:
    return next(switch for switch in find_service(service).switches if switch.name == name)


def test_a_tick_a_choice_and_a_field_tell_whether_they_are_turned(app):
    theme.apply(app, "light", 100)
    tick = SwitchEditor(find_switch("echo", "reset"))
    choice = SwitchEditor(find_switch("echo", "transform"))
    field = SwitchEditor(find_switch("echo", "cut_after"))
    editors = (tick, choice, field)
    spies = [QSignalSpy(editor.edited) for editor in editors]
    assert [editor.is_turned() for editor in editors] == [False] * 3
    assert tick.tick is not None
    assert choice.choice is not None
    assert field.field is not None
    tick.tick.click()
    choice.choice.setCurrentText("rot13")
    field.field.setText("7")
    assert [editor.value() for editor in editors] == [True, "rot13", "7"]
    assert [editor.is_turned() for editor in editors] == [True] * 3
    assert [spy.count() for spy in spies] == [1, 1, 1]
    tick.tick.click()
    choice.choice.setCurrentText("none")
    field.field.clear()
    assert [editor.is_turned() for editor in editors] == [False] * 3
    for editor in editors:
        editor.deleteLater()


@pytest.mark.parametrize("info", SERVICES, ids=[info.name for info in SERVICES])
def test_every_switch_of_every_service_has_a_named_control_that_begins_unturned(page: ServicePage, info):
    page.show_service(info, ())
    assert list(page.editors) == [switch.name for switch in info.switches]
    assert page.changed() == {}
    for editor in page.editors.values():
        control = editor.focusProxy()
        assert control is not None
        assert control.accessibleName()
        assert control.toolTip()


def test_another_service_begins_anew_and_the_same_keeps_what_is_turned(page: ServicePage):
    page.show_service(find_service("echo"), ())
    field = page.editors["cut_after"].field
    assert field is not None
    field.setText("3")
    assert page.changed() == {"cut_after": "3"}
    page.show_service(find_service("echo"), ("127.0.0.1:7",))
    assert page.changed() == {"cut_after": "3"}
    assert page.start_button.text() == "Start like this"
    assert page.start_button.isEnabled()
    assert page.where.text() == "runs at 127.0.0.1:7"
    page.show_service(find_service("time"), ())
    assert page.changed() == {}
    assert page.start_button.text() == "Start"


def test_the_buttons_tell_which_service_is_meant(page: ServicePage):
    asked = [QSignalSpy(signal) for signal in (page.open_asked, page.start_asked, page.stop_asked)]
    page.show_service(find_service("chat"), ("127.0.0.1:7",))
    assert not page.start_button.isEnabled()
    page.open_button.click()
    page.stop_button.click()
    page.show_service(find_service("greet"), ())
    page.start_button.click()
    assert [[spy.at(number)[0] for number in range(spy.count())] for spy in asked] == [
        ["chat"],
        ["greet"],
        ["chat"],
    ]
