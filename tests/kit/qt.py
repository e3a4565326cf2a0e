"""One QApplication for the session: offscreen unless a platform is named, Fusion, its messages listened to."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.kit.noise import LISTENER

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


@pytest.fixture(scope="session")
def _session_app() -> Iterator["QApplication"]:
    from PySide6.QtCore import QCoreApplication, QEvent, qInstallMessageHandler
    from PySide6.QtWidgets import QApplication

    qInstallMessageHandler(LISTENER.qt_message)
    app = QApplication(["workbench-tests"])
    app.setStyle("Fusion")
    # Closing a test's only window must not end the loop of the next one.
    app.setQuitOnLastWindowClosed(False)
    yield app
    app.closeAllWindows()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qInstallMessageHandler(None)
    QCoreApplication.shutdown(app)


@pytest.fixture
def app(_session_app: "QApplication", no_noise: object) -> "QApplication":
    """The QApplication; a test that has it is a Qt test, and runs on the Qt loop if it is a coroutine."""
    from PySide6.QtCore import qInstallMessageHandler

    # A test of the program's own start may have put another handler in its place.
    qInstallMessageHandler(LISTENER.qt_message)
    return _session_app
