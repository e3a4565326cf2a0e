"""Negotiating options without loops: both sides' states of each option, by RFC 1143 section 7.

The table is the RFC's: an option is off (NO), on (YES), or one of the two was asked for and not answered yet. Answers
are made here and sent by nobody else: the caller decides whether they leave.
"""

from collections.abc import Iterable
from typing import Final, Literal

from workbench.protocols.telnet.codec import encode
from workbench.protocols.telnet.values import Negotiation, Piece

Side = Literal["us", "them"]
State = Literal["NO", "YES", "WANTNO", "WANTYES"]

_ON: Final = {"WILL": "them", "DO": "us"}
_OFF: Final = {"WONT": "them", "DONT": "us"}
_YES: Final = {"them": "DO", "us": "WILL"}
_NO: Final = {"them": "DONT", "us": "WONT"}


class Negotiator:
    """What is agreed on.

    Args:
        ours: options that we would do if they ask (DO). theirs: options that they may do (WILL).
    """

    def __init__(self, ours: Iterable[int] = (), theirs: Iterable[int] = ()) -> None:
        self._accepted = {"us": frozenset(ours), "them": frozenset(theirs)}
        self._states: dict[tuple[str, int], State] = {}
        self._queued: set[tuple[str, int]] = set()

    def state(self, side: Side, option: int) -> State:
        """The state of one option on one side."""
        return self._states.get((side, option), "NO")

    @property
    def agreed(self) -> tuple[tuple[str, int], ...]:
        """What is on: side and option, in order."""
        return tuple(sorted(key for key, state in self._states.items() if state == "YES"))

    def ask(self, side: Side, option: int, *, on: bool = True) -> bytes:
        """The octets that ask for an option, or against it; b"" where it is so, or was asked for already.

        While an answer is owed nothing more is asked: the wish waits for it (the RFC's queue bit), or two wishes would
        chase each other for ever.
        """
        state = self.state(side, option)
        if state in ("WANTYES", "WANTNO"):
            is_so = (state == "WANTYES") == on
            (self._queued.discard if is_so else self._queued.add)((side, option))
            return b""
        if state == ("YES" if on else "NO"):
            return b""
        self._states[side, option] = "WANTYES" if on else "WANTNO"
        return encode((_YES if on else _NO)[side], option)

    def receive(self, piece: Piece) -> bytes:
        """The answer that a negotiation calls for; b"" for none, and for all that is no negotiation."""
        if not isinstance(piece, Negotiation):
            return b""
        if piece.verb in _ON:
            return self._wanted(_ON[piece.verb], piece.option)
        return self._unwanted(_OFF[piece.verb], piece.option)

    def _wanted(self, side: str, option: int) -> bytes:
        state = self._states.get((side, option), "NO")
        if state == "YES":
            return b""
        if state == "NO":
            if option not in self._accepted[side]:
                return encode(_NO[side], option)
            self._states[side, option] = "YES"
            return encode(_YES[side], option)
        is_queued = (side, option) in self._queued
        self._queued.discard((side, option))
        if state == "WANTYES" and is_queued:
            self._states[side, option] = "WANTNO"
            return encode(_NO[side], option)
        # WANTYES: this is the answer. WANTNO: a no was answered by a yes, which the RFC calls an error and takes as no.
        self._states[side, option] = "YES" if (state == "WANTYES") != is_queued else "NO"
        return b""

    def _unwanted(self, side: str, option: int) -> bytes:
        state = self._states.get((side, option), "NO")
        is_queued = (side, option) in self._queued
        self._queued.discard((side, option))
        if state == "WANTNO" and is_queued:
            self._states[side, option] = "WANTYES"
            return encode(_YES[side], option)
        self._states[side, option] = "NO"
        return encode(_NO[side], option) if state == "YES" else b""


def refusals(pieces: Iterable[Piece]) -> bytes:
    """What says no to everything that was asked for: WONT to each DO, DONT to each WILL, each once."""
    negotiator = Negotiator()
    seen: set[tuple[str, int]] = set()
    answers = b""
    for piece in pieces:
        if isinstance(piece, Negotiation) and (piece.verb, piece.option) not in seen:
            seen.add((piece.verb, piece.option))
            answers += negotiator.receive(piece)
    return answers
