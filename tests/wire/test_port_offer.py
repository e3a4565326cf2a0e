"""Another port is offered with a refusal to bind, and it works; other failures are left as they are."""

import socket

import pytest

from workbench.errors import LinkLost, LocalFault
from workbench.formats.target import Target
from workbench.transcript.recorder import Transcript
from workbench.wire.listen import listen
from workbench.wire.port_offer import free_port, offered

HERE = Target("tcp", "localhost", 80)


def refused(symbol: str) -> LocalFault:
    return LocalFault("no", stage="bind", errno_name=symbol, advice="do something")


@pytest.mark.covers("C1.9")
async def test_who_is_refused_is_told_of_a_port_that_works():
    failure = refused("EACCES")
    port = await offered(failure, HERE)
    assert port is not None
    assert port >= 1024
    assert failure.advice == f"do something; port {port} is free, and open to any user"
    with socket.create_server(("127.0.0.1", port)):
        pass


async def test_a_port_that_is_taken_is_answered_with_another():
    transcript = Transcript()
    with socket.create_server(("127.0.0.1", 0)) as server:
        target = Target("tcp", "127.0.0.1", server.getsockname()[1])
        with pytest.raises(LocalFault) as caught:
            await listen(target, transcript)
        assert await offered(caught.value, target) not in (None, target.port)
    transcript.close()


async def test_nothing_is_offered_for_other_failures():
    for failure in (refused("EADDRNOTAVAIL"), LinkLost("x", stage="connect", errno_name="EACCES")):
        before = failure.advice
        assert await offered(failure, HERE) is None
        assert failure.advice == before
    assert await offered(refused("EADDRINUSE"), Target("unix", "", None, "/x")) is None


async def test_where_none_is_found_the_refusal_stays(monkeypatch: pytest.MonkeyPatch):
    def none(host: str) -> int:
        raise LocalFault("none", stage="bind")

    monkeypatch.setattr("workbench.wire.port_offer.free_port", none)
    failure = refused("EACCES")
    assert await offered(failure, HERE) is None
    assert failure.advice == "do something"


def test_a_free_port_is_found_at_any_address():
    for host in ("127.0.0.2", "a.name"):
        assert free_port(host) >= 1024
