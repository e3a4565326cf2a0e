"""Names, places, octets and long lines as a program writes them."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.experiments.script_words import (
    WIDTH,
    assigned,
    called,
    folded,
    method,
    octets,
    options,
    place,
    variable,
)
from workbench.experiments.values import Step
from workbench.wire.options import parse_setting


def step(verb: str, name: str = "", /, **given: object) -> Step:
    return Step(1, verb, given, name, "", "A step.")


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("first-client", "first_client"),
        ("class", "class_"),  # Python's own word
        ("all", "all_"),  # its own function
        ("struct", "struct_"),  # a module that programs import
        ("echo", "echo_"),  # something of resources/script
    ],
)
def test_a_name_of_a_card_is_a_name_of_python(name: str, written: str) -> None:
    assert variable(name) == written


@pytest.mark.parametrize(
    ("given_", "written"),
    [
        ({"to": "lab:echo"}, "place(GIVEN['echo'])"),
        ({"to": "lab:relay"}, "relay.place"),
        ({"to": "first-server"}, "first_server.place"),
        ({"to": "server", "at": "127.0.0.2"}, "('127.0.0.2', server.place[1])"),
    ],
)
def test_a_place_is_told_or_an_earlier_thing_has_it(given_: dict[str, object], written: str) -> None:
    assert place(given_) == written


@given(st.binary(max_size=300), st.integers(1, 40))
def test_octets_are_what_they_were(data: bytes, times: int) -> None:
    assert eval(octets(data * times)) == data * times


def test_what_repeats_itself_is_written_once() -> None:
    assert octets(b"0123456789" * 1000) == "b'0123456789' * 1000"


def test_options_are_as_the_system_takes_them() -> None:
    settings = {"options": (parse_setting("RCVBUF=8192"), parse_setting("V6ONLY=1"))}
    assert options(settings) == (
        "((socket.SOL_SOCKET, socket.SO_RCVBUF, 8192), (socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1),)"
    )


def test_a_deed_has_no_value_to_keep() -> None:
    assert assigned(step("finish", "finishing", on="client"), "client.finish()") == "client.finish()"
    assert assigned(step("read", "answer", on="client"), "client.read()") == "answer = client.read()"


def test_a_step_is_a_call_with_its_parameters_by_name() -> None:
    asked = step("dns-query", "answer", to="lab:dns", name="www.lab.test", type="A")
    assert called("Lookup")(asked) == [
        "answer = Lookup(to=place(GIVEN['dns']), name='www.lab.test', type='A')"
    ]
    assert called("Lookup", "type")(asked) == ["answer = Lookup(type='A')"]
    changed = step("flip", on="second-tap", way="to-server")
    assert method("flip")(changed) == ["second_tap.flip(way='to-server')"]


def test_a_long_call_has_an_argument_on_each_line() -> None:
    line = f"answer = fetch({'a' * 60!r}, second={'b' * 60!r})"
    lines = folded(line)
    assert [each.strip() for each in lines] == [
        "answer = fetch(",
        f"{'a' * 60!r},",
        f"second={'b' * 60!r},",
        ")",
    ]
    assert ast.dump(ast.parse("\n".join(lines))) == ast.dump(ast.parse(line))
    assert folded("short()") == ["short()"]
    # A part of something, and what is no call, stay as they are.
    for other in (f"    ({'x' * WIDTH!r},", f"names = [{'x' * WIDTH!r}]"):
        assert folded(other) == [other]
