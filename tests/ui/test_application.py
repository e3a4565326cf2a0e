"""The application: named, with letters, quiet about what offscreen can't; and what the command line asks for."""

import pytest
from PySide6.QtCore import qWarning

from tests.kit.noise import LISTENER
from workbench import __version__
from workbench.ui.application import asked_target, make_application


def test_the_one_application_is_named(app):
    same = make_application(["x"])
    assert same is app
    assert same.applicationName() == "network-workbench"
    assert same.desktopFileName() == "network-workbench"
    assert same.applicationVersion() == __version__


def test_only_what_offscreen_cannot_is_left_out(app, capfd):
    from PySide6.QtCore import qInstallMessageHandler

    try:
        make_application(["x"])
        qWarning("This plugin does not support propagateSizeHints()")
        qWarning("something that matters")
    finally:
        qInstallMessageHandler(LISTENER.qt_message)
    assert capfd.readouterr().err == "something that matters\n"


@pytest.mark.parametrize(("argv", "target"), [(["lab:echo"], "lab:echo"), ([], "")])
def test_the_command_line_names_a_target(argv, target):
    assert asked_target(argv) == target


def test_help_version_and_mistakes_end_the_program(capsys):
    for argv, code in ((["--version"], 0), (["--help"], 0), (["--nonsense"], 2)):
        with pytest.raises(SystemExit) as caught:
            asked_target(argv)
        assert caught.value.code == code
    assert __version__ in capsys.readouterr().out
