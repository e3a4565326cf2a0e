"""Sockets for calls by hand: they never block, files over them wait and can be woken, and owners are counted."""

import asyncio
import socket

import pytest

from workbench.wire.bare import PatientSocket, adopted, file_over, open_socket


@pytest.fixture
def ends(nothing_left: None):
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with ours, theirs:
        yield ours, theirs


def test_a_socket_is_made_and_adopted_without_blocking():
    made = open_socket(socket.AF_INET, socket.SOCK_STREAM)
    again = adopted(made.detach())
    with again:
        assert again.gettimeout() == 0
        assert again.type == socket.SOCK_STREAM


async def test_a_file_waits_for_what_comes(ends):
    ours, theirs = ends
    patient = PatientSocket(ours, lambda: None)
    file = file_over(patient, "rb", -1)
    reading = asyncio.create_task(patient.run(file.readline))
    theirs.sendall(b"half")
    await asyncio.sleep(0)
    theirs.sendall(b" and half\n")
    assert await reading == b"half and half\n"
    assert b"".join(data for is_sent, data in patient.moved if not is_sent) == b"half and half\n"
    file.close()


async def test_a_cancelled_wait_ends_its_thread(ends):
    ours, _ = ends
    patient = PatientSocket(ours, lambda: None)
    file = file_over(patient, "rb", -1)
    reading = asyncio.create_task(patient.run(file.readline))
    await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    file.close()


@pytest.mark.parametrize(("patience_s", "error"), [(0.02, TimeoutError), (0.0, None)])
async def test_patience_has_an_end(ends, patience_s: float, error: type[Exception] | None):
    ours, _ = ends
    patient = PatientSocket(ours, lambda: patience_s)
    file = file_over(patient, "rb", 0)
    if error is None:
        assert await patient.run(lambda: file.read(1)) is None
    else:
        with pytest.raises(error, match="timed out"):
            await patient.run(lambda: file.read(1))
    file.close()


async def test_the_descriptor_lives_as_long_as_its_last_owner(ends):
    ours, theirs = ends
    patient = PatientSocket(ours, lambda: None)
    file = file_over(patient, "w", -1)
    ours.close()
    assert ours.fileno() >= 0
    file.write("kept")
    file.close()
    assert ours.fileno() == -1
    assert (theirs.recv(10), theirs.recv(10)) == (b"kept", b"")


def test_a_writer_that_is_given_up_complains_no_more(ends):
    ours, theirs = ends
    patient = PatientSocket(ours, lambda: 0)
    file = file_over(patient, "w", -1)
    theirs.close()
    file.write("nobody wants it")
    patient.give_up()
    file.close()


@pytest.mark.parametrize(("mode", "size"), [("rw", 0), ("q", -1), ("r", 0)])
def test_an_impossible_file_is_refused(ends, mode: str, size: int):
    patient = PatientSocket(ends[0], lambda: None)
    with pytest.raises(ValueError, match=r"unbuffered streams must be binary|invalid mode"):
        file_over(patient, mode, size)
    patient.release()
