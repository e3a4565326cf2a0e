"""What the bench computes: messages to octets, octets in pieces to steps and messages. No Qt, no socket.

`work` is a generator that yields whenever some time has passed, so that whoever owns the loop can let it turn.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from workbench.errors import LocalMisuse
from workbench.formats.framing.catalogue import read_framing
from workbench.formats.framing.chop import Cut, ForgetsBetweenReads
from workbench.formats.framing.design import Design, Shown
from workbench.formats.framing.design_text import read_design
from workbench.formats.framing.encodings import Encoded, encoding_named
from workbench.formats.framing.values import (
    MAX_MESSAGE,
    Decodes,
    Framing,
    Mark,
    Message,
    Wire,
    characters_remark,
)
from workbench.formats.payload import parse_payload
from workbench.formats.place import mistake
from workbench.panels.sockets.framing.state import (
    BEFORE,
    CHOSEN,
    DESIGN,
    WHOLE,
    Form,
    Frames,
    Noted,
    Read,
    Step,
)

MAX_TEXT = 96 * 1024
"""Characters of all messages: what is larger is a file, for `workbench socket scan-frames`."""
MAX_MESSAGES = 4096
MAX_STEPS = 500
"""Steps that are listed; more are counted."""
MAX_NOTED = 200
SLICE_NS = 3_000_000
PIECE = 2048
"""Octets that a decoder is fed at once: half of what could take a slice."""
FORGETFUL = 4096
"""Octets up to which the forgetful decoder reads: it must have each read whole."""
_COUNTS = ("length", "digits", "varint", "netstring", DESIGN)


class Mistaken(Exception):
    """What was typed wrong, and in which field."""

    def __init__(self, wrong: str, misuse: LocalMisuse) -> None:
        super().__init__(misuse.what)
        self.wrong = wrong
        self.misuse = misuse


def framing_of(form: Form) -> Framing:
    """What the form names. Raises: Mistaken."""
    if form.framing == DESIGN:
        framing: Framing = _in("design", lambda: read_design(form.design))
    else:
        named = f"{form.framing}:{form.detail}" if form.framing in ("marker", "digits") else form.framing
        framing = _in("detail", lambda: _placed(named, form.detail))
    return Encoded(framing, encoding_named(form.encoding)) if form.encoding else framing


def _placed(named: str, detail: str) -> Framing:
    try:
        return read_framing(named)
    except LocalMisuse as misuse:
        raise mistake(detail, 0, len(detail), misuse.what, misuse.advice) from misuse


def limit_of(form: Form) -> int:
    """Octets that a message may have. Raises: Mistaken."""
    text = form.limit.strip()
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:10]) <= MAX_MESSAGE):
        what = f"a limit is a number of octets from 1 to {MAX_MESSAGE:,}"
        raise Mistaken("limit", mistake(form.limit, 0, len(form.limit), what, "write it like 65536"))
    return int(text)


def decoder_of(form: Form) -> Callable[[], Decodes]:
    """What makes the decoder that the form wants. Raises: Mistaken."""
    framing, limit = framing_of(form), limit_of(form)
    if form.forgets:
        return lambda: ForgetsBetweenReads(lambda: framing.decoder(limit))
    return lambda: framing.decoder(limit)


def _in(field: str, read: Callable[[], Framing]) -> Framing:
    try:
        return read()
    except LocalMisuse as misuse:
        raise Mistaken(field, misuse) from misuse


def work(form: Form) -> Iterator[Frames]:
    """The bench as the form has it; yields what there is whenever some time has passed, and at last all of it."""
    frames = Frames()
    try:
        framing, make = framing_of(form), decoder_of(form)
        for frames in _writing(framing, form):
            yield frames
        if not frames.sent:
            return
        data = frames.wire.data if form.ends_after < 0 else frames.wire.data[: form.ends_after]
        if form.forgets and len(data) > FORGETFUL:
            what = f"the forgetful decoder reads up to {FORGETFUL:,} octets"
            raise Mistaken("messages", LocalMisuse(what, advice="type less, or take the right decoder"))
        cut = cut_of(form, frames.wire, len(data))
        for read in _reading(make(), data, cut, whole=form.forgets):
            frames = replace(frames, cut=cut, read=read)
            yield frames
        yield replace(
            frames, read=replace(frames.read, fields=fields_of(framing, data, frames.read.messages))
        )
    except Mistaken as wrong:
        yield replace(frames, mistake=wrong.misuse, wrong=wrong.wrong)


def _writing(framing: Framing, form: Form) -> Iterator[Frames]:
    """The messages and their octets; nothing of them now and then, and all at last. Raises: Mistaken."""
    sent: list[bytes] = []
    noted: list[Noted] = []
    marks: list[Mark] = []
    octets = bytearray()

    def so_far() -> Frames:
        return Frames(tuple(sent), Wire(bytes(octets), tuple(marks)), tuple(noted))

    stop_ns = time.perf_counter_ns() + SLICE_NS
    for number, (text, data) in enumerate(_messages(form), 1):
        sent.append(data)
        if len(noted) < MAX_NOTED:
            noted += _noted(framing, form, number, text, data)
        try:
            wire = framing.encode(data)
        except LocalMisuse as misuse:
            # What is known so far is shown beside the mistake.
            yield so_far()
            what = f"message {number}: {misuse.what}"
            raise Mistaken("message", LocalMisuse(what, advice=misuse.advice)) from misuse
        at = len(octets)
        marks += [mark._replace(start=mark.start + at, stop=mark.stop + at) for mark in wire.marks]
        octets += wire.data
        if time.perf_counter_ns() >= stop_ns:
            yield Frames()
            stop_ns = time.perf_counter_ns() + SLICE_NS
    yield so_far()


def _messages(form: Form) -> Iterator[tuple[str, bytes]]:
    """Each line of the text as it is typed, and the octets that it means. Raises: Mistaken."""
    text = form.messages
    if len(text) > MAX_TEXT:
        what = f"more than {MAX_TEXT:,} characters"
        raise Mistaken(
            "messages", mistake(text, MAX_TEXT, len(text), what, "use workbench socket scan-frames")
        )
    at = 0
    for number, line in enumerate(text.removesuffix("\n").split("\n") if text else ()):
        if number == MAX_MESSAGES:
            what = f"more than {MAX_MESSAGES:,} messages"
            raise Mistaken(
                "messages", mistake(text, at, at + len(line), what, "use workbench socket scan-frames")
            )
        try:
            yield line, parse_payload(line)
        except LocalMisuse as misuse:
            start, end = at + (misuse.start or 0), at + (misuse.end or 0)
            raise Mistaken("messages", mistake(text, start, end, misuse.what, misuse.advice)) from misuse
        at += len(line) + 1


def _noted(framing: Framing, form: Form, number: int, text: str, data: bytes) -> list[Noted]:
    noted = [Noted(number, remark) for remark in framing.remarks(data)]
    if form.framing.partition(":")[0] in _COUNTS and "\\" not in text:
        characters = characters_remark(text, data)
        if characters is not None:
            noted.append(Noted(number, characters))
    return noted


def cut_of(form: Form, wire: Wire, size: int) -> Cut:
    """Where the form cuts so many octets."""
    if form.cut == WHOLE:
        return ()
    if form.cut == CHOSEN:
        return (form.place,) if 0 < form.place < size else ()
    if form.cut == BEFORE:
        # Within a mark of several octets, which is where a decoder is easily wrong; else before it.
        places = {mark.start + (mark.stop - mark.start) // 2 for mark in wire.marks}
        return tuple(sorted(place for place in places if 0 < place < size))
    step = int(form.cut)
    return tuple(range(step, size, step))


def _reading(decoder: Decodes, data: bytes, cut: Cut, *, whole: bool) -> Iterator[Read]:
    """The steps of a decoder that is fed the pieces; yields now and then, and the whole at the end."""
    reader = Reader(decoder)
    stop_ns = time.perf_counter_ns() + SLICE_NS
    at = 0
    for place in (*cut, len(data)):
        # A right decoder does not mind being fed a read in parts; the forgetful one is small.
        step = place - at if whole else PIECE
        for start in range(at, place, max(1, step)):
            reader.feed(data[start : min(place, start + step)], is_new=start == at)
            if time.perf_counter_ns() >= stop_ns:
                yield reader.read
                stop_ns = time.perf_counter_ns() + SLICE_NS
        at = place
    yield reader.finish(data)


class Reader:
    """Feeds a decoder and writes its steps down."""

    def __init__(self, decoder: Decodes, *, is_live: bool = False) -> None:
        self._decoder = decoder
        self._steps: list[Step] = []
        self._messages: list[Message] = []
        self._at = 0
        self._more = 0
        self._is_live = is_live

    def feed(self, data: bytes, *, is_new: bool = True, what: str = "") -> None:
        """One read, or more of the same one."""
        messages = self._decoder.feed(data)
        self._messages += messages
        start, self._at = self._at, self._at + len(data)
        if not is_new and self._more == 0 and self._steps:
            last = self._steps[-1]
            self._steps[-1] = last._replace(
                stop=self._at, state=self._decoder.state, messages=last.messages + len(messages)
            )
        elif len(self._steps) < MAX_STEPS:
            self._steps.append(Step(start, self._at, self._decoder.state, len(messages), what))
        elif is_new:
            self._more += 1

    @property
    def read(self) -> Read:
        """What is known so far."""
        return Read(
            steps=tuple(self._steps),
            messages=tuple(self._messages),
            broken=self._decoder.broken,
            more=self._more,
            is_live=self._is_live,
        )

    def finish(self, data: bytes) -> Read:
        """The end of the stream that was `data`."""
        state = self._decoder.state
        ending = self._decoder.finish()
        self._messages += ending.messages
        word = {"unknown": "nobody can tell"}.get(ending.word, ending.word)
        state = state._replace(name=f"{word}: {ending.sentence}", awaited=None)
        self._steps.append(Step(self._at, self._at, state, len(ending.messages), "the end"))
        return replace(self.read, data=data, ending=ending, remarks=tuple(self._decoder.remarks))


def fields_of(framing: Framing, data: bytes, messages: tuple[Message, ...]) -> tuple[tuple[Shown, ...], ...]:
    """The fields of each message of a design; none of other framings."""
    if not isinstance(framing, Design):
        return ()
    return tuple(
        framing.read(data[message.start : message.stop], message.start) for message in messages[:MAX_STEPS]
    )
