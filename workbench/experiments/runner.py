"""Running a card to its end, headless: as it is written it must pass, with its [broken] table applied it must fail."""

from workbench.experiments.player import OnStep, Player, Services
from workbench.experiments.result import Both, Result, StepOutcome
from workbench.experiments.values import Card
from workbench.transcript.recorder import Transcript

__all__ = ["Both", "OnStep", "Result", "Services", "StepOutcome", "run", "run_both"]

TIMEOUT_S = 30.0
"""For a whole card; ours take a second at most."""


async def run(
    card: Card,
    *,
    lab: Services | None,
    broken: bool = False,
    on_step: OnStep | None = None,
    transcript: Transcript | None = None,
    timeout_s: float = TIMEOUT_S,
) -> Result:
    """Play a card and return what came of it.

    Whatever happens, its sockets are closed. Services that it started with switches of their own live as long as `lab`.

    Args:
        lab: where its services are started; None will do for a card without any.
        broken: apply its [broken] table; the result is then as it should be when it has not passed.
        on_step: told of every step that was played.
        transcript: where to record. Without one the result holds a new one, which the caller closes.
        timeout_s: for everything together; the step that is being played then fails with TooSlow.

    Raises: LocalFault, and what starting a service raises: then the experiment has neither passed nor failed.
    """
    own = Transcript() if transcript is None else None
    recorded = transcript if own is None else own
    try:
        async with Player(card, lab, broken=broken, on_step=on_step, transcript=recorded) as player:
            return await player.play(timeout_s=timeout_s)
    except BaseException:
        if own is not None:
            own.close()
        raise


async def run_both(card: Card, *, lab: Services | None, timeout_s: float = TIMEOUT_S) -> Both:
    """Play a card as it is written and then with its [broken] table applied, each into a transcript of its own.

    Raises: as run().
    """
    written = await run(card, lab=lab, timeout_s=timeout_s)
    try:
        return Both(written, await run(card, lab=lab, broken=True, timeout_s=timeout_s))
    except BaseException:
        written.transcript.close()
        raise
