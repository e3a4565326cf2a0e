"""The one QApplication of the process: its names, letters it can draw, and what its command line asks for."""

import sys
from collections.abc import Sequence

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from workbench import __version__
from workbench.ui import fonts


def make_application(argv: list[str]) -> QApplication:
    """The one QApplication of the process, named, with letters it can draw."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(argv)
    app.setApplicationName("network-workbench")
    app.setApplicationDisplayName("Network Workbench")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("network-workbench")
    if app.platformName() == "offscreen":
        qInstallMessageHandler(_on_qt_message)
    fonts.ensure_letters(app)
    return app


def _on_qt_message(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    """Qt's words to stderr as ever, but for what the offscreen platform says it can't: nobody is there to miss it."""
    if not message.startswith("This plugin does not support"):
        print(message, file=sys.stderr, flush=True)


def asked_target(argv: Sequence[str]) -> str:
    """The target on the command line. Ends the program for --help, --version and mistakes."""
    import argparse  # 9 ms, and nearly always there is nothing to read

    parser = argparse.ArgumentParser(
        prog="workbench-gui", description="Do network protocols by hand and see what happens."
    )
    parser.add_argument(
        "target", nargs="?", default="", help="a target to open in the Sockets panel: lab:echo, host:port"
    )
    parser.add_argument("--version", action="version", version=f"Network Workbench {__version__}")
    target: str = parser.parse_args(argv).target
    return target
