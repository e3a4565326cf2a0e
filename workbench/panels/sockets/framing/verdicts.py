"""The result of the bench in one sentence. No Qt."""

from workbench.formats.framing.chop import Report
from workbench.formats.quantity import count, octets
from workbench.jobs.verdict import Verdict
from workbench.panels.sockets.framing.state import Frames, Read

MAX_PLACES = 8


def of_frames(frames: Frames, kind: str = "") -> Verdict:
    """What the decoder made of the messages. kind: of connection, where they came over one."""
    if frames.mistake is not None:
        return Verdict("bad", "mistake", frames.mistake.what)
    if not frames.sent:
        return Verdict()
    read = frames.read
    chips = _chips(frames)
    if read.broken is not None:
        return Verdict("bad", "broken", f"{read.broken.what}, at octet {read.broken.at:,}", chips)
    came = [message.data for message in read.messages]
    many = f"{count(len(frames.sent), 'message')} sent, {count(len(came), 'came', 'came')}"
    if read.ending is not None and read.ending.word == "incomplete":
        return Verdict("warning", "incomplete", f"{many}; {read.ending.sentence}", chips)
    if len(came) != len(frames.sent):
        return Verdict("bad", "not the same", f"{many}{_why(frames)}", chips)
    if came != list(frames.sent):
        return Verdict("warning", "changed", f"{many}, but not with the same octets{_why(frames)}", chips)
    if read.ending is not None and read.ending.word == "unknown":
        return Verdict("info", "can't tell", f"{many}: {read.ending.sentence}", chips)
    by = f" {kind}" if kind else ""
    return Verdict("good", "the same", f"{many}{by}, octet for octet", chips)


def _why(frames: Frames) -> str:
    noted = next(
        (noted for noted in frames.noted if noted.remark.code in ("marker-in-data", "line-end-added")), None
    )
    return f": {noted.remark.what}" if noted is not None else ""


def _chips(frames: Frames) -> tuple[tuple[str, str], ...]:
    size = sum(len(data) for data in frames.sent)
    wire = len(frames.wire.data)
    chips = [(f"{octets(wire)} on the wire", f"{octets(size)} of messages, and what marks them")]
    if size and wire >= size:
        chips.append((f"x {wire / size:.2f}", "How many times as many octets travel as the messages have"))
    steps = len(frames.read.steps) - 1 + frames.read.more
    if steps > 0:
        chips.append((count(steps, "read"), "Pieces in which the decoder got them"))
    return tuple(chips)


def of_datagrams(sent: tuple[bytes, ...], read: Read) -> Verdict:
    """Whether UDP kept the boundaries."""
    came = [message.data for message in read.messages]
    many = f"{count(len(sent), 'datagram')} sent, {count(len(came), 'came', 'came')} back"
    if sorted(came) == sorted(sent):
        return Verdict("good", "boundaries kept", f"{many}: each is one message, without any framing")
    return Verdict("warning", "not the same", f"{many}: UDP may lose and repeat, but never joins or cuts")


def of_report(report: Report, *, is_running: bool) -> Verdict:
    """What the chopper found."""
    tried = f"{report.tried:,} of {report.planned:,} cuts"
    if report.differs is not None and report.said is not None:
        whole, cut = len(report.whole.messages), len(report.said.messages)
        places = ", ".join(map(str, report.differs[:MAX_PLACES])) + (
            "…" if len(report.differs) > MAX_PLACES else ""
        )
        sentence = (
            f"cut at {places} the decoder says {count(cut, 'message')}, in one piece {count(whole, 'message')}"
            if whole != cut
            else f"cut at {places} the decoder says something else than in one piece"
        )
        return Verdict("bad", "differs", sentence, ((tried, "Tried until one differed"),))
    if is_running:
        return Verdict("running", "trying", tried)
    return Verdict(
        "good",
        "the same for every cut",
        f"{count(len(report.whole.messages), 'message')}, whichever way the octets were cut",
        ((f"{report.tried:,} cuts", _how(report)),),
    )


def _how(report: Report) -> str:
    if report.skipped:
        return f"Every so many octets, since there are many: {report.skipped:,} places were left out"
    return "All there are, of a short stream; every single place of a long one, and single octets"
