"""`workbench experiment run`: plays the chosen cards, tells how each went, and says whether all went as they should."""

import textwrap
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from workbench.cli.arguments import Parsed
from workbench.cli.output import Output
from workbench.cli.transcript_file import TranscriptFile, transcript_file
from workbench.errors import Refused
from workbench.experiments.needs import lacking
from workbench.experiments.result import Result, StepOutcome, verdict_as_dict
from workbench.experiments.runner import run
from workbench.experiments.values import Card
from workbench.transcript.recorder import Transcript

if TYPE_CHECKING:
    from workbench.lab.supervisor import Lab

WIDTH = 100
"""Columns of a paragraph for people."""


def run_verb(
    cards: Sequence[Card], modes: tuple[bool, ...], parsed: Parsed, output: Output
) -> Coroutine[Any, Any, int]:
    """The coroutine that plays the cards.

    Args:
        modes: how each is played: False as it is written, True with its [broken] part.

    Raises: LocalFault: the transcript file can't be written. The coroutine raises Refused when one did not go as it
        should, and what the runner raises.
    """
    return _Playing(cards, modes, parsed["--timeout"], output).play(transcript_file(parsed))


class _Playing:
    def __init__(
        self, cards: Sequence[Card], modes: tuple[bool, ...], timeout_s: float, output: Output
    ) -> None:
        self._cards = cards
        self._modes = modes
        self._timeout_s = timeout_s
        self._output = output
        self._lab: Lab | None = None
        self._entries: list[dict[str, object]] = []
        # One card in one mode is watched by somebody; many are looked through for the one that went wrong.
        self._in_full = len(cards) * len(modes) == 1

    async def play(self, file: TranscriptFile | None) -> int:
        transcript = Transcript()
        try:
            wrong = await self._play_all(transcript, file)
        finally:
            lab = {"lab": self._lab.mode} if self._lab is not None and self._lab.mode != "none" else {}
            self._output.so_far = {**lab, "experiments": self._entries}
            transcript.close()
            if file is not None:
                file.drop()
            if self._lab is not None:
                await self._lab.aclose()
        if wrong:
            raise Refused(
                f"not as it should be: {', '.join(wrong)}",
                stage="experiment",
                advice="`workbench experiment run ID` shows every step of one",
            )
        if self._output.as_json:
            self._output.document(self._output.so_far, ok=True)
        return 0

    async def _play_all(self, transcript: Transcript, file: TranscriptFile | None) -> list[str]:
        """Play every card and write the transcript, however it went; the ids of those that went wrong."""
        wrong: list[str] = []
        try:
            for card in self._cards:
                if len(self._cards) > 1 and (why := lacking(card)):
                    self._skip(card, why)
                elif not await self._card(card, transcript):
                    wrong.append(card.id)
        finally:
            if file is not None:
                await file.write(transcript)
        return wrong

    async def _card(self, card: Card, transcript: Transcript) -> bool:
        """Play a card in every mode; whether it went as it should."""
        if self._in_full:
            self._introduce(card)
        results = []
        for broken in self._modes:
            result = await run(
                card,
                lab=self._lab_for(card),
                broken=broken,
                on_step=self._on_step if self._in_full else None,
                transcript=transcript,
                timeout_s=self._timeout_s,
            )
            results.append(result)
            self._tell(result)
        self._entries.append(_entry(card, results))
        return all(result.as_it_should for result in results)

    def _lab_for(self, card: Card) -> "Lab | None":
        """No Lab is started for cards that bring their own servers."""
        if self._lab is None and (card.as_written.services or card.broken.services):
            from workbench.cli.lab_access import open_lab

            self._lab = open_lab()
        return self._lab

    # ---- for people

    def _introduce(self, card: Card) -> None:
        if self._output.as_json:
            return
        self._paragraph(f"{card.title}. {card.question}")
        for number, choice in enumerate(card.choices, start=1):
            self._output.line(f"  {number}) {choice}")
        self._output.line()

    def _on_step(self, outcome: StepOutcome) -> None:
        if self._output.as_json:
            return
        sign = "+" if outcome.ok else "!"
        self._output.line(f"{sign} {outcome.sentence}")
        if outcome.said:
            self._output.line(f"    {outcome.said}")

    def _skip(self, card: Card, why: str) -> None:
        """Of many, those that can't be played here hinder nobody; of one alone the runner says why it can't."""
        self._entries.append({"id": card.id, "title": card.title, **_NOT_PLAYED, "skipped": why})
        if not self._output.as_json:
            self._output.line(f"- {card.id}: not played: {why}")

    def _tell(self, result: Result) -> None:
        if self._output.as_json:
            return
        card = result.card
        if not self._in_full:
            how = "broken, " if result.broken else ""
            went = "passed" if result.passed else "failed"
            sign = "+" if result.as_it_should else "!"
            self._output.line(f"{sign} {card.id}: {how}{went} in {result.elapsed_ms:.0f} ms")
            if not result.as_it_should:
                self._output.line(f"    {result.sentence}")
            return
        self._output.line()
        for verdict in result.expectations:
            self._output.line(f"{'+' if verdict.ok else '!'} {verdict.sentence}")
        self._output.line()
        if result.broken:
            went = "It failed, as it must" if result.as_it_should else "It passed, although it must fail"
            self._output.line(f"{went}: {result.sentence}")
            return
        self._output.line(f"Right is {card.right + 1}) {card.choices[card.right]}")
        for paragraph in card.explanation.split("\n\n"):
            self._output.line()
            self._paragraph(paragraph)
        if card.rfc:
            self._output.line()
            self._output.line(", ".join(card.rfc))

    def _paragraph(self, text: str) -> None:
        for line in textwrap.wrap(text, WIDTH):
            self._output.line(line)


_NOT_PLAYED: dict[str, object] = {
    "passed": None,
    "broken_fails": None,
    "elapsed_ms": 0,
    "broken": False,
    "steps": [],
    "expectations": [],
}


def _entry(card: Card, results: Sequence[Result]) -> dict[str, object]:
    """One card of the document: steps and expectations are those of the first mode that was played."""
    passed = {result.broken: result.passed for result in results}
    first = results[0]
    return {
        "id": card.id,
        "title": card.title,
        "passed": passed.get(False),
        "broken_fails": not passed[True] if True in passed else None,
        "elapsed_ms": round(sum(result.elapsed_ms for result in results), 3),
        "broken": first.broken,
        "steps": [outcome.as_dict() for outcome in first.steps],
        "expectations": [verdict_as_dict(verdict) for verdict in first.expectations],
    }
