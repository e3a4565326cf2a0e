"""The XML-RPC server of the Lab, asked by the standard library's client.

Its parts: workbench.lab.services.xmlrpc.service, workbench.lab.services.xmlrpc.methods,
workbench.lab.services.xmlrpc.wrong.
"""

import asyncio
import http.client
import xmlrpc.client
from typing import Any

import pytest

from tests.lab.houses import SOON_S, Served, client_of, serving
from workbench.jobs.offload import in_thread
from workbench.lab.services.xmlrpc.methods import MAX_CALLS_AT_ONCE, METHODS
from workbench.lab.services.xmlrpc.wrong import WRONG


def proxy(served: Served, path: str = "/") -> xmlrpc.client.ServerProxy:
    return xmlrpc.client.ServerProxy(f"http://{served.host}:{served.port}{path}", allow_none=True)


async def asked(served: Served, talk: Any) -> Any:
    """What a conversation in a thread says; the standard library's client blocks."""

    def work() -> Any:
        with proxy(served) as server:
            return talk(server)

    return await in_thread(work)


async def test_calls_and_faults():
    async with serving("xmlrpc") as served:
        assert await asked(served, lambda s: s.pow(2, 10)) == 1024
        assert await asked(served, lambda s: s.add(1.5, 2)) == 3.5
        assert await asked(served, lambda s: s.echo([1, {"a": None}])) == [1, {"a": None}]
        assert await asked(served, lambda s: [s.kind(True), s.kind(1), s.kind("x")]) == [
            "boolean",
            "int",
            "string",
        ]
        for broken, code in (
            (lambda s: s.fail(4, "no"), 4),
            (lambda s: s.nosuch(), -32601),
            (lambda s: s.pow(2), -32602),
            (lambda s: s.pow("a", "b"), -32602),
            (lambda s: s.pow(10, 100), 2),
            (lambda s: s.pow(10_000, 10_000), 2),
            (lambda s: s.divide(1, 0), -32602),
            (lambda s: s.feed.items(0), 404),
        ):
            with pytest.raises(xmlrpc.client.Fault) as caught:
                await asked(served, broken)
            assert caught.value.faultCode == code


async def test_faults_are_told_in_words_and_not_in_pythons():
    async with serving("xmlrpc") as served:
        for broken, text in (
            (lambda s: s.fail(), "fail takes 2 parameters, and 0 came"),
            (lambda s: s.echo(1, 2), "echo takes 1 parameter, and 2 came"),
            (lambda s: s.fail("a", "b"), "fail takes a whole number and a text"),
            (
                lambda s: s.divide(1, "x"),
                "divide takes other types than int, string; system.methodHelp tells",
            ),
            (lambda s: s.feed.items([1]), "feed.items takes other types than array; system.methodHelp tells"),
            (lambda s: s.add(2**31 - 1, 1), "the result needs more than the 32 bits of an int"),
            (lambda s: s.system.multicall([{}]), "system.multicall can't be carried out with what came"),
        ):
            with pytest.raises(xmlrpc.client.Fault) as caught:
                await asked(served, broken)
            assert caught.value.faultString == text


async def test_a_list_of_structs_keeps_ids_with_their_rows():
    async with serving("xmlrpc") as served:
        rows = await asked(served, lambda s: s.feed.categories())
        assert [row["title"] for row in sorted(rows, key=lambda row: row["title"])] == [
            "Books",
            "Empty",
            "Weather",
        ]
        books = next(row["id"] for row in rows if row["title"] == "Books")
        assert [item["title"] for item in await asked(served, lambda s: s.feed.items(books))][:2] == [
            "Tide tables",
            "Knots",
        ]


async def test_it_tells_of_its_methods_as_the_switch_says():
    async with serving("xmlrpc") as served:
        names = await asked(served, lambda s: s.system.listMethods())
        assert set(METHODS) <= set(names)
        for name in names:
            told = await asked(served, lambda s, name=name: s.system.methodSignature(name))
            assert told == "undef" or all(isinstance(each, list) for each in told)
        assert await asked(served, lambda s: s.system.methodHelp("pow")) == METHODS["pow"].help
    async with serving("xmlrpc", tells="no-signatures") as served:
        assert await asked(served, lambda s: s.system.methodSignature("pow")) == "signatures not supported"
    async with serving("xmlrpc", tells="nothing", multicall=False) as served:
        for talk in (lambda s: s.system.listMethods(), lambda s: s.system.multicall([])):
            with pytest.raises(xmlrpc.client.Fault):
                await asked(served, talk)


async def test_many_calls_at_once_have_a_bound():
    def many(server: Any, number: int) -> Any:
        return server.system.multicall([{"methodName": "pow", "params": [2, 3]}] * number)

    async with serving("xmlrpc") as served:
        assert await asked(served, lambda s: many(s, 3)) == [[8], [8], [8]]
        with pytest.raises(xmlrpc.client.Fault):
            await asked(served, lambda s: many(s, MAX_CALLS_AT_ONCE + 1))


async def test_other_paths_and_methods_of_http_are_answered_by_http():
    def talk(served: Served) -> list[int]:
        found = []
        for method, path in (("GET", "/"), ("POST", "/wrong"), ("PUT", "/")):
            connection = http.client.HTTPConnection(served.host, served.port, timeout=SOON_S)
            connection.request(method, path, body=b"x" if method != "GET" else None)
            found.append(connection.getresponse().status)
            connection.close()
        return found

    async with serving("xmlrpc") as served:
        assert await in_thread(talk, served) == [405, 404, 405]


LENIENT = ("deep", "two-values", "file")
"""What the standard library's client takes without a word."""


@pytest.mark.parametrize("says", list(WRONG))
async def test_every_wrong_answer_is_one(says: str):
    async with serving("xmlrpc", says=says) as served:
        if says in LENIENT:
            assert await asked(served, lambda s: s.pow(2, 3)) != 8
            return
        with pytest.raises(Exception, match=r".") as caught:
            await asked(served, lambda s: s.pow(2, 3))
        assert not isinstance(caught.value, AssertionError)


@pytest.mark.parametrize(
    "body", [b"", b"<", b"<methodCall/>", b"\x00" * 100, b"<!DOCTYPE a [<!ENTITY a 'b'>]><a>&a;</a>"]
)
async def test_what_is_no_call_gets_a_fault_and_the_next_one_an_answer(body: bytes):
    async with serving("xmlrpc") as served:
        async with client_of(served) as client:
            head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body)
            await client.send(head + body)
            assert b"faultCode" in await asyncio.wait_for(client.reader.read(), SOON_S)
        assert await asked(served, lambda s: s.pow(2, 3)) == 8
