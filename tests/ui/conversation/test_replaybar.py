"""The bar for a replay: what it collects, what it refuses, and its keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest

from tests.ui import sweep
from workbench.errors import LocalMisuse
from workbench.transcript.records import ChannelInfo
from workbench.ui.conversation.replaybar import ReplayBar, parse_replay_target


@pytest.fixture
def bar(app, show):
    made = ReplayBar()
    show(made, 1200, 40)
    made.show()
    return made


def test_one_channel_is_no_choice_and_several_are(bar: ReplayBar):
    one = ChannelInfo(0, "lab:echo", "tcp", "", "", 0)
    bar.show_channels([one], None)
    assert not bar.channel.isVisible()
    bar.show_channels([one, one._replace(number=4, title="other")], 4)
    assert bar.channel.isVisible()
    assert bar.channel.currentData() == 4


def test_enter_asks_and_a_wrong_target_is_marked(bar: ReplayBar):
    asked = QSignalSpy(bar.asked)
    QTest.keyClicks(bar.bar.field, "http://127.0.0.1/x")
    QTest.keyClick(bar.bar.field, Qt.Key.Key_Return)
    assert asked.count() == 0
    assert bar.bar.problem.isVisible()
    bar.bar.set_text("127.0.0.1:7")
    QTest.keyClick(bar.bar.field, Qt.Key.Key_Return)
    assert asked.count() == 1


def test_escape_closes_it_or_stops_what_goes_on(bar: ReplayBar):
    closed, stopped = QSignalSpy(bar.closed), QSignalSpy(bar.stopped)
    bar.show_busy(True)
    QTest.keyClick(bar, Qt.Key.Key_Escape)
    QTest.mouseClick(bar.bar.button, Qt.MouseButton.LeftButton)
    assert (closed.count(), stopped.count()) == (0, 2)
    bar.show_busy(False)
    QTest.keyClick(bar.speed, Qt.Key.Key_Escape)
    assert (closed.count(), stopped.count()) == (1, 2)


@pytest.mark.parametrize("text", ["ftp://x/y", "https://example.com/"])
def test_only_what_a_socket_reaches_is_a_target(text: str):
    with pytest.raises(LocalMisuse) as caught:
        parse_replay_target(text)
    assert (caught.value.start, caught.value.end) == (0, len(text))


def test_everything_is_named_and_fits(bar: ReplayBar):
    assert sweep.unnamed(bar) == []
    assert sweep.without_tip(bar) == []
    assert sweep.clipped(bar) == []


def test_how_tls_is_had_is_a_question_only_where_it_was_had(bar: ReplayBar):
    bar.show_protection(False)
    assert not bar.tls.isVisible()
    bar.show_protection(True)
    assert bar.tls.isVisible()
    assert [bar.tls.itemData(row) for row in range(bar.tls.count())] == ["stop", "show", "clear"]
    bar.show_busy(True)
    assert not bar.tls.isEnabled()
    bar.show_busy(False)
