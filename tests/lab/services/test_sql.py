"""The database of the Lab, opened by the standard library. Its module: workbench.lab.services.sql.service."""

import contextlib
import os
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from workbench.errors import LocalMisuse
from workbench.lab.address import ServiceAddress, service_address_from_dict
from workbench.lab.control import Start
from workbench.lab.registry import Registry
from workbench.lab.services.sql.service import CUT_AT, DARK_HOUR


@contextlib.asynccontextmanager
async def placed(**switches: object) -> AsyncIterator[ServiceAddress]:
    registry = Registry(lambda: None)
    try:
        yield await registry.start(Start(1, "sql", switches), "test")
    finally:
        await registry.aclose()


async def test_the_story_is_all_there_and_can_be_found_out():
    async with placed() as address:
        assert (address.transport, address.target.scheme) == ("file", "sqlite")
        assert service_address_from_dict(address.as_dict()) == address
        with contextlib.closing(sqlite3.connect(address.target.path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
            assert connection.execute("SELECT ship FROM missing").fetchall() == [("Octet",)]
            dark = connection.execute("SELECT taken FROM readings WHERE light = 0").fetchall()
            assert dark == [(DARK_HOUR,)]
            nights = dict(connection.execute("SELECT night, entry FROM nights"))
            assert nights["1987-11-08"] is None
            connection.execute("UPDATE log SET entry = 'x' WHERE night = '1987-11-09'")
            assert connection.execute("SELECT count(*) FROM changes").fetchone() == (1,)


async def test_each_lab_has_its_own_and_it_is_gone_with_it():
    async with placed() as one, placed() as other:
        assert one.target.path != other.target.path
        with contextlib.closing(sqlite3.connect(one.target.path)) as connection:
            connection.execute("DELETE FROM letters")
            connection.commit()
        with contextlib.closing(sqlite3.connect(other.target.path)) as connection:
            assert connection.execute("SELECT count(*) FROM letters").fetchone() == (3,)
        folder = os.path.dirname(one.target.path)
        assert Path(folder).stat().st_mode & 0o777 == 0o700
    assert not os.path.exists(folder)


@pytest.mark.parametrize(("readings", "found"), [(0, 0), (1, 1), (5000, 5000)])
async def test_the_large_table_is_as_large_as_wished(readings: int, found: int):
    async with placed(readings=readings) as address:
        with contextlib.closing(sqlite3.connect(address.target.path)) as connection:
            assert connection.execute("SELECT count(*) FROM readings").fetchone() == (found,)


async def test_it_can_be_spoilt_on_request():
    async with (
        placed(state="garbage") as address,
        placed(state="cut") as cut,
        placed(state="locked") as locked,
    ):
        for target in (address.target, cut.target):
            with (
                contextlib.closing(sqlite3.connect(target.path)) as connection,
                pytest.raises(sqlite3.DatabaseError),
            ):
                connection.execute("SELECT * FROM readings").fetchall()
        assert os.path.getsize(cut.target.path) == CUT_AT
        connection = sqlite3.connect(locked.target.path, timeout=0)
        with contextlib.closing(connection), pytest.raises(sqlite3.OperationalError, match="locked"):
            connection.execute("SELECT * FROM log")


async def test_a_file_has_no_port():
    registry = Registry(lambda: None)
    with pytest.raises(LocalMisuse, match="no port"):
        await registry.start(Start(1, "sql", {}, "", 4711), "test")
    await registry.aclose()
