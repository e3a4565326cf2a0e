"""The Conversation as a panel and a person use it: shown, grown, filtered, linked, let go."""

import gc
import weakref

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui import sweep
from tests.ui.conversation.conversations import Talk, echo, pings, until
from workbench.bridge.feed import Feed
from workbench.jobs.scope import Scope
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.transcript.render import Explanation
from workbench.ui import theme
from workbench.ui.actions import ActionRegistry
from workbench.ui.conversation.board import LEAST_HEIGHT, LIST_SHARE
from workbench.ui.conversation.commands import commands
from workbench.ui.conversation.dock import ConversationDock
from workbench.ui.conversation.filtercontrol import FilterControl
from workbench.ui.conversation.filtering import FilterForm
from workbench.ui.conversation.linking import Linking
from workbench.ui.conversation.selection import Spot
from workbench.ui.conversation.talkview import CONTEXT, NO_TALK, NOTHING_SAID

FORMS = ("explained", "text", "hex")


def type_filter(dock: ConversationDock, words: str) -> None:
    dock.filter_bar.focus_words()
    QTest.keyClicks(dock.filter_bar.words, words)
    QTest.keyClick(dock.filter_bar.words, Qt.Key.Key_Return)


def test_an_empty_dock_says_what_will_stand_there_and_offers_the_lab(dock: ConversationDock):
    asked = QSignalSpy(dock.lab_asked)
    assert dock.empty.isVisible()
    assert dock.empty.sentence.text() == NO_TALK
    QTest.mouseClick(dock.empty.button, Qt.MouseButton.LeftButton)
    assert asked.count() == 1
    assert dock.texts() == []


async def test_the_first_event_fills_the_dock_and_later_ones_follow(app, dock: ConversationDock):
    transcript = echo(0)
    dock.show_talk(Talk(transcript))
    assert dock.events.isVisible()
    before = len(dock.texts())
    transcript.open("more", "tcp").received(b"news")
    await until(lambda: dock.filter_bar.count.text() == f"{before + 1} events")
    assert dock.texts()[-1].endswith("received, 4 octets, news")
    assert dock.events.row_scroll.is_at_end
    transcript.close()


async def test_a_conversation_without_events_waits_for_them(app, dock: ConversationDock):
    transcript = pings(0)
    dock.show_talk(Talk(transcript))
    assert dock.empty.isVisible()
    assert dock.empty.sentence.text() == NOTHING_SAID
    assert dock.why_empty()
    transcript.open("a", "tcp").sent(b"x")
    await until(dock.events.isVisible)
    assert dock.bar.export.isEnabled()
    transcript.close()


def test_another_conversation_cuts_the_watch_on_the_first(dock: ConversationDock):
    first, second = echo(), echo()
    dock.show_talk(Talk(first))
    assert len(first._observers) == 1
    dock.show_talk(Talk(second))
    assert len(first._observers) == 0
    dock.show_talk(None)
    assert len(second._observers) == 0
    first.close()
    second.close()


async def test_a_retired_dock_holds_no_transcript(app, show, light):
    feed, registry = Feed(), ActionRegistry()
    made = ConversationDock(feed, registry, Scope("test"))
    show(made, 1200, 360)
    transcript = echo()
    seen = weakref.ref(transcript)
    made.show_talk(Talk(transcript))
    for form in FORMS:
        made.show_form(form)
        made.show_event(3)
        made.grab()
    made.compare_with("itself", transcript)
    await made.retire()
    assert registry.actions == ()
    transcript.close()
    del transcript
    gc.collect()
    assert seen() is None


def test_the_same_talk_again_changes_words_only(dock: ConversationDock):
    transcript = echo()
    dock.show_talk(Talk(transcript))
    dock.show_event(2)
    dock.show_talk(Talk(transcript, title="renamed", copies=(("Python", str),)))
    assert dock.bar.subject.text() == "renamed"
    assert dock.linking.current == 2
    assert dock.bar.copy_as.isEnabled()
    transcript.close()


def test_a_selected_line_is_selected_in_every_form(dock: ConversationDock):
    transcript = echo()
    chosen = QSignalSpy(dock.event_chosen)
    dock.show_talk(Talk(transcript))
    dock.show_event(6)
    event = transcript[6]
    assert dock.events.selection.current == 6
    assert dock.detail.isVisible()
    assert dock.detail.event_index == 6
    assert dock.text.selection.range == (Spot(6, 0), Spot(6, event.size))
    dock.show_hex()
    assert dock.stream.stream == (0, Direction.RECEIVED, "tcp")
    assert dock.stream.hex.selected_range == (event.offset, event.offset + event.size)
    assert dock.stream.hex.labels_at(event.offset) == [f"event 6, received, {event.size} B"]
    assert chosen.count() == 1
    transcript.close()


def test_octets_selected_in_hex_select_their_event(dock: ConversationDock):
    transcript = echo()
    dock.show_talk(Talk(transcript))
    dock.show_hex()
    dock.show_event(1)
    sent = transcript[4]
    dock.stream.hex.select(sent.offset + 1, sent.offset + 3)
    assert dock.events.selection.current == 4
    assert dock.stream.hex.selected_range == (sent.offset + 1, sent.offset + 3)
    assert dock.text.selection.range == (Spot(4, 1), Spot(4, 3))
    transcript.close()


def test_octets_selected_in_the_detail_are_selected_in_the_text(dock: ConversationDock):
    transcript = echo()
    dock.show_talk(Talk(transcript))
    dock.show_text()
    dock.show_event(4)
    dock.detail.hex.select(2, 5)
    assert dock.text.selection.range == (Spot(4, 2), Spot(4, 5))
    transcript.close()


def test_text_selected_shows_its_octets_in_the_detail(dock: ConversationDock):
    transcript = echo()
    dock.show_talk(Talk(transcript))
    dock.show_text()
    dock.text.go_to(Spot(1, 2), select_to=Spot(1, 6))
    assert dock.detail.event_index == 1
    assert dock.detail.hex.selected_range == (2, 6)
    transcript.close()


def test_the_detail_can_be_put_away(dock: ConversationDock):
    transcript = echo()
    dock.show_talk(Talk(transcript))
    dock.show_event(1)
    dock.action("detail").trigger()
    assert not dock.side.isVisible()
    QTest.keyClick(dock.events, Qt.Key.Key_Return)
    assert dock.detail.isVisible()
    assert dock.action("detail").isChecked()
    transcript.close()


def test_typing_filters_and_escape_takes_the_filter_away(dock: ConversationDock):
    transcript = echo()
    dock.show_talk(Talk(transcript))
    assert dock.filter_bar.count.text() == f"{len(transcript)} events"
    type_filter(dock, "hello")
    assert dock.filter_bar.count.text() == f"3 of {len(transcript)}"
    assert len(dock.texts()) == 3
    QTest.keyClick(dock.filter_bar.words, Qt.Key.Key_Escape)
    assert len(dock.texts()) == len(transcript)
    assert dock.filter_bar.words.text() == ""
    transcript.close()


async def test_typing_alone_filters_a_moment_later(app, dock: ConversationDock):
    transcript = echo()
    dock.show_talk(Talk(transcript))
    QTest.keyClicks(dock.filter_bar.words, "PASS")
    await until(lambda: len(dock.texts()) == 1)
    transcript.close()


def test_every_field_of_the_bar_filters(dock: ConversationDock):
    transcript = echo()
    transcript.open("second", "tcp").received(b"x" * 100)
    dock.show_talk(Talk(transcript))
    bar = dock.filter_bar

    def choose(combo, place):
        combo.setCurrentIndex(place)
        combo.activated.emit(place)

    choose(bar.direction, 1)
    assert len(dock.texts()) == 4
    choose(bar.direction, 0)
    choose(bar.channel, 2)
    assert len(dock.texts()) == 1
    choose(bar.channel, 0)
    bar.least.setText("10")
    QTest.keyClick(bar.least, Qt.Key.Key_Return)
    assert len(dock.texts()) == 2
    bar.least.clear()
    QTest.keyClick(bar.least, Qt.Key.Key_Return)
    bar.facts.click()
    assert len(dock.texts()) == len(transcript) - 2
    choose(bar.mode, 1)
    type_filter(dock, "0d 0a")
    assert len(dock.texts()) == 7
    transcript.close()


def test_a_mistake_is_marked_at_its_place_and_told(dock: ConversationDock):
    transcript = echo()
    dock.show_talk(Talk(transcript))
    dock.filter_bar.mode.setCurrentIndex(2)
    type_filter(dock, "hel(lo")
    assert dock.remark.isVisible()
    assert dock.remark.words.text().endswith("The filter was not applied.")
    assert dock.filter_bar.mark.isVisible()
    assert dock.filter_bar.words.property("wrong") is True
    assert len(dock.texts()) == len(transcript)
    QTest.keyClick(dock.filter_bar.words, Qt.Key.Key_Escape)
    assert not dock.remark.isVisible()
    assert not dock.filter_bar.mark.isVisible()
    transcript.close()


def test_matches_can_be_marked_among_all_events_and_visited(dock: ConversationDock):
    transcript = echo()
    dock.show_talk(Talk(transcript))
    dock.filter_bar.only.setChecked(False)
    type_filter(dock, "hello")
    assert len(dock.texts()) == len(transcript)
    assert dock.filter.marked is not None
    visited = []
    for _ in range(4):
        dock.action("next").trigger()
        visited.append(dock.linking.current)
    dock.action("previous").trigger()
    assert visited == [1, 4, 7, 1]
    assert dock.linking.current == 7
    dock.grab()
    transcript.close()


def test_nothing_found_is_said(dock: ConversationDock):
    transcript = echo()
    dock.show_talk(Talk(transcript))
    type_filter(dock, "zebra")
    assert dock.filter_bar.count.text() == f"0 of {len(transcript)}"
    assert dock.events.row_count() == 0
    transcript.close()


def test_an_event_that_is_asked_for_is_shown_whatever_the_filter_says(dock: ConversationDock):
    transcript = echo()
    dock.show_talk(Talk(transcript))
    type_filter(dock, "hello")
    dock.show_event(0)
    assert dock.linking.current == 0
    assert dock.filter.form == FilterForm()
    assert len(dock.texts()) == len(transcript)
    transcript.close()


def test_the_context_menu_filters_by_what_is_current(dock: ConversationDock):
    transcript = echo()
    dock.show_talk(Talk(transcript))
    dock.show_event(1)
    dock.filter_like_current("direction")
    assert len(dock.texts()) == 4
    assert dock.filter_bar.direction.currentData() is Direction.SENT
    transcript.close()


async def test_a_long_search_goes_on_while_the_window_does(app, dock: ConversationDock):
    transcript = pings(60_000)
    dock.show_talk(Talk(transcript))
    type_filter(dock, "pong")
    assert dock.filter_bar.count.text().endswith("…")
    await until(lambda: dock.filter_bar.count.text() == "30,000 of 60,000")
    assert dock.turns.is_idle
    transcript.close()


async def test_a_long_text_is_counted_while_the_window_goes_on(app, dock: ConversationDock):
    transcript = pings(20_000)
    dock.show_talk(Talk(transcript))
    dock.show_text()
    assert dock.text.has_work
    await until(lambda: not dock.text.has_work)
    assert dock.text.row_count() == 20_000
    transcript.close()


def test_coming_back_to_a_conversation_finds_it_as_it_was_left(dock: ConversationDock):
    first, second = pings(200), echo()
    dock.show_talk(Talk(first))
    type_filter(dock, "pong")
    dock.show_event(41)
    top = dock.events.row_scroll.top
    dock.show_talk(Talk(second))
    assert dock.filter_bar.words.text() == ""
    assert len(dock.texts()) == len(second)
    dock.show_talk(Talk(first))
    assert dock.filter_bar.words.text() == "pong"
    assert dock.linking.current == 41
    assert dock.events.row_scroll.top == top
    assert not dock.is_following()
    first.close()
    second.close()


def test_following_is_a_button_that_shows_its_state(dock: ConversationDock):
    transcript = pings(200)
    dock.show_talk(Talk(transcript))
    assert dock.action("follow").isChecked()
    dock.events.scroll_rows(-20)
    assert not dock.action("follow").isChecked()
    dock.action("follow").trigger()
    assert dock.action("follow").isChecked()
    assert dock.events.row_scroll.is_at_end
    transcript.close()


def test_questions_are_asked_about_the_connection_that_is_looked_at(dock: ConversationDock):
    transcript = echo()
    transcript.open("nobody knows its ends", "tcp")
    channel = transcript.open("lab:echo", "tcp")
    channel.named(local="127.0.0.1:50001", peer="127.0.0.1:7")
    channel.fact("connect.complete", local="127.0.0.1:50001", address="127.0.0.1:7")
    dock.show_talk(Talk(transcript))
    dock.show_event(len(transcript) - 1)
    assert dock._registry.run("conversation.quiz")
    assert dock.quiz_bar.isVisible()
    question = dock.quiz_bar.question
    assert question is not None
    assert question.choices[question.right] == "127.0.0.1:50001"
    dock.quiz_bar.closed.emit()
    assert not dock.quiz_bar.isVisible()
    dock.quiz()
    dock.show_talk(None)
    assert not dock.quiz_bar.isVisible()
    transcript.close()


def test_form_and_layout_survive_a_restart_and_junk_is_left_out(dock: ConversationDock):
    dock.show_hex()
    dock.toggle_detail()
    draft = dock.draft()
    assert draft == {"form": "hex", "detail": False, "encoding": "utf-8"}
    dock.restore({"form": "text", "detail": True, "encoding": "latin-1"})
    assert dock.draft() == {"form": "text", "detail": True, "encoding": "latin-1"}
    dock.restore({"form": "opera", "detail": "yes", "encoding": 7})
    assert dock.draft() == {"form": "text", "detail": True, "encoding": "latin-1"}


def test_every_action_has_words_and_its_key_clashes_with_none(dock: ConversationDock):
    registry = dock._registry
    assert [action.id for action in registry.actions] == [action.id for action in commands(dock)]
    assert registry.clashes() == []
    for action in registry.actions:
        assert action.id.startswith(f"{CONTEXT}.")
        assert action.text
        assert registry.qaction(action.id).toolTip()


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_unnamed_or_cut_off(show, app: QApplication, look, percent, form):
    theme.apply(app, look, percent)
    made = ConversationDock(Feed(), ActionRegistry(), Scope("test"))
    show(made, 1256, 460)
    transcript = echo()
    transcript.open("another", "tcp").fact("connect.failed", address="127.0.0.1:1", errno="ECONNREFUSED")
    made.show_talk(Talk(transcript, copies=(("Python", str),)))
    made.show_form(form)
    made.filter_bar.more_button.setChecked(True)
    type_filter(made, "hello")
    made.show_event(4)
    made.quiz()
    assert sweep.unnamed(made) == []
    assert sweep.clipped(made) == []
    assert sweep.without_tip(made) == []
    made.show_talk(None)
    assert sweep.clipped(made) == []
    transcript.close()


def test_tab_goes_from_the_filter_over_the_buttons_to_the_list(dock: ConversationDock):
    transcript = echo()
    dock.show_talk(Talk(transcript))
    order: list[QWidget] = sweep.focus_order(dock)
    start = order.index(dock.filter_bar.words)
    order = order[start:] + order[:start]
    expected = [dock.filter_bar.words, dock.filter_bar.mode, dock.bar.export, dock.events]
    places = [order.index(widget) for widget in expected]
    assert places == sorted(places)
    transcript.close()


def test_a_narrow_dock_puts_the_detail_below(dock: ConversationDock):
    transcript = echo()
    dock.show_talk(Talk(transcript))
    dock.show_event(1)
    assert dock.splitter.orientation() == Qt.Orientation.Horizontal
    dock.resize(480, 600)
    assert dock.splitter.orientation() == Qt.Orientation.Vertical
    assert dock.minimumSizeHint().width() <= 480
    transcript.close()


def test_a_dock_may_be_made_small(dock: ConversationDock):
    transcript = echo()
    dock.show_talk(Talk(transcript))
    dock.compare_with("itself", transcript)
    assert dock.minimumSizeHint().height() <= theme.metric(LEAST_HEIGHT + 80)
    transcript.close()


def test_each_form_shares_the_room_in_its_own_way_until_it_is_dragged(dock: ConversationDock):
    transcript = echo()
    dock.show_talk(Talk(transcript))
    dock.show_event(1)
    for form in ("explained", "hex"):
        dock.show_form(form)
        left, right = dock.splitter.sizes()
        assert left / (left + right) == pytest.approx(LIST_SHARE[form], abs=0.03)
    dock.splitter.setSizes([300, 900])
    dock.splitter.splitterMoved.emit(300, 1)
    dragged = dock.splitter.sizes()
    dock.show_explained()
    dock.show_hex()
    assert dock.splitter.sizes() == dragged
    transcript.close()


def test_another_explainer_for_the_same_conversation_moves_nothing(dock: ConversationDock):
    transcript = echo()
    dock.show_talk(Talk(transcript, lambda _t, _e: Explanation("first")))
    dock.show_event(2)
    dock.show_talk(Talk(transcript, lambda _t, _e: Explanation("second", "in other words")))
    assert dock.linking.current == 2
    assert all("second, in other words" in text for text in dock.texts())
    assert dock.detail.explanation.text() == "in other words"
    transcript.close()


async def test_an_opened_conversation_stays_while_the_panel_only_renders_anew(app, dock: ConversationDock):
    live, saved = echo(), echo(1)
    dock.show_talk(Talk(live))
    dock.leaving.opened.emit(saved, "saved.jsonl", False)
    dock.show_talk(Talk(live, title="still here"))
    assert dock.bar.subject.text() == "saved.jsonl"
    assert len(dock.texts()) == len(saved)
    other = echo(2)
    dock.show_talk(Talk(other, title="another"))
    assert dock.bar.subject.text() == "another"
    await dock.retire()
    live.close()
    other.close()


def test_parts_do_nothing_without_a_conversation(dock: ConversationDock):
    assert isinstance(dock.filter, FilterControl)
    assert isinstance(dock.linking, Linking)
    dock.show_event(3)
    dock.copy()
    dock.copy_all()
    dock.go_to_next()
    dock.filter_like_current("channel")
    dock.export("txt")
    for form in FORMS:
        dock.show_form(form)
        dock.select_all()
    assert dock.linking.current is None
    assert not dock.leaving.jobs


@pytest.mark.parametrize("form", ["explained", "text"])
async def test_the_detail_that_opens_below_does_not_cover_its_line(app, dock: ConversationDock, form: str):
    transcript = pings(100)
    dock.resize(500, 500)
    dock.show_talk(Talk(transcript))
    dock.show_form(form)
    dock.toggle_following()
    bottom = dock.list_shown.visible_rows - 1
    dock.list_shown.scroll_rows(-1000)
    dock.grab()
    dock.show_event(bottom)
    dock.grab()
    assert dock.detail.isVisible()
    await until(lambda: dock.list_shown.visible_rows <= bottom)
    top = dock.list_shown.row_scroll.top
    assert top <= bottom < top + dock.list_shown.visible_rows
    transcript.close()


async def test_plaintext_and_records_are_layers_that_can_be_seen_alone(app, dock: ConversationDock):
    transcript = Transcript()
    channel = transcript.open("lab:tls-echo", "tcp")
    channel.sent(b"\x17\x03\x03\x00\x05.....")
    channel.sent(b"hello", layer="tls")
    channel.received(b"\x17\x03\x03\x00\x05.....")
    channel.received(b"hello", layer="tls")
    dock.show_talk(Talk(transcript))
    dock.filter_bar.more_button.setChecked(True)
    assert dock.filter_bar.layer.isVisible()
    dock.filter_bar.layer.setFocus()
    QTest.keyClick(dock.filter_bar.layer, Qt.Key.Key_End)
    await until(lambda: dock.filter_bar.count.text() == "2 of 4")
    assert all(text.endswith("hello") for text in dock.texts())
    dock.filter.put(FilterForm())
    dock.show_event(0)
    dock.filter_like_current("layer")
    await until(lambda: dock.filter_bar.count.text() == "2 of 4")
    assert dock.filter.form.layer == "tcp"
    transcript.close()
