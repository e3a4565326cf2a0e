"""Calls of real servers: the standard library's and the Lab's; and what each kind of no looks like.

What a fault's number means and the values are tested through it: workbench.protocols.xmlrpc.values.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.kit.ports import free_port
from tests.kit.scripted_peer import scripted_peer
from tests.lab.houses import serving
from tests.protocols.xmlrpc.oracles import stdlib_server, without_places
from workbench.errors import LinkLost, PeerMisbehaved, Refused, TooSlow, WorkbenchError
from workbench.jobs.offload import in_thread
from workbench.protocols.http.values import Login
from workbench.protocols.xmlrpc.client import FaultRaised, XmlRpcClient
from workbench.protocols.xmlrpc.explain import explain
from workbench.protocols.xmlrpc.typed import read_argument
from workbench.protocols.xmlrpc.values import Call, Method, Value
from workbench.transcript.recorder import Transcript
from workbench.transcript.render import line


def call(method: str, *arguments: str) -> Call:
    return Call(method, tuple(map(read_argument, arguments)))


@asynccontextmanager
async def lab(**switches: object) -> AsyncIterator[XmlRpcClient]:
    transcript = Transcript()
    async with serving("xmlrpc", **switches) as served:
        yield XmlRpcClient(f"http://{served.host}:{served.port}/", transcript, timeout_s=15)
    transcript.close()


EVERYTHING = (
    '{"a": [1, null, true, 1.5, "é<&", {"$base64": "AAEC"}, {"$dateTime": "20261123T10:00:00"}], "b": {}}'
)


async def test_a_call_is_one_request_whose_octets_are_recorded():
    async with lab() as client:
        answer = await client.call(call("pow", "2", "10"))
        assert answer.value is not None
        assert without_places(answer.value) == Value("int", 1024)
        assert client.requests == 1
        assert client.exchange is not None
        body = client.exchange.body.data
        assert body[answer.value.start : answer.value.stop] == b"<value><int>1024</int></value>"
        transcript = client._transcript
        sent = b"".join(
            transcript.data(event) for event in transcript.events() if event.direction.value == "sent"
        )
        assert b"<methodName>pow</methodName>" in sent


async def test_every_type_comes_back_as_it_went():
    async with lab() as client:
        value = read_argument(EVERYTHING)
        answer = await client.call(Call("echo", (value,)))
        assert answer.value is not None
        assert answer.value.plain() == value.plain()
        assert (await client.call(call("kind", "true"))).value.plain() == "boolean"
        assert (await client.call(call("kind", "1"))).value.plain() == "int"


@pytest.mark.covers("C8.18")
async def test_the_labs_methods_with_overloads_and_some_that_nobody_tells():
    async with lab() as client:
        methods = {method.name: method for method in await client.list_methods()}
        assert client.requests == 2
        assert list(methods["add"].lines()) == ["int add(int, int)", "double add(double, double)"]
        assert methods["echo"].signatures == ()
        assert methods["echo"].said == "the server does not tell: undef"
        assert "<b>id</b>" in methods["feed.items"].help


@pytest.mark.parametrize("multicall", [True, False])
async def test_the_standard_librarys_server_tells_no_types(multicall: bool):
    transcript = Transcript()
    with stdlib_server(multicall=multicall) as url:
        client = XmlRpcClient(url, transcript, timeout_s=15)
        methods = await client.list_methods()
    found = next(method for method in methods if method.name == "pow")
    assert found.signatures == ()
    assert found.said == "the server does not tell: signatures not supported"
    assert client.requests == (2 if multicall else 1 + 2 * len(methods))
    transcript.close()


async def test_a_server_that_tells_nothing_can_be_called():
    async with lab(tells="nothing", multicall=False) as client:
        with pytest.raises(FaultRaised, match="method not found"):
            await client.list_methods()
        assert (await client.call(call("pow", "2", "3"))).value.plain() == 8
    assert Method("x").signatures == ()


async def test_several_calls_at_once_and_one_fault_spoils_no_other():
    async with lab() as client:
        found = await client.all_at_once([call("pow", "2", "3"), call("nosuch"), call("pow", "2", "4")])
        assert [one.plain() if isinstance(one, Value) else one.kind for one in found] == [8, "Refused", 16]
        assert client.requests == 1


@pytest.mark.covers("C8.21")
async def test_a_fault_and_an_error_of_http_say_no_at_different_places():
    async with lab() as client:
        with pytest.raises(FaultRaised) as caught:
            await client.call(call("fail", "4", "too late"))
        assert (caught.value.fault.code, caught.value.stage, caught.value.exit_code) == (4, "fault", 1)
        assert client.exchange is not None
        assert client.exchange.status == 200
        client.url += "wrong"
        with pytest.raises(Refused) as refused:
            await client.call(call("pow", "2", "3"))
        assert (refused.value.stage, refused.value.reply) == ("http", "404 Not Found")


@pytest.mark.parametrize(
    ("says", "kind", "what"),
    [
        ("html", PeerMisbehaved, "document type"),
        ("not-xml", PeerMisbehaved, "no XML"),
        ("cut", PeerMisbehaved, "no XML"),
        ("empty", PeerMisbehaved, "0 values"),
        ("bad-int", PeerMisbehaved, "'ten' is no int"),
        ("deep", PeerMisbehaved, "nested more than"),
        ("bomb", PeerMisbehaved, "document type"),
        ("file", PeerMisbehaved, "document type"),
        ("http-500", Refused, "500"),
    ],
)
async def test_wrong_answers_are_named(says: str, kind: type[WorkbenchError], what: str):
    async with lab(says=says) as client:
        with pytest.raises(kind, match=what):
            await client.call(call("pow", "2", "3"))


async def test_a_page_for_people_is_called_one():
    async with lab(says="html") as client:
        with pytest.raises(PeerMisbehaved) as caught:
            await client.call(call("pow", "2", "3"))
        assert "a page for people" in caught.value.advice


async def test_silent_cut_and_refusing_servers_end_with_their_stage():
    transcript = Transcript()

    with scripted_peer([("stall",)]) as peer:
        address = f"{peer.host}:{peer.port}"
        client = XmlRpcClient(f"http://{address}/", transcript, timeout_s=0.3)
        with pytest.raises(TooSlow) as slow:
            await client.call(call("pow"))
        assert slow.value.stage == "head"
    with pytest.raises(LinkLost) as lost:
        await XmlRpcClient(f"http://127.0.0.1:{free_port()}/", transcript, timeout_s=10).call(call("pow"))
    assert lost.value.stage == "connect"
    async with serving("xmlrpc", cut_after=150) as served:
        client = XmlRpcClient(f"http://{served.host}:{served.port}/", transcript, timeout_s=15)
        with pytest.raises(PeerMisbehaved) as cut:
            await client.call(call("pow", "2", "3"))
        assert cut.value.stage == "body"
    transcript.close()


async def test_a_long_answer_is_read_and_a_password_is_nowhere():
    transcript = Transcript()
    async with serving("xmlrpc") as served:
        url = f"http://{served.host}:{served.port}/"
        client = XmlRpcClient(url, transcript, login=Login("anna", "swordfish"), timeout_s=15)
        value = Value("array", tuple(Value("int", number) for number in range(5000)))
        answer = await client.call(Call("echo", (value,)))
        assert answer.value is not None
        assert without_places(answer.value) == value
    told = "\n".join(str(line(transcript, event, explain)) for event in transcript.events())
    assert "swordfish" not in told
    assert "c3dvcmRmaXNo" not in told
    transcript.close()


async def test_the_conversation_is_told_in_calls_and_faults():
    async with lab() as client:
        with pytest.raises(FaultRaised):
            await client.call(call("fail", "-32602", "no"))
        transcript = client._transcript
        told = [line(transcript, event, explain) for event in transcript.events()]
        assert [each.what for each in told if each.size] == ["calls fail", "answers with fault -32602: no"]
        assert "invalid parameters" in [each.text for each in told]


async def test_cancelled_in_the_middle_it_leaves_nothing():
    transcript = Transcript()
    async with serving("xmlrpc", delay_ms=5000) as served:
        client = XmlRpcClient(f"http://{served.host}:{served.port}/", transcript)
        task = asyncio.create_task(client.call(call("pow", "2", "3")))
        await in_thread(lambda: None)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    transcript.close()
