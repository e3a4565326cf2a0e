"""Asking on where an answer is only an alias that leads elsewhere: the same server, as many steps as it takes."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from workbench.errors import LinkLost, PeerMisbehaved, Refused, TooSlow, WorkbenchError
from workbench.protocols.dns.outcome import MAX_CHAIN
from workbench.protocols.dns.values import Lookup, Outcome, Question, Record

Ask = Callable[[Question], Awaitable[Lookup]]
"""Asks one question; raises what client.lookup raises."""


class Followed(NamedTuple):
    """What came of a question and of those that its aliases led to.

    lookups: in order. outcome: of the last; None where that one failed, and failure says how. chain: all names.
    """

    lookups: tuple[Lookup, ...]
    outcome: Outcome | None
    failure: WorkbenchError | None
    chain: tuple[str, ...]
    found: tuple[Record, ...]


async def follow(question: Question, ask: Ask) -> Followed:
    """Ask, and ask on for the target of an alias until there is an answer, a refusal or a circle.

    A server that does not answer is a value here, since the caller's verdict depends on it.

    Raises: LocalMisuse, LocalFault.
    """
    lookups: list[Lookup] = []
    chain: list[str] = [question.name]
    while True:
        try:
            found = await ask(question)
        except (LinkLost, TooSlow, PeerMisbehaved, Refused) as failure:
            return Followed(tuple(lookups), None, failure, tuple(chain), ())
        lookups.append(found)
        outcome = found.outcome
        known = {name.lower() for name in chain}
        chain += found.chain[1:]
        if outcome is Outcome.ALIAS:
            is_circle = chain[-1].lower() in known or len(chain) > MAX_CHAIN
            if not is_circle:
                question = question._replace(name=chain[-1])
                continue
            outcome = Outcome.LOOP
        return Followed(tuple(lookups), outcome, None, tuple(chain), found.found)
