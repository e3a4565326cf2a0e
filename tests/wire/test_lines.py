"""Lines keep their ends, and none may be endless."""

import pytest

from workbench.errors import PeerMisbehaved
from workbench.transcript.recorder import Transcript
from workbench.wire.lines import LineReader
from workbench.wire.memory import pair


async def test_lines_come_with_the_end_that_was_there():
    transcript = Transcript()
    left, right = pair(transcript)
    await right.send(b"one\r\ntwo\n\rthree\n\nrest")
    await right.aclose()
    reader = LineReader(left, limit_octets=100)
    lines = []
    while (line := await reader.read()) is not None:
        lines.append(tuple(line))
    assert lines == [(b"one", b"\r\n"), (b"two", b"\n"), (b"\rthree", b"\n"), (b"", b"\n"), (b"rest", b"")]
    await left.aclose()
    transcript.close()


async def test_a_line_beyond_the_limit_is_the_peers_fault():
    transcript = Transcript()
    left, right = pair(transcript)
    await right.send(b"x" * 50)
    with pytest.raises(PeerMisbehaved) as caught:
        await LineReader(left, limit_octets=20).read()
    assert caught.value.data
    await left.aclose()
    await right.aclose()
    transcript.close()
