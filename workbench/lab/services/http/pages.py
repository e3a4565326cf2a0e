"""What the Lab's web server has: each path and what it answers."""

import asyncio
import functools
import gzip
import html
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import NamedTuple
from urllib.parse import parse_qsl, quote

from workbench import assets
from workbench.jobs.offload import in_thread
from workbench.lab.services.http import files
from workbench.lab.services.http.answer import MODIFIED, Answer, page, plain
from workbench.lab.services.http.request import Asked

REALM = "Lab"
MAX_LARGE = 2**30
_PATTERN = b"".join(b"%07d\n" % line for line in range(131_072))
"""A mebibyte, of which every octet tells its place."""
_PIECE = 64 * 1024
BOMB_OCTETS = 100 * 1024 * 1024
_TEXT = "The same line, again and again: that is what compression lives on.\n" * 40
_SLOW_OCTETS, _SLOW_STEP, _SLOW_PAUSE_S = 10_000, 200, 0.02


class House(NamedTuple):
    """What pages need to know of their server.

    origin: its own address as others see it. ranges: how it does them where the query does not say. turns_away: asked
        at each visit of a file, whether this one is to come later.
    """

    user: str
    password: str
    origin: str
    ranges: str = "right"
    turns_away: Callable[[], bool] = bool


Page = Callable[[Asked, House], Awaitable[Answer]]


async def _front(_asked: Asked, _house: House) -> Answer:
    rows = "".join(
        f"<dt><a href={html.escape(path)!r}>{html.escape(path)}</a></dt><dd>{html.escape(what)}</dd>\n"
        for path, (_page, what) in PAGES.items()
    )
    return page(
        "<!DOCTYPE html>\n<html lang=en><head><title>The Lab's web server</title></head><body>\n"
        f"<h1>The Lab's web server</h1>\n<dl>\n{rows}</dl>\n</body></html>\n"
    )


async def _page(_asked: Asked, _house: House) -> Answer:
    data = assets.read_bytes("lab/web/page.html")
    return Answer(200, (("Content-Type", "text/html; charset=utf-8"), ("Last-Modified", MODIFIED)), data)


async def _redirect(asked: Asked, _house: House) -> Answer:
    status = asked.number("status", 302, 999)
    return _to(asked.parameter("to", "/page"), status if status // 100 == 3 else 302)


async def _loop(_asked: Asked, _house: House) -> Answer:
    return _to("/loop", 302)


async def _folder(_asked: Asked, _house: House) -> Answer:
    return _to("/folder/", 301)


async def _inside(_asked: Asked, _house: House) -> Answer:
    return plain("With the slash this is the folder; without it, a redirect leads here.\n")


async def _elsewhere(_asked: Asked, house: House) -> Answer:
    return _to(f"{house.origin}/headers", 302)


async def _to_a_file(_asked: Asked, _house: House) -> Answer:
    return _to("file:/etc/passwd", 302)


def _to(location: str, status: int) -> Answer:
    answer = plain(f"Look at {location}\n", status)
    # What a query brought could hold a line end: the field must not.
    return answer._replace(fields=(*answer.fields, ("Location", quote(location, safe="/:?&=#%+,;@[]"))))


async def _headers(asked: Asked, _house: House) -> Answer:
    return plain(asked.shown())


async def _echo(asked: Asked, _house: House) -> Answer:
    return plain(asked.shown() + asked.body)


async def _form(asked: Asked, _house: House) -> Answer:
    if asked.method == "POST":
        kind = asked.field("content-type")
        if kind.partition(";")[0].strip() == "application/x-www-form-urlencoded":
            return _pairs(parse_qsl(asked.body.decode("utf-8", "replace"), keep_blank_values=True))
        if kind.partition(";")[0].strip() == "multipart/form-data":
            return _parts(asked.body, kind)
        return plain(f"{len(asked.body)} octets of {kind or 'no named kind'}\n")
    if asked.query:
        return _pairs(asked.parameters())
    return page(assets.read_text("lab/web/form.html"))


def _pairs(pairs: list[tuple[str, str]]) -> Answer:
    return plain("".join(f"{name} = {_told(name, value)}\n" for name, value in pairs) or "no fields\n")


def _told(name: str, value: str) -> str:
    """What is told of a field: of a password its length, since an echo would spread it."""
    return f"({len(value)} characters)" if "pass" in name.lower() else value


def _parts(body: bytes, kind: str) -> Answer:
    """Each part's own head and size."""
    boundary = kind.partition("boundary=")[2].strip('" ').encode()
    parts = body.split(b"--" + boundary)[1:-1]
    told = []
    for part in parts:
        head, _, data = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        told.append(head.replace(b"\r\n", b"; ") + b": %d octets\n" % (len(data) - 2))
    return plain(b"".join(told) or "no parts\n")


async def _post_only(asked: Asked, _house: House) -> Answer:
    if asked.method == "POST":
        return plain("POST it is.\n")
    answer = plain("Only POST is answered here.\n", 405)
    return answer._replace(fields=(*answer.fields, ("Allow", "POST")))


async def _basic(asked: Asked, house: House) -> Answer:
    import base64
    import hmac

    given = asked.field("authorization")
    right = base64.b64encode(f"{house.user}:{house.password}".encode()).decode()
    if hmac.compare_digest(given.encode(), f"Basic {right}".encode()):
        return plain(f"Welcome, {house.user}.\n")
    answer = plain("Who are you? The Lab told the password when this server began.\n", 401)
    challenge = ("WWW-Authenticate", f'Basic realm="{REALM}", charset="UTF-8"')
    return answer._replace(fields=(*answer.fields, challenge))


async def _large(asked: Asked, _house: House) -> Answer:
    octets = asked.number("octets", 2**20, MAX_LARGE)
    return Answer(200, (("Content-Type", "application/octet-stream"),), _pattern(octets), octets)


async def _pattern(octets: int) -> AsyncIterator[bytes]:
    view = memoryview(_PATTERN)
    for start in range(0, octets, len(_PATTERN)):
        yield bytes(view[: min(len(_PATTERN), octets - start)])


async def _file(asked: Asked, house: House) -> Answer:
    if house.turns_away():
        return _later()
    return await files.file_answer(asked, files.wish(asked, house.ranges))


async def _packed_file(asked: Asked, house: House) -> Answer:
    if house.turns_away():
        return _later()
    return await files.packed_answer(asked, files.wish(asked, house.ranges))


async def _sums(_asked: Asked, _house: House) -> Answer:
    return await files.sums()


async def _busy(asked: Asked, _house: House) -> Answer:
    return _later(asked.parameter("after", str(files.RETRY_AFTER_S))[:100])


def _later(after: str = str(files.RETRY_AFTER_S)) -> Answer:
    answer = plain("Not now; come again later.\n", 503)
    # What a query brought could hold a line end: the field must not.
    return answer._replace(fields=(*answer.fields, ("Retry-After", quote(after, safe=" ,:"))))


async def _slow(_asked: Asked, _house: House) -> Answer:
    async def dribble() -> AsyncIterator[bytes]:
        for start in range(0, _SLOW_OCTETS, _SLOW_STEP):
            yield _PATTERN[start : start + _SLOW_STEP]
            await asyncio.sleep(_SLOW_PAUSE_S)

    return Answer(200, (("Content-Type", "text/plain"),), dribble(), _SLOW_OCTETS)


async def _chunked(_asked: Asked, _house: House) -> Answer:
    async def words() -> AsyncIterator[bytes]:
        for word in ("Each ", "word ", "of ", "this ", "line ", "is ", "a ", "chunk.\n"):
            yield word.encode()

    return Answer(
        200,
        (("Content-Type", "text/plain; charset=utf-8"), ("Trailer", "X-Words")),
        words(),
        trailers=(("X-Words", "8"),),
    )


async def _gzip(_asked: Asked, _house: House) -> Answer:
    answer = plain(gzip.compress(_TEXT.encode(), mtime=0))
    return answer._replace(fields=(*answer.fields, ("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")))


async def _deflate(_asked: Asked, _house: House) -> Answer:
    answer = plain(zlib.compress(_TEXT.encode()))
    return answer._replace(fields=(*answer.fields, ("Content-Encoding", "deflate")))


async def _bomb(_asked: Asked, _house: House) -> Answer:
    data = await in_thread(_zeros)
    return Answer(200, (("Content-Type", "text/plain"), ("Content-Encoding", "gzip")), data)


@functools.cache
def _zeros() -> bytes:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    zeros = bytes(2**20)
    pieces = [squeeze.compress(zeros) for _ in range(BOMB_OCTETS // len(zeros))]
    return b"".join((*pieces, squeeze.flush()))


async def _no_length(_asked: Asked, _house: House) -> Answer:
    return plain("Forty octets, and nobody says that they\n")._replace(whole=False)


async def _repeated(_asked: Asked, _house: House) -> Answer:
    answer = plain("Two fields of a name are two fields.\n")
    more = (("X-A", "1"), ("x-a", "2"), ("Set-Cookie", "first=1"), ("Set-Cookie", "second=2"))
    return answer._replace(fields=(*answer.fields, *more))


async def _latin(_asked: Asked, _house: House) -> Answer:
    kind = ("Content-Type", "text/plain; charset=iso-8859-1")
    return Answer(200, (kind,), "Grüße aus Köln, für 3 £.\n".encode("iso-8859-1"))


async def _refresh(_asked: Asked, _house: House) -> Answer:
    answer = plain("A browser would go to /page in half an hour.\n")
    return answer._replace(fields=(*answer.fields, ("Refresh", "1800; url=/page")))


async def status(asked: Asked, _house: House) -> Answer:
    """/status/NUMBER."""
    text = asked.path.rpartition("/")[2]
    number = int(text) if text.isascii() and text.isdecimal() and len(text) == 3 else 404
    return plain(f"This is {number}.\n", number) if 200 <= number <= 599 else plain("No status.\n", 404)


async def missing(asked: Asked, _house: House) -> Answer:
    """Anything else."""
    return page(
        f"<!DOCTYPE html>\n<title>Not found</title>\n<p>There is no {html.escape(asked.path[:200])} here.</p>\n",
        status=404,
    )


PAGES: dict[str, tuple[Page, str]] = {
    "/": (_front, "this list"),
    "/page": (_page, "a page to look into"),
    "/form": (_form, "forms to fill in; what is sent is told"),
    "/redirect": (_redirect, "leads to /page; ?status=307&to=/form changes how and where"),
    "/folder": (_folder, "a slash is missing: 301"),
    "/folder/": (_inside, "the slash is there"),
    "/loop": (_loop, "leads to itself"),
    "/elsewhere": (_elsewhere, "leads to another origin, which must not get your login"),
    "/to-a-file": (_to_a_file, "leads to a file of your machine: nobody should follow"),
    "/basic": (_basic, "asks for a login; the Lab tells it"),
    "/headers": (_headers, "tells the head of your request"),
    "/echo": (_echo, "tells your whole request"),
    "/post-only": (_post_only, "405 for anything but POST"),
    "/large": (_large, "a mebibyte; ?octets=N for another size"),
    "/file": (_file, "3 MiB with an ETag, in ranges; ?cut=N stops at N, ?ranges=changed and others lie"),
    "/file.gz": (_packed_file, "a packed file of 5 MB, in ranges"),
    "/sums": (_sums, "the SHA-256 of both files"),
    "/busy": (_busy, "503 and Retry-After; ?after=N for another wait"),
    "/slow": (_slow, "10,000 octets within a second"),
    "/chunked": (_chunked, "a body in chunks, with a trailer"),
    "/gzip": (_gzip, "compressed, asked or not"),
    "/deflate": (_deflate, "compressed the other way"),
    "/bomb": (_bomb, "100 KiB that want to be 100 MiB"),
    "/no-length": (_no_length, "no length, no chunks: nobody knows whether it is all"),
    "/repeated": (_repeated, "fields of one name"),
    "/latin": (_latin, "text in ISO-8859-1, as it says"),
    "/refresh": (_refresh, "a browser would go on by itself"),
}
"""By path: the page, and what it shows. Beside them /status/NUMBER and /wrong/NAME."""
