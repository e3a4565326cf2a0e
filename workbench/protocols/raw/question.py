"""Questions by UDP: sent, repeated while nobody answers, and the answers with whom they came from and how long it took.

Strategy. One task reads the socket and hands every datagram to `take`; who asks waits for the first that is an answer.
A datagram from another address than was asked is shown as a stranger's and answers nothing. A question to everybody has
no strangers.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final, NamedTuple

from workbench.errors import TooSlow
from workbench.wire.datagram import Datagram, Received

MAX_REPLIES: Final = 1000
"""Kept for the list, the last ones; the conversation has them all."""
PREVIEW: Final = 64
MAX_TRIES: Final = 20
LONGEST_WAIT_S: Final = 60.0
"""A wait doubles no further: RFC 8085 section 3.1.1 wants a ceiling, and asks for 60 s."""
CAUSES: Final = (
    "the question was lost",
    "the answer was lost",
    "somebody between filters one of them",
    "no server is there",
    "it is slow, or has nothing to say",
)


class Retry(NamedTuple):
    """How patient to be. tries: 1 sends once. wait_s: for the first answer, twice as long each time; None: no wait."""

    tries: int = 1
    wait_s: float | None = None


class Answer(NamedTuple):
    """One datagram that came. latency_s: since the last one was sent, if any was. stranger: not who was asked."""

    source: str
    data: bytes
    octets: int
    latency_s: float | None
    attempt: int
    stranger: bool
    truncated: bool


class Questions:
    """What is asked on one socket.

    Args:
        socket_: to one peer, or bound to an address of ours.
        asked: who is asked, as `source` spells it; "" is everybody.
        send: sends one datagram.
        now: a clock in seconds; the loop's by default.
    """

    def __init__(self, socket_: Datagram, asked: str, now: Callable[[], float] | None = None) -> None:
        self.socket = socket_
        self.asked = asked
        self._answers: deque[Answer] = deque(maxlen=MAX_REPLIES)
        self.count = 0
        self.octets = 0
        self.strangers = 0
        self.attempts = 0
        self._now = now or asyncio.get_running_loop().time
        self._sent_s: float | None = None
        self.heard_s = self._now()
        """When something was sent, or came."""
        self._answered = asyncio.Event()

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The last ones, strangers' too."""
        return tuple(self._answers)

    def take(self, received: Received) -> Answer:
        """A datagram arrived."""
        stranger = bool(self.asked) and received.source != self.asked
        self.heard_s = self._now()
        latency_s = None if self._sent_s is None else self.heard_s - self._sent_s
        answer = Answer(
            received.source,
            received.data[:PREVIEW],
            len(received.data),
            latency_s,
            self.attempts,
            stranger,
            received.truncated,
        )
        self.count += 1
        self.octets += len(received.data)
        self._answers.append(answer)
        if stranger:
            self.strangers += 1
            channel = self.socket.channel_of(received.source)
            channel.fact("reply.stranger", source=received.source, asked=self.asked)
        else:
            self._answered.set()
        return answer

    async def ask(self, data: bytes, to: str = "", retry: Retry = Retry()) -> int:  # noqa: B008 - frozen
        """Send, and where that is asked for wait for an answer, sending again; returns how often it was sent.

        Raises: TooSlow: no answer to any of them; what sending raises.
        """
        self._answered.clear()
        self.attempts = 0
        wait_s = retry.wait_s
        for number in range(1, max(1, retry.tries) + 1):
            if retry.tries > 1 and wait_s is not None:
                self.socket.channel.fact("question.attempt", number=number, of=retry.tries, wait_s=wait_s)
            self.attempts = number
            self._sent_s = self.heard_s = self._now()
            await self.socket.send(data, to)
            if wait_s is None or await self._is_answered(wait_s):
                return number
            wait_s = min(wait_s * 2, LONGEST_WAIT_S)
        raise no_answer(self.attempts)

    async def _is_answered(self, within_s: float) -> bool:
        try:
            async with asyncio.timeout(within_s):
                await self._answered.wait()
        except TimeoutError:
            return False
        return True


def no_answer(attempts: int) -> TooSlow:
    """The verdict on silence: everything that it can mean."""
    times = "once" if attempts == 1 else f"{attempts} times"
    return TooSlow(
        f"no answer, asked {times}; {', or '.join(CAUSES)}: from here they look the same",
        stage="answer",
        committed="maybe",
        advice="ask again, ask by TCP where the server has it, or look at the firewall",
        source="RFC 8085 section 3.1",
    )
