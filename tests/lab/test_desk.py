"""One user's desk in the Lab: requests are carried out in order, each is answered, nobody's fault stops it."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.lab.houses import SOON_S, until
from workbench.lab.control import Hello
from workbench.lab.desk import MAX_REQUESTS_WAITING, Desk
from workbench.lab.registry import Registry


class User:
    """The other side of a desk."""

    def __init__(self, sock: socket.socket, registry: Registry, desk: Desk, ends: list[Desk]) -> None:
        self.sock = sock
        self.registry = registry
        self.desk = desk
        self.ends = ends
        self._rest = b""

    async def say(self, *requests: dict[str, object]) -> None:
        data = b"".join(json.dumps(request).encode() + b"\n" for request in requests)
        await asyncio.get_running_loop().sock_sendall(self.sock, data)

    async def hear(self) -> Any:
        while b"\n" not in self._rest:
            receive = asyncio.get_running_loop().sock_recv(self.sock, 65536)
            self._rest += await asyncio.wait_for(receive, SOON_S)
        line, _, self._rest = self._rest.partition(b"\n")
        return json.loads(line)


@contextlib.asynccontextmanager
async def a_user() -> AsyncIterator[User]:
    registry = Registry(lambda: None)
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    ends: list[Desk] = []
    desk = Desk(ours.fileno(), ours.fileno(), registry, ends.append)
    with ours, theirs:
        try:
            desk.open(Hello(1, "0", 1))
            user = User(theirs, registry, desk, ends)
            assert "hello" in await user.hear()
            yield user
        finally:
            await desk.aclose()
            await registry.aclose()


async def test_far_more_requests_than_may_wait_are_all_answered_in_order():
    count = 20 * MAX_REQUESTS_WAITING
    async with a_user() as user:
        await user.say(*({"id": number, "do": "ping"} for number in range(count)))
        assert [(await user.hear())["id"] for _ in range(count)] == list(range(count))


async def test_what_was_started_for_this_user_alone_ends_with_it():
    async with a_user() as user:
        await user.say(
            {"id": 1, "do": "start", "name": "echo"},
            {"id": 2, "do": "start", "name": "echo", "switches": {"delay_ms": 1}},
        )
        assert [(await user.hear())["ok"]["instance"] for _ in range(2)] == ["echo", "echo#1"]
        await user.desk.aclose()
        assert [one.address.instance for one in user.registry.running()] == ["echo"]


async def test_the_users_end_is_told_once():
    async with a_user() as user:
        user.sock.shutdown(socket.SHUT_WR)
        await until(lambda: user.ends)
        await user.desk.aclose()
        await user.desk.aclose()
        assert user.ends == [user.desk]


async def test_a_fault_of_ours_is_answered_and_logged(capsys, monkeypatch: pytest.MonkeyPatch):
    async with a_user() as user:
        monkeypatch.setattr(user.registry, "running", lambda: 1 / 0)
        await user.say({"id": 1, "do": "list"}, {"id": 2, "do": "ping"})
        error = (await user.hear())["error"]
        assert error["kind"] == "WorkbenchError"
        assert "ZeroDivisionError" in error["what"]
        assert (await user.hear()) == {"id": 2, "ok": {}}
    assert "ZeroDivisionError" in capsys.readouterr().err
