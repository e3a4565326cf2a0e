"""Echo as a conversation (RFC 862)."""

import asyncio
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lab.houses import client_of, serving
from workbench.lab.services.echo import TRANSFORMS, transformed


async def test_every_octet_comes_back():
    everything = bytes(range(256))
    async with serving("echo") as served, client_of(served) as client:
        for _ in range(3):
            await client.send(everything)
            assert await client.exactly(256) == everything
        client.finish()
        assert await client.rest() == b""


async def test_a_client_may_finish_and_still_gets_all_of_it():
    data = bytes(range(256)) * 20_000
    async with serving("echo") as served, client_of(served) as client:
        answer = asyncio.create_task(client.rest())
        await client.send(data)
        client.finish()
        assert hashlib.sha256(await answer).digest() == hashlib.sha256(data).digest()


@pytest.mark.parametrize(
    ("how", "answer"),
    [
        ("none", b"Hello \xe4!"),
        ("upper", b"HELLO \xe4!"),
        ("lower", b"hello \xe4!"),
        ("swapcase", b"hELLO \xe4!"),
        ("rot13", b"Uryyb \xe4!"),
    ],
)
async def test_letters_can_be_changed_and_nothing_else_is(how: str, answer: bytes):
    async with serving("echo", transform=how) as served, client_of(served) as client:
        await client.send(b"Hello \xe4!")
        assert await client.exactly(len(answer)) == answer


@given(st.binary(max_size=100), st.sampled_from(TRANSFORMS))
def test_a_change_keeps_the_length_and_every_octet_that_is_no_letter(data: bytes, how: str):
    changed = transformed(data, how)
    assert len(changed) == len(data)
    for before, after in zip(data, changed, strict=True):
        assert before == after or (chr(before).isascii() and chr(before).isalpha())


@given(st.binary(max_size=100))
def test_rot13_twice_is_nothing(data: bytes):
    assert transformed(transformed(data, "rot13"), "rot13") == data
