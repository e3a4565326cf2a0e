"""Every fact that a session by hand adds has its sentence; files on their way, where the terminal does not look.

Also workbench.protocols.raw.received_file and workbench.protocols.raw.sent_file; tests/cli has the rest of both.
"""

import re
from pathlib import Path

import pytest

from workbench.errors import LocalFault, LocalMisuse
from workbench.protocols.raw.explain import FACTS, explain
from workbench.protocols.raw.received_file import ReceivedFile, cut_off
from workbench.protocols.raw.sent_file import PayloadFile
from workbench.transcript.recorder import Transcript
from workbench.wire.ends import PEER_FINISHED, PEER_RESET

SAMPLES = {
    "limit.passed": {"limit": "stall", "seconds": 5.0, "unread": 0, "unsent": 4096},
    "serve.turn": {"waited_ms": 12.5},
    "serve.failed": {"zone": "handle", "what": "ValueError: x"},
    "question.attempt": {"number": 2, "of": 3, "wait_s": 0.2},
    "reply.stranger": {"source": "127.0.0.1:9", "asked": "127.0.0.1:7"},
    "broadcast.limited": {"dropped": 7, "per_s": 5.0},
}
OURS = ("limits", "zones", "serve", "question", "everybody", "broadcast", "link", "mischief", "presets")


@pytest.mark.parametrize("name", FACTS)
def test_each_fact_has_a_sentence(name):
    transcript = Transcript()
    channel = transcript.open("x", "tcp")
    said = explain(transcript, transcript[channel.fact(name, **SAMPLES[name])])
    assert said is not None
    assert said.what
    assert said.text
    assert explain(transcript, transcript[channel.fact("of.others")]) is None
    transcript.close()


def test_each_limit_has_its_own_words():
    transcript = Transcript()
    channel = transcript.open("x", "tcp")
    said = set()
    for limit in ("idle", "stall", "total", "connect"):
        values = {"limit": limit, "seconds": 1.0, "unread": 0, "unsent": None}
        explained = explain(transcript, transcript[channel.fact("limit.passed", **values)])
        assert explained is not None
        said.add(explained.what)
    assert len(said) == 4
    transcript.close()


def test_what_the_engines_record_is_what_is_explained():
    folder = Path(__file__).parents[3] / "workbench" / "protocols" / "raw"
    text = "".join((folder / f"{name}.py").read_text(encoding="utf-8") for name in OURS)
    assert set(re.findall(r'\.fact\(\s*"([\w.]+)"', text)) == set(FACTS)


async def test_a_file_is_read_in_pieces_and_written_under_another_name_until_it_is_whole(tmp_path):
    there, back = tmp_path / "there", tmp_path / "back"
    there.write_bytes(b"x" * 600_000)
    file = PayloadFile(str(there))
    assert file.size == 600_000
    received = ReceivedFile(str(back))
    async for piece in file.pieces():
        received.write(piece)
        assert not back.exists()
    file.close()
    received.complete()
    received.close()
    assert back.read_bytes() == there.read_bytes()
    with pytest.raises(LocalFault):
        PayloadFile(str(tmp_path / "missing"))
    with pytest.raises(LocalMisuse):
        ReceivedFile(str(tmp_path))
    assert cut_off(PEER_FINISHED) is None
    assert cut_off(PEER_RESET) is not None
