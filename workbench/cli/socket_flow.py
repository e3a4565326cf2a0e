"""What `workbench socket deaths` and `workbench socket fill` do, and what they tell."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from workbench.cli.arguments import Parsed
from workbench.cli.output import Output
from workbench.cli.transcript_file import TranscriptFile, transcript_file
from workbench.errors import LocalFault, PeerMisbehaved, TooSlow
from workbench.formats.charset import visible
from workbench.formats.quantity import duration_s, octets
from workbench.protocols.deaths.client import ALL_CALLS, ALL_DEATHS, measure
from workbench.protocols.deaths.columns import MAX_OCTETS, document, read_columns
from workbench.protocols.deaths.values import Column, differences, title_of
from workbench.protocols.flow.pipe import PipeRun
from workbench.protocols.flow.values import Pipe, Remedy, Stations
from workbench.transcript.recorder import Transcript


def deaths_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """The coroutine that measures. Raises: LocalMisuse: a file that holds no findings; LocalFault: none to be read."""
    others = [column for path in parsed["--compare"] for column in _columns(path)]
    return _deaths(parsed, output, others, transcript_file(parsed))


def _columns(path: str) -> list[Column]:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read(MAX_OCTETS + 1)
    except OSError as error:
        raise LocalFault(f"{path}: {error.strerror}", stage="import") from error
    name = Path(path).stem
    return [
        column if column.name else Column(column.system, column.cells, name) for column in read_columns(text)
    ]


async def _deaths(parsed: Parsed, output: Output, others: list[Column], file: TranscriptFile | None) -> int:
    transcript = Transcript()
    deaths, calls = parsed["--death"] or ALL_DEATHS, parsed["--call"] or ALL_CALLS
    try:
        async with _within(parsed["--timeout"], "not every process died in time"):
            ours = await measure(transcript, deaths=deaths, calls=calls)
        if file is not None:
            await file.write(transcript)
    finally:
        transcript.close()
        if file is not None:
            file.drop()
    columns = (ours, *others)
    different = differences(columns)
    if output.as_json:
        told = [{"death": death, "call": call} for death, call in different]
        output.document({**document(columns), "differences": told}, ok=True)
        return 0
    for death in deaths:
        output.line(f"{death}: {ours.sentence(death)}")
        for cell in ours.cells:
            if cell.death == death:
                output.line(
                    f"    {title_of(cell.call):14} {cell.symbol or cell.result or '-':34} {cell.ms:9.1f} ms"
                )
    for death, call in different:
        told_each = ", ".join(_told(column, death, call) for column in columns)
        output.line(f"differs: {visible(death)}, {visible(title_of(call))}: {told_each}")
    return 0


def _told(column: Column, death: str, call: str) -> str:
    cell = column.cell(death, call)
    what = "not measured" if cell is None else cell.symbol or cell.result or cell.told
    return f"{visible(column.name) or 'here'}: {visible(what)}"


def fill_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """The coroutine that fills a pipe. Raises: LocalMisuse: a figure is out of its range."""
    size = parsed["--buffers"]
    pipe = Pipe(
        parsed["--octets"], parsed["--piece"], size, size, size, size, parsed.flag("--at-once")
    ).checked()
    return _fill(parsed, output, pipe, transcript_file(parsed))


async def _fill(parsed: Parsed, output: Output, pipe: Pipe, file: TranscriptFile | None) -> int:
    transcript = Transcript()
    remedy: Remedy = parsed["--remedy"]
    frozen = asyncio.Event()

    def moved(run: PipeRun) -> None:
        if run.is_stalled:
            frozen.set()

    run = PipeRun(pipe, transcript, on_change=moved)
    running = asyncio.create_task(run.run(), name="fill")
    waiting = asyncio.create_task(frozen.wait(), name="fill/frozen")
    try:
        async with _within(parsed["--timeout"], "the pipe neither froze nor ended in time"):
            await asyncio.wait([running, waiting], return_when=asyncio.FIRST_COMPLETED)
            sentence = run.finding.sentence if frozen.is_set() else ""
            if frozen.is_set() and not output.as_json:
                output.note(f"frozen: {sentence}")
            if frozen.is_set():
                run.apply(remedy, deadline_s=parsed["--deadline"])
            if remedy != "none" or not frozen.is_set():
                await running
        told = _pipe_document(run, remedy, sentence)
    finally:
        for task in (running, waiting):
            task.cancel()
        await asyncio.wait([running, waiting])
        if file is not None:
            await file.write(transcript)
            file.drop()
        transcript.close()
    if told["end"] == "different":
        output.so_far = told
        raise PeerMisbehaved(str(told["sentence"]), stage="echo")
    if output.as_json:
        output.document(told, ok=True)
    else:
        output.line(f"{told['end']}: {told['sentence']}")
    return 0


def _pipe_document(run: PipeRun, remedy: Remedy, stall: str) -> dict[str, object]:
    end = run.end
    at = next((mark.written for mark in run.marks if mark.what == "frozen"), None)
    echoed = run.samples[-1].echoed if run.samples else 0
    written = at or 0
    return {
        "octets": run.pipe.octets,
        "remedy": remedy,
        "frozen_at": at,
        "stall": stall,
        "end": end.kind if end is not None else "frozen",
        "sentence": end.sentence if end is not None else f"{octets(written)} handed over, and nothing moves",
        "handed_over": end.written if end is not None else written,
        "echoed": end.echoed if end is not None else echoed,
        "read_by_server": end.there
        if end is not None
        else (run.there.read if run.there is not None else None),
        "sha256": {"sent": end.sent_sha256, "echoed": end.echoed_sha256} if end is not None else None,
        "stations": {"to_server": _stations(run.there), "to_client": _stations(run.back)},
    }


def _stations(found: Stations | None) -> dict[str, object] | None:
    if found is None:
        return None
    return {**found._asdict(), "adds_up": found.adds_up}


class _within:
    """A deadline for everything, whose failure says what was not done. Raises: TooSlow."""

    def __init__(self, timeout_s: float, what: str) -> None:
        self._limit = asyncio.timeout(timeout_s)
        self._what = f"{what} ({duration_s(timeout_s)})"

    async def __aenter__(self) -> None:
        await self._limit.__aenter__()

    async def __aexit__(self, kind: Any, error: Any, trace: Any) -> None:
        try:
            await self._limit.__aexit__(kind, error, trace)
        except TimeoutError as late:
            raise TooSlow(self._what, stage="wait", advice="a longer --timeout") from late
