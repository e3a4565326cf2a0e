"""The greeter as a conversation: it speaks first, then line by line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kit.chop import chop
from tests.lab.houses import client_of, serving
from workbench.lab.guest import GuestLine
from workbench.lab.services.greet import HELP, MAX_LINE, Dialogue


async def test_a_whole_dialogue():
    async with serving("greet") as served, client_of(served) as client:
        assert await client.line() == b"+OK this is the Lab; HELP tells what I understand\r\n"
        for said, answered in (
            (b"HELLO Anna\r\n", b"+OK hello, Anna\r\n"),
            (b"say  good morning \n", b"+OK Anna: good morning\r\n"),
            (b"REVERSE abc\r\n", b"+OK cba\r\n"),
            (b"ADD 40 2\r\n", b"+OK 42\r\n"),
            (b"ADD -1 x\r\n", b"-ERR ADD needs two whole numbers of at most 30 digits\r\n"),
            (b"COUNT\r\n", b"+OK 6\r\n"),
            (b"DANCE\r\n", b"-ERR I know HELLO, SAY, REVERSE, ADD, COUNT, HELP and QUIT\r\n"),
            (b"\r\n", b"-ERR I know HELLO, SAY, REVERSE, ADD, COUNT, HELP and QUIT\r\n"),
            (b"QUIT\r\n", b"+OK goodbye, Anna\r\n"),
        ):
            await client.send(said)
            assert await client.line() == answered
        assert await client.rest() == b""


async def test_help_ends_with_a_dot():
    async with serving("greet") as served, client_of(served) as client:
        await client.line()
        await client.send(b"HELP\r\nQUIT\r\n")
        lines = (await client.rest()).split(b"\r\n")
        assert lines == [b"+OK these are the commands", *HELP, b".", b"+OK goodbye", b""]


async def test_the_greeting_is_a_switch():
    async with serving("greet", greeting="Grüß Gott") as served, client_of(served) as client:
        assert await client.line() == "+OK Grüß Gott\r\n".encode()


@pytest.mark.parametrize("n", [1, 3, 1000])
async def test_the_answers_are_the_same_however_the_lines_are_cut(n: int):
    async with serving("greet") as served, client_of(served) as client:
        await client.line()
        for piece in chop(b"HELLO B\nSAY hi\r\nQUIT\n", n):
            await client.send(piece)
        assert await client.rest() == b"+OK hello, B\r\n+OK B: hi\r\n+OK goodbye, B\r\n"


@pytest.mark.parametrize("size", [MAX_LINE - 4, MAX_LINE - 3, 100_000, 3_000_000])
async def test_a_line_too_long_is_refused_and_the_next_one_is_understood(size: int):
    async with serving("greet") as served, client_of(served) as client:
        await client.line()
        await client.send(b"SAY " + b"x" * size + b"\r\nSAY again\r\nQUIT\r\n")
        first, second, *_ = (await client.rest()).split(b"\r\n")
        if size + 4 <= MAX_LINE:
            assert first == b"+OK somebody: " + b"x" * size
        else:
            assert first.startswith(b"-ERR a line has at most 512 octets")
        assert second == b"+OK somebody: again"


async def test_a_last_line_without_an_end_is_a_line():
    async with serving("greet") as served, client_of(served) as client:
        await client.line()
        await client.send(b"SAY hi")
        client.finish()
        assert await client.rest() == b"+OK somebody: hi\r\n"


@given(st.lists(st.binary(max_size=MAX_LINE).map(lambda b: b.replace(b"\n", b"")), max_size=5))
def test_any_line_has_one_answer(lines: list[bytes]):
    dialogue = Dialogue()
    for line in lines:
        answer = dialogue.receive(GuestLine(line))
        assert answer.startswith((b"+OK ", b"-ERR "))
        assert answer.endswith(b"\r\n")
        assert len(answer) < 2 * MAX_LINE + 100
