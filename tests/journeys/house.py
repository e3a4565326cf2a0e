"""The whole program on the test's own loop, and a person who uses it: mouse, keys, and looking at what is shown."""

import contextlib
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from tests.kit.frames import next_frame
from workbench.app import Program
from workbench.bridge.heartbeat import Heartbeat
from workbench.panels.sockets.parts.session import SessionView
from workbench.panels.sockets.view import SocketsPanel
from workbench.panels.start.view import StartPanel
from workbench.settings import Settings, places

HEARTBEAT_LIMIT_MS = 200
HEARTBEAT_INTERVAL_MS = 10
