"""What a person does on the start page: look around, start a server, predict, play. No Qt here."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import LocalMisuse, WorkbenchError
from workbench.jobs.job import current_job
from workbench.jobs.offload import in_thread
from workbench.lab.supervisor import Lab, LabAuthority, LabStatus
from workbench.panels.observed import Observed
from workbench.panels.start.state import Experiment, Page, PageKind, StartState
from workbench.settings.writing import write_atomically
from workbench.transcript.recorder import Transcript

if TYPE_CHECKING:
    # The experiments and all they play on are imported after the first paint: 15 ms.
    from workbench.experiments.card import Card
    from workbench.experiments.player import Player


class StartController(Observed[StartState]):
    """The start page.

    Args:
        lab: starts services, and tells what runs.
        new_transcript: makes the transcript of each playing.
        talk_changed: told when another conversation is to be seen (a new playing began).
    """

    def __init__(
        self, lab: Lab, new_transcript: Callable[[], Transcript], talk_changed: Callable[[], object]
    ) -> None:
        super().__init__(StartState())
        self.transcript: Transcript | None = None
        self._lab = lab
        self._new_transcript = new_transcript
        self._talk_changed = talk_changed
        self._player: Player | None = None
        self._unread: list[str] | None = None
        self._read: list[Card] = []
        self._uncut = lab.observe(self._on_lab)

    def load_next(self) -> bool:
        """Read one more card; returns whether there are more. So a window can be painted before and in between.

        A card with a mistake is the program's fault: it is shown as a problem, and the others are read.
        """
        from workbench.experiments.card import card_ids, find_card

        if self._unread is None:
            self._unread = list(card_ids())
        if self._unread:
            try:
                self._read.append(find_card(self._unread.pop(0)))
            except WorkbenchError as failure:
                self.replace(problem=failure)
        if self._unread:
            return True
        if len(self._read) != len(self.state.cards):
            from workbench.experiments.needs import lacking

            why = {card.id: lacking(card) for card in self._read if card.needs}
            self.replace(
                cards=tuple(self._read), lacking={card_id: words for card_id, words in why.items() if words}
            )
            page = self.state.page
            if page.kind == "experiment" and self.state.experiment is None:
                # Asked for before it was read; one of an earlier version may be no more.
                is_there = any(card.id == page.key for card in self._read)
                self.show("experiment" if is_there else "welcome", page.key if is_there else "")
        return False

    def search(self, text: str) -> None:
        """Narrow the list."""
        self.replace(search=text)

    def show(self, kind: PageKind, key: str = "") -> None:
        """Show another page. An experiment that is being played ends: its sockets are given back by retire_player."""
        if kind == "experiment":
            if not self.state.cards:
                # The cards are still being read: it is shown as soon as it is there.
                self.replace(page=Page(kind, key), problem=None)
                return
            card = next((card for card in self.state.cards if card.id == key), None)
            if card is None:
                raise LocalMisuse(f"there is no experiment {key!r}", stage="experiment")
            if self.state.experiment is None or self.state.experiment.card.id != key:
                self.replace(experiment=self._fresh(card))
        self.replace(page=Page(kind, key), problem=None)

    # ---- experiments

    def predict(self, choice: int) -> None:
        """Say what will happen, before anything is played."""
        experiment = self._experiment()
        if experiment.has_begun:
            raise LocalMisuse("the experiment has begun; play it again to predict anew", stage="experiment")
        self.replace(experiment=replace(experiment, prediction=choice))

    async def step(self) -> None:
        """Play the next step."""
        await self._play(one=True)

    async def play(self) -> None:
        """Play all steps that are left."""
        await self._play(one=False)

    async def again(self) -> None:
        """Forget what was played, so that it can be predicted and played anew."""
        await self.retire_player()
        self.replace(experiment=self._fresh(self._experiment().card), problem=None)

    async def play_variant(self) -> None:
        """Show the card that shows the same on this machine, and play it at once. Raises: WorkbenchError, shown too."""
        variant = self._experiment().variant
        if variant is None:
            raise LocalMisuse("there is no variant of this experiment", stage="experiment")
        self.show("experiment", variant.id)
        if self._experiment().prediction is None:
            # Somebody who asks for another card's variant is not kept waiting for an opinion.
            await self._play(one=False, unasked=True)

    # ---- leaving as a program

    async def script(self) -> str:
        """The experiment as a program of its own; where it needs certificates, those of the Lab stand in it.

        Raises: WorkbenchError (no Lab can be asked, a step has no such form), which is also the state's problem.
        """
        card = self._experiment().card
        self.replace(problem=None)
        try:
            # Nothing of it is imported before somebody asks, and then it takes a fifth of a second.
            wanted = await in_thread(_certificates_of, card)
            return await in_thread(_script, card, await self._lab.authority() if wanted else None)
        except WorkbenchError as failure:
            self.replace(problem=failure)
            raise

    async def save_script(self, path: str) -> None:
        """Write the program to a file. Raises: LocalFault, and as script(); the state has it too."""
        text = await self.script()
        try:
            await in_thread(write_atomically, Path(path), text.encode())
        except WorkbenchError as failure:
            self.replace(problem=failure)
            raise

    def _fresh(self, card: "Card") -> Experiment:
        """A card of which nothing was played."""
        from workbench.experiments.needs import lacking

        why = lacking(card)
        variant = next((other for other in self.state.cards if why and other.id == card.instead), None)
        return Experiment(card, lacking=why, variant=variant)

    async def retire_player(self) -> None:
        """Give back the sockets of the experiment that is on; what it showed stays to be read."""
        player, self._player = self._player, None
        if player is not None:
            await player.aclose()

    async def _play(self, *, one: bool, unasked: bool = False) -> None:
        experiment = self._experiment()
        if experiment.why_not_play and (experiment.lacking or not unasked):
            raise LocalMisuse(experiment.why_not_play, stage="experiment")
        player = await self._ready(experiment)
        job = current_job()
        self._show(player, busy=True)
        try:
            while await player.next(timeout_s=30.0) is not None:
                self._show(player, busy=True)
                if job is not None:
                    job.progress(len(player.state.steps), total=len(experiment.card.as_written.steps))
                if one or player.state.result is not None:
                    break
        except WorkbenchError as failure:
            self.replace(problem=failure)
            raise
        finally:
            if self._player is player:
                self._show(player, busy=False)

    async def _ready(self, experiment: Experiment) -> "Player":
        """The player of the card that is shown, made anew for a card that was not played yet."""
        from workbench.experiments.player import Player

        player = self._player
        if player is None or player.card.id != experiment.card.id or player.state.phase == "closed":
            await self.retire_player()
            old, self.transcript = self.transcript, self._new_transcript()
            player = self._player = Player(experiment.card, self._lab, transcript=self.transcript)
            if experiment.prediction is not None:
                player.predict(experiment.prediction)
            self._talk_changed()
            if old is not None:
                old.close()
        return player

    def _show(self, player: "Player", *, busy: bool) -> None:
        experiment = self.state.experiment
        if experiment is not None and experiment.card.id == player.card.id:
            self.replace(experiment=replace(experiment, playing=player.state, is_busy=busy))

    def _experiment(self) -> Experiment:
        if self.state.experiment is None:
            raise LocalMisuse("choose an experiment first", stage="experiment")
        return self.state.experiment

    # ---- the Lab

    async def start_service(self, name: str, switches: Mapping[str, object] | None = None) -> str:
        """Have a service of the Lab run, with these switches turned; returns where, as a target.

        Raises: WorkbenchError (a switch with a wrong value, no Lab), which is also the state's problem.
        """
        self.replace(problem=None)
        try:
            address = await self._lab.start(name, **(switches or {}))  # type: ignore[arg-type]  # judged by the Lab
        except WorkbenchError as failure:
            self.replace(problem=failure)
            raise
        if address.transport in ("unix", "file"):
            return str(address.target)
        place = f"{address.target.host}:{address.target.port}"
        return f"udp://{place}" if address.transport == "udp" else place

    async def stop_service(self, name: str) -> None:
        """Stop all instances of a service. Raises WorkbenchError, which is also the state's problem."""
        try:
            await self._lab.stop(name)
        except WorkbenchError as failure:
            self.replace(problem=failure)
            raise

    def dismiss(self) -> None:
        """Forget the failure that is shown."""
        self.replace(problem=None)

    async def retire(self) -> None:
        """Give everything back."""
        self._uncut()
        await self.retire_player()
        if self.transcript is not None:
            self.transcript.close()

    def _on_lab(self, status: LabStatus) -> None:
        self.replace(lab=status)


def _certificates_of(card: "Card") -> bool:
    from workbench.experiments.script import CERTIFICATES, needs_of

    return any(need.name in CERTIFICATES for need in needs_of(card))


def _script(card: "Card", authority: LabAuthority | None) -> str:
    from workbench.experiments.script import script_of, written_in

    return script_of(card, written_in(authority) if authority is not None else {}).text
