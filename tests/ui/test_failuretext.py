"""The raw text of a failure: classes, symbol, the system's words, what to try, and the traceback."""

import errno
import os
import socket

import pytest

from workbench.errors import LinkLost, LocalMisuse, PeerMisbehaved, WorkbenchError
from workbench.ui.failuretext import MAX_TRACE, chain, raw
from workbench.wire.faults import translated


def raised(failure: WorkbenchError, cause: BaseException | None = None) -> WorkbenchError:
    with pytest.raises(WorkbenchError) as caught:
        raise failure from cause
    return caught.value


@pytest.mark.covers("C1.16")
def test_a_name_that_does_not_exist_is_told_with_classes_symbol_and_system_words():
    cause = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    failure = raised(translated(cause, "resolve", where="nonexistant.example.invalid"), cause)
    text = raw(failure)
    lines = {line[:10].strip(): line[11:] for line in text.splitlines() if line[:10].strip()}
    assert lines["stage"] == "resolve"
    assert lines["class"] == "Refused ← WorkbenchError ← Exception"
    assert lines["caused by"] == "socket.gaierror ← OSError ← Exception"
    assert f"[Errno {int(socket.EAI_NONAME)}] Name or service not known" in text
    assert lines["symbol"].startswith("EAI_NONAME (")
    assert lines["try"]
    assert lines["exit code"] == "1 in the terminal"
    assert "Traceback (most recent call last)" in text


def test_a_refused_connection_has_its_number_on_this_system():
    cause = ConnectionRefusedError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))
    text = raw(raised(translated(cause, "connect", where="127.0.0.1:1"), cause))
    assert "ConnectionRefusedError ← ConnectionError ← OSError ← Exception" in text
    assert f"ECONNREFUSED ({errno.ECONNREFUSED} on this system)" in text


def test_what_was_never_raised_has_no_trace_and_a_peers_words_do_no_harm():
    text = raw(
        PeerMisbehaved("no", reply="\x1b[2J550 no", data=b"\x00\xff", committed="maybe", source="RFC 1 2")
    )
    assert "\x1b" not in text
    assert "00 ff" in text
    assert "may have taken effect" in text
    assert "Traceback" not in text
    assert "not said" in text


def test_a_long_trace_is_cut_in_its_middle():
    def deep(left: int) -> None:
        if not left:
            raise LocalMisuse("x")
        # Not the same line again and again: those Python folds by itself.
        deep_again(left - 1) if left % 2 else deep(left - 1)

    def deep_again(left: int) -> None:
        deep(left)

    with pytest.raises(LocalMisuse) as caught:
        deep(60)
    lines = raw(caught.value).splitlines()
    assert len(lines) < MAX_TRACE + 12
    assert any("lines …" in line for line in lines)


def test_a_class_of_another_module_says_whose_it_is():
    assert chain(LinkLost) == "LinkLost ← WorkbenchError ← ConnectionError ← OSError ← Exception"
    assert chain(socket.gaierror).startswith("socket.gaierror")
