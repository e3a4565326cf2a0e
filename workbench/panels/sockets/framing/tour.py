"""The part of the tour for framings: two messages behind their lengths, every cut tried, and sent through a relay."""

from workbench.panels.guide import Guide
from workbench.panels.sockets.framing.view import FramingPage


async def tour(page: FramingPage, guide: Guide) -> None:
    """Take the example, choose a length ahead, try every cut, and send it to lab:echo in segments of three octets."""
    frames = page.frames
    guide.click(frames.empty.button)
    await guide.until(
        "messages are framed while they are typed", lambda: frames.verdict.verdict.word, "the same"
    )
    frames.row.framing.setCurrentIndex(frames.row.framing.findData("length:2:big"))
    await guide.until(
        "the length stands ahead", lambda: frames.reading.hex.labels_at(0), ["length 3, 2 octets, big-endian"]
    )
    guide.click(frames.reading.try_button)
    await guide.until(
        "the decoder says the same for every cut",
        lambda: frames.verdict.verdict.word,
        "the same for every cut",
    )
    frames.route.choose("thirds")
    frames.bar.set_text("lab:echo")
    guide.click(frames.bar.button)
    await guide.until(
        "both messages came back over TCP",
        lambda: "2 came over TCP and back" in frames.verdict.verdict.sentence,
        True,
    )
    page.show_numbers()
    guide.compare("five looks swapped in the other order", page.numbers.hint.text()[-1:], "5")
    page.show_frames()
