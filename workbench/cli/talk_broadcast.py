"""`socket talk --udp --broadcast`: one question to everybody, and a list of who answers."""

import asyncio
from collections.abc import Sequence

from workbench.cli.octets import shown_octets
from workbench.cli.output import Output
from workbench.errors import LinkLost, TooSlow
from workbench.formats.quantity import duration
from workbench.formats.target import Target
from workbench.protocols.raw.broadcast import Limiter, stays_here
from workbench.protocols.raw.everybody import QUIET_S, host_of, open_to_everybody, who_is_there
from workbench.protocols.raw.question import Answer, no_answer
from workbench.protocols.raw.tally import Tally
from workbench.protocols.raw.values import Outcome, Way
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import TargetResolver


class Search:
    """One search. answers: who answered so far; dropped: questions that the limit held back."""

    def __init__(self, output: Output, tally: Tally) -> None:
        self._output = output
        self._tally = tally
        self.answers: list[Answer] = []
        self.dropped = 0

    async def run(
        self,
        target: Target,
        transcript: Transcript,
        sends: Sequence[bytes],
        *,
        resolver: TargetResolver,
        way: Way,
        timeout_s: float,
        quiet_s: float | None = None,
    ) -> Outcome:
        """Ask, and list until nobody has answered for a second, or `quiet_s`. Raises: TooSlow: nobody did."""
        socket_ = await open_to_everybody(target, transcript, resolver=resolver, way=way)
        async with socket_:
            limiter = Limiter(asyncio.get_running_loop().time)
            host = host_of(socket_.asked)
            if not stays_here(host) and not (way.local is not None and stays_here(way.local.host)):
                self._output.note(f"this leaves the machine: everybody at {host} hears it")
            try:
                async with asyncio.timeout(timeout_s):
                    await who_is_there(socket_, sends, limiter, quiet_s=quiet_s or QUIET_S, heard=self._heard)
            except TimeoutError as error:
                if isinstance(error, TooSlow | LinkLost):
                    raise
            self.dropped = limiter.dropped
            for data in sends[: limiter.passed]:
                self._tally.gave(data)
        if not self.answers:
            raise no_answer(limiter.passed)
        tally = self._tally
        return Outcome(
            socket_.address,
            socket_.asked,
            tally.sent,
            tally.received,
            tally.received_sha256,
            len(self.answers),
            tally.matched,
            None,
            socket_.channel.number,
        )

    def as_dict(self, encoding: str, tally: Tally) -> dict[str, object]:
        """What JSON shows of it; the answers are no stream of octets, so their text stands with each of them."""
        received = {"octets": tally.received, "sha256": tally.received_sha256, "text": "", "truncated": True}
        listed = [
            {
                "source": answer.source,
                "latency_ms": round(answer.latency_s * 1000, 3) if answer.latency_s is not None else None,
                "octets": answer.octets,
                **shown_octets(answer.data, encoding, whole=len(answer.data) == answer.octets),
            }
            for answer in self.answers
        ]
        return {"received": received, "answers": listed, "held_back": self.dropped}

    def _heard(self, answer: Answer) -> None:
        self.answers.append(answer)
        self._tally.take(answer.data)
        if not self._output.as_json and answer.latency_s is not None:
            self._output.note(f"{answer.source} answered after {duration(answer.latency_s * 1e9)}")
