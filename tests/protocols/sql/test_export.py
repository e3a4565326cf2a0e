"""Rows as comma-separated values, read back by the standard library."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalFault
from workbench.protocols.sql.export import export_csv, line
from workbench.protocols.sql.rows import Rows
from workbench.protocols.sql.values import Column


@given(st.lists(st.text(max_size=8).filter(lambda text: "\0" not in text), min_size=1, max_size=5))
def test_pythons_reader_finds_every_value_again(cells: list[str]):
    (row,) = csv.reader([line(cells)])
    assert row == cells


def test_null_and_the_empty_text_stay_apart():
    assert line([None, "", "a", " b", 'c"d']) == ',"",a," b","c""d"\r\n'


async def test_a_result_becomes_a_file(tmp_path: Path):
    rows = Rows((Column("a"), Column("b, c")))
    rows.add([(number, None if number % 2 else "ä") for number in range(20_000)])
    told: list[int] = []
    count = await export_csv(rows, str(tmp_path / "x.csv"), lambda done, _total: told.append(done))
    assert count == 20_000
    with open(tmp_path / "x.csv", encoding="utf-8", newline="") as file:
        found = list(csv.reader(file))
    assert found[0] == ["a", "b, c"]
    assert found[-1] == ["19999", ""]
    assert len(found) == 20_001
    assert told == sorted(told)
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]
    with pytest.raises(LocalFault):
        await export_csv(rows, str(tmp_path / "none" / "x.csv"))
    rows.close()
