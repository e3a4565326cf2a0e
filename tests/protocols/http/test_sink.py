"""Where a body goes: kept in memory up to a limit, or in a file that has its name only when it is whole."""

import hashlib
from pathlib import Path

from workbench.protocols.http.sink import File, Memory


def test_memory_keeps_the_first_octets_and_counts_all():
    sink = Memory(5)
    sink.begin()
    for piece in (b"abc", b"defg", b"h"):
        sink.write(piece)
    sink.complete()
    sink.close()
    assert (sink.octets, sink.data, sink.file) == (8, b"abcde", "")
    assert sink.sha256 == hashlib.sha256(b"abcdefgh").hexdigest()


def test_a_file_says_where_the_body_is_found(tmp_path: Path):
    sink = File(str(tmp_path / "f"))
    sink.begin()
    assert (sink.file, sink.data) == ("", b"")
    sink.write(b"new")
    assert sink.file == f"{tmp_path}/f.partial"
    sink.complete()
    sink.close()
    assert (sink.file, sink.data) == (str(tmp_path / "f"), b"")
