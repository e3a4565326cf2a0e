"""What the page of scripts does: send a payload, run a script, listen by rules, repeat. No Qt."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from workbench.errors import LocalMisuse, TooSlow, WorkbenchError
from workbench.formats.macro import Template, parse_template
from workbench.formats.macro_run import Run
from workbench.formats.payload import parse_payload
from workbench.formats.quantity import count, duration, octets
from workbench.formats.target import parse_target
from workbench.jobs.job import current_job
from workbench.jobs.verdict import Verdict
from workbench.panels.observed import Observed
from workbench.panels.sockets.scripts.shelf import Shelf
from workbench.panels.sockets.scripts.state import (
    MAX_PREVIEW,
    MAX_STEPS_SHOWN,
    Activity,
    Matched,
    ScriptsState,
)
from workbench.protocols.raw.endpoint import open_endpoint
from workbench.protocols.raw.library import Library
from workbench.protocols.raw.protection import Ask, TlsForm, protection
from workbench.protocols.raw.repeat import Counts, Plan, Repeat
from workbench.protocols.raw.rules import Rule, Rules, parse_rules, serve_rules
from workbench.protocols.raw.script import Script, parse_script
from workbench.protocols.raw.script_run import StepResult, explained, run_script
from workbench.protocols.raw.serve import Server
from workbench.protocols.raw.talk import Secure
from workbench.protocols.raw.values import DIRECT, Transport
from workbench.transcript.recorder import Transcript
from workbench.wire.datagram import Received, open_datagram
from workbench.wire.dial import TargetResolver
from workbench.wire.listen import listen
from workbench.wire.stream import Stream

QUIET_S = 1.0
"""A sent payload's answer is over when nothing came for so long."""
MAX_ANSWER = 1024 * 1024
TELL_EVERY_S = 0.03
"""Steps of a quick script come by the thousand: the window is told a frame at a time."""


class ScriptsController(Observed[ScriptsState]):
    """One thing at a time goes on; the library is at hand all the while.

    Args:
        new_transcript: makes the one that everything is recorded in.
        library: the person's texts. resolver: knows the Lab's names. authority: asks the Lab for its certificates.
    """

    def __init__(
        self,
        new_transcript: Callable[[], Transcript],
        library: Library,
        resolver: TargetResolver,
        *,
        authority: Ask | None = None,
    ) -> None:
        super().__init__(ScriptsState())
        self.transcript = new_transcript()
        self.timeout_s = 30.0
        self.shelf = Shelf(library, self)
        self.run = Run()
        self._new_transcript = new_transcript
        self._resolver = resolver
        self._authority = authority
        self._repeat: Repeat | None = None
        self._steps: list[StepResult] = []
        self._told_s = 0.0

    # ---- what a person composes

    def compose(self, **fields: object) -> None:
        """Replace fields of the form; its text is read at once, so that a mistake is seen where it stands."""
        form = replace(self.state.form, **fields)  # type: ignore[arg-type]  # names checked by replace
        if form != self.state.form or not fields:
            self.replace(form=form)
            self._judge()

    def _judge(self) -> None:
        form = self.state.form
        try:
            if form.view == "script":
                if form.script.strip():
                    parse_script(form.script)
                self.replace(mistake=None)
            elif form.view == "rules":
                self._show_rules(parse_rules(form.rules) if form.rules.strip() else None)
                self.replace(mistake=None)
            else:
                self.replace(mistake=None, preview=self.template().render(self.run.copy())[:MAX_PREVIEW])
        except LocalMisuse as mistake:
            self.replace(mistake=mistake, preview=None)

    def template(self) -> Template:
        """The payload as it is composed. Raises: LocalMisuse with its place."""
        payload = self.state.form.payload
        return parse_template(payload.text, encoding=payload.encoding, line_ending=payload.line_ending)

    def dismiss(self) -> None:
        """Take the failure away."""
        self.replace(problem=None)

    # ---- what a person does

    async def start(self) -> None:
        """Do what the view is about. Raises: WorkbenchError, shown too."""
        works: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
            "payload": self._send,
            "script": self._run_script,
            "rules": self._listen,
            "repeat": self._repeated,
        }
        view = self.state.form.view
        await self._to_end("send" if view == "payload" else view, works[view]())

    def stop_sending(self) -> None:
        """End a repetition in order: what was sent may still be answered."""
        if self._repeat is not None:
            self._repeat.stop()

    async def _send(self) -> None:
        data = self.template().render(self.run)
        link = await open_endpoint(**await self._way())
        answer = bytearray()
        began_s = time.monotonic()
        first_s: float | None = None
        try:
            await link.send(data)
            self.tell("talk")
            while len(answer) < MAX_ANSWER:
                try:
                    piece = await link.receive(QUIET_S)
                except TooSlow:
                    break
                if piece is None:
                    break
                if first_s is None:
                    first_s = time.monotonic() - began_s
                answer += piece
        finally:
            await link.aclose()
        chips = [(f"→ {octets(len(data))}", "Sent"), (f"← {octets(len(answer))}", "Received")]
        if first_s is None:
            sentence = f"nothing came within {QUIET_S:g} s"
            self._done(Verdict("warning", "no answer", sentence, tuple(chips)), answer=b"")
            return
        chips.append((duration(int(first_s * 1e9)), "From sending to the first octets of the answer"))
        sentence = f"{octets(len(answer))} came back from {link.peer}"
        self._done(Verdict("good", "answered", sentence, tuple(chips)), answer=bytes(answer))

    async def _run_script(self) -> None:
        script = parse_script(self.state.form.script)
        self._steps = []
        way = await self._way(script)
        secure = way.pop("secure")
        outcome = await run_script(
            script,
            **way,
            secure=None if script.starts_tls else secure,
            upgrade=await self._secured() if script.starts_tls else None,
            on_step=self._on_step,
            run=self.run,
        )
        self.replace(steps=tuple(self._steps[:MAX_STEPS_SHOWN]))
        chips = tuple(
            (f"{outcome.count(verdict)} {verdict}", "Steps")
            for verdict in ("passed", "failed", "skipped")
            if outcome.count(verdict)
        )
        sentence = explained(outcome.steps, outcome.failure)
        passed = outcome.passed
        self._done(Verdict("good" if passed else "bad", "passed" if passed else "failed", sentence, chips))
        if outcome.failure is not None:
            self.replace(problem=outcome.failure)

    def _on_step(self, step: StepResult) -> None:
        self._steps.append(step)
        now_s = time.monotonic()
        if now_s - self._told_s >= TELL_EVERY_S and len(self._steps) <= MAX_STEPS_SHOWN:
            self._told_s = now_s
            self.replace(steps=tuple(self._steps))

    async def _listen(self) -> None:
        form = self.state.form
        rules = parse_rules(form.rules)
        rules.run = self.run
        rules.check_transport("udp" if form.transport == "udp" else "tcp")
        target = parse_target(form.listen, listening=True)
        watcher = _Watcher(self, rules)
        self.replace(connections=0)
        if form.transport == "udp":
            opened = await open_datagram(self._recorded(), local=target)
            async with opened:
                self._listening(opened.address)
                await serve_rules(opened, rules, watcher)
            return
        secure: Secure | None = None
        if form.transport == "tls":
            asked = await protection(TlsForm(True, identity="lab"), target, "server", self._authority)
            secure = asked.secure
        async with await listen(target, self._recorded()) as listener:
            self._listening(listener.address)
            await Server(listener, rules, watcher, secure=secure).serve()

    def _listening(self, address: str) -> None:
        self.tell("listen")
        self.replace(address=address, verdict=Verdict("good", "listening", f"on {address}; Esc ends it"))

    def _show_rules(self, rules: Rules | None) -> None:
        matched = rules.matched if rules is not None else {}
        shown = tuple(
            Matched(rule.number, rule.when, does(rule), matched.get(rule.number, 0))
            for rule in (rules.rules if rules is not None else ())
        )
        self.replace(rules=shown)

    async def _repeated(self) -> None:
        form = self.state.form
        marker = parse_payload(form.marker) if form.transport != "udp" else b"\n"
        plan = Plan(self.template(), form.times, form.per_s, marker, form.quiet_s)
        self._repeat = repeat = Repeat(plan, self._on_counts)
        self.replace(counts=repeat.counts)
        way = await self._way()
        counts = await repeat.run(**way, run=self.run)
        self.replace(counts=counts)
        kind = "warning" if counts.lost or counts.ended == "peer" else "good"
        word = {"peer": "peer ended", "stopped": "stopped"}.get(counts.ended, "done")
        lost = f", {counts.lost} lost" if counts.lost else ", none lost"
        sentence = f"{counts.sent} of {counts.planned} sent, {counts.answered} answered{lost}"
        chips = [(f"{counts.per_s:.1f}/s", "The rate that was reached")] if counts.per_s else []
        if counts.first_answer_ms is not None:
            chips.append((f"{counts.first_answer_ms:.1f} ms", "Until the first answer"))
        if counts.errors:
            chips.append((count(counts.errors, "ICMP error"), "Nobody was there for an earlier datagram"))
        self._done(Verdict(kind, word, sentence, tuple(chips)))  # type: ignore[arg-type]  # one of its kinds

    def _on_counts(self, counts: Counts) -> None:
        self.replace(counts=counts)

    # ---- the way

    async def _way(self, script: Script | None = None) -> dict[str, Any]:
        """What every engine takes; what is wrong with the address is told before anything is sent."""
        form = self.state.form
        target = parse_target(form.target)
        is_udp = form.transport == "udp" or target.scheme == "udp"
        transport: Transport = "udp" if is_udp else "tcp"
        if script is not None:
            script.check_transport(transport)
        return {
            "target": target,
            "transcript": self._recorded(),
            "transport": transport,
            "resolver": self._resolver,
            "timeout_s": self.timeout_s,
            "secure": await self._secured() if form.transport == "tls" else None,
            "way": DIRECT,
            "report": self.tell,
        }

    async def _secured(self) -> Secure:
        target = parse_target(self.state.form.target)
        return (await protection(TlsForm(True), target, "client", self._authority)).secure

    def _recorded(self) -> Transcript:
        if self.transcript.fault is not None:
            self.transcript.close()
            self.transcript = self._new_transcript()
        return self.transcript

    # ---- around it

    async def _to_end(self, activity: Activity, work: Coroutine[Any, Any, None]) -> None:
        self.replace(
            activity=activity,
            problem=None,
            stage="",
            answer=b"",
            address="",
            verdict=Verdict("running", "running", f"{self.state.form.target} …"),
            **({"steps": ()} if activity == "script" else {}),
        )
        try:
            await work
        except asyncio.CancelledError:
            self._stopped(activity)
            raise
        except WorkbenchError as failure:
            word = failure.stage or "failed"
            self.replace(activity="", problem=failure, verdict=Verdict("bad", word, str(failure)))
            raise
        finally:
            self._repeat = None
            self.replace(activity="")

    def _stopped(self, activity: Activity) -> None:
        if activity == "script":
            self.replace(steps=tuple(self._steps[:MAX_STEPS_SHOWN]))
        word = "closed" if activity == "rules" else "cancelled"
        sentence = "we closed the listener" if activity == "rules" else "it was ended in the middle"
        self.replace(activity="", address="", verdict=Verdict("info", word, sentence))

    def _done(self, verdict: Verdict, **values: object) -> None:
        self.replace(verdict=verdict, **values)
        self._judge()

    def tell(self, stage: str) -> None:
        """A stage was reached: the job and the state say so."""
        job = current_job()
        if job is not None:
            job.progress(stage=stage)
        self.replace(stage=stage)


class _Watcher:
    """Tells the controller what a listener heard."""

    def __init__(self, controller: ScriptsController, rules: Rules) -> None:
        self._controller = controller
        self._rules = rules

    def accepted(self, _stream: Stream) -> None:
        """A connection is there."""
        controller = self._controller
        controller.replace(connections=controller.state.connections + 1)

    def received(self, _stream: Stream, _data: bytes) -> None:
        """Octets arrived."""
        self._tell()

    def answered(self, _stream: Stream) -> None:
        """A rule was followed."""
        self._tell()

    def closed(self, _stream: Stream) -> None:
        """A connection was given back."""
        self._tell()

    def heard(self, _received: Received) -> None:
        """A datagram arrived."""
        self.accepted(None)  # type: ignore[arg-type]  # only counted

    def replied(self, _received: Received) -> None:
        """A rule was followed."""
        self._tell()

    def _tell(self) -> None:
        self._controller._show_rules(self._rules)


def does(rule: Rule) -> str:
    """What a rule does, in a few words."""
    words = [f"after {rule.delay_s * 1000:g} ms"] if rule.delay_s else []
    if rule.reply is not None:
        words.append(f"reply {rule.reply.text}")
    if rule.then != "keep":
        words.append(rule.then)
    return ", ".join(words)
