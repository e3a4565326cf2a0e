"""Every document that a test sees is checked against its schema."""

import functools
import json
from typing import Any

import jsonschema

from workbench.cli.schema import schema


@functools.cache
def _validator(name: str) -> jsonschema.Draft202012Validator:
    found = schema(name)
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found)


def checked(document: Any) -> Any:
    """The document itself, after its own schema has accepted it.

    Raises:
        AssertionError: the schema says no; with the place that it objects to.
    """
    name, _, version = document["schema"].partition("/")
    assert version == "1"
    validator = _validator(name)
    wrong = jsonschema.exceptions.best_match(validator.iter_errors(document))
    if wrong is not None:
        raise AssertionError(
            f"{name}: {wrong.message} at {wrong.json_path}\n{json.dumps(document, indent=1)}"
        )
    return document
