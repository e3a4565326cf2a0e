"""Messages in a stream: how they are framed, read, and cut."""

import base64
import itertools
import struct

from .steps import LocalMisuse, as_text, tell

MARKS = {"lf": b"\n", "crlf": b"\r\n", "line": b"\n", "nul": b"\0"}


class Framing:
    """A framing by its name: lf, crlf, line, nul, backslash, digits:4, length:2:big, close; +base64 behind it."""

    def __init__(self, name):
        name, _, encoding = name.partition("+")
        self.is_encoded = encoding == "base64"
        self.kind, *rest = name.split(":")
        self.width = int(rest[0]) if rest else 0
        self.order = rest[1] if len(rest) > 1 else "big"

    def encode(self, data):
        if self.is_encoded:
            data = base64.b64encode(data)
        if self.kind == "digits":
            if len(data) >= 10**self.width:
                raise LocalMisuse(
                    f"{len(data):,} octets don't fit: {10**self.width - 1:,} at most can be said"
                )
            return f"{len(data):0{self.width}d}".encode() + data
        if self.kind == "length":
            return len(data).to_bytes(self.width, self.order) + data
        if self.kind == "backslash":
            return data.replace(b"\\", b"\\\\").replace(b"\n", b"\\\n") + b"\n"
        return data + (b"\r\n" if self.kind == "line" else MARKS.get(self.kind, b""))

    def remarks(self, data):
        """What is worth knowing before it is sent."""
        mark = MARKS.get(self.kind)
        return "marker-in-data" if mark and not self.is_encoded and mark in data else ""


class Decoder:
    """Turns octets into messages, however they are cut. broken_at: the octet where it was certain, -1 if never."""

    def __init__(self, framing, limit=1_000_000):
        self.framing, self.limit = framing, limit
        self.held, self.taken = b"", 0
        self.word, self.why, self.broken_at = "open", "the connection goes on", -1

    def feed(self, data):
        """The messages that are complete by now."""
        self.held += data
        found = []
        while self.broken_at < 0 and (cut := self.next()) is not None:
            message, size = cut
            self.held, self.taken = self.held[size:], self.taken + size
            found.append(base64.b64decode(message) if self.framing.is_encoded else message)
        return found

    def next(self):
        """The next message, and how many octets it takes of the stream; None while it is not whole."""
        kind = self.framing.kind
        if kind == "close":
            return None
        if kind in MARKS:
            return self.marked(MARKS[kind], len(self.held))
        if kind == "backslash":
            return self.escaped()
        return self.announced()

    def marked(self, mark, size):
        place = self.held.find(mark)
        if place < 0:
            if size > self.limit:
                self.broken(f"no end of the message in {self.limit:,} octets", self.taken + self.limit)
            return None
        message = self.held[:place]
        return message.removesuffix(b"\r") if self.framing.kind == "line" else message, place + len(mark)

    def escaped(self):
        message, place = b"", 0
        while place < len(self.held):
            octet = self.held[place : place + 1]
            if octet == b"\n":
                return message, place + 1
            if octet == b"\\":
                place += 1
                octet = self.held[place : place + 1]
            message += octet
            place += 1
        return None

    def announced(self):
        width = self.framing.width
        if len(self.held) < width:
            return None
        head = self.held[:width]
        count = int(head) if self.framing.kind == "digits" else int.from_bytes(head, self.framing.order)
        if count > self.limit:
            self.broken(f"{count:,} octets are announced, and the limit is {self.limit:,}", self.taken)
            return None
        return (self.held[width : width + count], width + count) if len(self.held) >= width + count else None

    def broken(self, why, at):
        self.word, self.why, self.broken_at = "broken", why, at

    def finish(self):
        """What the end of the stream means; a last message that only the end completes."""
        if self.framing.kind == "close":
            self.word, self.why = (
                "unknown",
                "the end alone ends this message: nobody knows whether it is whole",
            )
            return [self.held] if self.held else []
        if self.broken_at >= 0:
            return []
        self.word, self.why = "complete", "the stream ended behind a message"
        if self.held:
            self.word, self.why = "incomplete", self.missing()
        return []

    def missing(self):
        kind, width = self.framing.kind, self.framing.width
        if kind == "crlf" and b"\n" in self.held:
            return "lines end with a bare LF here, and CR LF was awaited"
        if width and len(self.held) >= width:
            head = self.held[:width]
            count = int(head) if kind == "digits" else int.from_bytes(head, self.framing.order)
            missing = count - len(self.held) + width
            return f"the stream ended in a message of {count:,} octets, {missing:,} octets at least missing"
        return "the stream ended within a message"


class Framed:
    """A message as it travels."""

    def __init__(self, framing, data):
        made = Framing(framing)
        self.wire, self.remarks, self.size = made.encode(data), made.remarks(data), len(data)
        self.hex, self.text, self.octets = self.wire[:1000].hex(" "), as_text(self.wire), len(self.wire)
        tell(f"{self.text[:80]!r}{f', remark: {self.remarks}' if self.remarks else ''}")


class Frames:
    """Messages that were read from a connection; word: how its stream ended."""

    def __init__(self, on, framing, messages=None, limit=1_000_000, timeout_s=5.0):
        decoder, found, self.octets = Decoder(Framing(framing), limit), [], 0
        while decoder.broken_at < 0 and (messages is None or len(found) < messages):
            data = on.receive(timeout_s=timeout_s)
            if not data:
                found += decoder.finish()
                break
            self.octets += len(data)
            found += decoder.feed(data)
        self.number, self.word, self.why, self.broken_at = (
            len(found),
            decoder.word,
            decoder.why,
            decoder.broken_at,
        )
        self.texts = " | ".join(as_text(message[:1000]) for message in found)
        tell(f"{self.number} messages; {self.word}: {self.why}")


class Chopped:
    """A stream in every cut there is; same: whether the decoder said the same for all of them."""

    def __init__(self, framing, data, decoder=""):
        made = Framing(framing)
        self.tried, self.same, self.differs = 1, True, ""
        whole = said(made, [data], decoder)
        self.messages = len(whole[0])
        places = range(1, len(data))
        for cut in itertools.chain.from_iterable(
            itertools.combinations(places, n) for n in range(1, len(data))
        ):
            self.tried += 1
            pieces = [data[start:stop] for start, stop in zip((0, *cut), (*cut, len(data)), strict=True)]
            if said(made, pieces, decoder) != whole:
                self.same, self.differs = False, " ".join(map(str, cut))
                break
        tell(f"{self.tried} cuts, {'all the same' if self.same else f'cut at {self.differs} it differs'}")


def said(framing, pieces, decoder):
    """All that a decoder says of the pieces. A forgetful one begins anew with each."""
    kept, found = Decoder(framing), []
    for piece in pieces:
        if decoder == "forgetful":
            kept = Decoder(framing)
        found += kept.feed(piece)
    return found + kept.finish(), kept.word


class Unpacked:
    """The values of a structure. hint: what looks like numbers in the other order."""

    def __init__(self, format, of):
        values = struct.unpack(format, of.data[: struct.calcsize(format)])
        turned = struct.unpack(
            (">" if format[0] == "<" else "<") + format[1:], of.data[: struct.calcsize(format)]
        )
        odd = [
            f"{value:,} looks byte-swapped: in the other order it would be {other:,}"
            for value, other in zip(values, turned, strict=True)
            if isinstance(value, int) and value >= 65536 > other
        ]
        self.values, self.hint = ", ".join(map(str, values)), "; ".join(odd)
        tell(f"{self.values}{f'; {self.hint}' if odd else ''}")
