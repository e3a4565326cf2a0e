"""Questions about one connection of a conversation, made from what was recorded, and graded by it.

Who began, which port was lent for this connection only, who spoke first, who finished first: what a person should see
in any conversation. A question is asked only where the record tells its answer.
"""

from typing import NamedTuple

from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event

_SEARCHED = 2_000
"""Events of a channel that are looked at: beginnings are near the beginning."""


class Question(NamedTuple):
    """One question. right: the number of the true choice; why: a sentence that says where it stands in the record."""

    text: str
    choices: tuple[str, ...]
    right: int
    why: str
    source: str = ""

    def grade(self, choice: int) -> bool:
        """Whether this choice is the true one."""
        return choice == self.right


def questions(transcript: Transcript, channel: int) -> tuple[Question, ...]:
    """What can be asked about a channel; nothing where its endpoints are not known.

    Raises: IndexError: there is no such channel.
    """
    info = transcript.channels[channel]
    if not info.local or not info.peer or ":" not in info.peer or info.peer.startswith("unix:"):
        return ()
    ours, theirs = info.local, info.peer
    asked: list[Question] = []
    events = _events(transcript, channel)
    began_here = _began_here(events)
    if began_here is not None:
        asked += _of_the_beginning(ours, theirs, began_here, info.layer)
    if (first := next((event for event in events if event.kind == "bytes"), None)) is not None:
        asked.append(_who_spoke_first(ours, theirs, first))
    if (end := next((event for event in events if event.name in ("end", "finish.sent")), None)) is not None:
        asked.append(_who_finished_first(ours, theirs, end))
    return tuple(asked)


def _events(transcript: Transcript, channel: int) -> list[Event]:
    found: list[Event] = []
    for event in transcript.events():
        if event.channel == channel:
            found.append(event)
            if len(found) >= _SEARCHED:
                break
    return found


def _began_here(events: list[Event]) -> bool | None:
    """Whether we asked for the connection; None where the record does not tell."""
    for event in events:
        if event.name == "connect.complete" or (event.name == "datagram.open" and event.values.get("peer")):
            return True
        if event.name == "accept.complete":
            return False
    return None


def _of_the_beginning(ours: str, theirs: str, began_here: bool, layer: str) -> list[Question]:
    client, server = (ours, theirs) if began_here else (theirs, ours)
    choices = (ours, theirs)
    if layer == "udp":
        text, how, source = "Which endpoint sent the first datagram, the client's?", "a datagram", "RFC 768"
    else:
        text, how, source = "Which endpoint began, and is the initiator?", "the SYN", "RFC 9293 3.5"
    port, known = client.rpartition(":")[2], server.rpartition(":")[2]
    return [
        Question(
            text,
            choices,
            choices.index(client),
            f"{client} sent {how} to {server}, which was waiting there",
            source,
        ),
        Question(
            "Which port is the ephemeral one, lent by the system for this conversation only?",
            (ours.rpartition(":")[2], theirs.rpartition(":")[2]),
            choices.index(client),
            f"the client's system lent {port}; {known} is where the server waits for everybody",
            "RFC 6056",
        ),
    ]


def _who_spoke_first(ours: str, theirs: str, first: Event) -> Question:
    by_us = first.direction is Direction.SENT
    return Question(
        "Who spoke first?",
        (ours, theirs),
        0 if by_us else 1,
        f"the first octets were {'sent' if by_us else 'received'} {first.time_ns / 1e9:.6f} s after the record began",
    )


def _who_finished_first(ours: str, theirs: str, end: Event) -> Question:
    by_us = end.name == "finish.sent" or end.values.get("by") in ("us", "local", "we")
    how = "FIN" if end.name == "finish.sent" else str(end.values.get("kind", ""))
    return Question(
        "Who ended its half first?",
        (ours, theirs),
        0 if by_us else 1,
        f"{ours if by_us else theirs} did ({how})",
        "RFC 9293 3.6",
    )
