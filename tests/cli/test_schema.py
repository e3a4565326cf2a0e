"""The schemas: valid, strict, one for every verb, and printed so that they can be used alone."""

import json
from importlib import import_module

import jsonschema
import pytest

from tests.cli.terminal import Terminal
from workbench.cli.nouns import NOUNS
from workbench.cli.schema import schema, schema_names

VERBS = [verb for noun in NOUNS if noun.module for verb in import_module(noun.module).VERBS]


@pytest.mark.parametrize("name", [verb.schema.partition("/")[0] for verb in VERBS])
def test_every_verb_has_a_schema_of_its_name(name: str):
    assert name in schema_names()
    assert f'"{name}/1"' in json.dumps(schema(name))


@pytest.mark.parametrize("name", schema_names())
def test_every_schema_is_valid_and_can_be_used_alone(name: str):
    found = schema(name)
    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(found)
    # A reference that leads nowhere shows only when something is validated by it.
    for broken in ({"schema": f"{name}/1", "ok": False}, {}, []):
        if name != "tour" or broken != []:
            assert list(jsonschema.Draft202012Validator(found).iter_errors(broken))


@pytest.mark.parametrize("name", [name for name in schema_names() if name != "tour"])
def test_what_a_schema_does_not_know_it_refuses(name: str):
    failure = {"kind": "LocalMisuse", "stage": "input", "what": "no", "committed": "no"}
    document = {"schema": f"{name}/1", "ok": False, "failure": failure}
    validator = jsonschema.Draft202012Validator(schema(name))
    assert validator.is_valid(document)
    assert not validator.is_valid({**document, "surprise": 1})
    assert not validator.is_valid({**document, "failure": {**failure, "surprise": 1}})
    assert not validator.is_valid({**document, "schema": f"{name}/2"})
    assert not validator.is_valid({**document, "ok": True})


def test_it_is_printed_by_the_words_of_the_verb(terminal: Terminal):
    said = terminal("schema", "socket", "talk")
    assert (said.code, said.err) == (0, "")
    assert json.loads(said.out) == schema("socket.talk")
    assert terminal("schema", "socket.talk").out == said.out


def test_the_list_names_all(terminal: Terminal):
    assert terminal("schema").out.split() == schema_names()
    assert terminal("schema", "--json").document["schemas"] == schema_names()


def test_a_schema_that_is_not_there_is_answered_with_what_is_near(terminal: Terminal):
    said = terminal("schema", "socket", "tlak")
    assert said.code == 2
    assert "socket.talk" in said.err


def test_the_tour_is_described_too():
    step = {"name": "connect", "shown": "7 B", "expected": "7 B", "ok": True}
    panel = {"panel": "sockets", "target": "lab:echo", "steps": [step], "picture": "sockets.png"}
    validator = jsonschema.Draft202012Validator(schema("tour"))
    assert validator.is_valid([panel])
    assert not validator.is_valid([{**panel, "steps": []}])
    assert not validator.is_valid([{**panel, "picture": "sockets.gif"}])
