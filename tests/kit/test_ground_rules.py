"""Each ground rule of tests/conftest.py is shown to bite: small tests that break one are run by an inner pytest."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]

SAMPLES = """
import asyncio, logging, os, socket, subprocess, sys, threading, time, warnings
import pytest
from hypothesis import Phase, given, settings, strategies as st
from tests.kit import leftovers

leftovers.GRACE_S = 0.05
KEPT = []
STOP = threading.Event()

async def test_a_coroutine_passes():
    assert asyncio.get_running_loop().get_debug()
    await asyncio.sleep(0)

async def test_a_coroutine_fails():
    await asyncio.sleep(0)
    assert 1 == 2

class TestInAClass:
    async def test_a_method_fails(self, tmp_path):
        await asyncio.sleep(0)
        assert tmp_path is None

@settings(max_examples=5, phases=[Phase.generate])
@given(st.integers())
async def test_examples_fail(n):
    await asyncio.sleep(0)
    assert n is None

async def test_a_task_is_left():
    KEPT.append(asyncio.create_task(asyncio.sleep(60), name="forgotten"))
    await asyncio.sleep(0)

async def test_a_failed_task_is_not_awaited():
    async def fail():
        raise ValueError("nobody asked")
    asyncio.create_task(fail())
    await asyncio.sleep(0)

def test_a_socket_is_left():
    KEPT.append(socket.create_server(("127.0.0.1", 0)))

def test_a_thread_is_left():
    threading.Thread(target=STOP.wait, args=(30,), name="forgotten", daemon=True).start()

def test_a_child_is_left():
    KEPT.append(subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE))

def test_a_file_is_left():
    open("forgotten.txt", "w").close()

def test_the_folder_is_changed(tmp_path):
    os.chdir(tmp_path)

def test_a_warning_is_logged():
    os.chdir(os.path.dirname(__file__))
    logging.getLogger("workbench").warning("who expected %s", "that")

def test_an_expected_warning_is_logged(expected_log):
    expected_log("who expected")
    logging.getLogger("workbench").warning("who expected %s", "that")

def test_an_expected_warning_stays_away(expected_log):
    expected_log("who expected")

def test_an_expected_warning_may_stay_away(expected_log):
    expected_log("who expected", maybe=True)

def test_a_python_warning():
    warnings.warn("old")

def test_a_file_is_not_closed():
    open(__file__)

def test_outside_is_not_reached():
    socket.create_connection(("192.0.2.1", 9), 0.1)

def test_outside_is_tried_and_hidden():
    try:
        socket.getaddrinfo("example.org", 80)
    except BaseException:
        pass

def test_a_datagram_goes_outside():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.sendto(b"", ("198.51.100.7", 9))

def test_a_group_hears_outside():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.sendto(b"", ("239.255.77.8", 9))

def test_a_group_hears_on_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
        s.sendto(b"", ("239.255.77.8", 9))

def test_numbers_and_own_names_are_asked():
    socket.getaddrinfo("localhost", 80)
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("example.org", 80, flags=socket.AI_NUMERICHOST)
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo(b"a..b", 80)

def test_the_home_is_our_own(tmp_path):
    assert os.environ["WORKBENCH_HOME"].startswith(str(tmp_path))

@pytest.mark.real("no-such-program")
def test_a_real_program_is_missing():
    pass

@pytest.mark.real("sh")
def test_a_real_program_is_there():
    pass

@pytest.mark.qt
def test_a_widget_is_left():
    from PySide6.QtWidgets import QLabel
    KEPT.append(QLabel("forgotten"))

def test_a_timer_is_left(app):
    from PySide6.QtCore import QTimer
    timer = QTimer(interval=60_000)
    timer.start()
    KEPT.append(timer)

def test_qt_complains(app):
    from PySide6.QtCore import qWarning
    qWarning("who expected that")

def test_qt_is_expected_to_complain(app, expected_log):
    from PySide6.QtCore import qWarning
    expected_log("who expected that")
    qWarning("who expected that")

def test_a_widget_is_deleted_later(app):
    from PySide6.QtWidgets import QLabel
    QLabel("gone").deleteLater()

async def test_a_qt_coroutine_passes(app):
    from workbench.bridge.loop import WorkbenchLoop
    assert isinstance(asyncio.get_running_loop(), WorkbenchLoop)
    await asyncio.sleep(0.01)

async def test_a_qt_coroutine_fails(app):
    await asyncio.sleep(0.01)
    assert 1 == 2

async def test_a_task_is_left_on_the_qt_loop(app):
    KEPT.append(asyncio.create_task(asyncio.sleep(60), name="forgotten"))
    await asyncio.sleep(0)
"""

PASSES = ""

EXPECTED = {
    "test_a_coroutine_passes": PASSES,
    "test_a_coroutine_fails": "assert 1 == 2",
    "test_a_method_fails": "is None",
    "test_examples_fail": "is None",
    "test_a_task_is_left": "forgotten: sleep",
    "test_a_failed_task_is_not_awaited": "nobody asked",
    "test_a_socket_is_left": "a socket: tcp port",
    "test_a_thread_is_left": "a thread: forgotten",
    "test_a_child_is_left": "input()",
    "test_a_file_is_left": "a file in the working folder: forgotten.txt",
    "test_the_folder_is_changed": "another working folder",
    "test_a_warning_is_logged": "who expected that",
    "test_an_expected_warning_is_logged": PASSES,
    "test_an_expected_warning_stays_away": "expected, but not said: who expected",
    "test_an_expected_warning_may_stay_away": PASSES,
    "test_a_python_warning": "UserWarning: old",
    "test_a_file_is_not_closed": "ResourceWarning",
    "test_outside_is_not_reached": "192.0.2.1",
    "test_outside_is_tried_and_hidden": "example.org",
    "test_a_datagram_goes_outside": "198.51.100.7",
    "test_a_group_hears_outside": "239.255.77.8",
    "test_a_group_hears_on_loopback": PASSES,
    "test_numbers_and_own_names_are_asked": PASSES,
    "test_the_home_is_our_own": PASSES,
    "test_a_real_program_is_missing": "no-such-program is not installed, and --require-real",
    "test_a_real_program_is_there": PASSES,
    "test_a_widget_is_left": "top-level QLabel",
    "test_a_timer_is_left": "active QTimer every 60000 ms",
    "test_qt_complains": "who expected that",
    "test_qt_is_expected_to_complain": PASSES,
    "test_a_widget_is_deleted_later": PASSES,
    "test_a_qt_coroutine_passes": PASSES,
    "test_a_qt_coroutine_fails": "assert 1 == 2",
    "test_a_task_is_left_on_the_qt_loop": "forgotten: sleep",
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the inner run said about each sample: all its complaints, or nothing."""
    folder = tmp_path_factory.mktemp("samples")
    (folder / "conftest.py").write_text("from tests.conftest import *\n")
    (folder / "test_samples.py").write_text(SAMPLES)
    subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:randomly"),
            *("-c", str(CHECKOUT / "pyproject.toml"), "--rootdir", str(folder)),
            *("--junitxml", str(folder / "report.xml"), "test_samples.py"),
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "WORKBENCH_REQUIRE_REAL": "1"},
        capture_output=True,
        timeout=50,
    )
    said: dict[str, str] = {}
    for case in ET.parse(folder / "report.xml").iter("testcase"):
        complaints = [
            f"{part.get('message')}\n{part.text}" for part in case if part.tag in ("failure", "error")
        ]
        # Its teardown is a second case of the same name.
        said[case.get("name", "")] = said.get(case.get("name", ""), "") + "\n".join(complaints)
    return said


@pytest.mark.parametrize("name", EXPECTED)
def test_the_ground_rules_bite(outcomes: dict[str, str], name: str) -> None:
    if EXPECTED[name] == PASSES:
        assert outcomes[name] == ""
    else:
        assert EXPECTED[name] in outcomes[name]


def test_every_sample_is_judged(outcomes: dict[str, str]) -> None:
    assert set(outcomes) == set(EXPECTED)
