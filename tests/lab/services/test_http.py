"""The web server of the Lab, asked by the standard library's client.

Its parts: workbench.lab.services.http.service, workbench.lab.services.http.pages, workbench.lab.services.http.request,
workbench.lab.services.http.answer, workbench.lab.services.http.wrong.
"""

import base64
import gzip
import http.client
import ssl
import zlib
from typing import NamedTuple

import pytest

from tests.lab.houses import Served, client_of, serving
from workbench.jobs.offload import in_thread
from workbench.lab.authority import lab_authority
from workbench.lab.catalogue import find_service
from workbench.lab.services.http.pages import BOMB_OCTETS, PAGES
from workbench.lab.services.http.service import USER
from workbench.lab.services.http.wrong import FORTY, WRONG


class Said(NamedTuple):
    """An answer as the standard library reads it."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


def ask(served: Served, method: str, path: str, body: bytes = b"", **headers: str) -> Said:
    connection = http.client.HTTPConnection(served.host, served.port, timeout=60)
    try:
        connection.request(
            method, path, body or None, {name.replace("_", "-"): v for name, v in headers.items()}
        )
        answer = connection.getresponse()
        return Said(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


async def raw(served: Served, request: bytes) -> bytes:
    async with client_of(served) as client:
        await client.send(request)
        return await client.rest()


async def test_every_page_of_the_list_answers():
    async with serving("http") as served:
        front = await in_thread(ask, served, "GET", "/")
        for path in PAGES:
            assert f"'{path}'".encode() in front.body
            if path not in ("/bomb", "/slow"):
                said = await in_thread(ask, served, "GET", path)
                assert said.status in (200, 301, 302, 401, 405, 503), path
        assert (await in_thread(ask, served, "GET", "/nothing/here")).status == 404
        assert (await in_thread(ask, served, "GET", "/status/418")).status == 418
        assert (await in_thread(ask, served, "GET", "/status/999")).status == 404
        assert served.figures.octets_sent > 0


async def test_a_head_has_no_body_and_says_its_length():
    async with serving("http") as served:
        said = await in_thread(ask, served, "HEAD", "/page")
        assert (said.status, said.body) == (200, b"")
        assert int(said.headers["Content-Length"]) > 1000


async def test_redirects_lead_where_they_are_told():
    async with serving("http") as served:
        for path, status, location in (
            ("/redirect", 302, "/page"),
            ("/redirect?status=308&to=/x", 308, "/x"),
            ("/redirect?status=999", 302, "/page"),
            ("/redirect?to=/a%0D%0AX-Evil:%201", 302, "/a%0D%0AX-Evil:%201"),
            ("/folder", 301, "/folder/"),
            ("/loop", 302, "/loop"),
            ("/to-a-file", 302, "file:/etc/passwd"),
            ("/elsewhere", 302, f"http://127.0.0.1:{served.port}/headers"),
        ):
            said = await in_thread(ask, served, "GET", path)
            assert (said.status, said.headers["Location"]) == (status, location)
            assert "X-Evil" not in said.headers


async def test_only_who_was_told_the_password_is_let_in():
    async with serving("http") as served, serving("http") as other:
        user, password = served.figures.address.accounts[0]
        assert user == USER
        assert password != other.figures.address.accounts[0][1]
        right = base64.b64encode(f"{user}:{password}".encode()).decode()
        assert (await in_thread(ask, served, "GET", "/basic", Authorization=f"Basic {right}")).status == 200
        for wrong in ("", "Basic eDp5", f"Bearer {right}", "Basic"):
            said = await in_thread(ask, served, "GET", "/basic", Authorization=wrong)
            assert said.status == 401
            assert said.headers["WWW-Authenticate"] == 'Basic realm="Lab", charset="UTF-8"'


async def test_an_echo_tells_the_request_but_not_the_login():
    async with serving("http") as served:
        said = await in_thread(
            ask, served, "POST", "/echo", b"a\0b", Authorization="Basic c2VjcmV0", X_Lab="1", Cookie="a=1"
        )
        assert said.body.startswith(b"POST /echo HTTP/1.1\r\n")
        assert b"X-Lab: 1\r\n" in said.body
        assert b"Authorization: **************\r\n" in said.body
        assert b"c2VjcmV0" not in said.body
        assert b"a=1" not in said.body
        assert said.body.endswith(b"\r\n\r\na\0b")


@pytest.mark.parametrize(
    ("body", "kind", "told"),
    [
        (
            b"name=Anna+B&password=xyz",
            "application/x-www-form-urlencoded",
            b"name = Anna B\npassword = (3 characters)\n",
        ),
        (b"xyz", "text/plain", b"3 octets of text/plain\n"),
        (
            b'--b\r\nContent-Disposition: form-data; name="f"\r\n\r\nhello\r\n--b--\r\n',
            "multipart/form-data; boundary=b",
            b'Content-Disposition: form-data; name="f": 5 octets\n',
        ),
    ],
)
async def test_a_form_is_told_field_by_field(body: bytes, kind: str, told: bytes):
    async with serving("http") as served:
        said = await in_thread(ask, served, "POST", "/form", body, Content_Type=kind)
        assert said.body == told
        said = await in_thread(ask, served, "GET", "/form?words=tide+tables&max=2")
        assert said.body == b"words = tide tables\nmax = 2\n"


async def test_bodies_are_framed_as_they_say():
    async with serving("http") as served:
        large = await in_thread(ask, served, "GET", "/large?octets=3000001")
        assert len(large.body) == 3_000_001
        assert large.body[1_048_576:1_048_584] == b"0000000\n"
        chunked = await in_thread(ask, served, "GET", "/chunked")
        assert chunked.body == b"Each word of this line is a chunk.\n"
        assert b"\r\n0\r\nX-Words: 8\r\n\r\n" in await raw(served, b"GET /chunked HTTP/1.1\r\n\r\n")
        packed = await in_thread(ask, served, "GET", "/gzip")
        assert gzip.decompress(packed.body).count(b"\n") == 40
        deflated = await in_thread(ask, served, "GET", "/deflate")
        assert zlib.decompress(deflated.body) == gzip.decompress(packed.body)
        bomb = await in_thread(ask, served, "GET", "/bomb")
        assert len(bomb.body) < 200_000
        unpacker = zlib.decompressobj(31)
        size = len(unpacker.decompress(bomb.body))
        assert size == BOMB_OCTETS
        old = await raw(served, b"GET /no-length HTTP/1.1\r\n\r\n")
        assert old.startswith(b"HTTP/1.0 200 OK\r\n")
        assert b"Content-Length" not in old


async def test_a_request_may_come_in_chunks_and_wait_for_a_word():
    async with serving("http") as served:
        said = await raw(
            served,
            b"POST /form HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\n3\r\na=b\r\n2\r\ncd\r\n0\r\n\r\n",
        )
        assert said.endswith(b"a = bcd\n")
        async with client_of(served) as client:
            await client.send(b"POST /echo HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
            assert await client.line() == b"HTTP/1.1 100 Continue\r\n"
            assert await client.line() == b"\r\n"
            await client.send(b"hi")
            assert (await client.rest()).endswith(b"hi")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET / SSH/1.1\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n0\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nX: " + b"y" * 70_000, b"431"),
    ],
)
async def test_what_is_no_request_is_told(request_: bytes, status: bytes):
    async with serving("http") as served:
        assert (await raw(served, request_)).split(b" ")[1] == status


async def test_a_client_that_says_nothing_is_left_alone():
    async with serving("http") as served, client_of(served) as client:
        client.finish()
        assert await client.rest() == b""


def test_the_switch_offers_every_wrong_answer():
    switch = next(one for one in find_service("http").switches if one.name == "says")
    assert switch.choices == ("truth", *WRONG)


@pytest.mark.parametrize(
    "name", sorted(set(WRONG) - {"silent", "reset", "endless-head", "endless-body", "informational"})
)
async def test_a_wrong_answer_is_the_same_by_path_and_by_switch(name: str):
    async with serving("http") as served, serving("http", says=name) as lying:
        by_path = await raw(served, f"GET /wrong/{name} HTTP/1.1\r\n\r\n".encode())
        assert by_path == await raw(lying, b"GET /page HTTP/1.1\r\n\r\n")
        if name in ("truncated", "overlong"):
            assert by_path == await raw(served, f"GET /{name} HTTP/1.1\r\n\r\n".encode())
            assert by_path.endswith(FORTY)


@pytest.mark.parametrize("name", ["endless-head", "endless-body", "informational"])
async def test_an_endless_answer_leaves_others_their_turn(name: str):
    async with serving("http") as served, client_of(served) as client:
        await client.send(f"GET /wrong/{name} HTTP/1.1\r\n\r\n".encode())
        got = 0
        while got < 300_000:
            got += len(await client.some())
        said = await in_thread(ask, served, "GET", "/page")
        assert said.status == 200


async def test_a_reset_ends_in_the_middle():
    async with serving("http") as served, client_of(served) as client:
        await client.send(b"GET /wrong/reset HTTP/1.1\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            await client.rest()


async def test_the_common_switches_work():
    async with serving("http", cut_after=50) as served:
        assert len(await raw(served, b"GET /page HTTP/1.1\r\n\r\n")) == 50


def fetched(served: Served) -> tuple[int, bytes, str | None]:
    context = ssl.create_default_context(cadata=lab_authority().certificate.decode())
    connection = http.client.HTTPSConnection("localhost", served.port, timeout=60, context=context)
    try:
        connection.request("GET", "/page")
        version = connection.sock.version()
        answer = connection.getresponse()
        return answer.status, answer.read(), version
    finally:
        connection.close()


async def test_the_same_pages_under_tls():
    async with serving("https") as served:
        status, body, version = await in_thread(fetched, served)
        assert (status, version) == (200, "TLSv1.3")
        assert b"Tide tables" in body
    async with serving("https", certificate="wrong-name") as served:
        with pytest.raises(ssl.SSLCertVerificationError):
            await in_thread(fetched, served)


async def test_a_head_whose_lines_end_with_lf_alone_is_answered_too():
    async with serving("http") as served, client_of(served) as client:
        await client.send(b"HEAD / HTTP/1.0\n\n")
        assert (await client.rest()).startswith(b"HTTP/1.")
    async with serving("http") as served, client_of(served) as client:
        await client.send(b"GET /echo HTTP/1.0\nX-One: 1\n")
        await client.send(b"\n")
        assert b" 200 " in await client.line()
