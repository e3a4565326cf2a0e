"""Stacks as text say where, and never what."""

import asyncio
import itertools
import threading
import types

from hypothesis import given
from hypothesis import strategies as st

from workbench.bridge import stacks
from workbench.errors import LinkLost

SECRET = "p4ss-w0rd-of-a-peer"


async def inner(ready):
    secret = SECRET  # a local variable, which must not show
    ready.set()
    await asyncio.sleep(60)
    return secret


async def outer(ready):
    await inner(ready)


def raised(error, cause=None):
    try:
        raise error from cause
    except type(error) as caught:
        return caught


async def test_a_waiting_task_shows_the_whole_chain_of_its_awaits():
    ready = asyncio.Event()
    task = asyncio.create_task(outer(ready))
    await ready.wait()
    text = stacks.of_task(task)
    assert text.index("in outer") < text.index("in inner") < text.index("in sleep")
    assert SECRET not in text
    task.cancel()
    await asyncio.wait([task])
    assert stacks.of_task(task) == ""


async def test_a_task_inside_an_asynchronous_generator_shows_who_asked_it():
    async def numbers():
        await asyncio.sleep(60)
        yield 1

    async def consume():
        async for _ in numbers():
            pass

    task = asyncio.create_task(consume())
    await asyncio.sleep(0)
    assert "in consume" in stacks.of_task(task)
    task.cancel()
    await asyncio.wait([task])


async def test_a_generator_based_coroutine_is_followed():
    @types.coroutine
    def old_style(ready):
        yield from inner(ready).__await__()

    async def caller(ready):
        await old_style(ready)

    ready = asyncio.Event()
    task = asyncio.create_task(caller(ready))
    await ready.wait()
    text = stacks.of_task(task)
    assert text.index("in caller") < text.index("in old_style")
    task.cancel()
    await asyncio.wait([task])


def test_a_threads_stack_ends_where_it_stands():
    gate, began = threading.Event(), threading.Event()

    def hold():
        began.set()
        gate.wait(60)

    thread = threading.Thread(target=hold)
    thread.start()
    began.wait(60)
    assert "in hold" in stacks.of_thread(thread.ident)
    gate.set()
    thread.join()
    assert stacks.of_thread(0) == ""


def test_a_foreign_exception_keeps_its_message_to_itself():
    text = stacks.of_exception(raised(ValueError(f"invalid literal: {SECRET}")))
    assert text.endswith("ValueError\n")
    assert "in raised" in text
    assert SECRET not in text


def test_our_own_error_says_its_sentence():
    text = stacks.of_exception(raised(LinkLost("The peer closed the connection")))
    assert text.endswith("workbench.errors.LinkLost: The peer closed the connection\n")


def test_causes_come_first_and_without_their_messages():
    cause = raised(OSError(SECRET))
    text = stacks.of_exception(raised(LinkLost("No connection"), cause))
    assert text.index("OSError\n") < text.index("which led to:") < text.index("No connection")
    assert SECRET not in text


def test_a_context_is_told_too_unless_it_was_hidden():
    def failing(hide):
        try:
            raise KeyError(SECRET)
        except KeyError:
            if hide:
                raise TypeError from None
            raise TypeError  # noqa: B904 (the context is what is looked at)

    for hide in (False, True):
        try:
            failing(hide)
        except TypeError as error:
            text = stacks.of_exception(error)
            assert ("KeyError" in text) is not hide
            assert SECRET not in text


def test_each_member_of_a_group_is_told():
    group = ExceptionGroup(SECRET, [ValueError(SECRET), LinkLost("Gone")])
    text = stacks.of_exception(group)
    assert "member 1 of 2:\nValueError\n" in text
    assert "member 2 of 2:\nworkbench.errors.LinkLost: Gone\n" in text
    assert SECRET not in text


@given(st.integers(0, 60), st.booleans())
def test_any_chain_of_causes_has_an_end(length, is_round):
    errors = [ValueError(SECRET) for _ in range(length + 1)]
    for error, cause in itertools.pairwise(errors):
        error.__cause__ = cause
    if is_round:
        errors[-1].__cause__ = errors[0]
    text = stacks.of_exception(errors[0])
    assert text.count("ValueError") <= stacks.MAX_CHAIN
    assert SECRET not in text
