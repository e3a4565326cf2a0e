"""Playing a card step by step, for a person who watches, or all at once for the runner. No Qt, no sleeping.

The order a window keeps: ask for the prediction (`predict`), play (`next` once a step), show `state.result`: what was
expected, what was seen, and whether the prediction was right. Whoever makes a player calls aclose(), or uses it as an
async context manager: then every socket of the experiment is given back, whatever happened and even when cancelled.
"""

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from workbench.clock import SYSTEM, Clock
from workbench.errors import LocalFault, LocalMisuse, TooSlow, WorkbenchError
from workbench.experiments.expectation import Verdict, judge
from workbench.experiments.needs import check
from workbench.experiments.result import Result, StepOutcome
from workbench.experiments.stage import Done, Stage
from workbench.experiments.steps import CARRY, channels_of
from workbench.experiments.things import Made
from workbench.experiments.values import Card, Step
from workbench.experiments.verbs import Makes, kinds_of, made_by
from workbench.formats.target import Target
from workbench.transcript.recorder import Transcript

if TYPE_CHECKING:
    from workbench.lab.address import ServiceAddress
    from workbench.lab.supervisor import LabAuthority

Phase = Literal["ready", "playing", "done", "closed"]
OnStep = Callable[[StepOutcome], None]


class Services(Protocol):
    """The part of the Lab that an experiment needs."""

    async def start(
        self, name: str, *, host: str = "", port: int | None = None, **switches: object
    ) -> "ServiceAddress":
        """Have a service run with these switches, and say where. As lab.supervisor.Lab."""
        ...

    async def relay(self, target: Target, **switches: object) -> "ServiceAddress":
        """Have a relay to the target run with these switches, and say where. As lab.supervisor.Lab."""
        ...

    async def authority(self) -> "LabAuthority":
        """The certificates by which the Lab's TLS is trusted. As lab.supervisor.Lab."""
        ...


class State(NamedTuple):
    """What a view shows.

    phase: "ready" before the first step, "playing", "done" once there is a result, "closed". steps: those played so
    far. upcoming: the steps that follow. result: set when done.
    """

    phase: Phase
    steps: tuple[StepOutcome, ...]
    upcoming: tuple[Step, ...]
    result: Result | None


class Player:
    """Plays one card once.

    Args:
        card: what to play.
        lab: where the card's services are started; None will do for a card without any.
        broken: play it with its [broken] table applied.
        transcript: where to record; one of its own if None, which whoever takes it from the result closes.
        on_step: told of every step that was played.
        clock: what received times are compared with.
    """

    def __init__(
        self,
        card: Card,
        lab: Services | None,
        *,
        broken: bool = False,
        transcript: Transcript | None = None,
        on_step: OnStep | None = None,
        clock: Clock = SYSTEM,
    ) -> None:
        self.card = card
        self.broken = broken
        self.transcript = transcript if transcript is not None else Transcript(clock=clock)
        self._plan = card.plan(broken=broken)
        self._lab = lab
        self._on_step = on_step
        self._clock = clock
        self._stage: Stage | None = None
        self._turn = asyncio.Lock()
        self._phase: Phase = "ready"
        self._steps: list[StepOutcome] = []
        self._result: Result | None = None
        self._prediction: int | None = None
        self._elapsed_ns = 0

    # ---- the person's part

    @property
    def prediction(self) -> int | None:
        """The index of the chosen answer; None before there is one."""
        return self._prediction

    def predict(self, choice: int) -> None:
        """Choose an answer.

        Raises: LocalMisuse: there is no such answer, or the experiment has been played: it is no prediction then.
        """
        if not 0 <= choice < len(self.card.choices):
            raise LocalMisuse(f"{self.card.id} has {len(self.card.choices)} answers", stage="experiment")
        if self._phase != "ready":
            raise LocalMisuse("the experiment has begun; play it again to predict anew", stage="experiment")
        self._prediction = choice

    @property
    def prediction_right(self) -> bool | None:
        """Whether the chosen answer is right; None without one."""
        return None if self._prediction is None else self._prediction == self.card.right

    @property
    def state(self) -> State:
        """What a view shows now."""
        upcoming = () if self._result is not None else self._plan.steps[len(self._steps) :]
        return State(self._phase, tuple(self._steps), upcoming, self._result)

    # ---- playing

    async def next(self, *, timeout_s: float | None = None) -> StepOutcome | None:
        """Play the next step; None when there is none left.

        After the last step, and after one that went otherwise than the card says, the expectations are judged, the
        sockets are given back and `state.result` is set.

        Args:
            timeout_s: for the step as a whole; when it is over, the step has failed with TooSlow.

        Raises: LocalMisuse: the step before is still being played, or the player is closed. LocalFault: this machine
            can't do it, which says nothing about the experiment; or what starting a service of the Lab raises. The
            player is closed then.
        """
        if self._turn.locked():
            raise LocalMisuse("the step before is still being played", stage="experiment")
        async with self._turn:
            if self._phase == "closed":
                raise LocalMisuse("this experiment is closed", stage="experiment")
            if self._result is not None:
                return None
            began_ns = time.monotonic_ns()
            try:
                outcome = await self._play_next(timeout_s)
            except BaseException:
                # Cancelled, or this machine can't: nothing that follows could mean anything.
                await self.aclose()
                raise
            self._elapsed_ns += time.monotonic_ns() - began_ns
            if not outcome.ok or len(self._steps) == len(self._plan.steps):
                await self._finish()
            return outcome

    async def play(self, *, timeout_s: float | None = None) -> Result:
        """Play all that is left and return the result.

        Args:
            timeout_s: for everything together.

        Raises: as next().
        """
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        while self._result is None:
            left_s = None if deadline is None else max(0.0, deadline - time.monotonic())
            await self.next(timeout_s=left_s)
        return self._result

    async def aclose(self) -> None:
        """Give every socket back. Idempotent; a result stays readable, and the transcript stays open."""
        self._phase = "closed"
        await self._leave_stage()

    async def __aenter__(self) -> "Player":
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    # ---- inside

    async def _play_next(self, timeout_s: float | None) -> StepOutcome:
        self._phase = "playing"
        step = self._plan.steps[len(self._steps)]
        limit = asyncio.timeout(timeout_s)
        first = len(self.transcript)
        began_ns = time.monotonic_ns()
        done, failure = Done(), None
        try:
            async with limit:
                stage = await self._entered()
                first = len(self.transcript)
                began_ns = time.monotonic_ns()
                done = await CARRY[step.verb](stage, step.given, step.name)
        except WorkbenchError as error:
            if self._stage is None or (isinstance(error, LocalFault) and step.fails != error.kind):
                # The Lab or this machine failed: the experiment has neither passed nor failed.
                raise
            failure = error
        except TimeoutError as error:
            if not limit.expired():
                raise
            failure = TooSlow("the time for the experiment was over", stage="experiment", committed="maybe")
            failure.__cause__ = error
        return self._note(step, done, failure, began_ns, first)

    def _note(
        self, step: Step, done: Done, failure: WorkbenchError | None, began_ns: int, first: int
    ) -> StepOutcome:
        ended_ns = time.monotonic_ns()
        kind = failure.kind if failure is not None else ""
        ok = kind == step.fails
        said = done.said
        if failure is not None:
            said = failure.what if ok else f"{failure.what} ({kind})"
        elif not ok:
            said = f"it worked, and {step.fails} was expected"
        stop = len(self.transcript)
        if step.name and self._stage is not None:
            makes: Makes = "deed" if failure is not None else made_by(step)
            errno = failure.errno_name if failure is not None else done.errno
            thing = done.thing
            self._stage.made[step.name] = Made(
                step.name,
                makes,
                thing,
                failure,
                errno,
                ended_ns - began_ns,
                self._clock.monotonic_ns(),
                first,
                stop,
                lambda: channels_of(thing),
            )
        outcome = StepOutcome(step, ok, said, failure, ended_ns - began_ns, first, stop)
        self._steps.append(outcome)
        if self._on_step is not None:
            self._on_step(outcome)
        return outcome

    async def _entered(self) -> Stage:
        """The stage; before the first step the services are started and it is made."""
        if self._stage is None:
            check(self.card)
            services = {}
            for service in self._plan.services:
                if self._lab is None:
                    raise LocalMisuse(f"{self.card.id} needs the Lab", stage="experiment")
                switches: dict[str, Any] = dict(service.switches)
                services[service.called] = await self._lab.start(service.name, **switches)
            if (relay := self._plan.relay) is not None and self._lab is not None:
                switches = dict(relay.switches)
                services["relay"] = await self._lab.relay(services[relay.to].target, **switches)
            authority = self._lab.authority if self._lab is not None else None
            self._stage = Stage(self.transcript, services, self._clock, authority)
        return self._stage

    async def _finish(self) -> None:
        verdicts = self._judge()
        passed = all(outcome.ok for outcome in self._steps) and all(verdict.ok for verdict in verdicts)
        self._result = Result(
            self.card,
            self.broken,
            passed,
            tuple(self._steps),
            verdicts,
            self.transcript,
            self._elapsed_ns,
        )
        self._phase = "done"
        await self._leave_stage()

    def _judge(self) -> tuple[Verdict, ...]:
        made = self._stage.made if self._stage is not None else {}
        kinds = kinds_of(self.card.as_written)
        return tuple(judge(wanted, made, kinds, self.transcript) for wanted in self.card.expectations)

    async def _leave_stage(self) -> None:
        """Close every socket, newest first; a cancellation in the middle does not keep the others open."""
        if self._stage is not None:
            await self._stage.stack.aclose()
