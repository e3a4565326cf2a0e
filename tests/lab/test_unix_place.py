"""Where a Unix socket of the Lab has its file, and that nothing of it is left."""

import os
import socket
import stat
from pathlib import Path

import pytest

from tests.lab.houses import until
from workbench.errors import LocalMisuse
from workbench.lab.control import Start
from workbench.lab.registry import Registry
from workbench.lab.unix_place import UnixPlace


def test_only_this_user_may_enter_and_nothing_is_left():
    place = UnixPlace("x")
    folder = Path(place.target.path).parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    Path(place.target.path).write_text("")
    place.remove()
    place.remove()
    assert not folder.exists()


def test_a_folder_too_deep_for_a_socket_is_left_alone(tmp_path: Path, monkeypatch):
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    place = UnixPlace("x")
    assert len(os.fsencode(place.target.path)) < 108
    assert not list(deep.iterdir())
    place.remove()


async def test_the_same_wish_finds_the_same_socket_and_its_file_ends_with_it():
    registry = Registry(lambda: None)
    try:
        address = await registry.start(Start(1, "unix-echo"), "test")
        assert address == await registry.start(Start(2, "unix-echo"), "other")
        assert (address.transport, address.as_dict()["address"]) == ("unix", f"unix:{address.target.path}")
        with socket.socket(socket.AF_UNIX) as client:
            client.setblocking(False)
            client.connect(address.target.path)
            client.send(b"hello")
            await until(lambda: registry.running()[0].octets_sent == 5)
            assert client.recv(10) == b"hello"
        changed = await registry.start(Start(3, "unix-echo", {"transform": "upper"}), "test")
        assert changed.target.path != address.target.path
        with pytest.raises(LocalMisuse, match="no host and no port"):
            await registry.start(Start(4, "unix-echo", {}, "127.0.0.1", 5), "test")
    finally:
        await registry.aclose()
    assert not Path(address.target.path).parent.exists()
