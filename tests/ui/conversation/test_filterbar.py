"""The filter bar as a form: what stands there is what is told, once."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QWidget

from tests.ui.conversation.conversations import until
from workbench.errors import LocalMisuse
from workbench.transcript.records import ChannelInfo, Direction
from workbench.ui.conversation.filterbar import MAX_CHANNELS, FilterBar
from workbench.ui.conversation.filtering import FilterForm, Mistake, Mode


@pytest.fixture
def bar(show: Callable[..., QWidget]) -> Iterator[FilterBar]:
    holder = QWidget()
    made = FilterBar(holder)
    show(holder, 900, 120)
    made.resize(900, 40)
    yield made
    made._settled.stop()


def channels(count: int) -> list[ChannelInfo]:
    return [ChannelInfo(number, f"peer {number}\u202e", "tcp", "", "", 0) for number in range(count)]


def test_a_form_that_is_put_there_comes_back_unannounced(bar: FilterBar):
    told = QSignalSpy(bar.form_changed)
    bar.show_channels(channels(3))
    form = FilterForm(Direction.SENT, Mode.HEX, "0d 0a", 2, "1", "4 KiB", False, False)
    bar.show_form(form)
    assert bar.form == form
    assert told.count() == 0
    assert bar.words.placeholderText().startswith("Filter by octets")


async def test_typing_is_told_once_it_rests(app, bar: FilterBar):
    told = QSignalSpy(bar.form_changed)
    QTest.keyClicks(bar.words, "abc")
    assert told.count() == 0
    await until(told.count)
    assert told.count() == 1
    assert bar.form.words == "abc"


def test_return_tells_at_once_and_then_goes_from_match_to_match(bar: FilterBar):
    told, asked = QSignalSpy(bar.form_changed), QSignalSpy(bar.next_asked)
    QTest.keyClicks(bar.words, "abc")
    QTest.keyClick(bar.words, Qt.Key.Key_Return)
    assert (told.count(), asked.count()) == (1, 0)
    QTest.keyClick(bar.words, Qt.Key.Key_Return)
    assert (told.count(), asked.count()) == (1, 1)


def test_channels_are_added_and_kept_chosen(bar: FilterBar):
    bar.show_channels(channels(2))
    bar.channel.setCurrentIndex(2)
    bar.show_channels(channels(4))
    assert bar.channel.currentData() == 1
    assert bar.channel.itemText(1) == "0  peer 0⟨U+202E⟩"
    bar.show_channels(channels(MAX_CHANNELS + 5))
    assert bar.channel.count() == MAX_CHANNELS + 1
    bar.show_channels(channels(1))
    assert bar.channel.count() == 2


def test_a_mistake_in_a_size_opens_the_row_it_stands_in(bar: FilterBar):
    error = LocalMisuse("not a size", text="x", start=0, end=1)
    bar.show_result("3 events", Mistake("min_size", error), is_filtered=False)
    assert bar.more.isVisible()
    assert bar.least.property("wrong") is True
    assert not bar.mark.isVisible()
    bar.show_result("3 events", None, is_filtered=False)
    assert bar.least.property("wrong") is False


def test_the_button_that_clears_is_there_only_when_there_is_a_filter(bar: FilterBar):
    bar.show_result("3 events", None, is_filtered=False)
    assert not bar.clear.isVisible()
    bar.show_form(FilterForm(words="x"))
    bar.show_result("1 of 3", None, is_filtered=True)
    assert bar.clear.isVisible()
    told = QSignalSpy(bar.form_changed)
    QTest.mouseClick(bar.clear, Qt.MouseButton.LeftButton)
    assert told.count() == 1
    assert bar.form == FilterForm()


def test_layers_are_offered_where_there_are_several(bar: FilterBar):
    bar.more_button.setChecked(True)
    bar.show_layers(["tcp"])
    assert not bar.layer.isVisible()
    bar.show_layers(["tcp", "tls"])
    assert bar.layer.isVisible()
    assert [bar.layer.itemText(at) for at in range(3)] == ["All layers", "On the wire (TCP)", "Inside TLS"]
    bar.show_form(FilterForm(layer="tls"))
    bar.show_layers(["tcp", "tls", "proxy"])
    assert bar.form.layer == "tls"
    told = QSignalSpy(bar.form_changed)
    bar.layer.setFocus()
    QTest.keyClick(bar.layer, Qt.Key.Key_Up)
    assert (told.count(), bar.form.layer) == (1, "tcp")
    bar.show_layers([])
    assert bar.form.layer == ""
