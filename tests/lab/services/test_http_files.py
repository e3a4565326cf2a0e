"""Files that a download can go on with, asked by the standard library's client.

Their parts: workbench.lab.services.http.files, workbench.lab.services.http.ranges.
"""

import gzip
import hashlib
import http.client

import pytest

from tests.lab.houses import Served, serving
from tests.lab.services.test_http import Said, ask
from tests.protocols.http.test_client import at_the_lab
from workbench.jobs.offload import in_thread
from workbench.lab.catalogue import find_service
from workbench.lab.services.http.answer import MODIFIED
from workbench.lab.services.http.files import FILE_OCTETS, FILE_SHA256, RANGES, octets_of_file, packed_file
from workbench.lab.services.http.ranges import NONE, Part, wanted
from workbench.lab.services.http.request import Asked

MIB = 2**20


async def got(web: Served, path: str, **fields: str) -> Said:
    return await in_thread(ask, web, "GET", path, **fields)


def test_the_switch_offers_what_there_is():
    switch = next(each for each in find_service("http").switches if each.name == "ranges")
    assert switch.choices == RANGES


def test_ranges_as_the_rules_have_them():
    tag, size = '"a"', 100

    def part(text: str, condition: str = "", method: str = "GET", etag: str = tag) -> Part | None:
        fields = (("range", text), ("if-range", condition)) if condition else (("range", text),)
        return wanted(Asked(method, "/file", "", fields, b"", b""), size, etag, MODIFIED)

    assert part("bytes=10-") == (10, 99)
    assert part("bytes=10-19") == (10, 19)
    assert part("bytes=10-500") == (10, 99)
    assert part("bytes=-5") == (95, 99)
    assert part("bytes=-500") == (0, 99)
    assert part("bytes=100-") == part("bytes=-0") == NONE
    for ignored in (
        "bytes=",
        "bytes=-",
        "bytes=9-3",
        "lines=1-2",
        "bytes=1-2,4-5",
        "bytes=x-",
        "bytes=\u0661-",
    ):
        assert part(ignored) is None, ignored
    assert part("bytes=1-", method="POST") is None
    assert part("bytes=1-", tag) == (1, 99)
    assert part("bytes=1-", MODIFIED) == (1, 99)
    assert part("bytes=1-", "Sunday, 01-Mar-26 12:30:00 GMT") == (1, 99)
    for otherwise in ('"b"', 'W/"a"', "Sun, 01 Mar 2026 12:30:01 GMT", "yesterday"):
        assert part("bytes=1-", otherwise) is None, otherwise
    assert part("bytes=1-", 'W/"a"', etag='W/"a"') is None


@at_the_lab
async def test_the_file_and_the_rest_of_it(web: Served):
    whole = await got(web, "/file")
    assert (whole.status, len(whole.body)) == (200, FILE_OCTETS)
    assert hashlib.sha256(whole.body).hexdigest() == FILE_SHA256
    assert whole.headers["Accept-Ranges"] == "bytes"
    tag = whole.headers["ETag"]
    rest = await got(web, "/file", Range="bytes=1048576-", If_Range=tag)
    assert (rest.status, rest.headers["Content-Range"]) == (206, "bytes 1048576-3145727/3145728")
    assert (rest.body, rest.headers["ETag"]) == (whole.body[MIB:], tag)
    other = await got(web, "/file", Range="bytes=1048576-", If_Range='"another"')
    assert (other.status, other.body) == (200, whole.body)
    behind = await got(web, "/file", Range=f"bytes={FILE_OCTETS}-")
    assert (behind.status, behind.headers["Content-Range"]) == (416, f"bytes */{FILE_OCTETS}")
    head = await in_thread(ask, web, "HEAD", "/file")
    assert (head.headers["Content-Length"], head.body) == (str(FILE_OCTETS), b"")


@at_the_lab
async def test_it_stops_where_the_query_says_and_gives_the_rest_whole(web: Served):
    with pytest.raises(http.client.IncompleteRead) as cut:
        await got(web, "/file?cut=1048576")
    assert len(cut.value.partial) == MIB
    assert len((await got(web, "/file?cut=1048576", Range="bytes=1048576-")).body) == 2 * MIB


@at_the_lab
async def test_the_packed_file_is_of_five_megabytes_and_no_coding(web: Served):
    said = await got(web, "/file.gz")
    assert said.headers["Content-Encoding"] is None
    assert 5_000_000 < len(said.body) < 5_300_000
    text, packed = packed_file()
    assert (said.body, gzip.decompress(said.body)) == (packed, text)
    sums = (await got(web, "/sums")).body.decode()
    assert f"{FILE_SHA256}  file\n" in sums
    assert f"{hashlib.sha256(packed).hexdigest()}  file.gz\n" in sums


@pytest.mark.parametrize(
    ("lie", "status", "told"),
    [
        ("ignored", 200, None),
        ("no-validator", 206, "bytes 8-3145727/3145728"),
        ("weak", 200, None),
        ("date", 200, None),
        ("changed", 200, None),
        ("mixed", 206, "bytes 8-3145727/3145728"),
        ("wrong-start", 206, "bytes 0-3145727/3145728"),
        ("wrong-end", 206, "bytes 8-3145735/3145736"),
        ("other-length", 206, "bytes 8-3145727/3145736"),
        ("short", 206, "bytes 8-1048583/3145728"),
        ("refused", 416, "bytes */3145728"),
        ("several", 206, None),
    ],
)
@at_the_lab
async def test_how_it_lies(web: Served, lie: str, status: int, told: str | None):
    first = await in_thread(ask, web, "HEAD", f"/file?ranges={lie}")
    tag = first.headers["ETag"]
    condition = {"no-validator": MODIFIED, "date": '"x"'}.get(lie, tag) or '"x"'
    if lie == "no-validator":
        assert (tag, first.headers["Last-Modified"]) == (None, None)
        second = await got(web, f"/file?ranges={lie}", Range="bytes=8-")
    else:
        second = await got(web, f"/file?ranges={lie}", Range="bytes=8-", If_Range=condition)
    assert (second.status, second.headers["Content-Range"]) == (status, told)
    if lie in ("changed", "mixed"):
        changed = octets_of_file(2)
        assert second.body == (changed if lie == "changed" else changed[8:])
        assert second.headers["ETag"] not in (None, tag)
    if lie == "several":
        assert second.headers["Content-Type"].startswith("multipart/byteranges")


@at_the_lab
async def test_who_did_not_ask_gets_a_part_too(web: Served):
    assert (await got(web, "/file?ranges=unasked")).status == 206


async def test_the_first_visitors_are_told_to_come_later():
    async with serving("http", busy=1) as busy:
        first = await got(busy, "/file")
        assert (first.status, first.headers["Retry-After"]) == (503, "1")
        assert (await got(busy, "/file")).status == 200
    async with serving("http", ranges="refused") as web:
        assert (await got(web, "/file", Range="bytes=1-")).status == 416
        assert (await got(web, "/busy?after=Sun,%2001%20Mar%202026%0d%0aX:y")).headers["X"] is None
