"""What a command line of `socket talk` asks for, checked as far as that goes without talking to anybody."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, NamedTuple

from workbench.cli.arguments import Parsed, reading
from workbench.cli.relayed import Relayed, relayed
from workbench.cli.talk_tls import read_tls
from workbench.cli.transport import check_transport, chosen_transport, wrong
from workbench.cli.way import read_way
from workbench.errors import LocalMisuse
from workbench.formats.payload import parse_hex, parse_payload
from workbench.formats.target import Target
from workbench.protocols.raw.expect import ExpectOctets, ExpectPattern
from workbench.protocols.raw.received_file import ReceivedFile
from workbench.protocols.raw.sent_file import PayloadFile
from workbench.protocols.raw.values import DIRECT, Expectation, Transport, Way

if TYPE_CHECKING:
    from workbench.protocols.raw.protection import Prepared


class Request(NamedTuple):
    """One conversation to be had. sends: payloads and open files, in order; close() gives the files back.

    notes: what was chosen for the person, to be told before it is done.
    """

    target: Target
    transport: Transport
    sends: tuple[bytes | PayloadFile, ...]
    expect: Expectation | None
    finish: bool
    answers: int | None
    encoding: str
    timeout_s: float
    tls: "Prepared | None" = None
    way: Way = DIRECT
    relayed: Relayed = Relayed()
    received: ReceivedFile | None = None
    starttls: str | None = None
    once: bool = False
    broadcast: bool = False
    quiet_s: float | None = None
    notes: tuple[str, ...] = ()

    @property
    def has_files(self) -> bool:
        """Whether files are sent, which take as long as they take."""
        return any(isinstance(payload, PayloadFile) for payload in self.sends)

    @property
    def total(self) -> int | None:
        """Octets that are to be sent; None where nobody knows before."""
        sizes = [len(p) if isinstance(p, bytes) else p.size for p in self.sends]
        return None if None in sizes else sum(size for size in sizes if size is not None)

    async def pieces(self) -> AsyncIterator[bytes]:
        """Everything that is to be sent, in order. Raises: LocalFault when a file fails."""
        for payload in self.sends:
            if isinstance(payload, bytes):
                yield payload
                continue
            async for piece in payload.pieces():
                yield piece

    async def datagrams(self) -> list[bytes]:
        """One datagram for each payload and each file. Raises: LocalMisuse for a file too large, LocalFault."""
        return [payload if isinstance(payload, bytes) else await payload.whole() for payload in self.sends]

    def close(self) -> None:
        """Give all files back; what was received stays."""
        if self.received is not None:
            self.received.close()
        for payload in self.sends:
            if isinstance(payload, PayloadFile):
                payload.close()


def read_request(parsed: Parsed) -> Request:
    """The request of a parsed command line.

    Raises: LocalMisuse: arguments that contradict each other or can't be read; LocalFault: a file can't be opened.
    """
    target: Target = parsed["TARGET"]
    transport, notes = chosen_transport(target, parsed)
    _check_transport(target, transport, parsed)
    expect = _expectation(parsed)
    is_udp = transport == "udp"
    is_unix = target.scheme == "unix"
    way = read_way(parsed, is_udp=is_udp, is_unix=is_unix)
    road = relayed(parsed, is_udp=is_udp, is_unix=is_unix)
    files: list[PayloadFile] = []
    try:
        return Request(
            target,
            transport,
            tuple(_payload(option, text, parsed, files) for option, text in parsed["--send"]),
            expect,
            not parsed.flag("--no-finish"),
            parsed["--answers"],
            parsed["--encoding"],
            parsed["--timeout"],
            read_tls(parsed, target, is_udp=is_udp),
            way,
            road,
            # Last, as it is the one that leaves something on the disk.
            _received(parsed, is_udp=is_udp),
            parsed["--starttls"],
            parsed.flag("--once"),
            parsed.flag("--broadcast"),
            parsed["--quiet"],
            notes,
        )
    except BaseException:
        for file in files:
            file.close()
        raise


def payload(name: str, text: str, parsed: Parsed) -> bytes:
    """The octets that an argument's text means, in the encoding and with the line ending asked for."""
    encoding, line_ending = parsed["--encoding"], parsed["--line-ending"]
    return reading(name, text, lambda text: parse_payload(text, encoding=encoding, line_ending=line_ending))


def _payload(option: str, text: str, parsed: Parsed, files: list[PayloadFile]) -> bytes | PayloadFile:
    if option == "--send-hex":
        return parse_hex(text)
    if option == "--file":
        files.append(PayloadFile(text))
        return files[-1]
    return payload(option, text, parsed)


def _received(parsed: Parsed, *, is_udp: bool) -> ReceivedFile | None:
    path = parsed["--receive"]
    if path is None:
        return None
    if is_udp:
        raise LocalMisuse(
            "--receive writes a stream; in a file the boundaries between datagrams would be lost",
            advice="leave it out, or write a --transcript",
        )
    return reading("--receive", path, ReceivedFile)


def _expectation(parsed: Parsed) -> Expectation | None:
    text, pattern = parsed["--expect"], parsed["--expect-re"]
    if text is not None and pattern is not None:
        raise LocalMisuse("--expect and --expect-re can't be given together", advice="leave one of them out")
    if pattern is not None:
        return reading("--expect-re", pattern, ExpectPattern)
    if text is not None:
        return reading("--expect", text, lambda text: ExpectOctets(payload("--expect", text, parsed)))
    return None


def _check_transport(target: Target, transport: Transport, parsed: Parsed) -> None:
    check_transport(target, transport)
    if parsed.flag("--once") and any(option == "--file" for option, _ in parsed["--send"]):
        raise LocalMisuse("--once offers a payload in one call, and a file goes in many", advice="use --send")
    if parsed["--quiet"] is not None and not parsed.flag("--broadcast"):
        raise LocalMisuse("--quiet says when a search is over", advice="add --udp --broadcast")
    if transport == "tcp":
        if parsed.flag("--broadcast"):
            raise LocalMisuse("a connection has two ends: only datagrams go to everybody", advice="add --udp")
        if parsed["--answers"] is not None:
            raise LocalMisuse("--answers counts datagrams", advice="add --udp, or use --expect")
        return
    if parsed.flag("--once"):
        raise LocalMisuse("a datagram is taken whole or not at all", advice="leave --once out")
    if parsed.flag("--no-finish"):
        raise LocalMisuse("UDP has no end that --no-finish could leave out", advice="leave it out")
    if not parsed["--send"]:
        what, advice = (
            "nobody answers a datagram that was not sent",
            "add --send TEXT; --send '' is an empty datagram",
        )
        if target.is_lab and not parsed.flag("--udp"):
            raise wrong(target, f"{target} speaks UDP, and {what}", advice)
        raise LocalMisuse(what, advice=advice)
