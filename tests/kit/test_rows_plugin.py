import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.rows_plugin import load_rows

CHECKOUT = Path(__file__).resolve().parents[2]

SAMPLE = """
import pytest
pytestmark = pytest.mark.covers("C1.1")

@pytest.mark.covers("C2.19b", "I.2")
@pytest.mark.parametrize("n", [1, 2])
def test_one(n): pass

def test_two(): pass
"""


def test_a_collection_writes_who_covers_what(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("from tests.conftest import *\n")
    (tmp_path / "test_sample.py").write_text(SAMPLE)
    subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "--collect-only", "-k", "two"),
            *("-c", str(CHECKOUT / "pyproject.toml"), "--rootdir", str(tmp_path)),
            *("--rows-out", str(tmp_path / "rows.json"), "test_sample.py"),
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        timeout=50,
        check=True,
    )
    assert json.loads((tmp_path / "rows.json").read_text()) == {
        "C1.1": ["test_sample.py::test_one", "test_sample.py::test_two"],
        "C2.19b": ["test_sample.py::test_one"],
        "I.2": ["test_sample.py::test_one"],
    }


def test_rows_are_sentences_by_id(tmp_path: Path) -> None:
    file = tmp_path / "rows.toml"
    file.write_text('[rows]\n"C2.1" = "One."\n"C1.1" = "Two."\n')
    assert list(load_rows(file).items()) == [("C2.1", "One."), ("C1.1", "Two.")]


@pytest.mark.parametrize("text", ["", "[rows]\nC1.1 = 'a'", "rows = []", "[rows]\na = 1"])
def test_anything_else_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "rows.toml"
    file.write_text(text)
    with pytest.raises(ValueError, match=r"expected \[rows\]"):
        load_rows(file)
