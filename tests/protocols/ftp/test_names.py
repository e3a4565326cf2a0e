"""A stranger's names never lead out of the folder."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.protocols.ftp.names import joined, local_name, split, why_unsafe


@pytest.mark.parametrize(
    "name",
    [
        *(b"", b".", b"..", b"../x", b"/etc/passwd", b"a/b", b"a\\b", b"nul\0", b"a\rb", b"a\nb"),
        *(b"\x1b[2J", b"\x7f", b"x" * 256, b"NUL", b"con", b"Aux.txt", b"com1", b"lpt9.log"),
    ],
)
def test_names_that_are_refused(name: bytes):
    assert why_unsafe(name)


@pytest.mark.parametrize(
    "name", [b"a", b" lead", b"trail ", b"...", b"..a", b"-rf", b"Gr\xc3\xbc\xc3\x9fe", b"\xff", b"console"]
)
def test_names_that_are_names(name: bytes):
    assert why_unsafe(name) == ""
    assert os.fsencode(local_name(name)) == name


@given(st.binary(max_size=300))
def test_what_is_accepted_is_one_name_within_the_folder(name: bytes):
    if why_unsafe(name):
        return
    path = os.path.normpath(os.path.join(b"/folder", name))
    assert os.path.dirname(path) == b"/folder"
    assert os.path.basename(path) == name


def test_paths_at_the_server():
    assert joined(b"/", b"a") == b"/a"
    assert joined(b"/a", b"b") == b"/a/b"
    assert split(b"/a/b") == (b"/a", b"b")
    assert split(b"/a") == (b"/", b"a")
    assert split(b"a") == (b"", b"a")
