"""Results on one descriptor, notes on the other; a reader that goes away is no error."""

import json
import os
import termios
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.documents import checked
from workbench.cli.output import Output, as_json, told
from workbench.errors import LinkLost, LocalFault, LocalMisuse, Refused


@pytest.fixture
def pipes():
    """An Output into two pipes, and a function that reads what came to "out" or "err"."""
    out_read, out_write = os.pipe()
    err_read, err_write = os.pipe()
    ends = {"out": (out_read, out_write), "err": (err_read, err_write)}

    def read(which: str) -> bytes:
        return os.read(ends[which][0], 65536)

    yield Output("failure/1", as_json=True, out=out_write, err=err_write), read
    for descriptor in (out_read, out_write, err_read, err_write):
        os.close(descriptor)


def test_a_document_is_one_line_that_begins_with_its_schema(pipes):
    output, read = pipes
    output.document({"address": "127.0.0.1:1", "text": "zwei\nZeilen ‮ \x1b"}, ok=True)
    line = read("out")
    assert line.startswith(b'{"schema": "failure/1", "ok": true, ')
    assert line.endswith(b"}\n")
    assert line.count(b"\n") == 1
    assert line.isascii()
    assert json.loads(line)["text"] == "zwei\nZeilen ‮ \x1b"


def test_a_failure_is_a_document_and_a_sentence(pipes):
    output, read = pipes
    output.so_far = {}
    failure = LinkLost("nobody there", stage="connect", errno_name="ECONNREFUSED", advice="start it")
    assert output.fail(failure) == 3
    document = checked(json.loads(read("out")))
    assert document["failure"]["errno"] == "ECONNREFUSED"
    assert read("err") == b"workbench: connect: nobody there (ECONNREFUSED)\n  try: start it\n"


def test_what_had_happened_stands_beside_the_failure(pipes):
    output, read = pipes
    output.so_far = {"sent": {"octets": 3}}
    output.fail(Refused("no"))
    document = json.loads(read("out"))
    assert list(document) == ["schema", "ok", "sent", "failure"]


def test_a_mistake_is_told_with_its_place():
    misuse = LocalMisuse("ports end at 65535", text="a:70000", start=2, end=7, advice="take less")
    assert told(misuse).splitlines() == [
        "workbench: ports end at 65535",
        "  a:70000",
        "    ^^^^^",
        "  try: take less",
    ]


def test_what_a_peer_said_cannot_steer_the_terminal():
    shown = told(Refused("no", reply="550 \x1b]0;owned\x07‮"))
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "‮" not in shown
    assert "owned" in shown


def test_a_reader_that_went_away_is_told_once_and_nothing_is_raised():
    told_of: list[int] = []
    reading, writing = os.pipe()
    os.close(reading)
    output = Output("failure/1", out=writing, err=None, on_closed=lambda: told_of.append(1))
    try:
        output.octets(b"one")
        output.octets(b"two")
        assert (output.is_closed, output.fault, told_of) == (True, None, [1])
    finally:
        os.close(writing)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_a_full_disk_is_a_fault_of_this_machine():
    full = os.open("/dev/full", os.O_WRONLY)
    output = Output("failure/1", out=full, err=None)
    try:
        output.line("lost")
        assert isinstance(output.fault, LocalFault)
        assert (output.fault.errno_name, output.is_closed) == ("ENOSPC", True)
    finally:
        os.close(full)


def test_a_closed_output_is_never_written_to():
    output = Output("failure/1", out=None, err=None)
    output.octets(b"nowhere")
    output.note("nowhere")
    assert output.is_closed


def test_a_pipe_that_somebody_made_non_blocking_loses_nothing():
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    data = b"x" * 300_000
    taken = bytearray()

    def drain() -> None:
        while piece := os.read(reading, 65536):
            taken.extend(piece)

    thread = threading.Thread(target=drain)
    thread.start()
    Output("failure/1", out=writing, err=None).octets(data)
    os.close(writing)
    thread.join(60)
    os.close(reading)
    assert bytes(taken) == data


@given(st.dictionaries(st.text(), st.text(alphabet=st.characters())))
def test_any_text_of_a_stranger_is_plain_ascii_in_json(values: dict[str, str]):
    shown = as_json(values)
    assert shown.isascii()
    assert b"\n" not in shown
    assert all(octet >= 0x20 for octet in shown)
    assert json.loads(shown) == values


def test_a_line_that_moves_is_replaced_and_a_note_gets_its_own():
    controlling, terminal = os.openpty()
    try:
        output = Output(out=None, err=terminal)
        assert output.shows_status
        output.status("")
        output.status("1 %")
        output.status("2 %")
        output.note("half-way")
        output.status("3 %")
        output.status("")
        output.note("done")
        shown = b""
        while not shown.endswith(b"done\r\n"):
            shown += os.read(controlling, 4096)
    finally:
        os.close(controlling)
        os.close(terminal)
    erase = b"\r\x1b[K"
    assert shown == (
        erase + b"1 %" + erase + b"2 %" + erase + b"half-way\r\n" + erase + b"3 %" + erase + b"done\r\n"
    )


def test_a_line_that_moves_never_breaks_in_two():
    controlling, terminal = os.openpty()
    try:
        termios.tcsetwinsize(terminal, (24, 40))
        Output(out=None, err=terminal).status("x" * 60)
        shown = os.read(controlling, 4096)
    finally:
        os.close(controlling)
        os.close(terminal)
    assert shown == b"\r\x1b[K" + b"x" * 39


def test_nothing_moves_where_nobody_watches(pipes):
    output, read = pipes
    assert not output.shows_status
    output.status("1 %")
    output.note("done")
    assert read("err") == b"done\n"
