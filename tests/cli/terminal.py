"""`workbench ARGV` within the test's own process: quick, for the many ways to be wrong."""

import json
from typing import Any, NamedTuple

import pytest

from tests.cli.documents import checked
from workbench.cli.main import main


class Said(NamedTuple):
    """The exit code, and what was said on both outputs."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one document, checked against its schema."""
        return checked(json.loads(self.out))


class Terminal:
    """Runs verbs and takes what they say; made by the fixture `terminal`."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def __call__(self, *argv: str) -> Said:
        code = main(argv)
        said = self._capture.readouterr()
        return Said(code, said.out, said.err)
