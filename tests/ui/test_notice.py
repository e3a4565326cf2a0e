"""The failure bar."""

import json
from collections.abc import Callable

import pytest
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui import sweep
from workbench import errors
from workbench.errors import LinkLost, LocalMisuse, PeerMisbehaved, Refused, WorkbenchError
from workbench.ui.notice import HEADINGS, Notice, second_line, sentence

Show = Callable[..., QWidget]


@pytest.fixture
def notice(show: Show) -> Notice:
    holder = QWidget()
    made = Notice(holder)
    show(holder, 800, 120)
    made.resize(800, 100)
    return made


def test_it_is_not_there_until_something_fails(notice: Notice) -> None:
    assert not notice.isVisible()
    notice.show_failure(LinkLost("nobody listens there"))
    assert notice.isVisible()
    notice.show_failure(None)
    assert not notice.isVisible()


def test_it_says_stage_cause_symbol_advice_and_source(notice: Notice) -> None:
    notice.show_failure(
        LinkLost(
            "nobody listens at port 1",
            stage="connect",
            errno_name="ECONNREFUSED",
            advice="start the service",
            committed="maybe",
            source="RFC 9293 section 3.5",
        )
    )
    assert notice.heading.text() == "No connection, stage connect"
    assert notice.what.text() == "Nobody listens at port 1 (ECONNREFUSED)."
    assert (
        notice.details.text() == "Start the service. The peer may have carried it out. RFC 9293 section 3.5"
    )
    assert "No connection" in notice.accessibleDescription()
    assert notice.property("notice") == "error"


def test_the_peer_s_own_words_are_shown_as_sent(notice: Notice) -> None:
    notice.show_failure(Refused("the mailbox was refused", reply="550 5.1.1 <b>No such user</b>\r\n"))
    assert notice.what.text() == "The mailbox was refused: 550 5.1.1 <b>No such user</b>."
    assert notice.property("notice") == "warning"


def test_a_failure_without_details_has_no_second_line(notice: Notice) -> None:
    notice.show_failure(PeerMisbehaved("nonsense"))
    assert not notice.details.isVisible()
    assert not notice.show_event.isVisible()
    assert second_line(PeerMisbehaved("nonsense")) == ""
    assert sentence(LocalMisuse("what now?")) == "What now?"


def test_it_leads_to_the_line_of_the_conversation(notice: Notice) -> None:
    notice.show_failure(LinkLost("gone", transcript_index=17))
    spy = QSignalSpy(notice.event_asked)
    notice.show_event.click()
    assert spy.at(0) == [17]


def test_details_are_copied_as_json(notice: Notice) -> None:
    failure = PeerMisbehaved("a wrong octet", data=b"\xff", source="RFC 5321 section 4.2", stage="greeting")
    notice.show_failure(failure)
    notice.copy.click()
    assert json.loads(QApplication.clipboard().text()) == failure.as_dict()
    QApplication.clipboard().clear()


def test_it_can_be_dismissed(notice: Notice) -> None:
    notice.show_failure(LinkLost("gone"))
    spy = QSignalSpy(notice.dismissed)
    notice.close_button.click()
    assert not notice.isVisible()
    assert notice.failure is None
    assert spy.count() == 1


def test_every_kind_of_failure_has_a_heading() -> None:
    kinds = {
        name
        for name, thing in vars(errors).items()
        if isinstance(thing, type) and issubclass(thing, WorkbenchError) and thing is not WorkbenchError
    }
    assert kinds == set(HEADINGS)


def test_nothing_is_cut_off_and_everything_has_a_name(notice: Notice) -> None:
    notice.show_failure(LinkLost("a long story " * 20, advice="try something " * 10, transcript_index=1))
    notice.resize(500, notice.heightForWidth(500))
    notice.layout().activate()
    assert sweep.clipped(notice) == []
    assert sweep.unnamed(notice) == []
    assert sweep.without_tip(notice) == []


def test_the_raw_side_is_folded_until_it_is_asked_for(notice: Notice) -> None:
    notice.show_failure(LinkLost("nobody listens there", stage="connect", errno_name="ECONNREFUSED"))
    assert not notice.raw.isVisible()
    notice.more.click()
    assert notice.raw.isVisible()
    text = notice.raw.toPlainText()
    assert "stage      connect" in text
    assert "LinkLost ← WorkbenchError ← ConnectionError" in text
    # The same failure again leaves it as it is; another one folds it.
    notice.show_failure(notice.failure)
    assert notice.raw.isVisible()
    notice.show_failure(Refused("no"))
    assert not notice.raw.isVisible()
    assert not notice.more.isChecked()
