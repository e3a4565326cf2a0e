"""The page of framings as a person uses it: mouse and keys on the real widgets, against the Lab.

What it is made of is tested through it: workbench.panels.sockets.framing.parts.composer,
workbench.panels.sockets.framing.parts.reading, workbench.panels.sockets.framing.parts.frames,
workbench.panels.sockets.framing.parts.numbers, workbench.panels.sockets.framing.parts.structure,
workbench.panels.sockets.framing.actions and workbench.panels.sockets.framing.models;
workbench.panels.sockets.framing.tour in the tour of the whole window.
"""

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from tests.kit.pulse import even_pulse
from tests.panels.benches import Workplace
from tests.ui import sweep
from workbench.formats.framing.values import Message
from workbench.panels.sockets.framing.models import messages_table
from workbench.panels.sockets.framing.view import EXAMPLE, FramingPage
from workbench.ui import theme


class Around:
    """The panel around the page, as far as the page sees it."""

    def __init__(self) -> None:
        self.talks: list[object] = []

    def show_page(self, page: str) -> None: ...

    def show_talk(self, _page: object, talk: object) -> None:
        self.talks.append(talk)


def opened(app, appearance: str = "light", height: int = 560) -> tuple[Workplace, FramingPage]:
    place = Workplace(app, appearance)
    page = FramingPage(place.bench, Around())
    place.show(page, 1280, height)
    return place, page


async def rested(place: Workplace, page: FramingPage) -> None:
    await place.until(lambda: place.feed.is_idle and not any(job.is_running for job in place_jobs(place)))


def place_jobs(place: Workplace) -> list:
    return [job for scope in place.scopes for job in scope.jobs]


def choose(box, data: object) -> None:
    at = box.findData(data)
    assert at >= 0
    box.setCurrentIndex(at)


def column(model, number: int) -> list[str]:
    return [str(model.index(row, number).data()) for row in range(model.rowCount())]


def type_messages(page: FramingPage, text: str) -> None:
    editor = page.frames.composer.messages
    editor.setFocus()
    editor.selectAll()
    if text.isascii():
        QTest.keyClicks(editor, text)
    else:
        # QTest types ASCII only.
        editor.insertPlainText(text)


async def test_an_offer_fills_the_bench_and_messages_are_framed_while_they_are_typed(app):
    place, page = opened(app)
    frames = page.frames
    assert frames.empty.isVisible()
    QTest.mouseClick(frames.empty.button, Qt.MouseButton.LeftButton)
    await rested(place, page)
    assert frames.composer.messages.toPlainText() == EXAMPLE
    assert (frames.verdict.verdict.word, frames.reading.isVisible()) == ("the same", True)
    assert frames.reading.hex.labels_at(3) == ["LF"]
    choose(frames.row.framing, "length:4:big")
    type_messages(page, "Test.")
    await rested(place, page)
    assert frames.reading.hex.provider.read(0, 99).hex(" ") == "00 00 00 05 54 65 73 74 2e"
    assert frames.reading.hex.labels_at(0) == ["length 5, 4 octets, big-endian"]
    choose(frames.reading.cut, "3")
    await rested(place, page)
    assert column(frames.reading.steps, 1)[:3] == ["00 00 00", "05 54 65", "73 74 2e"]
    assert column(frames.reading.steps, 2)[:2] == ["in a length", "in a message of 5 octets"]
    assert column(frames.reading.messages, 3) == ["Test."]
    await place.close(page)


@pytest.mark.covers("C5.10", "C5.14", "C5.17")
async def test_what_would_go_wrong_stands_there_before_anything_is_sent(app):
    place, page = opened(app)
    frames = page.frames
    choose(frames.row.framing, "nul")
    type_messages(page, "a\\0b")
    await rested(place, page)
    assert column(frames.composer.noted, 1) == [
        "! NUL stands in the message itself, 1 time: the receiver sees 2 messages"
    ]
    assert column(frames.reading.messages, 3) == ["a", "b"]
    assert frames.reading.hex.labels_at(1) == ["NUL in the message: the receiver takes it for the end"]
    choose(frames.row.framing, "length:4:big")
    type_messages(page, "héllo")
    await rested(place, page)
    assert "5 characters, but 6 octets" in column(frames.composer.noted, 1)[0]
    choose(frames.row.framing, "digits")
    QTest.keyClicks(frames.row.detail, "1")
    type_messages(page, "x" * 12)
    await rested(place, page)
    assert frames.composer.problem.isVisible()
    assert "9 at most" in frames.composer.problem.text()
    assert column(frames.composer.noted, 1)[0].startswith("✕ ")
    assert not frames.bar.button.isEnabled()
    await place.close(page)


@pytest.mark.covers("C5.8")
async def test_every_cut_is_tried_by_a_key_and_the_forgetful_decoder_is_found_out(app):
    place, page = opened(app)
    frames = page.frames
    type_messages(page, "Hel")
    await rested(place, page)
    QTest.mouseClick(frames.reading.try_button, Qt.MouseButton.LeftButton)
    await place.until(lambda: page.controller.state.frames.report is not None)
    await rested(place, page)
    assert frames.verdict.verdict.word == "the same for every cut"
    choose(frames.row.decoder, True)
    await rested(place, page)
    assert frames.verdict.verdict.word == "the same"
    QTest.keyClick(frames.composer.messages, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await place.until(lambda: page.controller.state.frames.report is not None)
    await rested(place, page)
    assert frames.verdict.verdict.word == "differs"
    assert column(frames.reading.messages, 3) == ["H", "el"]
    await place.close(page)


async def test_selecting_an_octet_cuts_there_and_steps_and_messages_select_octets(app):
    place, page = opened(app)
    reading = page.frames.reading
    type_messages(page, "Hello")
    await rested(place, page)
    reading.hex.setFocus()
    reading.hex.select(2, 3)
    await rested(place, page)
    assert page.controller.state.frames.cut == (2,)
    assert reading.cut.currentData() == "chosen"
    assert column(reading.steps, 1) == ["48 65", "6c 6c 6f 0a", "the end"]
    reading.steps_table.selectRow(1)
    assert reading.hex.selected_range == (2, 6)
    reading.messages_table.selectRow(0)
    assert reading.hex.selected_range == (0, 6)
    reading.ends.setFocus()
    reading.ends.setValue(3)
    await rested(place, page)
    assert page.frames.verdict.verdict.word == "incomplete"
    await place.close(page)


@pytest.mark.covers("C5.9")
async def test_messages_go_to_the_lab_and_back_through_a_relay_that_cuts(app):
    place, page = opened(app)
    frames = page.frames
    choose(frames.row.framing, "digits")
    type_messages(page, "hello world")
    frames.route.choose("thirds")
    page.send()
    assert frames.bar.text() == "lab:echo"
    await place.until(lambda: page.controller.state.frames.read.is_live)
    await rested(place, page)
    assert (frames.verdict.verdict.word, column(frames.reading.messages, 3)) == ("the same", ["hello world"])
    assert page._frame.talks[-1].transcript is page.controller.transcript
    frames.route.choose("cut")
    page.send()
    await place.until(lambda: page.controller.state.verdict.word == "incomplete")
    await rested(place, page)
    assert "8 octets at least missing" in page.controller.state.verdict.sentence
    choose(frames.row.framing, "close")
    page.send()
    await place.until(
        lambda: page.controller.state.frames.read.is_live and not page.controller.state.is_running
    )
    await rested(place, page)
    assert column(frames.reading.messages, 3) == ["hello w"]
    assert "nobody can tell" in column(frames.reading.steps, 2)[-1]
    await place.close(page)


async def test_datagrams_keep_their_boundaries(app):
    place, page = opened(app)
    page.frames.bar.set_kind("udp")
    page.frames.composer.messages.setPlainText("Hel\nlo")
    page.send()
    assert page.frames.bar.text() == "lab:udp-echo"
    await place.until(lambda: page.controller.state.verdict.word == "boundaries kept")
    await rested(place, page)
    assert column(page.frames.reading.messages, 3) == ["Hel", "lo"]
    await place.close(page)


async def test_a_format_of_ones_own_is_typed_and_its_fields_are_shown(app):
    place, page = opened(app)
    frames = page.frames
    choose(frames.row.framing, "design")
    type_messages(page, "kind=7 body=hi")
    await rested(place, page)
    assert frames.composer.design.isVisible()
    assert column(frames.reading.fields, 4) == ["51,966  (0xcafe)", "7  (0x7)", "2  (0x2)", "hi"]
    design = frames.composer.design
    design.setFocus()
    design.selectAll()
    QTest.keyClicks(design, "body: octets[size]")
    await rested(place, page)
    assert "Line 1, column 14: 'size' can't say a length" in frames.composer.problem.text()
    (mark,) = design.extraSelections()
    assert mark.cursor.selectedText() == "size"
    copies = dict(page.current_talk().copies)
    assert set(copies) == {"Python", "Python class of the format"}
    await place.close(page)


@pytest.mark.covers("C5.11", "C5.12", "C5.13")
async def test_escapes_encodings_and_chosen_markers_are_marked_on_the_wire(app):
    place, page = opened(app)
    frames = page.frames
    choose(frames.row.framing, "backslash")
    type_messages(page, "a\\nb\\\\c")
    await rested(place, page)
    assert frames.reading.hex.provider.read(0, 99) == b"a\\\nb\\\\c\n"
    assert frames.reading.hex.labels_at(1) == ["an octet behind a backslash is data"]
    choose(frames.row.framing, "lf")
    choose(frames.row.encoding, "base64")
    type_messages(page, "\\0\\n\\\\")
    await rested(place, page)
    assert frames.reading.hex.provider.read(0, 99) == b"AApc\n"
    assert "3 octets become 4: 1.33 times as many" in column(frames.composer.noted, 1)[0]
    assert column(frames.reading.messages, 4) == ["00 0a 5c"]
    choose(frames.row.encoding, "")
    choose(frames.row.framing, "chosen")
    await rested(place, page)
    assert frames.reading.hex.labels_at(0) == ["the marker, which does not occur in the message"]
    assert frames.verdict.verdict.word == "the same"
    await place.close(page)


@pytest.mark.covers("C5.15", "C5.16", "C5.18")
async def test_numbers_and_structures_are_read_as_they_are_typed(app):
    place, page = opened(app)
    page.show_numbers()
    numbers = page.numbers
    numbers.number.selectAll()
    QTest.keyClicks(numbers.number, "258")
    await rested(place, page)
    assert column(numbers.forms, 2)[:3] == ["32 35 38", "30 32 35 38", "01 02"]
    assert "htonl(258) is" in numbers.remark.text()
    assert numbers.hint.text() == "looks byte-swapped: in the other order it is 5"
    numbers.number.selectAll()
    QTest.keyClicks(numbers.number, "many")
    await rested(place, page)
    assert "is no number" in numbers.remark.text()
    page.show_structure()
    structure = page.structure
    assert column(structure.fields, 3) == ["83,886,080  (0x5000000)"]
    assert "looks byte-swapped" in column(structure.fields, 4)[0]
    structure.format.selectAll()
    QTest.keyClicks(structure.format, "!HH")
    QTest.keyClicks(structure.values_field, "70000 1")
    await rested(place, page)
    assert "70000 does not fit into H" in structure.problem.text()
    assert "0 to 65535" in structure.problem.text()
    structure.table.selectRow(1)
    assert structure.hex.selected_range == (2, 4)
    structure.hex.select(0, 1)
    assert structure.table.currentIndex().row() == 0
    structure.known.setCurrentIndex(structure.known.findData("!HHHH"))
    structure.known.activated.emit(structure.known.currentIndex())
    await rested(place, page)
    assert "needs 8 octets, and 4 octets are there" in structure.problem.text()
    await place.close(page)


async def test_a_long_text_is_computed_beside_the_window(app):
    place, page = opened(app)
    with even_pulse():
        page.frames.row.limit.setText("16384")
        page.frames.composer.messages.setPlainText("x" * 20_000)
        await place.until(lambda: page.controller.state.verdict.word == "broken")
        await rested(place, page)
        assert "limit of 16,384 octets" in page.frames.verdict.text()
        page.frames.composer.messages.setPlainText("abc\n" * 500)
        await place.until(lambda: page.controller.state.verdict.word == "the same")
        page.try_every_cut()
        await place.until(lambda: page.controller.state.verdict.word == "trying")
        QTest.keyClick(page.frames.bar.field, Qt.Key.Key_Escape)
        page.stop()
        await rested(place, page)
    assert page.controller.state.verdict.word == "stopped"
    await place.close(page)


async def test_what_is_too_much_to_be_pasted_is_refused_in_words(app):
    place, page = opened(app)
    data = QMimeData()
    data.setText("x" * 70_000)
    page.frames.composer.messages.insertFromMimeData(data)
    assert "nothing was pasted" in page.frames.composer.problem.text()
    assert page.frames.composer.messages.exact_text() == ""
    await place.close(page)


async def test_a_draft_comes_back_and_nonsense_is_left_out(app):
    place, page = opened(app)
    choose(page.frames.row.framing, "netstring")
    type_messages(page, "kept")
    page.show_structure()
    draft = page.draft()
    await place.close(page)
    place, other = opened(app)
    other.restore(draft)
    assert other.frames.composer.messages.toPlainText() == "kept"
    assert other.frames.row.framing.currentData() == "netstring"
    assert other.tabs.currentIndex() == 2
    other.restore(
        {"framing": "nosuch", "limit": 5, "messages": "x" * 70_000, "cut": "x", "view": 9, "bar": 3}
    )
    assert other.controller.state.form.framing == "netstring"
    other.open_target("lab:echo")
    assert other.frames.bar.text() == "lab:echo"
    await place.close(other)


@pytest.mark.parametrize(("appearance", "percent"), [("light", 100), ("dark", 100), ("light", 200)])
async def test_everything_has_a_name_and_room(app, appearance: str, percent: int):
    place = Workplace(app, appearance)
    theme.apply(app, appearance, percent)  # type: ignore[arg-type]  # one of two
    page = FramingPage(place.bench, Around())
    place.show(page, 1280 * percent // 100, 560 * percent // 100)
    type_messages(page, "a\\0b")
    choose(page.frames.row.framing, "digits")
    await rested(place, page)
    for show in (page.show_frames, page.show_numbers, page.show_structure):
        show()
        await rested(place, page)
        assert sweep.unnamed(page) == []
        assert sweep.clipped(page) == []
        assert sweep.without_tip(page) == []
    await place.close(page)
    theme.apply(app, "light", 100)


def test_the_tables_are_right_models(app):
    table = messages_table()
    tester = QAbstractItemModelTester(table, QAbstractItemModelTester.FailureReportingMode.Fatal)
    table.show_rows([(1, Message(b"x", 0, 1))])
    table.show_rows([])
    assert tester.model() is table
