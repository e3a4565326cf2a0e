"""Spools: what was appended can be read at any place, from memory and from the file alike."""

import os
import resource
import signal
import subprocess
import sys
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalFault
from workbench.transcript import spool as spool_module
from workbench.transcript.spool import Store

pieces = st.lists(st.binary(max_size=40) | st.integers(0, 3000).map(lambda n: b"z" * n), max_size=30)


@given(
    left=pieces,
    right=pieces,
    limit=st.integers(0, 4000),
    cut=st.tuples(st.integers(-5, 9000), st.integers(-5, 9000)),
)
def test_two_interleaved_spools_read_back_what_they_took_at_any_memory_limit(left, right, limit, cut):
    store = Store(limit)
    spools = [store.spool(), store.spool()]
    wanted = [b"", b""]
    for number in range(max(len(left), len(right))):
        for which, chunks in enumerate((left, right)):
            if number < len(chunks):
                assert spools[which].append(chunks[number]) == len(wanted[which])
                wanted[which] += chunks[number]
    start, stop = cut
    for spool, octets in zip(spools, wanted, strict=True):
        assert len(spool) == len(octets)
        assert spool.read(0, len(octets)) == octets
        assert spool.read(start, stop) == octets[max(0, start) : max(0, stop)]
    store.close()


def test_memory_is_bounded_and_the_file_has_no_name(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(spool_module, "SLOW_NS", 10**12)  # a slow disk has a bound of its own: test_writer
    store = Store(64 * 1024, str(tmp_path))
    spool = store.spool()
    for _ in range(100):
        spool.append(b"q" * 65536)
        assert store.in_memory <= 64 * 1024
    assert store.in_file + store.in_memory == 6_553_600
    assert list(tmp_path.iterdir()) == []
    assert spool.read(6_553_599, 6_553_700) == b"q"
    store.close()


def test_large_chunks_are_shared_not_copied():
    store = Store(1 << 20)
    spool = store.spool()
    data = b"s" * 5000
    spool.append(data)
    assert spool.read(0, 5000) is data
    store.close()


def test_closing_twice_is_harmless_and_gives_the_descriptor_back(tmp_path):
    before = len(os.listdir("/proc/self/fd"))
    store = Store(0, str(tmp_path))
    store.spool().append(b"x" * 10)
    store.close()
    store.close()
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_full_disk_ends_the_recording_but_keeps_what_was_said():
    """In a process of its own: the limit on file sizes is the process's."""
    script = textwrap.dedent(
        """
        import resource
        from workbench.errors import LocalFault
        from workbench.transcript import spool as spool_module
        from workbench.transcript.spool import Store

        spool_module.SLOW_NS = 10**12
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
        store = Store(100_000)
        spool = store.spool()
        taken = b""
        try:
            for number in range(1000):
                piece = bytes([number % 251]) * 10_000
                try:
                    spool.append(piece)
                finally:
                    if len(spool) > len(taken):
                        taken += piece
        except LocalFault as fault:
            print(fault.errno_name, fault.stage, fault.exit_code)
        assert spool.read(0, 10**9) == taken
        assert 300_000 <= len(taken) <= 500_000, len(taken)
        try:
            spool.append(b"more")
        except LocalFault:
            print("refused")
        assert spool.read(0, 10**9) == taken
        """
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("EFBIG transcript 5\nrefused\n", 0), done.stderr
    # The limit must be one that Python turns into an error, not one that kills the process.
    assert signal.getsignal(signal.SIGXFSZ) == signal.SIG_IGN
    assert resource.RLIMIT_FSIZE is not None


def test_after_the_fault_facts_still_fit(tmp_path):
    missing = tmp_path / "gone"
    store = Store(10, str(missing))
    spool = store.spool()
    with pytest.raises(LocalFault) as caught:
        spool.append(b"0123456789abc")
    assert caught.value.errno_name == "ENOENT"
    assert spool.read(0, 99) == b"0123456789abc"
    assert spool.append_in_memory(b"end") == 13
    assert spool.read(0, 99) == b"0123456789abcend"
    store.close()
