"""Files and standard input as payload: waited for without holding up the loop."""

import asyncio
import os
from pathlib import Path

import pytest

from workbench.errors import LocalFault, LocalMisuse
from workbench.protocols.raw.sent_file import MAX_DATAGRAM, PayloadFile


async def all_of(file: PayloadFile) -> bytes:
    return b"".join([piece async for piece in file.pieces()])


async def test_a_file_comes_in_pieces(tmp_path: Path):
    path = tmp_path / "payload"
    data = os.urandom(700_000)
    path.write_bytes(data)
    file = PayloadFile(str(path))
    pieces = [piece async for piece in file.pieces()]
    file.close()
    file.close()
    assert len(pieces) > 1
    assert b"".join(pieces) == data


async def test_a_pipe_is_waited_for_while_others_have_their_turn(tmp_path: Path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    # Both ends at once, so that neither open() waits for the other.
    holder = os.open(fifo, os.O_RDWR)
    file = PayloadFile(str(fifo))
    reading = asyncio.create_task(all_of(file))
    await asyncio.sleep(0)
    assert not reading.done()
    writer = os.open(fifo, os.O_WRONLY)
    os.close(holder)
    os.write(writer, b"hello")
    os.close(writer)
    assert await reading == b"hello"
    file.close()


async def test_waiting_can_be_cancelled(tmp_path: Path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    holder = os.open(fifo, os.O_RDWR)
    file = PayloadFile(str(fifo))
    reading = asyncio.create_task(all_of(file))
    await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    file.close()
    os.close(holder)


@pytest.mark.parametrize(("name", "symbol"), [("missing", "ENOENT"), (".", "EISDIR")])
def test_what_cannot_be_read_is_found_before_anything_is_sent(tmp_path: Path, name: str, symbol: str):
    with pytest.raises(LocalFault) as caught:
        PayloadFile(str(tmp_path / name))
    assert caught.value.errno_name == symbol


async def test_a_datagram_has_a_largest_size(tmp_path: Path):
    path = tmp_path / "payload"
    path.write_bytes(bytes(MAX_DATAGRAM))
    file = PayloadFile(str(path))
    assert len(await file.whole()) == MAX_DATAGRAM
    file.close()
    path.write_bytes(bytes(MAX_DATAGRAM + 1))
    file = PayloadFile(str(path))
    with pytest.raises(LocalMisuse, match="does not fit"):
        await file.whole()
    file.close()
