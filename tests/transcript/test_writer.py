"""A slow disk: a thread writes, octets stay readable, nobody waits, nothing is lost or left."""

import errno
import os
import sys
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.held_disk import WITHIN_S, every_write_is_slow, held_disk, written
from workbench.errors import LocalFault
from workbench.transcript import spool as spools
from workbench.transcript import writer
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.transcript.spool import MAX_WAITING, Store
from workbench.transcript.writer import THREAD_NAME, Batch


def writers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == THREAD_NAME]


def test_after_one_slow_write_a_thread_writes_and_octets_are_readable_all_the_while(
    monkeypatch: pytest.MonkeyPatch,
):
    with held_disk(monkeypatch) as disk:
        store = Store(0)
        one, two = store.spool(), store.spool()
        one.append(b"the slow one")
        assert (store.in_file, writers()) == (12, [])
        one.append(b" held")
        assert disk.tried.wait(WITHIN_S)
        # Small pieces are gathered, but never into what the thread is writing.
        for number in range(100):
            one.append(b"%d," % number)
            two.append(b"%d;" % number)
        assert store.in_file == 12
        numbers = [b"%d" % number for number in range(100)]
        assert one.read(0, 999) == b"the slow one held" + b",".join(numbers) + b","
        assert two.read(0, 999) == b";".join(numbers) + b";"
        disk.let_go()
        written(store)
        assert one.read(9, 21) == b"one held0,1,"
        one.append(b"!")
        written(store)
        two.append(b"!")
        written(store)
        store.flush()
        assert (store.in_memory, store.in_file) == (0, len(one) + len(two))
        assert one.read(0, 999) == b"the slow one held" + b",".join(numbers) + b",!"
        assert two.read(0, 999) == b";".join(numbers) + b";!"
        store.close()


pieces = st.lists(st.binary(max_size=40) | st.integers(0, 3000).map(lambda n: b"z" * n), max_size=30)


@given(left=pieces, right=pieces, limit=st.integers(0, 4000), is_slow=st.booleans())
def test_spools_read_back_what_they_took_whoever_wrote_it(left, right, limit, is_slow):
    with pytest.MonkeyPatch.context() as patch:
        if is_slow:
            every_write_is_slow(patch)
        store = Store(limit)
        both = [store.spool(), store.spool()]
        wanted = [b"", b""]
        for number in range(max(len(left), len(right))):
            for which, chunks in enumerate((left, right)):
                if number < len(chunks):
                    assert both[which].append(chunks[number]) == len(wanted[which])
                    wanted[which] += chunks[number]
                    assert both[which].read(0, 10**9) == wanted[which]
        written(store)
        for spool, octets in zip(both, wanted, strict=True):
            assert spool.read(0, len(octets)) == octets
        assert store.in_file + store.in_memory == len(wanted[0]) + len(wanted[1])
        store.close()


def test_a_disk_that_keeps_up_needs_no_thread(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(spools, "SLOW_NS", 10**12)
    monkeypatch.setattr(writer.threading, "Thread", None)
    store = Store(0)
    one = store.spool()
    for _ in range(100):
        one.append(b"x" * 100_000)
    assert not store.is_behind
    assert store.in_memory <= spools.FLUSH_AFTER
    store.close()


def test_a_write_that_took_long_because_others_had_the_processor_is_not_slow(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(spools, "SLOW_NS", -1)
    monkeypatch.setattr(spools, "pauses", lambda: 7)
    monkeypatch.setattr(writer.threading, "Thread", None)
    store = Store(0)
    store.spool().append(b"x" * 100_000)
    assert store.in_memory == 0
    store.close()


def test_waiting_is_counted_and_computing_is_not():
    before = writer.pauses()
    sum(range(1000))
    computed = writer.pauses()
    threading.Event().wait(0.001)
    if sys.platform == "linux":
        assert writer.pauses() > computed
    assert computed - before <= 1


def test_it_is_behind_from_16_mib_on_and_tells_when_it_has_caught_up(monkeypatch: pytest.MonkeyPatch):
    with held_disk(monkeypatch) as disk:
        transcript = Transcript(spool_after=0)
        channel = transcript.open("flood", "tcp")
        piece = bytes(1024 * 1024)
        taken = 0
        while not channel.is_behind:
            channel.received(piece)
            taken += 1
            assert taken < 30
        assert MAX_WAITING < transcript.octets_in_memory < MAX_WAITING + 2 * len(piece)
        woken, forgotten = threading.Event(), threading.Event()
        transcript.when_written(woken.set)
        transcript.when_written(forgotten.set)()
        assert not woken.is_set()
        disk.let_go()
        assert woken.wait(WITHIN_S)
        assert not transcript.is_behind
        assert not forgotten.is_set()
        assert channel.stream(Direction.RECEIVED).read(0, 10**9) == piece * taken
        transcript.close()


def test_a_disk_that_fills_up_while_the_thread_writes_is_a_fault_and_everything_recorded_is_kept(
    monkeypatch: pytest.MonkeyPatch,
):
    with held_disk(monkeypatch) as disk:
        disk.full = True
        transcript = Transcript(spool_after=0)
        channel = transcript.open("full", "tcp")
        told = b""
        for piece in (b"inline ", b"thread ", b"waiting "):
            channel.received(piece)
            told += piece
        assert disk.tried.wait(WITHIN_S)
        disk.let_go()
        written(transcript._store)
        assert not transcript.is_behind
        with pytest.raises(LocalFault) as caught:
            channel.received(b"the last one")
        assert (caught.value.errno_name, caught.value.stage) == ("ENOSPC", "transcript")
        told += b"the last one"
        with pytest.raises(LocalFault):
            channel.received(b"refused")
        channel.fact("end", kind="local")
        assert channel.stream(Direction.RECEIVED).read(0, 999) == told
        assert transcript[-1].name == "end"
        assert transcript.fault is not None
        transcript.close()


def test_a_transcript_is_closed_at_once_and_the_thread_gives_the_file_back(monkeypatch: pytest.MonkeyPatch):
    before = len(os.listdir("/proc/self/fd"))
    with held_disk(monkeypatch) as disk:
        transcript = Transcript(spool_after=0)
        channel = transcript.open("left", "tcp")
        woken = threading.Event()
        for _ in range(3):
            channel.received(b"x" * 5000)
        assert disk.tried.wait(WITHIN_S)
        transcript.when_written(woken.set)
        transcript.close()
        transcript.close()
        # Whoever waited for the disk is not left waiting.
        assert woken.is_set()
        assert len(os.listdir("/proc/self/fd")) == before + 1
        threads = writers()
        disk.let_go()
        for thread in threads:
            thread.join(WITHIN_S)
    assert writers() == []
    assert len(os.listdir("/proc/self/fd")) == before


def test_where_the_system_has_no_thread_it_is_written_at_once(monkeypatch: pytest.MonkeyPatch):
    def no_thread(_: object) -> None:
        raise RuntimeError("can't start new thread")

    every_write_is_slow(monkeypatch)
    monkeypatch.setattr(writer.threading.Thread, "start", no_thread)
    store = Store(0)
    spool = store.spool()
    for number in range(10):
        spool.append(bytes([number]) * 5000)
    store.flush()
    assert (store.in_memory, store.in_file) == (0, 50_000)
    assert spool.read(4999, 5001) == b"\x00\x01"
    store.close()


def test_a_batch_counts_what_is_wholly_in_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path):
    with open(tmp_path / "file", "wb+") as file:
        pwrite = os.pwrite

        def half(fd: int, data, place: int) -> int:
            """Takes two octets at a time, and none beyond the seventh."""
            if place >= 7:
                raise OSError(errno.EDQUOT, "quota")
            return pwrite(fd, data[:2], place)

        monkeypatch.setattr(writer.os, "pwrite", half)
        batch = Batch(file.fileno(), [b"abc", bytearray(b"def"), b"ghijk", b"never"], 0)
        done = threading.Event()
        batch.when_done(done.set)
        assert batch.start()
        assert done.wait(WITHIN_S)
        assert batch.is_done
        assert batch.written == 2
        assert batch.error is not None
        assert batch.error.errno == errno.EDQUOT
        assert not batch.orphan()
        assert os.pread(file.fileno(), 99, 0)[:8] == b"abcdefgh"
