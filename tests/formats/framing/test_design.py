"""A format of one's own: text to fields, fields to octets and back in any pieces, and the class that runs elsewhere.

Of workbench.formats.framing.design, workbench.formats.framing.design_text and workbench.formats.framing.design_code.
"""

import struct
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.attempt import attempt, check_place
from workbench.errors import LocalMisuse
from workbench.formats.framing.chop import Chopper, say
from workbench.formats.framing.design_code import python
from workbench.formats.framing.design_text import EXAMPLE, read_design

SEVERAL = "kind: u8\nname: text[8]  # padded\nsize: u32le\nbody: text[size]\nchange: i16\n"


def test_the_example_is_written_as_struct_writes_it_and_read_back():
    design = read_design("magic: u16 = 0xCAFE\nsize: u16\nbody: octets[size]\n")
    wire = design.encode(b"hello")
    assert wire.data == struct.pack("!HH5s", 0xCAFE, 5, b"hello")
    assert [mark.part for mark in wire.marks] == ["check", "length", "data"]
    shown = design.read(wire.data, at=100)
    assert [(each.field.name, each.value, each.start, each.stop) for each in shown] == [
        ("magic", 0xCAFE, 100, 102),
        ("size", 5, 102, 104),
        ("body", b"hello", 104, 109),
    ]
    assert say(design.decoder(), wire.data * 2).messages[1] == (b"hello", 9, 18)
    assert Chopper(design.decoder, wire.data).run().differs is None
    assert read_design(EXAMPLE).free


def test_several_free_fields_are_given_by_name():
    design = read_design(SEVERAL)
    assert [field.name for field in design.free] == ["kind", "name", "body", "change"]
    wire = design.encode(b"kind=7 name=anna body='two words' change=-2").data
    assert wire == struct.pack("<B8sI9s", 7, b"anna", 9, b"two words") + struct.pack("!h", -2)
    assert say(design.decoder(), wire).messages[0].data == b"kind=7 name=anna body='two words' change=-2"


@pytest.mark.parametrize(
    ("message", "what"),
    [
        (b"kind=7", "name has no value"),
        (b"kind=7 kind=8", "gives no field"),
        (b"nosuch=7", "gives no field"),
        (b"word", "gives no field"),
        (b"kind=x name=a body=b change=0", "is no number"),
        (b"kind=256 name=a body=b change=0", "does not fit into 1 octet"),
        (b"kind=1 name=a body=b change=40000", "-32,768 to 32,767"),
        (b"kind=1 name=far-too-long body=b change=0", "the field has 8"),
        (b"kind='", "can't be read"),
        (b"\xff", "can't be read"),
    ],
)
def test_what_does_not_fit_is_refused_before_it_is_sent(message: bytes, what: str):
    design = read_design(SEVERAL)
    with pytest.raises(LocalMisuse, match=what):
        design.encode(message)
    assert design.remarks(message)[0].stops


def test_a_length_of_one_octet_is_too_narrow_for_300():
    design = read_design("size: u8\nbody: octets[size]")
    assert design.remarks(bytes(255)) == ()
    assert "does not fit" in design.remarks(bytes(300))[0].what


def test_hostile_lengths_and_wrong_constants_break_at_their_field():
    design = read_design("magic: u8 = 0x7E\nsize: u32\nbody: octets[size]")
    broken = say(design.decoder(1000), b"\x7e\x05\0\0\0").broken
    assert (broken.at, "83,886,080" in broken.what) == (1, True)
    wrong = say(design.decoder(), design.encode(b"x").data + b"\x7f").broken
    assert (wrong.at, wrong.data, "must be 0x7e" in wrong.what) == (6, b"\x7f", True)
    decoder = design.decoder()
    decoder.feed(b"\x7e\0\0\0\5ab")
    assert decoder.state[:3] == ("in the field body", 7, 3)
    with pytest.raises(LocalMisuse, match="ends in the field size"):
        design.read(b"\x7e\0")


@pytest.mark.parametrize(
    ("text", "start", "end", "what"),
    [
        ("", 0, 0, "at least one field"),
        ("Kind: u8", 0, 4, "no name"),
        ("class: u8", 0, 5, "no name"),
        ("kind u8", 4, 7, "colon"),
        ("kind: u7", 6, 8, "no type"),
        ("kind: u8\nkind: u8", 9, 13, "already"),
        ("body: octets[size]", 13, 17, "can't say a length"),
        ("size: i8\nbody: octets[size]", 22, 26, "can't say a length"),
        ("n: u8\na: octets[n]\nb: octets[n]", 29, 30, "another field already"),
        ("body: octets[0]", 13, 14, "1 to 65,536"),
        ("kind: u8 = 256", 9, 14, "does not fit"),
        ("kind: u8 = x", 9, 12, "no number"),
        ("body: text[4] = 5", 14, 17, "nothing else"),
        ("kind: u8 9", 9, 10, "nothing else"),
        ("magic: u8 = 5", 0, 13, "no field is free"),
    ],
)
def test_a_mistake_in_a_design_has_its_place(text: str, start: int, end: int, what: str):
    with pytest.raises(LocalMisuse, match=what) as wrong:
        read_design(text)
    assert (wrong.value.start, wrong.value.end) == (start, end)


@given(st.text(alphabet="ab:u816=[]octets \n#0x", max_size=40))
def test_any_text_is_a_design_or_a_mistake(text: str):
    read = attempt(read_design, text)
    if isinstance(read, LocalMisuse):
        check_place(read, 0, len(text))
    else:
        assert read.free


SCRIPT = """
import sys
space = {}
source = sys.stdin.read()
code, _, rest = source.partition("#### ")
module = compile(code, "frames", "exec")
namespace = __import__("types").ModuleType("frames")
namespace.__dict__["__builtins__"] = __builtins__
eval(module, namespace.__dict__)
wire = namespace.encode(kind=7, name=b"anna", body=b"two words", change=-2) * 2
decoder = namespace.Decoder(limit=100)
got = [each for at in range(len(wire)) for each in decoder.feed(wire[at : at + 1])]
assert decoder.at_rest()
assert got == decoder.feed(wire), got
assert not decoder.feed(wire[:5])
assert not decoder.at_rest()
try:
    namespace.Decoder(limit=100).feed(b"\\x07" + bytes(8) + b"\\xff\\xff\\xff\\xff")
except namespace.FrameError as error:
    print(wire.hex(), got[0], error, sep="|")
try:
    namespace.encode(kind=256, name=b"", body=b"", change=0)
except OverflowError:
    print("too big")
"""


def test_the_exported_class_runs_without_the_workbench_and_makes_the_same_octets():
    design = read_design(SEVERAL)
    said = subprocess.run(
        [sys.executable, "-I", "-c", SCRIPT],
        input=python(design),
        text=True,
        capture_output=True,
        check=True,
        timeout=60,
    )
    wire, message, error = said.stdout.splitlines()[0].split("|")
    ours = design.encode(b"kind=7 name=anna body='two words' change=-2").data
    assert bytes.fromhex(wire) == ours * 2
    assert "'body': b'two words'" in message
    assert "'name': b'anna'" in message
    assert "limit" in error
    assert said.stdout.splitlines()[1] == "too big"


def test_the_exported_class_checks_constants():
    design = read_design(EXAMPLE)
    code = (
        python(design)
        + "\ntry:\n    Decoder().feed(bytes(9))\nexcept FrameError as error:\n    print(error)\n"
    )
    said = subprocess.run(
        [sys.executable, "-I", "-c", code], text=True, capture_output=True, check=True, timeout=60
    )
    assert said.stdout.strip() == "magic is not 0xcafe"
