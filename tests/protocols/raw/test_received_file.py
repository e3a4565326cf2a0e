"""The file of what is received, begun before anything is said; and whether an end says that it was all."""

from pathlib import Path

import pytest

from workbench.errors import LinkLost, LocalMisuse, PeerMisbehaved
from workbench.protocols.raw.received_file import ReceivedFile, cut_off
from workbench.wire.ends import PEER_FINISHED, PEER_RESET, End


def test_it_is_begun_at_once_and_says_where_it_is(tmp_path: Path):
    path = tmp_path / "out"
    file = ReceivedFile(str(path))
    assert file.as_dict() == {"file": f"{path}.partial", "complete": False}
    file.write(b"half")
    file.close()
    assert file.as_dict() == {"file": f"{path}.partial", "complete": False}
    file = ReceivedFile(str(path))
    file.complete()
    assert file.as_dict() == {"file": str(path), "complete": True}
    (tmp_path / "out").unlink()
    file = ReceivedFile(str(path))
    file.close()
    assert (file.as_dict(), list(tmp_path.iterdir())) == ({"file": None, "complete": False}, [])


@pytest.mark.parametrize(
    ("name", "words"),
    [("", "no name"), ("-", "standard output"), ("sub/", "is a folder"), ("/dev/null", "no plain file")],
)
def test_a_wrong_name_is_a_mistake_of_its_own_stage(name: str, words: str):
    with pytest.raises(LocalMisuse, match=words) as caught:
        ReceivedFile(name)
    assert (caught.value.text, caught.value.stage) == (name, "receive")


def test_behind_a_link_the_file_is_replaced(tmp_path: Path):
    (tmp_path / "link").symlink_to(tmp_path / "file")
    ReceivedFile(str(tmp_path / "link")).complete()
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == b""


def test_only_an_end_of_the_peers_own_says_that_this_was_all():
    assert cut_off(PEER_FINISHED) is None
    assert cut_off(End("close_notify", "peer", "")) is None
    reset = cut_off(PEER_RESET)
    assert isinstance(reset, LinkLost)
    assert (reset.errno_name, reset.exit_code) == ("ECONNRESET", 3)
    truncated = cut_off(End("truncated", "peer", "it ended without close_notify"))
    assert isinstance(truncated, PeerMisbehaved)
    assert (truncated.exit_code, truncated.stage) == (4, "receive")
    assert isinstance(cut_off(End("lost", "peer", "the connection was lost")), LinkLost)
