"""Recording: a Transcript and its channels.

Strategy. An event is one fixed record of 24 octets in an index that is itself spooled (time, channel, size, and an
offset whose top byte tells kind, direction and layer); its octets lie in a spool per channel, direction and layer, so
that the offset of an event is its place in that stream. Facts are JSON in a spool of their own. Nothing is kept per
event in Python objects, so 16 million small events cost no memory. Observers hear only that there is more.
"""

import json
import struct
from collections.abc import Callable, Iterator, Sequence

from workbench.clock import SYSTEM, Clock
from workbench.errors import LocalFault, LocalMisuse
from workbench.transcript.records import ChannelInfo, Direction, Event
from workbench.transcript.spool import Spool, Store

SPOOL_AFTER = 4 * 1024 * 1024
"""Octets of one transcript that stay in memory before its file is made."""
MAX_LAYERS = 32
MAX_EVENT_OCTETS = 0xFFFF_FFFF

_RECORD = struct.Struct("<QIIQ")
_CODE_SHIFT = 56
_OFFSET_MASK = (1 << _CODE_SHIFT) - 1
_SENT, _RECEIVED, _FACT = 0, 1, 2
_DIRECTIONS = (Direction.SENT, Direction.RECEIVED, Direction.NONE)

Range = tuple[int, int]


class StreamBytes:
    """All octets of one channel, direction and layer as one growing provider: `len(it)`, `it.read(start, stop)`."""

    def __init__(self, spool: Spool | None) -> None:
        self._spool = spool

    def __len__(self) -> int:
        return len(self._spool) if self._spool is not None else 0

    def read(self, start: int, stop: int) -> bytes:
        """The octets from start to stop; what lies outside is left out."""
        return self._spool.read(start, stop) if self._spool is not None else b""


class Channel:
    """The recording end of one connection, socket or listener. Made by Transcript.open."""

    def __init__(self, transcript: "Transcript", number: int, layer: str) -> None:
        self.transcript = transcript
        self.number = number
        self.layer = layer
        self._spools: dict[tuple[int, str], tuple[Spool, int]] = {}

    def sent(self, data: bytes, *, layer: str = "", secret: Sequence[Range] = ()) -> int:
        """Record octets that the system took from us; returns the event's index.

        Args:
            layer: another layer than the channel's own ("tls" for what is in the records of a plain one).
            secret: ranges of `data` that views and exports mask.

        Raises: LocalFault when the disk failed; what was recorded stays readable.
        """
        return self._record(_SENT, data, layer or self.layer, secret)

    def received(self, data: bytes, *, layer: str = "", secret: Sequence[Range] = ()) -> int:
        """Record octets that the system gave us; as `sent`."""
        return self._record(_RECEIVED, data, layer or self.layer, secret)

    def fact(self, name: str, **values: object) -> int:
        """Record something that happened without octets, e.g. fact("connect.failed", errno="ECONNREFUSED").

        Values must be what JSON can hold. Returns the event's index.
        """
        return self.transcript.add_fact(self.number, name, values)

    def key(self, line: str) -> None:
        """Keep a key of TLS, a line of NSS's key log. It is no event: it leaves only when secrets are asked for."""
        self.transcript.key_log.append(line)

    def named(
        self,
        *,
        local: str | None = None,
        peer: str | None = None,
        title: str | None = None,
        layer: str | None = None,
    ) -> None:
        """Say what became known of the endpoints; the layer only before the first octet."""
        self.layer = layer or self.layer
        self.transcript.rename(self.number, local=local, peer=peer, title=title, layer=layer)

    @property
    def is_behind(self) -> bool:
        """As Transcript.is_behind: whoever brings octets asks before it takes more."""
        return self.transcript.is_behind

    def stream(self, direction: Direction, layer: str = "") -> StreamBytes:
        """The octets of one direction as one provider; empty where nothing passed yet."""
        return self.transcript.stream(self.number, direction, layer or self.layer)

    def _record(self, way: int, data: bytes, layer: str, secret: Sequence[Range]) -> int:
        known = self._spools.get((way, layer))
        if known is None:
            known = self.transcript.new_spool(self.number, way, layer)
            self._spools[way, layer] = known
        return self.transcript.add_bytes(self.number, known[0], known[1], data, secret)


class Transcript:
    """Append-only events of any number of channels, in the order in which this program saw them.

    Args:
        clock: where time comes from.
        spool_after: octets kept in memory before the unlinked file is made.
        folder: where that file is made; None: the system's place for temporary files.
    """

    def __init__(
        self, *, clock: Clock = SYSTEM, spool_after: int = SPOOL_AFTER, folder: str | None = None
    ) -> None:
        self._now = clock.monotonic_ns
        self.started_wall_ns = clock.wall_ns()
        self._started_ns = clock.monotonic_ns()
        self._store = Store(spool_after, folder)
        self._index = self._store.spool()
        self._facts = self._store.spool()
        self._channels: list[ChannelInfo] = []
        self._layers: list[str] = [""]
        self._streams: dict[tuple[int, int, int], Spool] = {}
        self._secrets: dict[int, tuple[Range, ...]] = {}
        self.key_log: list[str] = []
        """What Channel.key was told."""
        self._observers: list[Callable[[Transcript], None]] = []
        self._length = 0
        self._closed = False

    # ---- recording

    def open(self, title: str, layer: str) -> Channel:
        """Begin a channel, e.g. open("lab:echo", "tcp")."""
        number = len(self._channels)
        opened_ns = self._now() - self._started_ns
        self._channels.append(ChannelInfo(number, title, layer, "", "", opened_ns))
        return Channel(self, number, layer)

    def rename(
        self,
        number: int,
        *,
        local: str | None = None,
        peer: str | None = None,
        title: str | None = None,
        layer: str | None = None,
    ) -> None:
        """Replace what is known of a channel's endpoints, title or layer; None leaves as is."""
        info = self._channels[number]
        self._channels[number] = info._replace(
            local=info.local if local is None else local,
            peer=info.peer if peer is None else peer,
            title=info.title if title is None else title,
            layer=info.layer if layer is None else layer,
        )
        self._tell()

    def new_spool(self, channel: int, way: int, layer: str) -> tuple[Spool, int]:
        """A spool for one channel, direction and layer, and the code its records carry (for Channel)."""
        code = way << 5 | self._layer_number(layer)
        spool = self._store.spool()
        self._streams[channel, way, code & 31] = spool
        return spool, code << _CODE_SHIFT

    def add_bytes(self, channel: int, spool: Spool, code: int, data: bytes, secret: Sequence[Range]) -> int:
        """Append octets (for Channel.sent and received)."""
        size = len(data)
        if size > MAX_EVENT_OCTETS:
            raise LocalMisuse("one event can't hold more than 4 GiB; record it in pieces", stage="transcript")
        if type(data) is not bytes:
            data = bytes(data)
        now = self._now() - self._started_ns
        offset = len(spool)
        failure: LocalFault | None = None
        try:
            spool.append(data)
        except LocalFault as fault:
            if len(spool) == offset and size:
                raise
            failure = fault
        # After a failing write the octets are readable in memory, so their record must stand beside them.
        return self._append(_RECORD.pack(now, channel, size, code | offset), secret, failure)

    def add_fact(self, channel: int, name: str, values: dict[str, object]) -> int:
        """Append a fact (for Channel.fact). Facts still fit after the disk failed: they tell how it ended."""
        # A file's or a server's name may hold octets that are no UTF-8, which stand in it as surrogates (PEP 383).
        text = json.dumps([name, values], ensure_ascii=False, separators=(",", ":")).encode(
            errors="surrogatepass"
        )
        now = self._now() - self._started_ns
        offset = self._facts.append_in_memory(text)
        record = _RECORD.pack(now, channel, len(text), _FACT << 5 + _CODE_SHIFT | offset)
        return self._append(record, (), None)

    def _append(self, record: bytes, secret: Sequence[Range], failure: LocalFault | None) -> int:
        index = self._length
        self._index.append_in_memory(record)
        self._length = index + 1
        if secret:
            self._secrets[index] = tuple(secret)
        self._tell()
        if failure is not None:
            raise failure
        return index

    def _layer_number(self, layer: str) -> int:
        try:
            return self._layers.index(layer)
        except ValueError:
            if len(self._layers) == MAX_LAYERS:
                raise LocalMisuse(
                    f"a transcript holds at most {MAX_LAYERS} layers", stage="transcript"
                ) from None
            self._layers.append(layer)
            return len(self._layers) - 1

    def _tell(self) -> None:
        for observer in self._observers:
            observer(self)

    # ---- reading

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, index: int) -> Event:
        if index < 0:
            index += self._length
        if not 0 <= index < self._length:
            raise IndexError(index)
        place = index * _RECORD.size
        return self._event(index, self._index.read(place, place + _RECORD.size))

    def events(self, start: int = 0, stop: int | None = None) -> Iterator[Event]:
        """The events from start to stop (exclusive), read in blocks."""
        stop = self._length if stop is None else min(stop, self._length)
        size, block = _RECORD.size, 512
        for first in range(max(0, start), stop, block):
            last = min(first + block, stop)
            data = self._index.read(first * size, last * size)
            for index in range(first, last):
                place = (index - first) * size
                yield self._event(index, data[place : place + size])

    def _event(self, index: int, record: bytes) -> Event:
        time_ns, channel, size, coded = _RECORD.unpack(record)
        code, offset = coded >> _CODE_SHIFT, coded & _OFFSET_MASK
        way = code >> 5
        if way == _FACT:
            name, values = json.loads(self._facts.read(offset, offset + size))
            layer = self._channels[channel].layer
            return Event(index, time_ns, channel, "fact", Direction.NONE, layer, 0, 0, name, values)
        layer = self._layers[code & 31]
        return Event(index, time_ns, channel, "bytes", _DIRECTIONS[way], layer, size, offset, "", {})

    def data(self, event: Event, start: int = 0, stop: int | None = None) -> bytes:
        """The octets of an event, or a part of them; b"" for a fact. Secrets are not masked: see redact."""
        if event.kind == "fact":
            return b""
        stop = event.size if stop is None else min(stop, event.size)
        stream = self.stream(event.channel, event.direction, event.layer)
        return stream.read(event.offset + start, event.offset + stop)

    def stream(self, channel: int, direction: Direction, layer: str) -> StreamBytes:
        """All octets of one channel, direction and layer as one provider."""
        if layer not in self._layers:
            return StreamBytes(None)
        way = _SENT if direction is Direction.SENT else _RECEIVED
        return StreamBytes(self._streams.get((channel, way, self._layers.index(layer))))

    def secrets(self, event: Event) -> tuple[Range, ...]:
        """The ranges of an event's octets that are to be masked."""
        return self._secrets.get(event.index, ())

    def stream_secrets(self, channel: int, direction: Direction, layer: str) -> tuple[Range, ...]:
        """The ranges of a stream that are to be masked, counted from its beginning."""
        found: list[Range] = []
        for index, ranges in self._secrets.items():
            event = self[index]
            if (event.channel, event.direction, event.layer) == (channel, direction, layer):
                found += [(event.offset + start, event.offset + stop) for start, stop in ranges]
        return tuple(found)

    @property
    def channels(self) -> tuple[ChannelInfo, ...]:
        """All channels by number."""
        return tuple(self._channels)

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers that carried octets so far."""
        return tuple(self._layers[1:])

    @property
    def fault(self) -> LocalFault | None:
        """Why nothing more can be recorded, once that is so."""
        return self._store.fault

    @property
    def octets_in_memory(self) -> int:
        """Octets that wait in memory, not yet in the file."""
        return self._store.in_memory

    @property
    def is_behind(self) -> bool:
        """Whether so much waits for a slow disk (16 MiB) that no more octets should be brought."""
        return self._store.is_behind

    def when_written(self, wake: Callable[[], None]) -> Callable[[], None]:
        """Call `wake` once the disk has caught up: from any thread, perhaps at once. Returns what forgets it."""
        return self._store.when_written(wake)

    def observe(self, callback: Callable[["Transcript"], None]) -> Callable[[], None]:
        """Call `callback` whenever there is more; it must be cheap. Returns what cuts the observer off."""
        self._observers.append(callback)

        def cut() -> None:
            if callback in self._observers:
                self._observers.remove(callback)

        return cut

    def close(self) -> None:
        """Give memory and file back. Idempotent; reading afterwards finds nothing."""
        if not self._closed:
            self._closed = True
            self._observers.clear()
            self._length = 0
            self._store.close()
