"""The FTP server of the Lab, asked by the standard library's client.

Its parts: workbench.lab.services.ftp.service, workbench.lab.services.ftp.pump, workbench.lab.services.ftp.session.
"""

import asyncio
import contextlib
import ftplib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lab.houses import SOON_S, Served, client_of, serving, until
from workbench.jobs.offload import in_thread
from workbench.lab.address import service_address_from_dict
from workbench.lab.services.ftp.service import USER
from workbench.lab.services.ftp.session import HOSTILE
from workbench.lab.services.ftp.tree import ALL_OCTETS, FILES, FileTree


@contextlib.contextmanager
def ftp_at(served: Served, user: str = "", password: str = "") -> Iterator[ftplib.FTP]:
    with ftplib.FTP() as ftp:
        ftp.connect(served.host, served.port, timeout=SOON_S)
        ftp.login(user, password)
        yield ftp


def account(served: Served) -> tuple[str, str]:
    return served.figures.address.accounts[0]  # type: ignore[no-any-return]


async def test_everybody_reads_and_nobody_else_writes():
    def talk(served: Served) -> tuple[bytes, list[str], str]:
        with ftp_at(served) as ftp:
            got: list[bytes] = []
            ftp.retrbinary("RETR binary.dat", got.append)
            names = ftp.nlst()
            with pytest.raises(ftplib.error_perm, match="550") as caught:
                ftp.storbinary("STOR x", io.BytesIO(b"x"))
            return b"".join(got), names, str(caught.value)

    async with serving("ftp") as served:
        data, names, refused = await in_thread(talk, served)
        assert data == ALL_OCTETS
        assert set(names) == {name.partition("/")[0] for name in FILES}
        assert "privileges" in refused
        assert served.figures.octets_sent > len(ALL_OCTETS)


async def test_the_user_that_is_told_writes_with_a_password_of_this_server_alone():
    def talk(served: Served) -> list[str]:
        with ftp_at(served, *account(served)) as ftp:
            ftp.storbinary("STOR new", io.BytesIO(b"abc"))
            ftp.rename("new", "newer")
            return ftp.nlst()

    async with serving("ftp") as one, serving("ftp") as other:
        assert account(one)[0] == account(other)[0] == USER
        assert account(one)[1] != account(other)[1]
        assert "newer" in await in_thread(talk, one)
        with pytest.raises(ftplib.error_perm, match="530"):
            await in_thread(_log_in, one, USER, account(other)[1])


def _log_in(served: Served, user: str, password: str) -> None:
    with ftp_at(served, user, password):
        pass


@pytest.mark.parametrize(
    ("switches", "command", "reply"),
    [
        ({"mlsd": False}, "MLSD", "500"),
        ({"epsv": False}, "EPSV", "500"),
        ({"tls": "none"}, "AUTH TLS", "500"),
        ({}, "AUTH TLS", "234"),
        ({}, "EPSV", "229"),
        ({"epsv": False, "pasv_address": "10.9.9.9"}, "PASV", "227 Entering passive mode (10,9,9,9,"),
    ],
)
async def test_what_it_has_is_a_switch(switches: dict[str, Any], command: str, reply: str):
    async with serving("ftp", **switches) as served, client_of(served) as client:
        await client.line()
        answer = b""
        for line in ("USER anonymous", "PASS x", command):
            await client.send(f"{line}\r\n".encode())
            answer = await client.line()
        assert answer.decode().startswith(reply)


async def test_a_login_without_tls_is_refused_where_it_is_required():
    async with serving("ftp", tls="required") as served:
        with pytest.raises(ftplib.error_perm, match="550 SSL/TLS required"):
            await in_thread(_log_in, served, "", "")


@pytest.mark.parametrize(("says", "end"), [("226", "226"), ("426", "426")])
async def test_data_is_cut_where_the_switch_says(says: str, end: str):
    def talk(served: Served) -> tuple[bytes, str]:
        with ftp_at(served) as ftp:
            ftp.voidcmd("TYPE I")
            data = ftp.transfercmd("RETR binary.dat")
            got = b"".join(iter(lambda: data.recv(4096), b""))
            data.close()
            return got, ftp.getmultiline()

    async with serving("ftp", cut_data_after=1000, cut_reply=says) as served:
        got, reply = await in_thread(talk, served)
    assert got == ALL_OCTETS[:1000]
    assert reply.startswith(end)


async def test_hostile_names_stand_in_both_listings():
    def talk(served: Served) -> str:
        lines: list[str] = []
        with ftp_at(served) as ftp:
            ftp.retrlines("MLSD", lines.append)
            ftp.retrlines("LIST", lines.append)
        return "\n".join(lines)

    async with serving("ftp", names="hostile") as served:
        told = await in_thread(talk, served)
    assert all(told.count(name) == 2 for name in HOSTILE)


async def test_each_answer_is_late():
    async with serving("ftp", delay_ms=50) as served, client_of(served) as client:
        await client.line()
        before = asyncio.get_running_loop().time()
        await client.send(b"NOOP\r\n")
        await client.line()
        assert asyncio.get_running_loop().time() - before >= 0.045


async def test_a_client_that_vanishes_is_forgotten_and_the_files_go_with_the_server():
    async with serving("ftp") as served:
        async with client_of(served) as client:
            await client.line()
            assert served.figures.clients == 1
            await client.reset()
        await until(lambda: served.figures.clients == 0)
        service = next(iter(served.registry._instances.values())).service
        root: Path = service._tree.root  # type: ignore[union-attr]
        assert root.exists()
    assert not root.exists()


def test_the_tree_is_as_it_says_and_ends():
    tree = FileTree()
    for name, data in FILES.items():
        assert (tree.root / name).read_bytes() == data
    assert (tree.root / "old" / "loop").is_symlink()
    tree.remove()
    tree.remove()
    assert not tree.root.exists()


async def test_the_account_is_told_to_whoever_asks_for_the_service():
    async with serving("ftp") as served:
        address = served.figures.address
        told = service_address_from_dict(json.loads(json.dumps(address.as_dict())))
        assert told.accounts == address.accounts
        assert [user for user, _ in told.accounts] == [USER]
