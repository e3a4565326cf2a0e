"""What each piece of a Telnet stream means, and each event of a conversation that speaks it."""

from workbench.formats.quantity import octets
from workbench.protocols.telnet.codec import TelnetReader
from workbench.protocols.telnet.values import (
    COMMANDS,
    OPTIONS,
    Command,
    Data,
    Negotiation,
    Piece,
    Subnegotiation,
    shown,
)
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Event
from workbench.transcript.render import PREVIEW_OCTETS, Explanation, as_text
from workbench.wire import explain as wire

NOT_DONE = "an option is negotiated; nothing is answered by itself"
_WISH = {
    "WILL": "the sender offers, or begins",
    "WONT": "the sender does not, or no more",
    "DO": "asks the other side to begin, or agrees",
    "DONT": "asks the other side not to, or to stop",
}


def of_piece(piece: Piece) -> Explanation:
    """What a piece means; for data as text."""
    match piece:
        case Negotiation():
            known = OPTIONS.get(piece.option)
            what = f"{known.name}: {known.text}" if known else f"option {piece.option}, in no list of ours"
            return Explanation(
                shown(piece), f"{_WISH[piece.verb]}: {what}", known.source if known else "RFC 854"
            )
        case Command():
            command = COMMANDS.get(piece.code)
            text = command.text if command else "no command of any RFC"
            return Explanation(shown(piece), text, command.source if command else "RFC 854")
        case Subnegotiation():
            option = OPTIONS.get(piece.option)
            what = f"parameters of {option.name}" if option else "parameters of an option in no list of ours"
            cut = "; the rest was thrown away" if piece.is_cut else ""
            return Explanation(
                shown(piece), what + _detail(piece) + cut, option.source if option else "RFC 855"
            )
        case Data():
            return Explanation(
                as_text(piece.data[:PREVIEW_OCTETS]),
                f"{octets(len(piece.data))} that mean themselves",
                "RFC 854",
            )
    return Explanation(shown(piece), "the stream ended within a command", "RFC 854")


def _detail(piece: Subnegotiation) -> str:
    data = piece.data
    if piece.option == 31 and len(data) == 4:
        return f": {int.from_bytes(data[:2])} columns, {int.from_bytes(data[2:])} rows"
    if piece.option in (24, 32, 35) and data[:1] == b"\x01":
        return ": send it"
    if piece.option in (24, 32, 35) and data[:1] == b"\0":
        return f": it is {as_text(data[1:])}"
    return ""


def explain(transcript: Transcript, event: Event) -> Explanation | None:
    """What an event means: the pieces in it, as far as they stand in it whole; else as the wire explains it."""
    if event.kind != "bytes":
        return wire.explain(transcript, event)
    pieces = TelnetReader().feed(transcript.data(event, 0, PREVIEW_OCTETS))
    if all(isinstance(piece, Data) for piece in pieces):
        return wire.explain(transcript, event)
    told = [of_piece(piece) for piece in pieces]
    first = next(one for one, piece in zip(told, pieces, strict=True) if not isinstance(piece, Data))
    return Explanation(" | ".join(one.what for one in told), f"{first.text}; {NOT_DONE}", first.source)
