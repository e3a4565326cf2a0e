"""What the page of calls by hand does: make a call, tell a story, read options, provoke an exception. No Qt."""

import asyncio
from collections.abc import Callable

from workbench.errors import LocalMisuse, WorkbenchError
from workbench.formats.quantity import count, duration, octets
from workbench.jobs.job import current_job
from workbench.jobs.verdict import Verdict
from workbench.panels.observed import Observed
from workbench.panels.sockets.steps.state import OptionRow, StepsState
from workbench.protocols.calls import code
from workbench.protocols.calls.arguments import parse_line
from workbench.protocols.calls.descriptors import open_descriptors
from workbench.protocols.calls.desk import Desk
from workbench.protocols.calls.failures import provoke
from workbench.protocols.calls.options import OptionInfo, all_options, read_option, value_text
from workbench.protocols.calls.presets import PRESETS
from workbench.protocols.calls.values import Outcome
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import TargetResolver

MAX_SHOWN_OUTCOMES = 500
"""Calls that the ladder shows; the conversation has all."""


class StepsController(Observed[StepsState]):
    """One desk at a time.

    Args:
        new_transcript: makes the one that a desk records in.
        resolver: knows the Lab's names.
    """

    def __init__(self, new_transcript: Callable[[], Transcript], resolver: TargetResolver | None) -> None:
        super().__init__(StepsState())
        self._new_transcript = new_transcript
        self._resolver = resolver
        self.desk = self._new_desk()
        self._options = all_options()
        self._asked: dict[tuple[str, str], str] = {}
        self.read_options()

    def _new_desk(self) -> Desk:
        desk = Desk(self._new_transcript(), resolver=self._resolver)
        desk.observe(self._on_desk_changed)
        return desk

    @property
    def transcript(self) -> Transcript:
        """Where the desk records."""
        return self.desk.transcript

    # ---- what a person looks at

    def select(self, name: str) -> None:
        """Turn to a socket or a file."""
        if name != self.state.selected:
            self.replace(selected=name)
            self.read_options()

    def look_back(self, outcome: Outcome) -> None:
        """Say an earlier outcome once more."""
        self.replace(verdict=verdict_of(outcome))

    def dismiss(self) -> None:
        """Take the failure away."""
        self.replace(problem=None)

    def refresh(self) -> None:
        """Look at everything again."""
        self._show()
        self.replace(open_descriptors=open_descriptors())
        self.read_options()

    def read_options(self) -> None:
        """Read every option of the selected socket."""
        self.replace(options=tuple(self._row(option) for option in self._options))

    def _row(self, option: OptionInfo) -> OptionRow:
        descriptor = self.state.descriptor
        if not option.is_here:
            return OptionRow(option, why=option.missing)
        held = self.desk.sockets.get(descriptor.name) if descriptor is not None else None
        if held is None or held.sock.fileno() < 0:
            return OptionRow(option, why="no open socket is selected")
        reading = read_option(held.sock, option)
        if reading.error:
            return OptionRow(option, why=f"this socket has it not ({reading.error})")
        asked = self._asked.get((held.name, option.name))
        differs = asked is not None and asked != str(reading.number) and reading.number is not None
        return OptionRow(option, value_text(option, reading), reading.octets, differs=differs)

    # ---- what a person does

    async def type(self, text: str) -> Outcome:
        """Make the call that a line says. Raises: LocalMisuse, shown too."""
        self.replace(problem=None, running=self.state.running + 1)
        try:
            line = parse_line(text)
            self.replace(verdict=Verdict("running", line.call, f"{text} …"))
            if line.call == "setsockopt":
                option, value = (line.given.get(name, "") for name in ("option", "value"))
                self._asked[line.on, option.upper()] = value
            outcome = await self.desk.call(line)
        except WorkbenchError as failure:
            self.replace(problem=failure, verdict=Verdict("bad", "not possible", str(failure)))
            raise
        except asyncio.CancelledError:
            self.replace(verdict=Verdict("info", "cancelled", f"{text}: nobody waits for it any more"))
            raise
        finally:
            self.replace(running=self.state.running - 1)
        self.replace(verdict=verdict_of(outcome))
        chosen = outcome.made[0] if outcome.made else outcome.on
        self.replace(selected=chosen or self.state.selected)
        self.refresh()
        return outcome

    async def empty(self) -> None:
        """Give everything back and begin anew."""
        before = self.desk
        self.desk = self._new_desk()
        self._asked.clear()
        await before.aclose()
        before.transcript.close()
        self.state = StepsState(provoked=self.state.provoked)
        self.refresh()

    async def begin(self, story: str) -> None:
        """Empty the desk and lay the calls of a story ready. Raises: LocalMisuse: there is no such story."""
        preset = next((each for each in PRESETS if each.id == story), None)
        if preset is None:
            raise LocalMisuse(f"there is no story {story}", stage="input")
        await self.empty()
        calls = count(len(preset.lines), "call")
        sentence = f"{preset.what}; {calls}"
        self.replace(story=story, queue=preset.lines, verdict=Verdict("info", preset.title.lower(), sentence))

    def lay(self, *lines: str) -> None:
        """Lay calls ready, without emptying the desk."""
        self.replace(story="", queue=lines)

    async def step(self) -> None:
        """Make the next call of the story. Raises: LocalMisuse: it has come to its end."""
        if not self.state.queue:
            raise LocalMisuse("the story has come to its end", stage="input")
        line = self.state.queue[0]
        self.replace(queue=self.state.queue[1:])
        await self.type(line)

    async def play(self) -> None:
        """Make the rest of the story's calls, one after the other."""
        total = len(self.state.queue)
        while self.state.queue:
            if (job := current_job()) is not None:
                job.progress(total - len(self.state.queue), total=total, stage=self.state.queue[0])
            await self.step()

    async def set_option(self, option: OptionInfo, text: str) -> Outcome:
        """Ask for an option of the selected socket. Raises: LocalMisuse: none is selected, or no value."""
        descriptor = self.state.descriptor
        if descriptor is None:
            raise LocalMisuse("no socket is selected", stage="input")
        value = f'"{text}"' if option.type == "string" and not text.startswith('"') else text.replace(" ", "")
        return await self.type(f"{descriptor.name}.setsockopt {option.level} {option.name} {value}")

    async def provoke(self, name: str) -> None:
        """Bring about an exception, on sockets of its own. Raises: LocalMisuse: it is only a group."""
        desk = Desk(self.transcript, resolver=self._resolver)
        self.replace(provoking=name)
        try:
            came = await provoke(name, desk)
        except WorkbenchError as failure:
            self.replace(problem=failure)
            raise
        finally:
            await desk.aclose()
            self.replace(provoking="")
        is_it = came.raised == name
        sentence = f"{came.raised} {came.errno}: {came.said}" if came.raised else came.said
        self.replace(
            provoked={**self.state.provoked, name: came},
            verdict=Verdict("good" if is_it else "warning", "provoked" if is_it else "another", sentence),
        )

    def copy_as_python(self) -> str:
        """The calls so far as a script. Raises: LocalMisuse: there are none."""
        return code.python(self.desk.outcomes)

    async def retire(self) -> None:
        """Give everything back."""
        self.forget_all()
        await self.desk.aclose()
        self.transcript.close()

    # ----

    def _on_desk_changed(self, desk: Desk) -> None:
        if desk is self.desk:
            self._show()

    def _show(self) -> None:
        self.replace(
            descriptors=self.desk.descriptors(),
            files=self.desk.views(),
            outcomes=tuple(self.desk.outcomes[-MAX_SHOWN_OUTCOMES:]),
        )


def verdict_of(outcome: Outcome) -> Verdict:
    """An outcome as the verdict line says it."""
    took = (duration(outcome.elapsed_ns), "From the call to its answer")
    chips = [took]
    if outcome.offered is not None and outcome.accepted is not None:
        said = f"{octets(outcome.accepted)} of {octets(outcome.offered)}"
        chips.append((said, "Taken by the system, of what was offered"))
    if outcome.errno:
        chips.append((outcome.errno, outcome.said))
    if outcome.raised:
        text = ". ".join(filter(None, (outcome.sentence or outcome.said, outcome.remark)))
        return Verdict("bad", outcome.raised, text, tuple(chips))
    partial = outcome.offered is not None and (outcome.accepted or 0) < outcome.offered
    shown = outcome.text if outcome.result in ("None", "") else f"{outcome.text} → {outcome.result}"
    text = f"{shown}; {outcome.remark}" if outcome.remark else shown
    differs = outcome.remark.startswith("differs")
    return Verdict("warning" if partial or differs else "good", "done", text, tuple(chips))
