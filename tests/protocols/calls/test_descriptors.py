"""The open descriptors of this process, told apart by what they are."""

import os
import socket

import pytest

from workbench.protocols.calls import descriptors
from workbench.protocols.calls.descriptors import PLACE, open_descriptors


@pytest.mark.skipif(not os.path.isdir(PLACE), reason="this system does not list them")
def test_sockets_pipes_and_files_are_told_apart(tmp_path):
    reader, writer = os.pipe()
    try:
        with socket.socket() as sock, (tmp_path / "f").open("w") as file:
            kinds = {each.fd: each for each in open_descriptors() or ()}
            assert kinds[sock.fileno()].kind == "socket"
            assert kinds[sock.fileno()].inode == os.fstat(sock.fileno()).st_ino
            assert (kinds[reader].kind, kinds[file.fileno()].kind) == ("pipe", "file")
            assert list(kinds) == sorted(kinds)
    finally:
        os.close(reader)
        os.close(writer)


def test_a_system_that_does_not_tell_says_so(monkeypatch):
    monkeypatch.setattr(descriptors, "PLACE", "/nonexistent")
    assert open_descriptors() is None
