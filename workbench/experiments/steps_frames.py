"""Carrying out the verbs of verbs_frames.py. As in steps.py."""

import asyncio
from typing import TYPE_CHECKING, cast

from workbench.experiments.stage import Carry, Done, Stage, data_of, timeout_of
from workbench.experiments.things_frames import Chopped, Framed, FramesRead, Unpacked
from workbench.experiments.values import Given
from workbench.experiments.verb import quoted
from workbench.experiments.verbs_frames import MAX_LIMIT
from workbench.wire.stream import Stream

if TYPE_CHECKING:
    from workbench.formats.framing.values import Decodes, Framing, Message


def _framing(given: Given) -> "Framing":
    # The engine is loaded for the cards that need it alone.
    from workbench.formats.framing.catalogue import read_framing

    return read_framing(str(given["framing"]))


async def _frame(_stage: Stage, given: Given, _name: str) -> Done:
    framing, data = _framing(given), data_of(given)
    codes = ", ".join(remark.code for remark in framing.remarks(data))
    wire = framing.encode(data).data
    return Done(Framed(wire, codes, len(data)), f"{quoted(wire)}{f', remark: {codes}' if codes else ''}")


async def _send_framed(stage: Stage, given: Given, _name: str) -> Done:
    wire = _framing(given).encode(data_of(given)).data
    await stage.stream(given["on"]).send(wire, timeout_s=timeout_of(given))
    return Done(said=quoted(wire))


async def _read_frames(stage: Stage, given: Given, _name: str) -> Done:
    decoder = _framing(given).decoder(cast(int, given.get("limit", MAX_LIMIT)))
    wanted = cast("int | None", given.get("messages"))
    read = await _decoded(stage.stream(given["on"]), decoder, wanted, timeout_of(given))
    return Done(read, read.said)


async def _decoded(stream: Stream, decoder: "Decodes", wanted: int | None, timeout_s: float) -> FramesRead:
    messages: list[Message] = []
    octets = 0
    while decoder.broken is None and (wanted is None or len(messages) < wanted):
        data = await stream.read(timeout_s=timeout_s)
        if not data:
            ending = decoder.finish()
            messages += ending.messages
            return FramesRead(_data(messages), ending.word, ending.sentence, octets)
        octets += len(data)
        messages += decoder.feed(data)
    if decoder.broken is not None:
        return FramesRead(_data(messages), "broken", decoder.broken.what, octets, decoder.broken.at)
    return FramesRead(_data(messages), "open", "the connection goes on", octets)


def _data(messages: "list[Message]") -> tuple[bytes, ...]:
    return tuple(message.data for message in messages)


async def _chop(_stage: Stage, given: Given, _name: str) -> Done:
    from workbench.formats.framing.chop import Chopper, ForgetsBetweenReads

    framing = _framing(given)
    make = framing.decoder
    forgets = given.get("decoder") == "forgetful"
    chopper = Chopper((lambda: ForgetsBetweenReads(framing.decoder)) if forgets else make, data_of(given))
    while not chopper.report.is_done:
        chopper.step()
        await asyncio.sleep(0)
    report = chopper.report
    cut = " ".join(map(str, report.differs)) if report.differs is not None else ""
    seen = Chopped(report.tried, report.differs is None, cut, len(report.whole.messages))
    return Done(seen, f"{report.tried} cuts, {'all the same' if seen.same else f'cut at {cut} it differs'}")


async def _unpack(stage: Stage, given: Given, _name: str) -> Done:
    from workbench.formats.framing.structure import inspect

    fields = inspect(str(given["format"]), stage.octets(given["of"]).data)
    seen = Unpacked(
        ", ".join(str(each.value) for each in fields if each.value is not None),
        "; ".join(each.hint for each in fields if each.hint),
    )
    return Done(seen, seen.values)


CARRY_FRAMES: dict[str, Carry] = {
    "frame": _frame,
    "send-framed": _send_framed,
    "read-frames": _read_frames,
    "chop-frames": _chop,
    "unpack": _unpack,
}
