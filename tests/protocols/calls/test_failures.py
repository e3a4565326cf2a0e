"""The tree of exceptions is the one that Python has, and each button yields precisely its class."""

import builtins
import importlib
import socket

import pytest

from tests.protocols.calls.desks import desk_with
from workbench.errors import LocalMisuse
from workbench.protocols.calls.desk import class_name
from workbench.protocols.calls.failures import BY_NAME, KINDS, provoke


def class_of(name: str) -> type[BaseException]:
    module, _, last = name.rpartition(".")
    found = getattr(importlib.import_module(module) if module else builtins, last)
    assert isinstance(found, type)
    return found


@pytest.mark.covers("C2.10")
def test_the_tree_is_python_s_own():
    for kind in KINDS:
        assert issubclass(class_of(kind.name), class_of(kind.parent) if kind.parent else Exception)
        assert all(class_of(other) is class_of(kind.name) for other in kind.also), kind.name
        assert kind.when
        assert kind.source
    assert socket.error is OSError
    assert socket.timeout is TimeoutError
    assert not issubclass(socket.gaierror, socket.herror)


@pytest.mark.covers("C2.10")
@pytest.mark.parametrize("name", [kind.name for kind in KINDS if not kind.only_group])
async def test_each_button_yields_precisely_that_class(name: str):
    async with desk_with() as desk:
        came = await provoke(name, desk)
    assert came.raised == name, came
    assert came.said


@pytest.mark.parametrize("name", [kind.name for kind in KINDS if kind.only_group])
async def test_a_group_can_t_be_provoked(name: str):
    async with desk_with() as desk:
        with pytest.raises(LocalMisuse, match="is a group"):
            await provoke(name, desk)


@pytest.mark.covers("C2.10")
@pytest.mark.parametrize("host", ["a..b", "x" * 64, "\u00fc" * 64])
async def test_a_name_that_is_none_ends_as_connect_itself_ends(host: str):
    with socket.socket() as sock, pytest.raises((OSError, TypeError)) as caught:
        sock.connect((host, 80))
    async with desk_with("a = socket") as desk:
        outcome = await desk.type(f"a.connect {host}:80")
    assert outcome.raised == class_name(caught.value)
    assert outcome.said


@pytest.mark.covers("C2.10")
async def test_what_looks_a_name_up_says_more_of_it():
    async with desk_with() as desk:
        assert (await provoke("UnicodeError", desk)).raised == "UnicodeError"


def test_every_kind_has_a_way():
    assert len(BY_NAME) == len(KINDS)
    assert all(bool(kind.lines) + bool(kind.how) + bool(kind.only_group) == 1 for kind in KINDS)
