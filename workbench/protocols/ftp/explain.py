"""What each event of an FTP conversation means: commands, replies, data, and what the client decided."""

from collections.abc import Callable, Mapping

from workbench.formats.quantity import octets
from workbench.protocols.ftp.sentences import of_command, of_reply
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction, Event
from workbench.transcript.redact import shown
from workbench.transcript.render import PREVIEW_OCTETS, Explanation, as_text
from workbench.wire import explain as wire
from workbench.wire.tls.values import LAYER

CONTROL = "control: "
DATA = "data "
"""How the titles of the two kinds of lanes begin."""
DATA_PREVIEW = 64
"""Octets of a piece of a file in its line: a download makes thousands of them, and most are no text."""
_TOLD = 3
"""Replies of one event that are explained; more come only from who sends them all at once."""
_RECORD_TYPES = range(20, 24)
Values = Mapping[str, object]


def explain(transcript: Transcript, event: Event) -> Explanation | None:
    """What an event means; for what lies below FTP as the wire explains it."""
    if event.kind == "fact":
        known = FACTS.get(event.name)
        return known(event.values) if known is not None else wire.explain(transcript, event)
    title = transcript.channels[event.channel].title
    if event.layer != LAYER and _is_record(transcript, event):
        return Explanation("TLS records", "what is in them stands beside", "RFC 8446 5")
    if title.startswith(CONTROL):
        text = shown(transcript, event, 0, PREVIEW_OCTETS)
        return _command(text) if event.direction is Direction.SENT else _replies(text, event.size)
    if title.startswith(DATA):
        what = title.partition(": ")[2].partition(" ")[0]
        part = "of the listing" if what in ("MLSD", "LIST", "NLST") else "of the file"
        head = as_text(shown(transcript, event, 0, DATA_PREVIEW)) + (
            " …" if event.size > DATA_PREVIEW else ""
        )
        return Explanation(head, f"{octets(event.size)} {part}", "RFC 959 3.4.1")
    return wire.explain(transcript, event)


def _is_record(transcript: Transcript, event: Event) -> bool:
    """A TLS record begins with its type and version 3.x (RFC 8446 section 5.1); no command and no reply does."""
    head = transcript.data(event, 0, 2)
    return len(head) == 2 and head[0] in _RECORD_TYPES and head[1] == 3


def _command(text: bytes) -> Explanation:
    line = text.partition(b"\r\n")[0]
    known = of_command(line.partition(b" ")[0].decode("ascii", "replace"))
    return Explanation(as_text(line), *(known or ("a command that this client does not use", "")))


def _replies(text: bytes, size: int) -> Explanation:
    lines = [line.rstrip(b"\r") for line in text.split(b"\n") if line.strip()]
    codes: list[int] = []
    for line in lines:
        # In a reply of several lines only the last says the code with a blank behind it.
        if line[:3].isdigit() and line[3:4] in (b" ", b"-", b"") and int(line[:3]) not in codes[-1:]:
            codes.append(int(line[:3]))
    told = [known for code in codes[:_TOLD] if (known := of_reply(code)) is not None]
    what = as_text(b" | ".join(lines)) + (" …" if size > PREVIEW_OCTETS else "")
    if not told:
        return Explanation(what, "goes on from before")
    return Explanation(what, "; then ".join(known.text for known in told), told[0].source)


def _passive(v: Values) -> Explanation:
    source = "RFC 2428 3" if v["command"] == "EPSV" else "RFC 959 4.1.2"
    return Explanation(f"data by {v['host']}:{v['port']}", "we dial, the server waits", source)


def _elsewhere(v: Values) -> Explanation:
    return Explanation(
        f"PASV names {v['told']}, refused",
        f"that is another machine: the data connection goes to {v['used']}, whom we talk to",
        "RFC 2577 3",
    )


def _fallback(v: Values) -> Explanation:
    return Explanation(f"{v['instead']} instead of {v['asked']}", f"the server said {v['reply']}")


def _settled(v: Values) -> Explanation:
    return Explanation(
        f"{v['command']} ended: {v['reply']}", "heard although we had given up on it", "RFC 959 5.4"
    )


FACTS: dict[str, Callable[[Values], Explanation]] = {
    "ftp.passive": _passive,
    "ftp.passive.elsewhere": _elsewhere,
    "ftp.fallback": _fallback,
    "ftp.settled": _settled,
}
"""Every fact that the client records; a test walks the code for names that are missing here."""
