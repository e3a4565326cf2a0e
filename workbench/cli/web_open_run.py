"""What `workbench web open` does: an address of any scheme, taken apart and handed to the engine that speaks it."""

import hashlib
import os
import tempfile
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from importlib import import_module
from typing import Any, NamedTuple

from workbench.cli.arguments import Parsed
from workbench.cli.conversation import Conversation
from workbench.cli.octets import MAX_SHOWN, ScreenText, shown_octets
from workbench.cli.output import Output
from workbench.cli.relayed import Relayed, relayed, require_straight
from workbench.cli.steps import listed_events
from workbench.cli.transcript_file import TranscriptFile, transcript_file
from workbench.errors import LocalFault, LocalMisuse
from workbench.formats.charset import visible
from workbench.formats.errno_words import symbol_of
from workbench.formats.url_parts import choose, parts_of, read_data, scheme_of
from workbench.transcript.recorder import Transcript
from workbench.transcript.render import Explainer
from workbench.wire.explain import explain

MAX_FILE = 64 * 1024 * 1024
"""Octets of a file that is opened; a larger one is told by its beginning."""
ELSEWHERE: Mapping[str, str] = {
    "dns": "workbench dns query NAME --server HOST:PORT",
    "imap": "workbench mail list TARGET",
    "imaps": "workbench mail list TARGET",
    "pop": "workbench mail list TARGET",
    "pop3": "workbench mail list TARGET",
    "smtp": "workbench mail send",
    "sqlite": "workbench sql run",
    "postgresql": "workbench sql run",
    "tls": "workbench socket talk HOST:PORT --tls",
    "ws": "workbench socket ws",
}
"""Schemes of ours whose conversations are no single document, and the verb that has them."""


class Opened(NamedTuple):
    """What was behind an address.

    octets, sha256: of all of it. data: what is shown. items: names, of a menu or a folder. complete: whether the end
    that the protocol asks for was there; an engine that requires it fails without.
    """

    engine: str
    media_type: str | None
    octets: int
    sha256: str
    data: bytes
    items: tuple[str, ...] | None = None
    complete: bool = True


def _of(engine: str, data: bytes, media_type: str | None, items: tuple[str, ...] | None = None) -> Opened:
    return Opened(engine, media_type, len(data), hashlib.sha256(data).hexdigest(), data, items)


async def _http(url: str, conversation: Conversation, way: Relayed, timeout_s: float) -> Opened:
    from workbench.protocols.http.client import fetch
    from workbench.protocols.http.security import Security
    from workbench.protocols.http.values import Request

    async def lab() -> bytes:
        return (await conversation.lab_authority()).certificate

    exchange = await fetch(
        Request(url),
        conversation.transcript,
        resolver=way.resolver(conversation),
        security=Security(lab=lab),
        timeout_s=timeout_s,
    )
    exchange.require_whole()
    if exchange.status >= 400:
        from workbench.cli.web_get import said_no

        raise said_no(exchange)
    body = exchange.body
    kind = next((f.value for f in exchange.head.fields if f.name.lower() == "content-type"), None)
    return Opened("http", kind, body.octets, body.sha256, body.data)


async def _gopher(url: str, conversation: Conversation, way: Relayed, timeout_s: float) -> Opened:
    from workbench.protocols.gopher.client import open_url, require_yes

    resolver = way.resolver(conversation)
    answer = await open_url(url, conversation.transcript, resolver=resolver, timeout_s=timeout_s)
    require_yes(answer)
    names = tuple(item.text for item in answer.items) if answer.kind == "menu" else None
    data = answer.text.encode() if answer.kind == "text" else answer.body
    kinds = {"menu": "application/gopher-menu", "text": "text/plain", "binary": "application/octet-stream"}
    return _of("gopher", data, kinds[answer.kind], names)._replace(complete=answer.is_complete)


async def _ftp(url: str, conversation: Conversation, way: Relayed, timeout_s: float) -> Opened:
    from urllib.parse import unquote_to_bytes

    from workbench.cli.ftp_session import road_to
    from workbench.formats.target import parse_target
    from workbench.protocols.ftp.names import joined
    from workbench.protocols.ftp.opening import open_ftp
    from workbench.protocols.ftp.partial import Download
    from workbench.protocols.ftp.values import Login, text_of

    target = parse_target(url)
    path = unquote_to_bytes(target.path)
    road = await road_to(target, conversation, way)
    client = await open_ftp(
        target,
        conversation.transcript,
        Login(),
        resolver=road.resolver,
        data_host=road.data_host,
        relays=road.relays,
        timeout_s=timeout_s,
    )
    try:
        place = path[1:] if path.startswith(b"//") else joined(client.folder, path[1:])
        if not path.strip(b"/") or path.endswith(b"/"):
            listing = await client.list(place.rstrip(b"/") or b"/")
            names = tuple(text_of(entry.name) for entry in listing.entries)
            found = _of("ftp", "\n".join(names).encode(), None, names)
        else:
            with tempfile.TemporaryDirectory() as folder:
                moved = await client.download(place, Download(os.path.join(folder, "it")))
                data = _read(os.path.join(folder, "it"))
            found = Opened("ftp", None, moved.octets, moved.sha256, data)
        await client.quit()
    finally:
        await client.aclose()
    return found


async def _file(url: str, _conversation: Conversation, _way: Relayed, _timeout_s: float) -> Opened:
    from urllib.parse import unquote_to_bytes

    by_name = {part.name: part for part in parts_of(url)}
    host, path = by_name.get("host"), by_name.get("path")
    if host is not None and host.text not in ("", "localhost"):
        raise LocalMisuse(
            "a file of another machine can't be opened",
            text=url,
            start=host.start,
            end=host.end,
            advice="write file:/PATH",
            source="RFC 8089 section 2",
        )
    if path is None or not path.text.startswith("/"):
        raise LocalMisuse(
            "the file's path is missing", text=url, start=len(url), end=len(url), advice="file:/PATH"
        )
    return _of("file", _read(os.fsdecode(unquote_to_bytes(path.text))), None)


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(MAX_FILE)
    except (OSError, ValueError) as error:
        symbol = symbol_of(error) if isinstance(error, OSError) else ""
        raise LocalFault(f"{path} can't be read: {error}", stage="file", errno_name=symbol) from error


async def _data(url: str, _conversation: Conversation, _way: Relayed, _timeout_s: float) -> Opened:
    kind, data = read_data(url)
    return _of("data", data, kind)


Engine = Callable[[str, Conversation, Relayed, float], Awaitable[Opened]]
ENGINES: Mapping[str, Engine] = {
    "http": _http,
    "https": _http,
    "gopher": _gopher,
    "ftp": _ftp,
    "file": _file,
    "data": _data,
}
"""Which engine speaks a scheme; a Lab's service is asked by its own name."""
LAB_ENGINES: Mapping[str, Engine] = {"http": _http, "https": _http, "gopher": _gopher, "ftp": _ftp}


def engine_of(url: str) -> Engine:
    """The engine for an address. Raises: LocalMisuse with the place: none speaks this scheme."""
    if scheme_of(url) == "lab":
        service = parts_of(url)[1]
        if service.text not in LAB_ENGINES:
            raise LocalMisuse(
                f"lab:{service.text} is opened by another verb",
                text=url,
                start=service.start,
                end=service.end,
                advice="by address one opens " + ", ".join(f"lab:{name}" for name in LAB_ENGINES),
            )
        return LAB_ENGINES[service.text]
    scheme = choose(url, (*ENGINES, *ELSEWHERE))
    if scheme in ELSEWHERE:
        raise LocalMisuse(
            f"{scheme}: is a conversation, and no one document is behind it",
            text=url,
            start=0,
            end=len(scheme),
            advice=f"there is {ELSEWHERE[scheme]}",
        )
    return ENGINES[scheme]


def _explainer(engine: str) -> Explainer:
    """The engine's own sentences; those of the wire where it has none."""
    if engine in ("http", "ftp", "gopher"):
        found: Explainer = import_module(f"workbench.protocols.{engine}.explain").explain
        return found
    return explain


class _Open:
    def __init__(self, parsed: Parsed, output: Output) -> None:
        self._output = output
        self._url: str = parsed["URL"]
        self._engine = engine_of(self._url)
        self._name = self._engine.__name__.strip("_")
        self._explain = _explainer(self._name)
        self._timeout_s: float = parsed["--timeout"]
        self._relayed = relayed(parsed)
        if self._engine in (_file, _data):
            require_straight(self._relayed)
        self._file: TranscriptFile | None = transcript_file(parsed)
        self._opened: Opened | None = None
        self._started_ns = time.monotonic_ns()

    async def run(self) -> int:
        output = self._output
        conversation = Conversation(
            output,
            self._file,
            self._summary,
            several=True,
            takes_octets=False,
            tells_sent=False,
            explainer=self._explain,
        )
        async with conversation:
            opened = self._opened = await self._engine(
                self._url, conversation, self._relayed, self._timeout_s
            )
        if not opened.complete:
            output.note("the line with a dot that ends it (RFC 1436 section 3.8) did not come: it may be cut")
        if output.as_json:
            output.document(output.so_far, ok=True)
        elif opened.items is not None:
            for name in opened.items:
                output.line(visible(name))
        elif output.is_terminal:
            screen = ScreenText("utf-8")
            output.octets((screen.feed(opened.data) + screen.finish()).encode())
        else:
            output.octets(opened.data)
        return 0

    def _summary(self, transcript: Transcript) -> Mapping[str, object]:
        opened = self._opened
        return {
            "url": self._url,
            "parts": [part._asdict() for part in parts_of(self._url)],
            "engine": self._name,
            **self._relayed.document(),
            "media_type": opened.media_type if opened is not None else None,
            "body": _body(opened) if opened is not None else None,
            "complete": opened.complete if opened is not None else None,
            "items": list(opened.items) if opened is not None and opened.items is not None else None,
            "elapsed_ms": round((time.monotonic_ns() - self._started_ns) / 1e6, 3),
            **listed_events(transcript, self._explain),
        }


def _body(opened: Opened) -> dict[str, object]:
    whole = opened.octets <= MAX_SHOWN
    shown = shown_octets(opened.data[:MAX_SHOWN], "utf-8", whole=whole)
    return {"octets": opened.octets, "sha256": opened.sha256, **shown, "truncated": not whole}


def open_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """The coroutine that opens. Raises: LocalMisuse, LocalFault; the coroutine what the engine raises."""
    return _Open(parsed, output).run()
